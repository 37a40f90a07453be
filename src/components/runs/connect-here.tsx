import { connectMessages } from '../integrations/connect-messages';
import { useConnect } from '../integrations/use-connect';
import { useTexts } from '../shared/provider';
import { Button } from '../shared/ui';
import { runsMessages } from './messages';

export interface ConnectHereProps {
  providerId: string;
  /** Its name. */
  provider: string;
}

/** Connects the provider a step waits for, in place. Who may do it is the server's to say; the run then goes on by itself. */
export function ConnectHere({ providerId, provider }: ConnectHereProps) {
  const t = useTexts(runsMessages);
  const tConnect = useTexts(connectMessages);
  const { connect, pending, error } = useConnect();
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
