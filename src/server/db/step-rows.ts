import { cleanJson } from '../../core/json';
import type { StepRecord } from '../../core/run/ports';
import type { Intent, RunStepEntity } from './entities';

/** Columns of `workflow_run_step` a commit writes, in the order of its statement, with their types. */
export const stepColumns = {
  step_key: 'text',
  node_id: 'text',
  type: 'text',
  seq: 'integer',
  status: 'text',
  attempt: 'integer',
  input: 'jsonb',
  output: 'jsonb',
  error: 'jsonb',
  branch: 'text',
  skipped_because: 'jsonb',
  attempts: 'jsonb',
  wake_at: 'timestamptz',
  wait: 'jsonb',
  started_at: 'timestamptz',
  finished_at: 'timestamptz',
} as const;

type StepRow = Record<keyof typeof stepColumns, unknown>;

export function stepToRow(step: StepRecord): StepRow {
  return {
    step_key: step.key,
    node_id: step.nodeId,
    type: step.type,
    seq: step.seq,
    status: step.status,
    attempt: step.attempt,
    input: step.input,
    output: step.output,
    error: step.error && cleanJson(step.error),
    branch: step.branch,
    skipped_because: step.skippedBecause,
    attempts: step.attempts.length > 0 ? cleanJson(step.attempts) : null,
    wake_at: step.wakeAt,
    wait: step.wait,
    started_at: step.startedAt,
    finished_at: step.finishedAt,
  };
}

/** A row as `pg` gives it, with column names of the table. */
export function stepFromRow(row: Record<string, unknown>): StepRecord {
  return stepRecord({
    stepKey: row.step_key,
    nodeId: row.node_id,
    type: row.type,
    seq: row.seq,
    status: row.status,
    attempt: row.attempt,
    input: row.input,
    output: row.output,
    error: row.error,
    branch: row.branch,
    skippedBecause: row.skipped_because,
    attempts: row.attempts,
    wakeAt: row.wake_at,
    wait: row.wait,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
  } as RunStepEntity);
}

export function stepRecord(row: RunStepEntity): StepRecord {
  return {
    key: row.stepKey,
    nodeId: row.nodeId,
    type: row.type,
    seq: row.seq,
    status: row.status,
    attempt: row.attempt,
    input: row.input,
    output: row.output,
    error: row.error,
    branch: row.branch,
    skippedBecause: row.skippedBecause,
    attempts: row.attempts ?? [],
    wakeAt: row.wakeAt?.toISOString() ?? null,
    wait: row.wait,
    startedAt: row.startedAt?.toISOString() ?? null,
    finishedAt: row.finishedAt?.toISOString() ?? null,
  };
}

export function toIntent({ key, nodeId, type, seq, attempt, attempts, startedAt }: StepRecord): Intent {
  return { key, nodeId, type, seq, attempt, attempts, startedAt };
}

/** The recorded steps with the one whose effect is under way, which has no row of its own or an older one. */
export function withIntent(steps: readonly StepRecord[], intent: Intent | null): StepRecord[] {
  if (!intent) return [...steps];
  const underWay: StepRecord = {
    ...intent,
    ...{ status: 'running', input: null, output: null, error: null, branch: null },
    ...{ skippedBecause: null, wakeAt: null, wait: null, finishedAt: null },
  };
  return [...steps.filter((step) => step.key !== intent.key), underWay].sort((a, b) => a.seq - b.seq);
}
