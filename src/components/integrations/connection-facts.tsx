import type { Integration } from '../../core';
import { useTexts, useTrama } from '../shared/provider';
import { plural } from '../shared/translate';
import { useFormats } from '../shared/use-formats';
import { integrationsMessages } from './messages';

const NAMED_WORKFLOWS = 3;

/** Connected as whom, by whom and when, last used, and in which workflows. */
export function ConnectionFacts({
  integration,
  isShared,
}: {
  integration: Integration;
  /** The application's own account, for all companies. */
  isShared: boolean;
}) {
  const { locale, providers, userName } = useTrama();
  const t = useTexts(integrationsMessages);
  const formats = useFormats();
  const { state, account, connectedAt, connectedBy, lastUsedAt } = integration;
  const provider = integration.label[locale];
  const accountNoun =
    providers.get(integration.provider)?.accountLabel?.[locale] ?? t('integrations.account');
  const facts = [
    connectedAt &&
      connectedBy &&
      t('integrations.connectedBy', { person: userName(connectedBy), date: formats.date(connectedAt) }),
    connectedAt && !connectedBy && t('integrations.connectedOn', { date: formats.date(connectedAt) }),
    state !== 'not_connected' &&
      (lastUsedAt
        ? t('integrations.lastUsed', { when: formats.relative(lastUsedAt) })
        : t('integrations.neverUsed')),
  ].filter(Boolean);
  return (
    <>
      {isShared && <p>{t('integrations.sharedText')}</p>}
      {state === 'needs_reauth' && <p>{t('integrations.needsReauthText', { provider })}</p>}
      {state === 'error' && <p>{t('integrations.stateErrorText', { provider })}</p>}
      {state === 'not_connected' && <p>{t('integrations.notConnectedText')}</p>}
      {account && (
        <p>
          {accountNoun} <b>{account.label}</b>
          {facts.length > 0 && ` · ${facts.join(' · ')}`}
        </p>
      )}
      <UsedIn workflows={integration.workflows} />
    </>
  );
}

function UsedIn({ workflows }: { workflows: Integration['workflows'] }) {
  const t = useTexts(integrationsMessages);
  const count = workflows.length;
  if (count === 0) return <p>{t('integrations.usedNowhere')}</p>;
  const named = workflows.slice(0, NAMED_WORKFLOWS).map((workflow) => workflow.name);
  const more = count - NAMED_WORKFLOWS;
  const rest = more > 0 ? ` ${t(`integrations.moreWorkflows.${plural(more)}`, { count: more })}` : '';
  return (
    <p>
      {t(`integrations.usedIn.${plural(count)}`, { count })} {named.join(', ')}
      {rest}
    </p>
  );
}
