import { IntegrationsSettings } from 'trama';
import { Page } from '../parts/page';
import { useTexts } from '../preferences';

export function IntegrationsPage() {
  const t = useTexts();
  return (
    <Page title={t.integrations.title} lead={t.integrations.lead}>
      <div className="dm-flush">
        <IntegrationsSettings providers={['slack', 'fatture-in-cloud', 'resend', 'doc-manager']} />
      </div>
    </Page>
  );
}
