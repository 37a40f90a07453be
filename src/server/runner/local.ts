import type { SharedContext } from '../context';
import { type ClaimedRun, claimNextRun, nextTimes } from '../db/claim';
import type { RunData } from '../db/run-store';
import { describeError } from '../log';
import { notifyApprovals } from '../runs/notify-approvals';
import { runJob } from '../runs/run-job';
import { startScheduled } from '../runs/start-scheduled';
import { sweepRuns } from '../runs/sweep';
import type { Place, Runner } from './port';

interface LocalRunnerOptions {
  concurrency: number;
  pollMs: number;
  /** Milliseconds between sweeps. */
  sweepMs: number;
}

/**
 * The in-process runner. A run started in this process is carried out at once where a place is free; others are claimed, up to
 * `concurrency` at a time. It looks for work when a run is announced, when a place becomes free while there may be more, when the next
 * parked run or schedule is due, and every `pollMs`. Several processes may share a database.
 */
export function createLocalRunner(
  context: SharedContext,
  { concurrency, pollMs, sweepMs }: LocalRunnerOptions,
): Runner {
  const active = new Set<Promise<void>>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let lookAt = Number.POSITIVE_INFINITY;
  let isClosing = false;
  let looking: Promise<void> | undefined;
  let lookAgain = false;
  /** The last look did not come to the end of the queue. */
  let mayHaveMore = false;
  let sweptAt = context.clock.now();
  let scheduleAt = Number.POSITIVE_INFINITY;
  /** When it last asked whether that has come round. */
  let askedAt = Number.NEGATIVE_INFINITY;
  let telling: Promise<void> | undefined;

  const isFull = () => active.size >= concurrency;

  /** Looks again in `delayMs`, or when the next poll is due. */
  const schedule = (dueMs: number) => {
    const delayMs = Math.min(dueMs, pollMs);
    const at = Date.now() + delayMs;
    if (isClosing || at >= lookAt) return;
    lookAt = at;
    clearTimeout(timer);
    timer = setTimeout(look, delayMs);
  };

  const look = () => {
    lookAgain = true;
    if (looking || isClosing) return;
    looking = lookOnce().finally(() => {
      looking = undefined;
      if (lookAgain) look();
    });
  };

  const lookOnce = async () => {
    clearTimeout(timer);
    lookAt = Number.POSITIVE_INFINITY;
    try {
      lookAgain = false;
      await startDue();
      await claimAll();
      await sweepInTurn();
      schedule(await pause());
    } catch (error) {
      context.log.warn('looking for runs failed; trying again', describeError(error));
      schedule(pollMs);
    }
  };

  const claimAll = async () => {
    while (!isClosing && !isFull()) {
      const run = await claimNextRun(context);
      mayHaveMore = run !== null;
      if (!run) return;
      take().use(run);
    }
    mayHaveMore = true;
  };

  /** Asked only when the next schedule has come round: this process read when that is at its last pause. */
  const startDue = async () => {
    askedAt = context.clock.now();
    if (isClosing || askedAt < scheduleAt) return;
    await startScheduled(context);
  };

  const sweepInTurn = async () => {
    const now = context.clock.now();
    if (isClosing || now - sweptAt < sweepMs) return;
    sweptAt = now;
    await sweepRuns(context, async (due) => {
      lookAgain ||= due.length > 0;
    });
    tell();
  };

  /** Tells of approvals beside the loop: a host that takes its time holds up no run. */
  const tell = () => {
    telling ??= notifyApprovals(context, null)
      .catch((error) => context.log.warn('notices wait', describeError(error)))
      .finally(() => {
        telling = undefined;
      });
  };

  /** Takes a place, which is free again when its run's leg has ended. */
  const take = (): Place => {
    let leave = () => {};
    const taken = new Promise<void>((resolve) => {
      leave = resolve;
    });
    active.add(taken);
    const giveBack = () => {
      active.delete(taken);
      leave();
      if (mayHaveMore) look();
    };
    const use = async (run: ClaimedRun, data?: RunData) => {
      const end = await runJob(context, run, () => isClosing, data);
      giveBack();
      if (end?.status === 'waiting') schedule(Math.max(0, Date.parse(end.wakeAt) - context.clock.now()));
    };
    return { use: (run, data) => void use(run, data), giveBack };
  };

  /** Milliseconds until the next parked run or schedule is due, as far as is known. */
  const pause = async (): Promise<number> => {
    if (isFull()) return pollMs;
    const { wakeUp, scheduled } = await nextTimes(context.database.pool);
    const now = context.clock.now();
    scheduleAt = scheduled?.getTime() ?? Number.POSITIVE_INFINITY;
    // One that was due then could not be started, or there are many more: not again at once. One that has come round since waits no longer.
    const start = scheduleAt > askedAt ? scheduleAt : Number.POSITIVE_INFINITY;
    return Math.max(0, Math.min(start, wakeUp?.getTime() ?? Number.POSITIVE_INFINITY) - now);
  };

  look();
  return {
    enqueue: async () => look(),
    revive: async (due) => {
      if (due.length > 0) look();
    },
    // It claims what is due, and a canceled run is not.
    forget: async () => {},
    // Runs that queue go first: a new one must not overtake them.
    reserve: () => (isClosing || mayHaveMore || isFull() ? null : take()),
    close: async () => {
      isClosing = true;
      clearTimeout(timer);
      // A claim under way may still bring a run: it is given back before its first effect.
      await looking;
      await telling;
      while (active.size > 0) await Promise.all(active);
    },
  };
}
