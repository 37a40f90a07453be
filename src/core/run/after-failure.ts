/**
 * What comes of an attempt that failed: another one later, a wait for its turn or its connection, a doubt for a person to settle, or the
 * failure of the step.
 */
import { defaultRetryPolicy, type RetryPolicy, type WorkflowNode } from '../definition/schema';
import { BlockError, type StepFailure } from '../errors';
import type { Json } from '../json';
import { awaitTurn } from './await-turn';
import { retryDelay, toRunError } from './failure';
import type { StepRecord } from './ports';
import { type Attempt, attemptRecord, failNode, record, type StepResult } from './settle-step';
import type { EndedWait, RecordedWait } from './wait';

/** A step that was going on from the end of its wait: every later attempt does, too. */
export interface Resumed {
  after: EndedWait;
  /** What the step had when it began to wait. */
  soFar: Json;
}

export const policyOf = (node: WorkflowNode): RetryPolicy => node.retry ?? defaultRetryPolicy;

/** After a failed attempt: again later, in doubt, or failed for good. */
export function handleFailure(attempt: Attempt, failure: StepFailure): StepResult {
  const { leg, node, key, block } = attempt;
  const isUnclear = failure.kind === 'uncertain';
  if (isUnclear && block.sideEffect === 'at-most-once') return doubt(attempt, failure);
  const parked = untilLater(attempt, failure);
  if (parked) return parked;
  if (isUnclear && block.sideEffect === 'reconcilable') return doubt(attempt, failure);
  return failNode(leg, node, key, new BlockError(failure), attempt);
}

/** Parks the step until what failed may go well; `null` when it is not tried again. */
export function untilLater(attempt: Attempt, failure: StepFailure, resumed?: Resumed): StepResult | null {
  if (failure.kind === 'reconnect') return awaitConnection(attempt, failure, resumed);
  const later = awaitTurn(attempt, failure, resumed) ?? nextAttempt(attempt, failure, resumed);
  if (!later) return null;
  const wait = resumed ? ({ kind: 'time', until: later.wakeAt, after: resumed.after } as const) : null;
  return putOff(attempt, { ...later, error: failure, wait, output: resumed?.soFar ?? null });
}

/** The wait for the next attempt the node's retry policy grants. Attempts are counted anew after a wait. */
function nextAttempt(attempt: Attempt, error: StepFailure, resumed?: Resumed) {
  const { leg, node, number } = attempt;
  const policy = policyOf(node);
  const made = resumed ? number - (resumed.after.attempt ?? 1) + 1 : number;
  const mayPass = error.kind === 'retry' || error.kind === 'uncertain';
  if (!mayPass || made >= policy.maxAttempts) return null;
  const delayMs = retryDelay(policy, made, error.retryAfterMs, leg.input.random ?? Math.random);
  const wakeAt = new Date(leg.now() + delayMs).toISOString();
  return { wakeAt, attempts: [...attempt.attempts, attemptRecord(attempt, error, delayMs)] };
}

/**
 * Parks the step until somebody connects its provider. `null` when that would change nothing: nobody can connect it, the node says what to do
 * without it, or the run is at its age.
 */
export function awaitConnection(attempt: Attempt, error: StepFailure, resumed?: Resumed): StepResult | null {
  const { leg, node, executor } = attempt;
  const own = executor.provider?.provider;
  const provider = error.provider ?? (own?.auth.type === 'oauth2' ? own.id : null);
  if (provider === null || (node.onError ?? 'fail') !== 'fail' || leg.now() >= leg.deadline()) return null;
  const wakeAt = new Date(leg.deadline()).toISOString();
  const after = resumed && { after: resumed.after };
  const wait: RecordedWait = { kind: 'connection', provider, until: null, ...after };
  return putOff(attempt, { error, wakeAt, wait, output: resumed?.soFar ?? null });
}

function putOff(attempt: Attempt, change: Partial<StepRecord> & { wakeAt: string }): StepResult {
  record(attempt, { status: 'waiting', ...change });
  return { kind: 'halt', end: { status: 'waiting', wakeAt: change.wakeAt } };
}

/** Leaves it to a person to say whether the effect happened. */
export function doubt(attempt: Attempt, failure: StepFailure): StepResult {
  const attempts = [...attempt.attempts, attemptRecord(attempt, failure, null)];
  record(attempt, { status: 'in_doubt', error: failure, attempts });
  return {
    kind: 'halt',
    end: { status: 'needs_attention', error: toRunError(failure, attempt.node, attempt.key) },
  };
}
