/**
 * What comes of a performed step: its record in the journal and the way the run goes on from it.
 */
import type { BlockDefinition } from '../block/define';
import type { AnyExecutor } from '../block/implement';
import type { Outcome } from '../block/outcome';
import { handlesOf } from '../definition/node';
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
  /** What the executor receives: the configuration resolved and parsed. */
  argument: unknown;
  /** The same as JSON, for the journal. */
  input: Json;
  attempts: AttemptRecord[];
}

/** Records an outcome. */
export function settle(attempt: Attempt, outcome: Outcome): Performed {
  if (outcome.kind === 'forEach') return startLoop(attempt, outcome);
  if (outcome.kind === 'done') return succeed(attempt, attempt.block.passHandle, outcome.output);
  const { leg, node, key, block } = attempt;
  const exits = handlesOf(node, block);
  if (exits.includes(outcome.handle)) return succeed(attempt, outcome.handle, outcome.output);
  const message = `The block left by "${outcome.handle}", which is none of its exits (${exits.join(', ')}). What it did is done; the run cannot go on.`;
  const failure: StepFailure = { kind: 'terminal', code: 'unknown_handle', message, actor: 'developer' };
  return failNode(leg, node, key, failure, attempt);
}

/** Records a success, or a failure when the output cannot be kept. */
function succeed(attempt: Attempt, handle: string, value: unknown): StepResult {
  const { leg, node, key } = attempt;
  let output: Json;
  try {
    output = keepOutput(attempt, value);
  } catch (error) {
    return failNode(leg, node, key, error, attempt);
  }
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
      finish: (result) => succeed(attempt, block.passHandle, result),
    },
  };
}

/** What is stored of an output. Its depth is looked at first: neither zod nor the copy survives a hostile one. */
function keepOutput({ leg, block }: Attempt, value: unknown): Json {
  const { jsonDepth, outputBytes } = leg.caps;
  if (isDeeperThan(value, jsonDepth)) throw outputTooLarge(`${jsonDepth} levels`);
  const parsed = block.output.safeParse(value);
  const output = cleanJson(parsed.success ? parsed.data : value);
  if (jsonBytes(output) > outputBytes) throw outputTooLarge(`${outputBytes} bytes`);
  return output;
}

function outputTooLarge(limit: string): BlockError {
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

export function attemptRecord(attempt: Attempt, error: StepFailure, delayMs: number | null): AttemptRecord {
  const { number, startedAt, leg } = attempt;
  return { attempt: number, startedAt, finishedAt: leg.timestamp(), error, delayMs };
}

export const policyOf = (node: WorkflowNode): RetryPolicy => node.retry ?? defaultRetryPolicy;
