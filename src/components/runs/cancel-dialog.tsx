import type { Run } from '../../core';
import { Dialog } from '../shared/dialog';
import { useTexts } from '../shared/provider';
import { Button } from '../shared/ui';
import { runsMessages } from './messages';

export interface CancelDialogProps {
  run: Run;
  onCancel: () => void;
  onClose: () => void;
}

/** Asks before a run is ended. */
export function CancelDialog({ run, onCancel, onClose }: CancelDialogProps) {
  const t = useTexts(runsMessages);
  return (
    <Dialog
      role="alertdialog"
      title={t('run.cancelTitle')}
      subtitle={run.title ?? run.workflowName}
      onOpenChange={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('run.cancelKeep')}</Button>
          <Button
            variant="danger"
            onClick={() => {
              onClose();
              onCancel();
            }}
          >
            {t('run.cancel')}
          </Button>
        </>
      }
    >
      <p>{t('run.cancelText')}</p>
      {run.status === 'needs_attention' && <p>{t('run.cancelDoubt')}</p>}
    </Dialog>
  );
}
