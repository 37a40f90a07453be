/**
 * What comes of a performed step: its record in the journal and the way the run goes on from it.
 */
import type { BlockDefinition } from '../block/define';
import type { AnyExecutor } from '../block/implement';
import type { Outcome } from '../block/outcome';
import { defaultRetryPolicy, type RetryPolicy, type WorkflowNode } from '../definition/schema';
import { BlockError, type StepFailure } from '../errors';
import { cleanJson, isDeeperThan, type Json, jsonBytes } from '../json';
import { isFailure, retryDelay, toFailure, toRunError } from './failure';
import type { Leg } from './leg';
import type { AttemptRecord, LegEnd, StepRecord } from './ports';

export type StepResult =
  /** Finished; left by `handle`. No output when it was disabled. */
  | { kind: 'left'; handle: string; output: Json | undefined }
  /** Skipped: every outgoing edge is dead. */
  | { kind: 'dead'; output: undefined }
  | { kind: 'halt'; end: LegEnd };

export interface LoopPlan {
  items: Json[];
  collect: string | undefined;
  onItemError: 'fail' | 'continue';
  finish: (output: { count: number; results: Json[]; failed: number }) => StepResult;
}

export type Performed = StepResult | { kind: 'loop'; plan: LoopPlan };

/** One attempt at a step, under way. */
export interface Attempt {
  leg: Leg;
  node: WorkflowNode;
  key: string;
  block: BlockDefinition;
  executor: AnyExecutor;
  number: number;
  startedAt: string;
  input: Json;
  attempts: AttemptRecord[];
}

/** Records an outcome. */
export function settle(attempt: Attempt, outcome: Outcome): Performed {
  const { leg, block } = attempt;
  if (outcome.kind === 'forEach') return startLoop(attempt, outcome);
  const parsed = block.output.safeParse(outcome.output);
  const output = cleanJson(parsed.success ? parsed.data : outcome.output);
  const problem = outputProblem(output, leg);
  if (problem) return failNode(leg, attempt.node, attempt.key, problem, attempt);
  const handle = outcome.kind === 'branch' ? outcome.handle : block.passHandle;
  record(attempt, { status: 'succeeded', output, branch: handle, finishedAt: leg.timestamp() });
  return { kind: 'left', handle, output };
}

function startLoop(attempt: Attempt, outcome: Extract<Outcome, { kind: 'forEach' }>): Performed {
  const { leg, node, key, block } = attempt;
  const limit = leg.caps.loopItems;
  if (outcome.items.length > limit) {
    const message = `The list has ${outcome.items.length} items; a loop may go through ${limit}. Shorten the list before the loop.`;
    return failNode(
      leg,
      node,
      key,
      new BlockError({ kind: 'terminal', code: 'loop_too_long', message, actor: 'customer' }),
      attempt,
    );
  }
  record(attempt, { status: 'running' });
  return {
    kind: 'loop',
    plan: {
      items: outcome.items,
      collect: outcome.collect,
      onItemError: outcome.onItemError,
      finish: (result) => {
        const output = cleanJson(result);
        const problem = outputProblem(output, leg);
        if (problem) return failNode(leg, node, key, problem, attempt);
        record(attempt, {
          status: 'succeeded',
          output,
          branch: block.passHandle,
          finishedAt: leg.timestamp(),
        });
        return { kind: 'left', handle: block.passHandle, output };
      },
    },
  };
}

function outputProblem(output: Json, leg: Leg): BlockError | null {
  const isTooDeep = isDeeperThan(output, leg.caps.jsonDepth);
  if (!isTooDeep && jsonBytes(output) <= leg.caps.outputBytes) return null;
  const limit = isTooDeep ? `${leg.caps.jsonDepth} levels` : `${leg.caps.outputBytes} bytes`;
  const message = `The step gave more than the ${limit} a step's output may have. What it did is done; its output was not kept.`;
  return new BlockError({ kind: 'terminal', code: 'output_too_large', message, actor: 'developer' });
}

