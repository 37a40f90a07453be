import * as z from 'zod';

export const runStatuses = [
  'queued',
  'running',
  'waiting',
  'succeeded',
  'failed',
  'canceled',
  'needs_attention',
] as const;
// Pure: a page that only lists runs needs `isFinished`, and not zod.
export const runStatusSchema = /* @__PURE__ */ z.enum(runStatuses);
export type RunStatus = z.infer<typeof runStatusSchema>;

export const stepStatuses = [
  'pending',
  'running',
  'waiting',
  'succeeded',
  'failed',
  'skipped',
  'canceled',
  'in_doubt',
] as const;
export const stepStatusSchema = /* @__PURE__ */ z.enum(stepStatuses);
export type StepStatus = z.infer<typeof stepStatusSchema>;

/** Whether a step is still to come to an end when its run goes on. One in doubt is not: a person settles it. */
export function isOpen({ status }: { status: StepStatus }): boolean {
  return status === 'pending' || status === 'running' || status === 'waiting';
}

/** What can happen to a run. */
export type RunEvent =
  | 'claim'
  | 'release'
  | 'park'
  | 'succeed'
  | 'fail'
  | 'doubt'
  /** What a parked run waited for has come. */
  | 'wake'
  /** A person has said what became of the step in doubt. */
  | 'settle'
  | 'cancel';

/**
 * The run's states, in one table: status × event → next status. What is absent cannot happen.
 * `claim` on `running` is the recovery of a run whose lease ran out.
 */
const transitions: Record<RunStatus, Partial<Record<RunEvent, RunStatus>>> = {
  queued: { claim: 'running', cancel: 'canceled' },
  running: {
    claim: 'running',
    release: 'queued',
    park: 'waiting',
    succeed: 'succeeded',
    fail: 'failed',
    doubt: 'needs_attention',
    // Between two steps: the one under way comes to its end first.
    cancel: 'canceled',
  },
  waiting: { claim: 'running', wake: 'queued', cancel: 'canceled' },
  succeeded: {},
  failed: {},
  canceled: {},
  needs_attention: { settle: 'queued', cancel: 'canceled' },
};

export function nextRunStatus(status: RunStatus, event: RunEvent): RunStatus | null {
  return transitions[status][event] ?? null;
}

/** Whether a run has reached its end. */
export function isFinished(status: RunStatus): boolean {
  return status === 'succeeded' || status === 'failed' || status === 'canceled';
}
