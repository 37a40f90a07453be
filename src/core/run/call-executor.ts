import type { AnyExecutor, RunArgument, StepContext } from '../block/implement';
import { BlockError } from '../errors';
import type { Attempt } from './settle-step';

/** Calls a block's executor with its client, within its time. A lost lease or the time-out aborts `step.signal`. */
export async function callExecutor<T>(
  attempt: Attempt,
  call: (executor: AnyExecutor, argument: RunArgument<unknown, unknown>) => Promise<T>,
): Promise<T> {
  const { leg, node, key, executor } = attempt;
  const abort = new AbortController();
  const { signal } = abort;
  const lost = leg.input.signal;
  const giveUp = () => abort.abort(lost?.reason);
  if (lost?.aborted) giveUp();
  lost?.addEventListener('abort', giveUp);
  const step: StepContext = {
    companyId: leg.input.run.companyId,
    runId: leg.input.run.id,
    workflowId: leg.input.run.workflow.id,
    stepKey: key,
    nodeId: node.id,
    attempt: attempt.number,
    effectKey: leg.input.effectKey(key),
    timeZone: leg.formatting.timeZone,
    now: () => leg.now(),
    signal,
  };
  let isCalled = false;
  const perform = async () => {
    const client = executor.provider ? await leg.input.connect(executor, step) : null;
    signal.throwIfAborted();
    isCalled = true;
    return call(executor, { input: attempt.argument, client, step });
  };
  let timer: ReturnType<typeof setTimeout> | undefined;
  const expired = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      // First of all the reason, so that it is heard before what the aborted call says of itself.
      reject(stepTimeout(executor.timeoutMs, isCalled));
      abort.abort();
    }, executor.timeoutMs);
  });
  try {
    return await Promise.race([perform(), expired]);
  } finally {
    clearTimeout(timer);
    lost?.removeEventListener('abort', giveUp);
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
