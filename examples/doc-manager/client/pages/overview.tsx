import { AdminOverview } from 'trama';
import { Page } from '../parts/page';
import { useTexts } from '../preferences';
import { navigate } from '../router';

/** For administrators: what of the company's runs needs them. */
export function OverviewPage() {
  const t = useTexts();
  return (
    <Page title={t.overview.title} lead={t.overview.lead}>
      <div className="dm-flush">
        <AdminOverview onOpenRun={(runId) => navigate(`/runs/${runId}`)} />
      </div>
    </Page>
  );
}
