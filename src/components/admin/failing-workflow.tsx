import { lazy, Suspense, useState } from 'react';
import type { Overview, Run } from '../../core';
import { failureTitle } from '../runs/explain-failure';
import type { FailedSteps } from '../runs/use-failed-steps';
import { useTexts, useTrama } from '../shared/provider';
import { plural } from '../shared/translate';
import { Button, Pill } from '../shared/ui';
import { useFormats } from '../shared/use-formats';
import { useProviderLabel } from '../shared/use-provider-label';
import { overviewMessages } from './messages';

/** Dialogs bring a library of their own. */
const RetryDialog = lazy(async () => ({ default: (await import('./retry-dialog')).RetryDialog }));

export interface FailingWorkflowProps {
  workflow: Overview['failing'][number];
  /** Of the steps at which runs failed. */
  steps: FailedSteps;
  isBusy: boolean;
  onOpenRun: (runId: string) => void;
  onRetryAll: (version: 'same' | 'latest') => void;
}

/** A workflow whose runs failed lately: how many, of what, and what can be done. */
export function FailingWorkflow({ workflow, steps, isBusy, onOpenRun, onRetryAll }: FailingWorkflowProps) {
  const t = useTexts(overviewMessages);
  const formats = useFormats();
  const [isAsking, setIsAsking] = useState(false);
  const { workflowName, failed, unretried, codes, lastFailed, lastSucceededAt } = workflow;
  const lately = lastFailed.finishedAt ?? lastFailed.createdAt;
  const wentWell =
    lastSucceededAt === null
      ? t('overview.neverSucceeded')
      : t('overview.lastSucceeded', { ago: formats.relative(lastSucceededAt) });
  return (
    <li className="trama-card trama-failing">
      <div className="trama-failing-words">
        <h3>{workflowName}</h3>
        <p>
          <strong className="trama-failing-count">
            {t(`overview.failed.${plural(failed)}`, { count: failed })}
          </strong>
          <span className="trama-muted">{wentWell}</span>
        </p>
        <p>{t('overview.latest', { error: useLatest(lastFailed, steps), ago: formats.relative(lately) })}</p>
        <p className="trama-failing-codes">
          {codes.map(({ code, count }) => (
            <Pill key={code} size="small">
              {t('overview.codeCount', { code, count })}
            </Pill>
          ))}
        </p>
      </div>
      <div className="trama-actions">
        <Button onClick={() => onOpenRun(lastFailed.id)}>{t('overview.openLatest')}</Button>
        {unretried > 0 ? (
          <Button aria-disabled={isBusy || undefined} onClick={() => setIsAsking(!isBusy)}>
            {t(`overview.retryAll.${plural(unretried)}`, { count: unretried })}
          </Button>
        ) : (
          <span className="trama-muted">{t('overview.allRetried')}</span>
        )}
      </div>
      {isAsking && (
        <Suspense fallback={null}>
          <RetryDialog
            {...{ workflowName, count: unretried, onRetry: onRetryAll }}
            onClose={() => setIsAsking(false)}
          />
        </Suspense>
      )}
    </li>
  );
}

/** What went wrong, in words where there are some, and at which step. */
function useLatest(run: Run, { nodeOf, nameOf }: FailedSteps): string {
  const { blocks } = useTrama();
  const t = useTexts(overviewMessages);
  const providerLabel = useProviderLabel();
  const { error } = run;
  if (!error) return t('failure.title');
  const provider = error.provider ?? blocks.get(nodeOf(run)?.type ?? '')?.provider ?? '';
  const title = failureTitle(error, providerLabel(provider), t);
  const name = nameOf(run);
  return name === null ? title : `${title} (${name})`;
}
