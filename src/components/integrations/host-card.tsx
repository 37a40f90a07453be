import type { ProviderDefinition } from '../../core';
import { useTexts, useTrama } from '../shared/provider';
import { Tile } from '../shared/ui';
import { integrationsMessages } from './messages';

/** The application Trama is embedded in: part of every workflow, with nothing to connect. */
export function HostCard({
  provider,
}: {
  provider: Pick<ProviderDefinition, 'label' | 'description' | 'icon' | 'color'>;
}) {
  const { locale } = useTrama();
  const t = useTexts(integrationsMessages);
  const label = provider.label[locale];
  return (
    <article className="trama-card">
      <header className="trama-card-head">
        <Tile provider={provider} size={40} />
        <div className="trama-card-name">
          <h3>{label}</h3>
          <p>{provider.description[locale]}</p>
        </div>
        <span className="trama-pill">{t('integrations.state.host', { host: label })}</span>
      </header>
      <p>{t('integrations.hostText')}</p>
    </article>
  );
}
