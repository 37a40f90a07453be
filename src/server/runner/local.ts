import type { SharedContext } from '../context';
import { claimNextRun, nextWakeUp } from '../db/run-store';
import { describeError } from '../log';
import { runJob } from '../runs/run-job';
import type { Runner } from './port';

interface LocalRunnerOptions {
  concurrency: number;
  pollMs: number;
}

/**
 * The in-process runner: claims what is due, up to `concurrency` runs at once, and looks again when a run is announced, when one ends,
 * when the next parked run is due, and every `pollMs`. Several processes may share a database.
 */
export function createLocalRunner(
  context: SharedContext,
  { concurrency, pollMs }: LocalRunnerOptions,
): Runner {
  const active = new Set<Promise<void>>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isClosing = false;
  let looking: Promise<void> | undefined;
  let lookAgain = false;

  const schedule = (delayMs: number) => {
    clearTimeout(timer);
    if (!isClosing) timer = setTimeout(look, delayMs);
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
    try {
      lookAgain = false;
      await claimAll();
      schedule(await pause());
    } catch (error) {
      context.log.warn('looking for runs failed; trying again', describeError(error));
      schedule(pollMs);
    }
  };

  const claimAll = async () => {
    while (!isClosing && active.size < concurrency) {
      const run = await claimNextRun(context.database.pool, context.leaseMs, new Date(context.clock.now()));
      if (!run) return;
      const job = runJob(context, run, () => isClosing).finally(() => {
        active.delete(job);
        look();
      });
      active.add(job);
    }
  };

  const pause = async (): Promise<number> => {
    if (active.size >= concurrency) return pollMs;
    const next = await nextWakeUp(context.database.pool);
    return next ? Math.min(pollMs, Math.max(0, next.getTime() - context.clock.now())) : pollMs;
  };

  look();
  return {
    enqueue: look,
    close: async () => {
      isClosing = true;
      clearTimeout(timer);
      // A claim under way may still bring a run: it is given back before its first effect.
      await looking;
      await Promise.all(active);
    },
  };
}
