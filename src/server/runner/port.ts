import type { ServerContext } from '../context';
import type { ClaimedRun } from '../db/claim';
import type { RunKey } from '../db/engine';
import type { RunData } from '../db/run-store';

/** Carries out runs. PostgreSQL holds the truth; a runner is whoever holds the lease at the moment. */
export interface Runner {
  /**
   * Says that a run is due. Never throws, and resolves within seconds: what could not be announced is found by a sweep. Await it before
   * answering a request, which may be the end of the process.
   */
  enqueue: (run: RunKey) => Promise<void>;
  /** Sees to it that each of these runs, which a sweep found due, has somebody who carries it out. Never throws. */
  revive: (runs: readonly RunKey[]) => Promise<void>;
  /** Says that a run which was not under way has been canceled. Never throws, and resolves within seconds. */
  forget: (run: RunKey) => Promise<void>;
  /** A place for one run that starts at once in this process; `null` when there is none and the run has to queue. */
  reserve: () => Place | null;
  /** Ends after the steps in flight; the runs go on elsewhere or at the next start. */
  close: () => Promise<void>;
}

/** Either used or given back. */
export interface Place {
  /** @param data what the run runs, where that is known already */
  use: (run: ClaimedRun, data?: RunData) => void;
  giveBack: () => void;
}

const nothing = async () => {};

/** Of those who only store runs, which queue: whoever looks for work next finds them. */
export const queueOnly: Runner = {
  ...{ enqueue: nothing, revive: nothing, forget: nothing, close: nothing },
  reserve: () => null,
};

/**
 * For work on several runs: of each is said at once that it is due, or over, and all the answers are awaited together at the end. A platform that
 * does not answer takes its limit once, not for each of them.
 */
export async function awaitTogether<T>(
  context: ServerContext,
  work: (context: ServerContext) => Promise<T>,
): Promise<T> {
  const said: Promise<void>[] = [];
  const { runner } = context;
  const enqueue = async (run: RunKey) => void said.push(runner.enqueue(run));
  const forget = async (run: RunKey) => void said.push(runner.forget(run));
  try {
    return await work({ ...context, runner: { ...runner, enqueue, forget } });
  } finally {
    await Promise.all(said);
  }
}
