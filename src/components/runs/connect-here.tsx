import { useConnect } from '../integrations/use-connect';
import { useTrama } from '../shared/provider';
import { Button } from '../shared/ui';

export interface ConnectHereProps {
  providerId: string;
  /** Its name. */
  provider: string;
}

/** Connects the provider a step waits for, in place. Who may do it is the server's to say; the run then goes on by itself. */
export function ConnectHere({ providerId, provider }: ConnectHereProps) {
  const { t } = useTrama();
  const { connect, pending, error } = useConnect();
  return (
    <>
      <div className="trama-actions">
        <Button variant="primary" disabled={pending !== null} onClick={() => void connect(providerId)}>
          {pending ? t('integrations.connecting') : t('wait.connect', { provider })}
        </Button>
      </div>
      {error && (
        <p role="alert">
          <strong>{t(`connect.${error.code}.title`)}.</strong> {t(`connect.${error.code}.text`, { provider })}
        </p>
      )}
    </>
  );
}
