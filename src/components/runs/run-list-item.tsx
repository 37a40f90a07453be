import type { Run } from '../../core';
import { runStatusLook } from '../shared/format';
import { useTrama } from '../shared/provider';
import { StatusMark } from '../shared/status-mark';
import { useFormats } from '../shared/use-formats';
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
  const { t } = useTrama();
  const formats = useFormats();
  const title = run.title ?? run.workflowName;
  const facts = [
    formats.listTime(run.createdAt),
    run.status === 'waiting' && run.wakeAt ? t('runs.retryAt', { time: formats.time(run.wakeAt) }) : null,
    stepLabel,
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
        <RunStatusPill status={run.status} />
      </span>
      <span className="trama-run-item-facts">
        <span className="trama-num">{facts[0]}</span>
        <RunDuration run={run} />
        {facts.slice(1).map((fact) => fact && <span key={fact}>{fact}</span>)}
      </span>
    </button>
  );
}

/** A run's status: word, shape and colour. */
export function RunStatusPill({ status }: { status: Run['status'] }) {
  const { t } = useTrama();
  const look = runStatusLook(status);
  return (
    <span className="trama-pill" data-tone={look.tone}>
      <StatusMark look={look} />
      {t(look.label)}
    </span>
  );
}

function RunDuration({ run }: { run: Run }) {
  const formats = useFormats();
  const isRunning = run.status === 'running';
  const now = useNow(isRunning);
  if (run.startedAt === null || (!isRunning && run.finishedAt === null)) return null;
  const end = run.finishedAt === null ? now : Date.parse(run.finishedAt);
  return <span className="trama-num">{formats.duration(Math.max(0, end - Date.parse(run.startedAt)))}</span>;
}
