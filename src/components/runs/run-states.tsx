import { WorkflowError } from '../../core';
import { Icon } from '../shared/icons';
import { problemText } from '../shared/problem-text';
import { useTexts } from '../shared/provider';
import { Button, EmptyState, ErrorState, IconButton, Skeleton } from '../shared/ui';
import { runsMessages } from './messages';
import type { RunActions } from './use-run-actions';

export interface RunProblemProps {
  error: Error;
  onRetry: () => void;
  onBack: (() => void) | undefined;
}

/** Instead of a run that cannot be read. */
export function RunProblem({ error, onRetry, onBack }: RunProblemProps) {
  const t = useTexts(runsMessages);
  const back = onBack && <Button onClick={onBack}>{t('run.back')}</Button>;
  if (error instanceof WorkflowError && error.code === 'not_found') {
    return (
      <EmptyState title={t('run.notFoundTitle')} actions={back}>
        {t('run.notFoundText')}
      </EmptyState>
    );
  }
  const actions = (
    <>
      <Button onClick={onRetry}>{t('runs.tryAgain')}</Button>
      {back}
    </>
  );
  return (
    <div className="trama-run-problem">
      <ErrorState title={t('run.errorTitle')} actions={actions}>
        {problemText(error, t)}
      </ErrorState>
    </div>
  );
}

/** The run's outline while it is on its way. */
export function LoadingRun() {
  const t = useTexts(runsMessages);
  return (
    <div className="trama-run-loaded" role="status">
      <span className="trama-visually-hidden">{t('run.loading')}</span>
      <div className="trama-run-head">
        <Skeleton width="180px" height="16px" />
        <Skeleton width="90px" height="24px" />
      </div>
      <div className="trama-run-body">
        <div className="trama-run-canvas" />
        <div className="trama-run-lower">
          <div className="trama-timeline trama-run-loading">
            {['62%', '78%', '54%', '70%'].map((width) => (
              <Skeleton key={width} width={width} />
            ))}
          </div>
          <div className="trama-detail trama-run-loading">
            <Skeleton width="50%" />
            <Skeleton height="72px" />
          </div>
        </div>
      </div>
    </div>
  );
}

/** Over a run that can no longer be followed. */
export function StaleNote({ text, onRetry }: { text: string; onRetry: () => void }) {
  const t = useTexts(runsMessages);
  return (
    <div className="trama-stale" role="status">
      <span>{text}</span>
      <button type="button" className="trama-link" onClick={onRetry}>
        {t('runs.tryAgain')}
      </button>
    </div>
  );
}

export interface ActionProblemProps {
  problem: NonNullable<RunActions['problem']>;
  onClose: () => void;
}

/** Why what a person wanted with a run did not happen. */
export function ActionProblem({ problem, onClose }: ActionProblemProps) {
  const t = useTexts(runsMessages);
  return (
    <div className="trama-action-problem" role="alert">
      <div>
        <strong>{t(`run.problem.${problem.action}`)}</strong> <span>{problem.text}</span>
      </div>
      <IconButton label={t('common.close')} onClick={onClose}>
        <Icon name="close" />
      </IconButton>
    </div>
  );
}
