/**
 * Performs one step: resolves its input, runs its executor, records what came of it.
 *
 * 1. Blocks without effects cost no commit: their record rides with the next one.
 * 2. Before an effect its intent (`running`, attempt) is committed, together with everything recorded before it.
 * 3. Found `running` after a crash: repeated when the block allows it, asked of the provider when it can tell, else `in_doubt`.
 * 4. A wait is data in the step; when the store says how it ended, the executor's `resume` says how the run goes on. It may be called again.
 * 5. A step whose connection is refused waits for it, unless its node says what to do instead; connected again, it is run as the same attempt,
 *    or goes on from the end of the wait it was in.
 * 6. A retry takes over what stood open of a step whose effect has or may have happened (`carry-over.ts`), and goes on from there.
 * 7. A failure that may pass is tried again as the node's retry policy says; the wait is data in the step (`wakeAt`).
 */
import type { AnyBlock } from '../block/define';
import type { Recovery } from '../block/implement';
import { maskSensitive } from '../block/sensitive';
import { passHandleOf } from '../definition/node';
import type { WorkflowNode } from '../definition/schema';
import { BlockError, type StepFailure } from '../errors';
import { cleanJson, getOwn, type Json, stableJson } from '../json';
import type { Scope } from '../template/resolve';
import { awaitConnection, doubt, handleFailure, policyOf, type Resumed, untilLater } from './after-failure';
import { callExecutor } from './call-executor';
import { endOfStop, stopSchema } from './end-of-stop';
import { endOfWait, isPutOff } from './ended-wait';
import { overLimit, toFailure, toRunError } from './failure';
import type { Leg } from './leg';
import { LeaseLostError, type RunError, type StepRecord } from './ports';
import { resolveInput } from './resolve-input';
import {
  type Attempt,
  attemptRecord,
  endRun,
  failNode,
  type Performed,
  record,
  type StepResult,
  settle,
} from './settle-step';

/** Attempts an interrupted but repeatable step gets, whatever its retry policy says. */
const MIN_ATTEMPTS_AFTER_CRASH = 5;

export async function performStep(
  leg: Leg,
  node: WorkflowNode,
  key: string,
  scope: Scope,
  block = leg.input.blocks.get(node.type),
): Promise<Performed> {
  const recorded = leg.find(key) ?? takeOver(leg, key);
  const done = recorded && readBack(recorded, node, block);
  if (done) return done;
  const executor = Object.hasOwn(leg.input.executors, node.type) ? leg.input.executors[node.type] : undefined;
  if (block?.kind !== 'action' || !executor) return failNode(leg, node, key, unknownBlock(node.type));
  const parked = recorded?.status === 'waiting' ? recorded : undefined;
  const stillWaits = parked && waitsOn(leg, node, parked);
  if (stillWaits) return stillWaits;
  // A loop goes on with the attempt it began; so does a wait, and an interrupted effect until it is known what became of it.
  const isUnderWay = recorded?.status === 'running' || (parked?.wait && !hasFailed(parked));
  const underWay = isUnderWay ? recorded : undefined;
  const attempt: Attempt = {
    leg,
    node,
    key,
    block,
    executor,
    number: underWay?.attempt ?? (recorded?.attempt ?? 0) + 1,
    startedAt: underWay?.startedAt ?? leg.timestamp(),
    argument: null,
    input: null,
    attempts: recorded?.attempts ?? [],
  };
  try {
    attempt.argument = resolveInput(node, block, scope, leg.formatting);
    attempt.input = maskSensitive(block.input, cleanJson(attempt.argument));
  } catch (error) {
    return failNode(leg, node, key, error, attempt);
  }
  const after = parked && endOfWait(parked);
  if (after) return resume(attempt, { after, soFar: parked.output });
  if (recorded?.status === 'running') {
    if (block.sideEffect !== 'none') return recover(attempt, recorded);
    if (!sameItems(recorded.input, attempt.input)) return itemsChanged(attempt);
  }
  // A step that is `pending` was settled by a person, who knows that nothing happened.
  if (parked?.error?.kind === 'uncertain' && block.sideEffect === 'reconcilable')
    return recover(attempt, parked);
  return runAttempt(attempt);
}

