import { isFinished, type Run, type Step, TRIGGER_ID } from '../../core';
import { stepStatusLook } from '../shared/format';
import { useTexts, useTrama } from '../shared/provider';
import { StatusMark } from '../shared/status-mark';
import { Tile } from '../shared/ui';
import { AttemptList } from './attempt-list';
import { explainFailure } from './explain-failure';
import { FailureBox, type FailureBoxProps } from './failure-box';
import { JsonSection } from './json-section';
import { LazyConnectHere } from './lazy-connect-here';
import { runsMessages } from './messages';
import { RetryButton } from './retry-button';
import type { StepRow } from './run-tree';
import { SettleForm } from './settle-form';
import { isDecision, StepConditions } from './step-conditions';
import { StepFacts } from './step-facts';
import { StepWait } from './step-wait';
import { branchLabel, explainSkip, hasChoice, refusalText, type Words } from './step-words';
import type { RunActions } from './use-run-actions';

export interface StepDetailProps {
  row: StepRow;
  run: Run;
  words: Words;
  now: number;
  actions: RunActions;
  latestVersion: number | null;
  onOpenRun: (runId: string) => void;
}

/** All there is to know about one step: the cause first, then the facts, then its values. */
export function StepDetail(props: StepDetailProps) {
  const { row, run, words, now, actions, onOpenRun } = props;
  const t = useTexts(runsMessages);
  const { step, block, node } = row;
  const isTrigger = node.id === TRIGGER_ID;
  const hasRun = step.startedAt !== null;
  const providerLabel = words.providerLabel(block?.provider ?? '');
  const { wait } = step;
  return (
    <>
      <StepHeading row={row} />
      <StepFailureBox {...{ row, run, words, providerLabel, actions }} />
      {step.status === 'waiting' && wait && wait.kind !== 'connection' && (
        <StepWait key={step.wakeAt} run={run} step={{ ...step, wait }} {...{ words, now, actions }} />
      )}
      <StepRetry {...props} />
      {step.status === 'canceled' && <p className="trama-detail-note">{t('step.canceledText')}</p>}
      {isTrigger && refusalText(step, t) && <p className="trama-detail-note">{refusalText(step, t)}</p>}
      {step.skippedBecause && <p className="trama-detail-note">{explainSkip(step.skippedBecause, words)}</p>}
      {hasRun && (
        <StepFacts
          step={step}
          providerLabel={providerLabel}
          run={isTrigger ? run : undefined}
          onOpenRun={onOpenRun}
          branch={hasChoice(node, block) && step.branch ? branchLabel(step.branch, block, words) : null}
        />
      )}
      {isDecision(step.input) && <StepConditions input={step.input} block={block} />}
      {step.attempts.length > 1 && <AttemptList attempts={step.attempts} />}
      {hasRun && !isTrigger && (
        <JsonSection title={t('detail.input')} copyLabel={t('detail.copyInput')} value={step.input} />
      )}
      {hasRun && step.output !== null && (
        <JsonSection title={t('detail.output')} copyLabel={t('detail.copyOutput')} value={step.output} />
      )}
    </>
  );
}

function StepHeading({ row: { block, label, step, iteration } }: { row: StepRow }) {
  const { providers, locale } = useTrama();
  const t = useTexts(runsMessages);
  const look = stepStatusLook(step.status);
  const provider = providers.get(block?.provider ?? '');
  const position = iteration && t('step.iteration', { number: iteration.index + 1 });
  const kind = [provider?.label[locale], block?.label[locale], position].filter(Boolean).join(' · ');
  return (
    <header className="trama-detail-head">
      <Tile provider={provider} icon={block?.icon} />
      <div className="trama-detail-name">
        <h3>{label}</h3>
        <p className="trama-muted">{kind}</p>
      </div>
      <span className="trama-pill" data-tone={look.tone}>
        <StatusMark look={look} />
        {t(look.label)}
      </span>
    </header>
  );
}

const tones: Partial<Record<Step['status'], FailureBoxProps['tone']>> = {
  failed: 'bad',
  waiting: 'wait',
  in_doubt: 'warn',
};

/** Goes on from this step in a new run; only a finished run can be taken up again. */
function StepRetry({ row, run, latestVersion, actions }: StepDetailProps) {
  const t = useTexts(runsMessages);
  const hasRun = row.step.startedAt !== null && row.node.id !== TRIGGER_ID;
  // What the workflow itself stopped, it would stop again.
  const isStop = run.error?.code === 'stopped' && run.error.stepKey === row.step.key;
  if (!run.canAct || !isFinished(run.status) || !hasRun || isStop) return null;
  const detail = t('run.retryStepDetail', { step: row.label });
  return (
    <div className="trama-actions">
      <RetryButton
        run={run}
        points={[{ from: row.step.key, label: t('run.retryStep'), detail }]}
        latestVersion={latestVersion}
        isBusy={actions.busy !== null}
        onRetry={(wish) => void actions.retry(run.id, wish)}
      >
        {t('run.retryHere')}
      </RetryButton>
    </div>
  );
}

interface StepFailureBoxProps extends Pick<StepDetailProps, 'row' | 'run' | 'words' | 'actions'> {
  providerLabel: string;
}

function StepFailureBox({ row, run, words, providerLabel, actions }: StepFailureBoxProps) {
  const { step, block, label } = row;
  const tone = tones[step.status];
  if (!step.error || !tone) return null;
  const { t, formats } = words;
  const hasEffect = block?.kind === 'action' && block.sideEffect !== 'none';
  const connection = step.status === 'waiting' && step.wait?.kind === 'connection' ? step.wait : null;
  const toConnect = connection && words.providerLabel(connection.provider);
  const explanation = explainFailure({
    failure: step.error,
    step,
    stepLabel: label,
    providerLabel: toConnect ?? providerLabel,
    hasEffect,
    t,
    formats,
  });
  if (connection && toConnect)
    return (
      <FailureBox explanation={explanation} tone={tone}>
        <LazyConnectHere providerId={connection.provider} provider={toConnect} />
      </FailureBox>
    );
  if (step.status !== 'in_doubt' || run.status !== 'needs_attention')
    return <FailureBox explanation={explanation} tone={tone} />;
  return (
    <div className="trama-step-failure" data-tone={tone}>
      <h3>{t('settle.title', { step: label })}</h3>
      <p>{explanation.text}</p>
      <p>
        <strong>{t('settle.check', { provider: providerLabel })}</strong> {t('settle.until')}
      </p>
      {run.canAct && <SettleForm {...{ row, words, providerLabel, actions }} runId={run.id} />}
    </div>
  );
}
