import { Dialog } from '../shared/dialog';
import { useTexts } from '../shared/provider';
import { plural } from '../shared/translate';
import { Button } from '../shared/ui';
import { overviewMessages } from './messages';

export interface RetryDialogProps {
  workflowName: string;
  count: number;
  onRetry: () => void;
  onClose: () => void;
}

/** Asks before many runs are started again. */
export function RetryDialog({ workflowName, count, onRetry, onClose }: RetryDialogProps) {
  const t = useTexts(overviewMessages);
  return (
    <Dialog
      role="alertdialog"
      title={t('overview.retryTitle')}
      subtitle={workflowName}
      onOpenChange={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('overview.keep')}</Button>
          <Button
            variant="primary"
            onClick={() => {
              onClose();
              onRetry();
            }}
          >
            {t('overview.retry')}
          </Button>
        </>
      }
    >
      <p>{t(`overview.retryText.${plural(count)}`, { count })}</p>
      <p>{t('overview.retryNote')}</p>
    </Dialog>
  );
}
