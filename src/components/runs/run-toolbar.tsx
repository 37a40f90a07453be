import { useState } from 'react';
import { isFinished, type Run } from '../../core';
import { useTexts } from '../shared/provider';
import type { Translate } from '../shared/translate';
import { Button } from '../shared/ui';
import { LazyCancelDialog } from './lazy-cancel-dialog';
import { type RunsMessageKey, runsMessages } from './messages';
import { RetryButton, type RetryPoint } from './retry-button';
import type { RunActions } from './use-run-actions';

export interface RunToolbarProps {
  run: Run;
  actions: RunActions;
  latestVersion: number | null;
  /** Name of the step at which it failed. */
  failedLabel: string | null;
}

/** What can be done with the run as it stands. */
export function RunToolbar({ run, actions, latestVersion, failedLabel }: RunToolbarProps) {
  const t = useTexts(runsMessages);
  const [isAsking, setAsking] = useState(false);
  const cancel = () => void actions.cancel(run.id);
  if (!run.canAct) return null;
  if (isFinished(run.status)) {
    const hasSucceeded = run.status === 'succeeded';
    return (
      <RetryButton
        run={run}
        points={retryPoints(run, failedLabel, t)}
        latestVersion={latestVersion}
        isBusy={actions.busy !== null}
        variant={hasSucceeded ? 'default' : 'primary'}
        shortcut="r"
        onRetry={(wish) => void actions.retry(run.id, wish)}
      >
        {t(hasSucceeded ? 'run.again' : 'run.retry')}
      </RetryButton>
    );
  }
  if (run.cancelRequested) return null;
  return (
    <>
      <Button aria-keyshortcuts="c" disabled={actions.busy !== null} onClick={() => setAsking(true)}>
        {t('run.cancel')}
      </Button>
      {isAsking && <LazyCancelDialog run={run} onCancel={cancel} onClose={() => setAsking(false)} />}
    </>
  );
}

/** Where a finished run can be taken up: where it ended, unless it came to its end, and at its start. */
export function retryPoints(
  run: Run,
  failedLabel: string | null,
  t: Translate<RunsMessageKey>,
): RetryPoint[] {
  const start = { from: 'start', label: t('run.retryStart'), detail: t('run.retryStartDetail') };
  // What the workflow itself stopped, it would stop again.
  if (run.status === 'succeeded' || run.error?.code === 'stopped') return [start];
  const isAtStep = run.status === 'failed' && failedLabel !== null;
  const stopped = isAtStep
    ? { label: t('run.retryFailed'), detail: t('run.retryFailedDetail', { step: failedLabel }) }
    : { label: t('run.retryStopped'), detail: t('run.retryStoppedDetail') };
  return [{ from: 'failed', ...stopped }, start];
}