/** What the run before left open of this step, from now on a step of this run: with the next commit it waits, or is in doubt, here. */
function takeOver(leg: Leg, key: string): StepRecord | undefined {
  const { carried } = leg.input;
  const step = carried && Object.hasOwn(carried, key) ? carried[key] : undefined;
  if (!step) return undefined;
  // A wait without a time of its own ends with the run's.
  const wakeAt = step.wait ? (step.wait.until ?? new Date(leg.deadline()).toISOString()) : null;
  return leg.record({ ...step, wakeAt });
}

/** The end of the leg while a parked step's time has not come and nothing has woken it. */
function waitsOn(leg: Leg, node: WorkflowNode, step: StepRecord): StepResult | null {
  // What came in time counts, however late this leg is.
  if (step.wakeUp && step.wakeUp.kind !== 'time') return null;
  // A run at its age goes no further, except to clear up what may have happened.
  const mayHaveHappened = step.error?.kind === 'uncertain' && !step.wait?.after;
  if (leg.now() >= leg.deadline() && !mayHaveHappened)
    return endRun(leg, node, step.key, expiry(leg, node, step));
  if (step.wakeUp) return null;
  const wakeAt = step.wakeAt ?? leg.timestamp();
  // Whether an event or a decision came in time is the store's to say; its row decides between them and the time-out.
  const endsByItself = step.wait === null || step.wait.kind === 'time';
  if (endsByItself && Date.parse(wakeAt) <= leg.now()) return null;
  return { kind: 'halt', end: { status: 'waiting', wakeAt } };
}

/** A run that waited for a connection all its life fails with what was wrong. */
function expiry(leg: Leg, node: WorkflowNode, { key, wait, error }: StepRecord): RunError {
  if (wait?.kind === 'connection' && error) return toRunError(error, node, key);
  return overLimit('run_expired', leg.expiryMessage(), node, key);
}

/** Whether the attempt to go on from the end of its wait is over, and the next one is due. */
const hasFailed = ({ wait, attempt, attempts }: StepRecord): boolean =>
  isPutOff(wait) && attempts.at(-1)?.attempt === attempt;

/** Goes on after a wait as the block says; where that fails and may go well later, from the same end of the wait. */
async function resume(attempt: Attempt, resumed: Resumed): Promise<Performed> {
  const { executor } = attempt;
  const { wakeUp } = resumed.after;
  if (!executor.resume) return settle(attempt, { kind: 'done', output: wakeUp });
  const goOn = executor.resume;
  try {
    return settle(
      attempt,
      await callExecutor(attempt, async (_, argument) => goOn({ ...argument, wakeUp, soFar: resumed.soFar })),
    );
  } catch (error) {
    if (error instanceof LeaseLostError) throw error;
    // A provider reads what its SDK threw; what another block throws of its own ends the step.
    const failure = toFailure(error, executor.provider ? attempt : undefined);
    const putOff = untilLater(attempt, failure, resumed);
    return putOff ?? failNode(attempt.leg, attempt.node, attempt.key, failure, attempt);
  }
}

/** A loop that was begun over another list: what is done for its items would be taken for that of others. */
const sameItems = (before: Json, now: Json): boolean =>
  stableJson(getOwn(before, 'items')) === stableJson(getOwn(now, 'items'));

function itemsChanged(attempt: Attempt): StepResult {
  const message =
    'The list this loop goes through has changed since it began, so what is done for its items cannot be matched to them. Retry from the start, or with the version that began it.';
  const failure: StepFailure = { kind: 'terminal', code: 'items_changed', message, actor: 'customer' };
  return failNode(attempt.leg, attempt.node, attempt.key, failure, attempt);
}

