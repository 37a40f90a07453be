import { useState } from 'react';
import type { Integration } from '../../core';
import { Dialog } from '../shared/dialog';
import { problemText } from '../shared/problem-text';
import { useTexts, useTrama } from '../shared/provider';
import { plural } from '../shared/translate';
import { Button, ErrorState, Tile } from '../shared/ui';
import { integrationsMessages } from './messages';

export interface DisconnectDialogProps {
  integration: Integration;
  onClose: () => void;
  onDisconnected: () => void;
}

/** Asks before a connection is deleted, naming the workflows that would fail. */
export function DisconnectDialog({ integration, onClose, onDisconnected }: DisconnectDialogProps) {
  const { locale, client } = useTrama();
  const t = useTexts(integrationsMessages);
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const provider = integration.label[locale];
  const disconnect = async () => {
    setBusy(true);
    setProblem(null);
    try {
      await client.disconnectIntegration({ params: { provider: integration.provider } });
      onDisconnected();
      onClose();
    } catch (error) {
      setProblem(problemText(error, t));
      setBusy(false);
    }
  };
  const footer = (
    <>
      <Button onClick={onClose}>{t('integrations.cancel')}</Button>
      <Button variant="danger" disabled={isBusy} onClick={() => void disconnect()}>
        {t(isBusy ? 'integrations.disconnecting' : 'integrations.disconnect')}
      </Button>
    </>
  );
  return (
    <Dialog
      role="alertdialog"
      title={t('integrations.disconnectTitle', { provider })}
      tile={<Tile provider={integration} />}
      onOpenChange={(open) => !open && onClose()}
      footer={footer}
    >
      <p>{t('integrations.disconnectText', { provider })}</p>
      <AffectedWorkflows workflows={integration.workflows} />
      {problem !== null && <ErrorState title={t('integrations.disconnectFailed', { reason: problem })} />}
    </Dialog>
  );
}

function AffectedWorkflows({ workflows }: { workflows: Integration['workflows'] }) {
  const t = useTexts(integrationsMessages);
  const count = workflows.length;
  if (count === 0) return <p className="trama-muted">{t('integrations.disconnectNone')}</p>;
  return (
    <div>
      <p>{t(`integrations.disconnectAffected.${plural(count)}`, { count })}</p>
      <ul className="trama-affected">
        {workflows.map((workflow) => (
          <li key={workflow.id}>{workflow.name}</li>
        ))}
      </ul>
    </div>
  );
}
