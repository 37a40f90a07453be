import type { FileInput } from '../block/file';
import type { AnyExecutor, RunArgument, StepContext } from '../block/implement';
import { BlockError } from '../errors';
import { sinceSettled } from './carry-over';
import type { Attempt } from './settle-step';

/** Calls a block's executor with its client, within its time. A lost lease or the time-out aborts `step.signal`. */
export async function callExecutor<T>(
  attempt: Attempt,
  call: (executor: AnyExecutor, argument: RunArgument<unknown, unknown>) => Promise<T>,
): Promise<T> {
  const { leg, executor } = attempt;
  const stop = createStop(leg.input.signal);
  const step = stepContext(attempt, stop);
  let isCalled = false;
  const perform = async () => {
    const client = executor.provider ? await leg.input.connect(executor, step) : null;
    stop.check();
    isCalled = true;
    const openFile = (file: FileInput) => (leg.input.openFile ?? refuseFile)(file, step);
    return call(executor, { input: attempt.argument, client, step, openFile });
  };
  let timer: ReturnType<typeof setTimeout> | undefined;
  const expired = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      // First of all the reason, so that it is heard before what the aborted call says of itself.
      const reason = stepTimeout(executor.timeoutMs, isCalled);
      reject(reason);
      stop.now(reason);
    }, executor.timeoutMs);
  });
  try {
    return await Promise.race([perform(), expired]);
  } finally {
    clearTimeout(timer);
    stop.release();
  }
}

/** The facts handed to an executor. What costs something is made when an executor asks for it; many do not. */
function stepContext({ leg, node, key, number, startedAt, attempts }: Attempt, stop: Stop): StepContext {
  const { run, effectKey } = leg.input;
  return {
    companyId: run.companyId,
    runId: run.id,
    workflowId: run.workflow.id,
    stepKey: key,
    nodeId: node.id,
    attempt: number,
    firstAttemptAt: Date.parse(attempts[sinceSettled(attempts)]?.startedAt ?? startedAt),
    get effectKey() {
      return effectKey(key);
    },
    timeZone: leg.formatting.timeZone,
    now: () => leg.now(),
    get signal() {
      return stop.signal();
    },
  };
}

type Stop = ReturnType<typeof createStop>;

/** Why a step must stop, as a signal for whoever wants one: its own time, or the lease of the run. */
function createStop(lost: AbortSignal | undefined) {
  let reason: unknown;
  let made: AbortController | undefined;
  const now = (why: unknown) => {
    reason ??= why;
    made?.abort(reason);
  };
  const giveUp = () => now(lost?.reason);
  return {
    now,
    signal: () => {
      if (made) return made.signal;
      made = new AbortController();
      if (lost?.aborted) giveUp();
      else lost?.addEventListener('abort', giveUp);
      if (reason !== undefined) made.abort(reason);
      return made.signal;
    },
    check: () => {
      if (lost?.aborted) giveUp();
      if (reason !== undefined) throw reason;
    },
    release: () => lost?.removeEventListener('abort', giveUp),
  };
}

async function refuseFile(): Promise<never> {
  const message = 'Files cannot be opened here, so the step was not carried out.';
  throw new BlockError({ kind: 'terminal', code: 'files_unavailable', message, actor: 'developer' });
}

function stepTimeout(timeoutMs: number, isCalled: boolean): BlockError {
  const limit = `within ${timeoutMs / 1000} seconds`;
  const message = isCalled
    ? `The step did not answer ${limit} and was stopped; its effect may have happened.`
    : `The connection was not ready ${limit}, so the step was not carried out.`;
  const kind = isCalled ? 'uncertain' : 'retry';
  return new BlockError({ kind, code: 'step_timeout', message, actor: 'provider' });
}
