/**
 * Performs one step: resolves its input, runs its executor, records what came of it.
 *
 * 1. Blocks without effects cost no commit: their record rides with the next one.
 * 2. Before an effect its intent (`running`, attempt, input) is committed, together with everything recorded before it.
 * 3. Found `running` after a crash: repeated when the block allows it, asked of the provider when it can tell, else `in_doubt`.
 * 4. A failure that may pass is tried again as the node's retry policy says; the wait is data in the step (`wakeAt`).
 */
import type { BlockDefinition } from '../block/define';
import { deferredFields } from '../block/form';
import type { AnyExecutor, Recovery, RunArgument, StepContext } from '../block/implement';
import type { WorkflowNode } from '../definition/schema';
import { BlockError, type StepFailure } from '../errors';
import { cleanJson, formatPath } from '../json';
import { resolveConfig, type Scope } from '../template/resolve';
import { toFailure, toRunError } from './failure';
import type { Leg } from './leg';
import { LeaseLostError, type StepRecord } from './ports';
import {
  type Attempt,
  attemptRecord,
  doubt,
  failNode,
  handleFailure,
  type Performed,
  policyOf,
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
): Promise<Performed> {
  const recorded = leg.find(key);
  const done = recorded && readBack(recorded, node);
  if (done) return done;
  const block = leg.input.blocks.get(node.type);
  const executor = Object.hasOwn(leg.input.executors, node.type) ? leg.input.executors[node.type] : undefined;
  if (block?.kind !== 'action' || !executor) return failNode(leg, node, key, unknownBlock(node.type));
  if (recorded?.status === 'waiting' && recorded.wakeAt && Date.parse(recorded.wakeAt) > leg.now()) {
    return { kind: 'halt', end: { status: 'waiting', wakeAt: recorded.wakeAt } };
  }
  // A loop goes on with the attempt it began; so does an interrupted effect until it is known what became of it.
  const underWay = recorded?.status === 'running' ? recorded : undefined;
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
    attempt.argument = resolveInput(leg, node, block, scope);
    attempt.input = cleanJson(attempt.argument);
  } catch (error) {
    return failNode(leg, node, key, error, attempt);
  }
  if (underWay && block.sideEffect !== 'none') return recover(attempt, underWay);
  const lastError = attempt.attempts.at(-1)?.error;
  if (lastError?.kind === 'uncertain' && block.sideEffect === 'reconcilable')
    return recover(attempt, recorded as StepRecord);
  return runAttempt(attempt);
}

/** The result of a step that is already settled, or nothing. */
function readBack(step: StepRecord, node: WorkflowNode): StepResult | null {
  switch (step.status) {
    case 'succeeded':
      return { kind: 'left', handle: step.branch ?? 'next', output: step.output };
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

function resolveInput(leg: Leg, node: WorkflowNode, block: BlockDefinition, scope: Scope): unknown {
  const deferred = deferredFields(block.input);
  const resolved = Object.fromEntries(
    Object.entries(node.config).map(([name, value]) => [
      name,
      deferred.has(name) ? value : resolveConfig(value, scope, leg.formatting, [name]),
    ]),
  );
  const parsed = block.input.safeParse(resolved);
  if (parsed.success) return parsed.data;
  const [first] = parsed.error.issues;
  const path = formatPath(first?.path ?? []);
  const message = `The value of "${path}" cannot be used: ${first?.message ?? 'it is not valid'}. Open the step and correct it.`;
  throw new BlockError({ kind: 'terminal', code: 'input_invalid', message, actor: 'customer', path });
}

async function runAttempt(attempt: Attempt): Promise<Performed> {
  const { leg, block } = attempt;
  if (block.sideEffect !== 'none') {
    if (leg.input.shouldStop?.()) return { kind: 'halt', end: { status: 'queued' } };
    record(attempt, { status: 'running' });
    await leg.commit();
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
    return handleFailure(attempt, { ...toFailure(error, attempt), kind: 'uncertain' });
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

async function callExecutor<T>(
  attempt: Attempt,
  call: (executor: AnyExecutor, argument: RunArgument<unknown, unknown>) => Promise<T>,
): Promise<T> {
  const { leg, node, key, executor } = attempt;
  const timeout = new AbortController();
  const signal = leg.input.signal ? AbortSignal.any([leg.input.signal, timeout.signal]) : timeout.signal;
  const step: StepContext = {
    companyId: leg.input.run.companyId,
    runId: leg.input.run.id,
    workflowId: leg.input.run.workflow.id,
    stepKey: key,
    nodeId: node.id,
    attempt: attempt.number,
    effectKey: leg.input.effectKey(key),
    signal,
  };
  let isCalled = false;
  const perform = async () => {
    const client = executor.provider ? await leg.input.connect(executor, step) : null;
    timeout.signal.throwIfAborted();
    isCalled = true;
    return call(executor, { input: attempt.argument, client, step });
  };
  let timer: ReturnType<typeof setTimeout> | undefined;
  const expired = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      // First of all the reason, so that it is heard before what the aborted call says of itself.
      reject(stepTimeout(executor.timeoutMs, isCalled));
      timeout.abort();
    }, executor.timeoutMs);
  });
  try {
    return await Promise.race([perform(), expired]);
  } finally {
    clearTimeout(timer);
  }
}

function stepTimeout(timeoutMs: number, isCalled: boolean): BlockError {
  const limit = `within ${timeoutMs / 1000} seconds`;
  const message = isCalled
    ? `The step did not answer ${limit} and was stopped; its effect may have happened.`
    : `The connection was not ready ${limit}, so the step was not carried out.`;
  const kind = isCalled ? 'uncertain' : 'retry';
  return new BlockError({ kind, code: 'step_timeout', message, actor: 'provider' });
}

function unknownBlock(type: string): BlockError {
  const message = `There is no block of type "${type}" on this server. Register it in createWorkflowServer({ blocks, executors }).`;
  return new BlockError({ kind: 'terminal', code: 'unknown_block', message, actor: 'developer' });
}
