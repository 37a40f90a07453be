import { lazy, Suspense, useState } from 'react';
import { labelOf, type Overview, type Run, type WorkflowNode } from '../../core';
import { failureTitle } from '../runs/explain-failure';
import { useTexts, useTrama } from '../shared/provider';
import { plural } from '../shared/translate';
import { Button, Pill } from '../shared/ui';
import { useFormats } from '../shared/use-formats';
import { overviewMessages } from './messages';

/** Dialogs bring a library of their own. */
const RetryDialog = lazy(async () => ({ default: (await import('./retry-dialog')).RetryDialog }));

export interface FailingWorkflowProps {
  workflow: Overview['failing'][number];
  /** The step at which its latest run failed, where that is known. */
  node: WorkflowNode | null;
  isBusy: boolean;
  onOpenRun: (runId: string) => void;
  onRetryAll: (version: 'same' | 'latest') => void;
}

/** A workflow whose runs failed lately: how many, of what, and what can be done. */
export function FailingWorkflow({ workflow, node, isBusy, onOpenRun, onRetryAll }: FailingWorkflowProps) {
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
        <p>{t('overview.latest', { error: useLatest(lastFailed, node), ago: formats.relative(lately) })}</p>
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
function useLatest({ error }: Run, node: WorkflowNode | null): string {
  const { providers, locale, blocks } = useTrama();
  const t = useTexts(overviewMessages);
  if (!error) return t('failure.title');
  const provider = error.provider ?? (node && blocks.get(node.type)?.provider) ?? '';
  const title = failureTitle(error, providers.get(provider)?.label[locale] ?? provider, t);
  return node ? `${title} (${labelOf(node, blocks, locale)})` : title;
}
