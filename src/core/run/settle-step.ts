/**
 * What comes of a performed step: its record in the journal and the way the run goes on from it.
 */
import type { BlockDefinition } from '../block/define';
import type { AnyExecutor } from '../block/implement';
import type { Outcome } from '../block/outcome';
import { maskSensitive } from '../block/sensitive';
import { handlesOf, passHandleOf } from '../definition/node';
import type { WorkflowNode } from '../definition/schema';
import { BlockError, type StepFailure } from '../errors';
import { cleanJson, isDeeperThan, type Json } from '../json';
import { endOfStop } from './end-of-stop';
import { endOfWait } from './ended-wait';
import { isFailure, toFailure, toRunError } from './failure';
import type { Leg } from './leg';
import type { AttemptRecord, LegEnd, RunError, StepRecord } from './ports';
import type { RecordedWait, Wait } from './wait';

/** Longest message of a step that stops the run, characters: it becomes the error of the run. */
const MAX_STOP_MESSAGE = 1000;

export type StepResult =
  /** Finished; left by `handle`. No output when it was disabled. */
  | { kind: 'left'; handle: string; output: Json | undefined }
  /** Skipped: every outgoing edge is dead. */
  | { kind: 'dead'; output: undefined }
  /** The walk ends here. `isFinal`: it is the run's end whatever surrounds the step, not a failure to be passed over. */
  | { kind: 'halt'; end: LegEnd; isFinal?: boolean };

export interface LoopPlan {
  items: Json[];
  collect: string | undefined;
  onItemError: 'fail' | 'continue';
  finish: (output: { count: number; results: Json[]; failed: number }) => StepResult;
  /** The run ended inside: so does the loop. */
  abandon: (halt: Extract<StepResult, { kind: 'halt' }>) => StepResult;
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
  /** The same as JSON, for the journal: sensitive values are masked. */
  input: Json;
  attempts: AttemptRecord[];
}

/** Records an outcome. */
export function settle(attempt: Attempt, outcome: Outcome): Performed {
  const { leg, node, key, block } = attempt;
  if (outcome.kind === 'forEach') return startLoop(attempt, outcome);
  if (outcome.kind === 'wait') return park(attempt, outcome.wait, outcome.output);
  if (outcome.kind === 'stop') return stopRun(attempt, outcome);
  if (outcome.kind === 'done') return succeed(attempt, passHandleOf(node, block), outcome.output);
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
  const { leg, node, key } = attempt;
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
      finish: (result) => succeed(attempt, passHandleOf(node, attempt.block), result),
      abandon: (halt) => {
        if (halt.end.status === 'failed') return endRun(leg, node, key, halt.end.error);
        record(attempt, { status: 'canceled', finishedAt: leg.timestamp() });
        return halt;
      },
    },
  };
}

/** Ends the leg until what the step waits for has come, or its time. Without a time of its own it waits as long as the run may last. */
function park(attempt: Attempt, asked: Wait, soFar: unknown): StepResult {
  const { leg, node, key } = attempt;
  const latest = leg.deadline();
  // Asked this way round, so that a time nobody can read is refused as well: the run would wait for ever.
  if (asked.until !== null && !(Date.parse(asked.until) <= latest)) {
    const message = `The step would wait until ${asked.until}, beyond ${new Date(latest).toISOString()}, when the run ends for its age. Wait for less.`;
    const failure: StepFailure = { kind: 'terminal', code: 'wait_too_long', message, actor: 'customer' };
    return failNode(leg, node, key, failure, attempt);
  }
  const until = asked.until === null ? null : new Date(asked.until).toISOString();
  const wakeAt = until ?? new Date(latest).toISOString();
  const wait = { ...(cleanJson(asked) as object), until } as Wait;
  let output: Json;
  try {
    output = soFar === undefined ? null : keepOutput(attempt, soFar);
  } catch (error) {
    return failNode(leg, node, key, error, attempt);
  }
  record(attempt, { status: 'waiting', wait, wakeAt, output });
  return { kind: 'halt', end: { status: 'waiting', wakeAt } };
}