/** After a failed attempt: again later, in doubt, or failed for good. */
export function handleFailure(attempt: Attempt, failure: StepFailure): StepResult {
  const { leg, node, key, block } = attempt;
  if (failure.kind === 'uncertain' && block.sideEffect === 'at-most-once') return doubt(attempt, failure);
  const isRetryable = failure.kind === 'retry' || failure.kind === 'uncertain';
  const policy = policyOf(node);
  if (!isRetryable || attempt.number >= policy.maxAttempts) {
    if (failure.kind === 'uncertain' && block.sideEffect === 'reconcilable') return doubt(attempt, failure);
    return failNode(leg, node, key, new BlockError(failure), attempt);
  }
  const delayMs = retryDelay(policy, attempt.number, failure.retryAfterMs, leg.input.random ?? Math.random);
  const wakeAt = new Date(leg.now() + delayMs).toISOString();
  const attempts = [...attempt.attempts, attemptRecord(attempt, failure, delayMs)];
  record(attempt, { status: 'waiting', error: failure, attempts, wakeAt });
  return { kind: 'halt', end: { status: 'waiting', wakeAt } };
}

/** Marks a step failed and takes the way its `onError` says. */
export function failNode(
  leg: Leg,
  node: WorkflowNode,
  key: string,
  error: unknown,
  attempt?: Attempt,
): StepResult {
  const failure = isFailure(error) ? error : toFailure(error);
  const onError = node.onError ?? 'fail';
  const pass = leg.input.blocks.get(node.type)?.passHandle ?? 'next';
  const branch = onError === 'branch' ? 'error' : onError === 'continue' ? pass : null;
  const output = branch === null ? null : { error: cleanJson(failure) };
  const previous = leg.find(key);
  const number = attempt?.number ?? previous?.attempt ?? 1;
  const startedAt = attempt?.startedAt ?? previous?.startedAt ?? leg.timestamp();
  const attempts = [...(attempt?.attempts ?? previous?.attempts ?? [])];
  if (attempt) attempts.push(attemptRecord(attempt, failure, null));
  leg.record({
    key,
    nodeId: node.id,
    type: node.type,
    status: 'failed',
    attempt: number,
    input: attempt?.input ?? previous?.input ?? null,
    output,
    error: failure,
    branch,
    skippedBecause: null,
    attempts,
    wakeAt: null,
    startedAt,
    finishedAt: leg.timestamp(),
  });
  if (branch !== null) return { kind: 'left', handle: branch, output: output as Json };
  return { kind: 'halt', end: { status: 'failed', error: toRunError(failure, node, key) } };
}

export function doubt(attempt: Attempt, failure: StepFailure): StepResult {
  const attempts = [...attempt.attempts, attemptRecord(attempt, failure, null)];
  record(attempt, { status: 'in_doubt', error: failure, attempts });
  return {
    kind: 'halt',
    end: { status: 'needs_attention', error: toRunError(failure, attempt.node, attempt.key) },
  };
}

export function record(attempt: Attempt, change: Partial<StepRecord> & Pick<StepRecord, 'status'>): void {
  attempt.leg.record({
    key: attempt.key,
    nodeId: attempt.node.id,
    type: attempt.node.type,
    attempt: attempt.number,
    input: attempt.input,
    output: null,
    error: null,
    branch: null,
    skippedBecause: null,
    attempts: attempt.attempts,
    wakeAt: null,
    startedAt: attempt.startedAt,
    finishedAt: null,
    ...change,
  });
}

function attemptRecord(attempt: Attempt, error: StepFailure, delayMs: number | null): AttemptRecord {
  const { number, startedAt, leg } = attempt;
  return { attempt: number, startedAt, finishedAt: leg.timestamp(), error, delayMs };
}

export const policyOf = (node: WorkflowNode): RetryPolicy => node.retry ?? defaultRetryPolicy;
