import { connectMessages } from '../integrations/connect-messages';
import { useConnect } from '../integrations/use-connect';
import { useTexts } from '../shared/provider';
import { Button } from '../shared/ui';
import { runsMessages } from './messages';

export interface ConnectHereProps {
  providerId: string;
  /** Its name. */
  provider: string;
  onConnected?: () => void;
}

/** Connects the provider a step needs, in place. Who may do it is the server's to say; a run that waits for it then goes on by itself. */
export function ConnectHere({ providerId, provider, onConnected }: ConnectHereProps) {
  const t = useTexts(runsMessages);
  const tConnect = useTexts(connectMessages);
  const { connect, pending, error } = useConnect(onConnected);
  return (
    <>
      <div className="trama-actions">
        <Button variant="primary" disabled={pending !== null} onClick={() => void connect(providerId)}>
          {pending ? tConnect('integrations.connecting') : t('wait.connect', { provider })}
        </Button>
      </div>
      {error && (
        <p role="alert">
          <strong>{tConnect(`connect.${error.code}.title`)}.</strong>{' '}
          {tConnect(`connect.${error.code}.text`, { provider })}
        </p>
      )}
    </>
  );
}
