import { findBlockError } from '../block/call-failure';
import type { BlockDefinition } from '../block/define';
import type { AnyExecutor } from '../block/implement';
import type { RetryPolicy, WorkflowNode } from '../definition/schema';
import { BlockError, type StepFailure } from '../errors';
import type { RunError } from './ports';

/** Longest wait a provider may ask for, milliseconds: one day, as the longest a retry policy may have. */
const MAX_RETRY_AFTER_MS = 86_400_000;
/** Wait for a turn that nobody named. */
const UNNAMED_TURN_MS = 1_000;

/** Milliseconds to the next attempt: base·2ⁿ within ±50 %, never under what the provider asked for, never over the cap but for that. */
export function retryDelay(
  policy: RetryPolicy,
  attempt: number,
  retryAfterMs: number | undefined,
  random: () => number,
): number {
  const base = policy.backoff === 'fixed' ? policy.delayMs : policy.delayMs * 2 ** (attempt - 1);
  const jittered = Math.min(base, policy.maxDelayMs) * (0.5 + random());
  const asked = Math.min(retryAfterMs || 0, MAX_RETRY_AFTER_MS);
  return Math.round(Math.max(Math.min(jittered, policy.maxDelayMs), asked));
}

/** Milliseconds until a step asks for its turn again: not before the one it was told of, and spread over as long again, as many are told the same. */
export function turnDelay(retryAfterMs: number | undefined, random: () => number): number {
  const asked = Math.min(retryAfterMs || UNNAMED_TURN_MS, MAX_RETRY_AFTER_MS);
  return Math.round(asked * (1 + random()));
}

/** Of an error nobody foresaw not even the message can be relied upon. */
function messageOf(error: unknown): string {
  try {
    return error instanceof Error ? String(error.message).slice(0, 500) : 'unknown';
  } catch {
    return 'unknown';
  }
}

/** What a thrown value means: the block's own word, its provider's reading, or an error nobody foresaw. */
export function toFailure(
  error: unknown,
  source?: { executor: AnyExecutor; block: BlockDefinition },
): StepFailure {
  if (error instanceof BlockError) return error.failure;
  if (source?.executor.provider)
    return findBlockError(error)?.failure ?? source.executor.provider.mapError(error);
  const isEffect = source !== undefined && source.block.sideEffect !== 'none';
  return {
    kind: isEffect ? 'uncertain' : 'terminal',
    code: 'block_failed',
    message: `The block stopped with an error of its own: ${messageOf(error)}.`,
    actor: 'developer',
  };
}

/** Failures of what came after the effect: that is done, and only what it gave could not be used. */
const afterEffect: readonly string[] = ['output_too_large', 'unknown_handle', 'wait_too_long'];

/** Whether a step that failed like this may have had its effect. */
export const leavesDoubt = ({ kind, code }: StepFailure): boolean =>
  kind === 'uncertain' || afterEffect.includes(code);

export const isFailure = (error: unknown): error is StepFailure =>
  !(error instanceof Error) &&
  typeof error === 'object' &&
  error !== null &&
  'code' in error &&
  'kind' in error;

/** The failure of a run at a step; a loop that fails with one of its items keeps the name of the step inside. */
export function toRunError(
  failure: StepFailure | RunError | null,
  node: WorkflowNode,
  stepKey: string,
): RunError {
  const { kind = 'terminal', code = 'unknown', message = '', ...facts } = failure ?? {};
  return { kind, code, message, nodeId: node.id, stepKey, ...facts };
}

/** The run itself may go no further; no loop and no `onError` passes over it. */
export function overLimit(
  code: 'steps_exceeded' | 'state_exceeded' | 'run_expired',
  message: string,
  node: WorkflowNode,
  stepKey: string,
): RunError {
  return { kind: 'terminal', code, message, actor: 'customer', nodeId: node.id, stepKey };
}
