import { Dialog } from '../shared/dialog';
import { useTexts } from '../shared/provider';
import { Button } from '../shared/ui';
import { configMessages } from './messages';

export interface UnsavedDialogProps {
  label: string;
  onDiscard: () => void;
  onSave: () => void;
  onStay: () => void;
}

/** Asked before typed text would be lost. */
export function UnsavedDialog({ label, onDiscard, onSave, onStay }: UnsavedDialogProps) {
  const t = useTexts(configMessages);
  return (
    <Dialog
      role="alertdialog"
      title={t('config.unsavedTitle')}
      onOpenChange={onStay}
      footer={
        <>
          <Button variant="danger" onClick={onDiscard}>
            {t('config.discard')}
          </Button>
          <span className="trama-grow" />
          <Button onClick={onStay}>{t('config.keepEditing')}</Button>
          <Button variant="primary" onClick={onSave}>
            {t('common.save')}
          </Button>
        </>
      }
    >
      <p>{t('config.unsavedText', { label })}</p>
    </Dialog>
  );
}
