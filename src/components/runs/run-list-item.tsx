import { isFinished, type Run } from '../../core';
import { runStatusLook } from '../shared/format';
import { useTexts } from '../shared/provider';
import { StatusMark } from '../shared/status-mark';
import { useFormats } from '../shared/use-formats';
import { useProviderLabel } from '../shared/use-provider-label';
import { runsMessages } from './messages';
import { useNow } from './use-live-refresh';

export interface RunListItemProps {
  run: Run;
  isSelected: boolean;
  isTabStop: boolean;
  /** Where it failed. */
  stepLabel: string | null;
  showsWorkflow: boolean;
  onOpen: (runId: string) => void;
}

/** A run in the list: what it is about, how it stands, when, how long, and where it failed. */
export function RunListItem({
  run,
  isSelected,
  isTabStop,
  stepLabel,
  showsWorkflow,
  onOpen,
}: RunListItemProps) {
  const t = useTexts(runsMessages);
  const formats = useFormats();
  const title = run.title ?? run.workflowName;
  const needsAnswer = run.status === 'needs_attention';
  const facts = [
    formats.listTime(run.createdAt),
    useWaitText(run),
    needsAnswer ? null : stepLabel,
    showsWorkflow && run.title !== null ? run.workflowName : null,
    run.version === null ? t('runs.byHand') : null,
  ];
  return (
    <button
      type="button"
      className="trama-run-item"
      aria-current={isSelected ? 'true' : undefined}
      tabIndex={isTabStop ? 0 : -1}
      onClick={() => onOpen(run.id)}
    >
      <span className="trama-run-item-head">
        <span className="trama-run-item-title">{title}</span>
        <RunStatusPill run={run} />
      </span>
      <span className="trama-run-item-facts">
        <span className="trama-num">{facts[0]}</span>
        <RunDuration run={run} />
        {facts.slice(1).map((fact) => fact && <span key={fact}>{fact}</span>)}
      </span>
      {needsAnswer && (
        <span className="trama-run-item-todo">
          {stepLabel === null ? t('runs.settleUnnamed') : t('runs.settle', { step: stepLabel })}
        </span>
      )}
    </button>
  );
}

/** What a waiting run waits for, and until when where that is the wait's own end. */
function useWaitText({ status, wakeAt, waitingFor }: Run): string | null {
  const providerLabel = useProviderLabel();
  const t = useTexts(runsMessages);
  const formats = useFormats();
  if (status !== 'waiting') return null;
  if (!waitingFor) return wakeAt && t('runs.goesOn', { time: formats.day(wakeAt) });
  const { kind, until } = waitingFor;
  const what = t(`runs.waits.${kind}`, { provider: providerLabel(waitingFor.provider ?? '') });
  return until === null ? what : t('runs.latest', { what, time: formats.day(until) });
}

/** A run's status: word, shape and colour. */
export function RunStatusPill({ run }: { run: Pick<Run, 'status' | 'cancelRequested'> }) {
  const t = useTexts(runsMessages);
  const isCanceling = run.cancelRequested && !isFinished(run.status);
  const look = isCanceling ? canceling : runStatusLook(run.status);
  return (
    <span className="trama-pill" data-tone={look.tone}>
      <StatusMark look={look} />
      {t(look.label)}
    </span>
  );
}

const canceling = { tone: 'neutral', symbol: 'spinner', label: 'run.canceling' } as const;

function RunDuration({ run }: { run: Run }) {
  const formats = useFormats();
  const isRunning = run.status === 'running';
  const now = useNow(isRunning);
  if (run.startedAt === null || (!isRunning && run.finishedAt === null)) return null;
  const end = run.finishedAt === null ? now : Date.parse(run.finishedAt);
  return <span className="trama-num">{formats.duration(Math.max(0, end - Date.parse(run.startedAt)))}</span>;
}
