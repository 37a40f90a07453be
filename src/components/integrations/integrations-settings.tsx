import { useState } from 'react';
import type { Integration, ProviderDefinition } from '../../core';
import { problemText } from '../shared/problem-text';
import { useTexts, useTrama } from '../shared/provider';
import { Button, EmptyState, ErrorState, Skeleton } from '../shared/ui';
import { DisconnectDialog } from './disconnect-dialog';
import { HostCard } from './host-card';
import { IntegrationCard } from './integration-card';
import { integrationsMessages } from './messages';
import { useConnect } from './use-connect';
import { useIntegrations } from './use-integrations';

export interface IntegrationsSettingsProps {
  /** Ids of the providers to show, in this order. @default all of them */
  providers?: readonly string[];
}

/** The company's connections: a card per provider, with its state and what to do about it. */
export function IntegrationsSettings({ providers: wanted }: IntegrationsSettingsProps) {
  const t = useTexts(integrationsMessages);
  const { integrations, canManage = false, error, reload } = useIntegrations();
  const { connect, pending, error: connectError } = useConnect(reload);
  const [leaving, setLeaving] = useState<Integration | null>(null);
  const cards = useCards(integrations, wanted);
  return (
    <section
      className="trama-surface trama-integrations"
      aria-label={t('integrations.title')}
      aria-busy={!integrations && !error}
    >
      {!integrations && error && (
        <ErrorState
          title={t('integrations.errorTitle')}
          actions={<Button onClick={reload}>{t('integrations.tryAgain')}</Button>}
        >
          {problemText(error, t)}
        </ErrorState>
      )}
      {!integrations && !error && <LoadingCards />}
      {integrations && cards.length === 0 && (
        <EmptyState title={t('integrations.emptyTitle')}>{t('integrations.emptyText')}</EmptyState>
      )}
      {integrations && cards.length > 0 && (
        <ul className="trama-cards">
          {cards.map(({ provider, integration }) => (
            <li key={provider.id}>
              {integration ? (
                <IntegrationCard
                  integration={integration}
                  canManage={canManage}
                  onConnect={() => void connect(provider.id)}
                  isConnecting={pending === provider.id}
                  connectError={connectError?.provider === provider.id ? connectError : null}
                  onDisconnect={() => setLeaving(integration)}
                  onChanged={reload}
                />
              ) : (
                <HostCard provider={provider} />
              )}
            </li>
          ))}
        </ul>
      )}
      {leaving && (
        <DisconnectDialog integration={leaving} onClose={() => setLeaving(null)} onDisconnected={reload} />
      )}
    </section>
  );
}

interface Card {
  provider: Pick<ProviderDefinition, 'id' | 'label' | 'description' | 'icon' | 'color'>;
  /** `null` for the host itself: there is nothing to connect. */
  integration: Integration | null;
}

/** Connections as the server knows them, then the host's own part; providers that need nothing are left out. */
function useCards(
  integrations: readonly Integration[] | undefined,
  wanted: readonly string[] | undefined,
): Card[] {
  const { providers } = useTrama();
  const authOf = (id: string) => providers.get(id)?.auth.type;
  const connections: Card[] = (integrations ?? [])
    .filter(
      (integration) => authOf(integration.provider) !== 'none' && authOf(integration.provider) !== 'host',
    )
    .map((integration) => ({ provider: { ...integration, id: integration.provider }, integration }));
  const hosts: Card[] = [...providers.values()]
    .filter((provider) => provider.auth.type === 'host')
    .map((provider) => ({ provider, integration: null }));
  const all = [...connections, ...hosts];
  if (!wanted) return all;
  return wanted.flatMap((id) => all.filter((card) => card.provider.id === id));
}

function LoadingCards() {
  const t = useTexts(integrationsMessages);
  return (
    <div className="trama-cards" role="status">
      <span className="trama-visually-hidden">{t('integrations.loading')}</span>
      {[0, 1].map((index) => (
        <div key={index} className="trama-card">
          <div className="trama-card-head">
            <Skeleton width="40px" height="40px" />
            <span className="trama-card-name">
              <Skeleton width="40%" height="16px" />
              <Skeleton width="70%" height="12px" />
            </span>
          </div>
          <Skeleton width="80%" />
          <Skeleton width="55%" />
        </div>
      ))}
    </div>
  );
}
