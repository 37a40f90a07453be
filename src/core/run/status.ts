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
export const runStatusSchema = z.enum(runStatuses);
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
export const stepStatusSchema = z.enum(stepStatuses);
export type StepStatus = z.infer<typeof stepStatusSchema>;

/** What can happen to a run. */
export type RunEvent = 'claim' | 'release' | 'park' | 'succeed' | 'fail' | 'doubt';

/**
 * The run's states, in one table: status × event → next status. What is absent cannot happen.
 * `claim` on `running` is the recovery of a run whose lease ran out.
 */
const transitions: Record<RunStatus, Partial<Record<RunEvent, RunStatus>>> = {
  queued: { claim: 'running' },
  running: {
    claim: 'running',
    release: 'queued',
    park: 'waiting',
    succeed: 'succeeded',
    fail: 'failed',
    doubt: 'needs_attention',
  },
  waiting: { claim: 'running' },
  succeeded: {},
  failed: {},
  canceled: {},
  needs_attention: {},
};

export function nextRunStatus(status: RunStatus, event: RunEvent): RunStatus | null {
  return transitions[status][event] ?? null;
}

/** Whether a run has reached its end. */
export function isFinished(status: RunStatus): boolean {
  return status === 'succeeded' || status === 'failed' || status === 'canceled';
}
