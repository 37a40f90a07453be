import { Dialog } from '../../shared/dialog';
import { useTexts } from '../../shared/provider';
import { Button } from '../../shared/ui';
import { trialMessages } from './messages';
import type { TrialWords } from './use-trial-words';

export interface ConfirmTrialProps {
  /** What the block says it would do; `null` when it says nothing. */
  preview: string | null;
  words: TrialWords;
  onConfirm: () => void;
  onCancel: () => void;
  /** Called when it has gone: the focus is to be put somewhere. */
  onGone: () => void;
}

/** Asked before a step is carried out for real: what is going to happen, and that it does. */
export function ConfirmTrial({ preview, words, onConfirm, onCancel, onGone }: ConfirmTrialProps) {
  const t = useTexts(trialMessages);
  return (
    <Dialog
      role="alertdialog"
      title={t('trial.confirmTitle')}
      onOpenChange={onCancel}
      onCloseAutoFocus={(event) => {
        event.preventDefault();
        onGone();
      }}
      footer={
        <>
          <span className="trama-grow" />
          <Button onClick={onCancel}>{t('common.cancel')}</Button>
          <Button variant="danger" onClick={onConfirm}>
            {t('trial.confirm')}
          </Button>
        </>
      }
    >
      <p>{t('trial.confirmText', { provider: words.provider })}</p>
      <p className="trama-trial-deed">{preview ?? t('trial.confirmStep', { label: words.label })}</p>
      <p className="trama-muted">{t('trial.confirmLast')}</p>
    </Dialog>
  );
}
