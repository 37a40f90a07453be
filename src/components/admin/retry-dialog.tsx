import { useId, useState } from 'react';
import { Dialog } from '../shared/dialog';
import { useTexts } from '../shared/provider';
import { plural } from '../shared/translate';
import { Button } from '../shared/ui';
import { overviewMessages } from './messages';

export interface RetryDialogProps {
  workflowName: string;
  count: number;
  onRetry: (version: 'same' | 'latest') => void;
  onClose: () => void;
}

/** Asks before many runs are started again. */
export function RetryDialog({ workflowName, count, onRetry, onClose }: RetryDialogProps) {
  const t = useTexts(overviewMessages);
  const name = useId();
  const [version, setVersion] = useState<'same' | 'latest'>('same');
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
              onRetry(version);
            }}
          >
            {t('overview.retry')}
          </Button>
        </>
      }
    >
      <p>{t(`overview.retryText.${plural(count)}`, { count })}</p>
      <fieldset className="trama-retry-version">
        <legend>{t('overview.version')}</legend>
        {(['same', 'latest'] as const).map((choice) => (
          <label key={choice}>
            <input
              type="radio"
              name={name}
              checked={version === choice}
              onChange={() => setVersion(choice)}
            />{' '}
            {t(`overview.version.${choice}`)}
          </label>
        ))}
      </fieldset>
      <p className="trama-muted">{t('overview.retryNote')}</p>
    </Dialog>
  );
}
