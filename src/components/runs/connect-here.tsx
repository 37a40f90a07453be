import { AccountChoice } from '../integrations/account-choice';
import { connectMessages } from '../integrations/connect-messages';
import { connectWords } from '../integrations/connect-words';
import { useConnect } from '../integrations/use-connect';
import { useIntegrations } from '../integrations/use-integrations';
import { useTexts } from '../shared/provider';
import { Button } from '../shared/ui';
import { runsMessages } from './messages';

export interface ConnectHereProps {
  providerId: string;
  /** Its name. */
  provider: string;
  onConnected?: () => void;
}

/** Connects the provider a step needs, in place, for whoever may; a run that waits for it then goes on by itself. */
export function ConnectHere({ providerId, provider, onConnected }: ConnectHereProps) {
  const t = useTexts(runsMessages);
  const tConnect = useTexts(connectMessages);
  const { integrations, canManage, error: unread, reload } = useIntegrations();
  const onChanged = () => {
    reload();
    onConnected?.();
  };
  const { connect, pending, error } = useConnect(onChanged);
  const integration = integrations?.find((candidate) => candidate.provider === providerId);
  const problem = error && connectWords(error, provider, tConnect);
  // Whoever may not is told above whom to ask. Where that cannot be read, it is the server's to say.
  if (!canManage && !unread) return null;
  if (integration?.state === 'needs_account')
    return <AccountChoice integration={integration} onChosen={onChanged} />;
  return (
    <>
      <div className="trama-actions">
        <Button variant="primary" disabled={pending !== null} onClick={() => void connect(providerId)}>
          {pending ? tConnect('integrations.connecting') : t('wait.connect', { provider })}
        </Button>
      </div>
      {problem && (
        <p role="alert">
          <strong>{problem.title}.</strong> {problem.text}
        </p>
      )}
    </>
  );
}