/** The result of a step that is already settled, or nothing. */
function readBack(step: StepRecord, node: WorkflowNode, block: AnyBlock | undefined): StepResult | null {
  switch (step.status) {
    case 'succeeded':
      return readSuccess(step, node, block);
    case 'failed':
      if (step.branch !== null) return { kind: 'left', handle: step.branch, output: step.output };
      return { kind: 'halt', end: { status: 'failed', error: toRunError(step.error, node, step.key) } };
    case 'in_doubt':
      return {
        kind: 'halt',
        end: { status: 'needs_attention', error: toRunError(step.error, node, step.key) },
      };
    default:
      return null;
  }
}

/** A success without a handle is that of a step that stopped the run; else a person told of it, and the run goes on. */
function readSuccess(step: StepRecord, node: WorkflowNode, block: AnyBlock | undefined): StepResult {
  const stop = step.branch === null ? stopSchema.safeParse(step.output).data : undefined;
  if (stop) return endOfStop(stop, node, step.key);
  return { kind: 'left', handle: step.branch ?? passHandleOf(node, block), output: step.output };
}

async function runAttempt(attempt: Attempt): Promise<Performed> {
  const { leg, block } = attempt;
  if (block.sideEffect !== 'none') {
    if (leg.input.shouldStop?.()) return { kind: 'halt', end: { status: 'queued' } };
    record(attempt, { status: 'running' });
    await leg.begin(attempt.key);
    leg.input.crashpoint?.('effect:before');
  }
  try {
    const outcome = await callExecutor(attempt, async (executor, argument) => executor.run(argument));
    leg.input.crashpoint?.('effect:after');
    return settle(attempt, outcome);
  } catch (error) {
    if (error instanceof LeaseLostError) throw error;
    return handleFailure(attempt, toFailure(error, attempt));
  }
}

/** Asks what became of an effect nobody saw the end of. */
async function recover(attempt: Attempt, recorded: StepRecord): Promise<Performed> {
  const { block, executor } = attempt;
  if (block.sideEffect === 'idempotent') return repeat(attempt);
  const cause = recorded.error ?? interrupted;
  if (block.sideEffect === 'at-most-once' || !executor.recover) return doubt(attempt, cause);
  const ask = executor.recover;
  try {
    const recovery: Recovery = await callExecutor(attempt, (_, argument) => ask(argument));
    if (recovery.happened === true) return settle(attempt, recovery.outcome);
    if (recovery.happened === 'unknown') return doubt(attempt, cause);
    return recorded.status === 'running' ? repeat(attempt) : runAttempt(attempt);
  } catch (error) {
    if (error instanceof LeaseLostError) throw error;
    const failure = toFailure(error, attempt);
    const parked =
      failure.kind === 'reconnect' && awaitConnection(attempt, { ...failure, kind: 'uncertain' });
    return parked || handleFailure(attempt, { ...failure, kind: 'uncertain' });
  }
}

const interrupted: StepFailure = {
  kind: 'uncertain',
  code: 'interrupted',
  message:
    'The runner stopped while this step was being carried out, so its effect may or may not have happened.',
  actor: 'customer',
};

/** The attempt after an interrupted one. A step that takes its runner down every time must come to an end. */
async function repeat(attempt: Attempt): Promise<Performed> {
  const { leg, node, key, number } = attempt;
  if (number >= Math.max(policyOf(node).maxAttempts, MIN_ATTEMPTS_AFTER_CRASH))
    return failNode(leg, node, key, new BlockError({ ...interrupted, kind: 'terminal' }), attempt);
  const attempts = [...attempt.attempts, attemptRecord(attempt, interrupted, 0)];
  return runAttempt({ ...attempt, number: number + 1, startedAt: leg.timestamp(), attempts });
}

function unknownBlock(type: string): BlockError {
  const message = `There is no block of type "${type}" on this server. Register it in createWorkflowServer({ blocks, executors }).`;
  return new BlockError({ kind: 'terminal', code: 'unknown_block', message, actor: 'developer' });
}
