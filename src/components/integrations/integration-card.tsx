import { useState } from 'react';
import type { ConnectionState, Integration } from '../../core';
import type { StatusLook } from '../shared/format';
import { problemText } from '../shared/problem-text';
import { useTexts, useTrama } from '../shared/provider';
import { StatusMark } from '../shared/status-mark';
import type { Translate } from '../shared/translate';
import { Button, Tile } from '../shared/ui';
import { AccountChoice } from './account-choice';
import type { ConnectFailure } from './connect-popup';
import { connectWords } from './connect-words';
import { ConnectionFacts } from './connection-facts';
import { integrationsMessages } from './messages';

export interface IntegrationCardProps {
  integration: Integration;
  /** Whether the person may do anything about it. */
  canManage: boolean;
  onConnect: () => void;
  isConnecting: boolean;
  connectError: ConnectFailure | null;
  onDisconnect: () => void;
  /** The server learned something new about the connection. */
  onChanged: () => void;
}

const looks: Record<ConnectionState, Pick<StatusLook, 'tone' | 'symbol'>> = {
  active: { tone: 'ok', symbol: 'check' },
  not_connected: { tone: 'neutral', symbol: 'circle' },
  needs_account: { tone: 'warn', symbol: 'clock' },
  needs_reauth: { tone: 'warn', symbol: 'clock' },
  error: { tone: 'bad', symbol: 'cross' },
};

/** One provider: whether it is connected, as whom, what uses it, and what can be done. */
export function IntegrationCard(props: IntegrationCardProps) {
  const { integration, canManage, onConnect, isConnecting, connectError, onDisconnect, onChanged } = props;
  const { locale, providers } = useTrama();
  const t = useTexts(integrationsMessages);
  const provider = integration.label[locale];
  const accountNoun =
    providers.get(integration.provider)?.accountLabel?.[locale] ?? t('integrations.account');
  const { state, configured } = integration;
  // Its key is the application's: there is nothing for a company to connect or to end.
  const isShared = providers.get(integration.provider)?.auth.type === 'api-key';
  const isConnected = state !== 'not_connected';
  const needsManager = configured && !canManage && !isShared && state !== 'active';
  return (
    <article className="trama-card" aria-label={provider}>
      <header className="trama-card-head">
        <Tile provider={integration} size={40} />
        <div className="trama-card-name">
          <h3>{provider}</h3>
          <p>{integration.description[locale]}</p>
        </div>
        <span className="trama-pill" data-tone={configured ? looks[state].tone : 'neutral'}>
          {configured && <StatusMark look={looks[state]} />}
          {configured ? stateText(integration, accountNoun, t) : t('integrations.state.unconfigured')}
        </span>
      </header>
      {configured ? (
        <ConnectionFacts integration={integration} isShared={isShared} />
      ) : (
        <p>{t(isShared ? 'integrations.noKeyText' : 'integrations.unconfiguredText', { provider })}</p>
      )}
      {needsManager && <p>{t('integrations.askManager')}</p>}
      {canManage && state === 'needs_account' && (
        <AccountChoice integration={integration} onChosen={onChanged} />
      )}
      {connectError && <ConnectProblem failure={connectError} provider={provider} />}
      {isConnecting && (
        <p className="trama-card-note" role="status">
          {t('integrations.connectingText')}
        </p>
      )}
      {configured && canManage && (
        <footer className="trama-card-actions">
          {(state === 'active' || state === 'error') && (
            <VerifyButton provider={integration.provider} label={provider} onChanged={onChanged} />
          )}
          {!isShared && (
            <Button
              variant={state === 'active' || state === 'needs_account' ? 'default' : 'primary'}
              disabled={isConnecting}
              onClick={onConnect}
            >
              {t(
                isConnecting
                  ? 'integrations.connecting'
                  : isConnected
                    ? 'integrations.reconnect'
                    : 'integrations.connect',
              )}
            </Button>
          )}
          <span className="trama-grow" />
          {isConnected && !isShared && (
            <Button variant="ghost" className="trama-card-leave" onClick={onDisconnect}>
              {t('integrations.disconnect')}
            </Button>
          )}
        </footer>
      )}
    </article>
  );
}

const stateText = (
  { state }: Integration,
  account: string,
  t: Translate<keyof typeof integrationsMessages.en>,
): string => t(`integrations.state.${state}`, { account });

function ConnectProblem({ failure, provider }: { failure: ConnectFailure; provider: string }) {
  const t = useTexts(integrationsMessages);
  const { title, text } = connectWords(failure, provider, t);
  return (
    <div className="trama-card-problem" role="alert">
      <strong>{title}</strong>
      <p>{text}</p>
    </div>
  );
}

type Verification = { kind: 'idle' } | { kind: 'asking' } | { kind: 'ok' } | { kind: 'bad'; reason: string };

/** Asks the provider, and says what it answered beside the button. */
function VerifyButton({
  provider,
  label,
  onChanged,
}: {
  provider: string;
  label: string;
  onChanged: () => void;
}) {
  const { client } = useTrama();
  const t = useTexts(integrationsMessages);
  const [verification, setVerification] = useState<Verification>({ kind: 'idle' });
  const verify = async () => {
    setVerification({ kind: 'asking' });
    try {
      const { ok, state } = await client.testIntegration({ params: { provider } });
      setVerification(
        ok ? { kind: 'ok' } : { kind: 'bad', reason: t(`integrations.reason.${state}`, { provider: label }) },
      );
      onChanged();
    } catch (error) {
      setVerification({ kind: 'bad', reason: problemText(error, t) });
    }
  };
  const { kind } = verification;
  return (
    <>
      <Button disabled={kind === 'asking'} onClick={() => void verify()}>
        {t(kind === 'asking' ? 'integrations.verifying' : 'integrations.verify')}
      </Button>
      {(kind === 'ok' || kind === 'bad') && (
        <p className="trama-card-verdict" data-tone={kind} role="status">
          {kind === 'ok'
            ? t('integrations.verified')
            : t('integrations.verifyFailed', { reason: verification.reason })}
        </p>
      )}
    </>
  );
}