/** Ends the run. That the step left by no handle tells it from others when it is read back. */
function stopRun(attempt: Attempt, { status, message }: Extract<Outcome, { kind: 'stop' }>): StepResult {
  const { leg, node, key } = attempt;
  const stop = { status, message: message.slice(0, MAX_STOP_MESSAGE) };
  record(attempt, { status: 'succeeded', output: cleanJson(stop), finishedAt: leg.timestamp() });
  return endOfStop(stop, node, key);
}

/** What is stored of an output. Its depth is looked at first: neither zod nor the copy survives a hostile one. */
function keepOutput({ leg, block }: Attempt, value: unknown): Json {
  const { jsonDepth, outputBytes } = leg.caps;
  if (isDeeperThan(value, jsonDepth)) throw outputTooLarge(`${jsonDepth} levels`);
  const parsed = block.output.safeParse(value);
  const output = maskSensitive(block.output, cleanJson(parsed.success ? parsed.data : value));
  if (leg.sizeOf(output) > outputBytes) throw outputTooLarge(`${outputBytes} bytes`);
  return output;
}

function outputTooLarge(limit: string): BlockError {
  const message = `The step gave more than the ${limit} a step's output may have. What it did is done; its output was not kept.`;
  return new BlockError({ kind: 'terminal', code: 'output_too_large', message, actor: 'developer' });
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
  const pass = passHandleOf(node, leg.input.blocks.get(node.type));
  const branch = onError === 'branch' ? 'error' : onError === 'continue' ? pass : null;
  const previous = leg.find(key);
  // What a step had when it began to wait stays with it: a retry of its run goes on from there.
  const output = branch === null ? (previous?.output ?? null) : { error: cleanJson(failure) };
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
    wait: previous ? withItsEnd(previous) : null,
    startedAt,
    finishedAt: leg.timestamp(),
  });
  if (branch !== null) return { kind: 'left', handle: branch, output };
  return { kind: 'halt', end: { status: 'failed', error: toRunError(failure, node, key) } };
}

/** With how it ended, as long as that is known: a retry of the run goes on from there. */
function withItsEnd(step: StepRecord): RecordedWait | null {
  const after = step.wakeUp && endOfWait(step);
  return step.wait && after ? { ...step.wait, after } : step.wait;
}

/** Fails a step and the run with it, whatever the step's `onError` and what surrounds it say. */
export function endRun(leg: Leg, node: WorkflowNode, key: string, error: RunError): StepResult {
  failNode(leg, { ...node, onError: 'fail' }, key, error);
  return { kind: 'halt', isFinal: true, end: { status: 'failed', error } };
}

export function record(attempt: Attempt, change: Partial<StepRecord> & Pick<StepRecord, 'status'>): void {
  const { leg, node, key, number, input, attempts, startedAt } = attempt;
  const wait = leg.find(key)?.wait ?? null;
  leg.record(emptyStep(node, key, { attempt: number, input, attempts, wait, startedAt, ...change }));
}

/** A step nothing is known of yet but what `facts` say. */
export function emptyStep(
  node: WorkflowNode,
  key: string,
  facts: Partial<StepRecord> & Pick<StepRecord, 'status'>,
): Omit<StepRecord, 'seq'> {
  return {
    key,
    nodeId: node.id,
    type: node.type,
    attempt: 0,
    input: null,
    output: null,
    error: null,
    branch: null,
    skippedBecause: null,
    attempts: [],
    wakeAt: null,
    wait: null,
    startedAt: null,
    finishedAt: null,
    ...facts,
  };
}

export function attemptRecord(attempt: Attempt, error: StepFailure, delayMs: number | null): AttemptRecord {
  const { number, startedAt, leg } = attempt;
  return { attempt: number, startedAt, finishedAt: leg.timestamp(), error, delayMs };
}
