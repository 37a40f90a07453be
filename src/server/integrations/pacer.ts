/**
 * Keeps calls of one kind apart in time: one message a second to a Slack channel, so that a loop does not run into the provider's limit.
 * Kept per process: several processes together may still be told to slow down, which the step's retry then does. A step that finds no turn is
 * put off by the run, which counts no attempt.
 */
import { BlockError } from '../../core/errors';
import { PACED } from '../../core/run/await-turn';

/** Longest a step waits for its turn inside a call, milliseconds; beyond it the step is put off and holds no place. */
const LONGEST_WAIT_MS = 10_000;

export interface Pacer {
  /** Resolves at the key's next free turn. @throws BlockError `retry` when that is too far off; the turn is not taken then */
  take: (key: string, intervalMs: number, signal?: AbortSignal) => Promise<void>;
}

export function createPacer(
  now: () => number = Date.now,
  sleep: (ms: number, signal?: AbortSignal) => Promise<void> = sleepFor,
): Pacer {
  const freeAt = new Map<string, number>();
  return {
    take: async (key, intervalMs, signal) => {
      const at = now();
      forgetPast(freeAt, at);
      const turn = Math.max(at, freeAt.get(key) ?? at);
      if (turn - at > LONGEST_WAIT_MS) {
        const message =
          'Too many calls of this kind are waiting for their turn; the step is carried out later.';
        throw new BlockError({
          kind: 'retry',
          code: PACED,
          message,
          actor: 'provider',
          retryAfterMs: turn - at,
        });
      }
      freeAt.set(key, turn + intervalMs);
      if (turn > at) await sleep(turn - at, signal);
    },
  };
}

/** Keys are few, but a process lives long. */
function forgetPast(freeAt: Map<string, number>, at: number): void {
  if (freeAt.size < 1000) return;
  for (const [key, time] of freeAt) if (time <= at) freeAt.delete(key);
}

function sleepFor(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    if (signal?.aborted) stop();
    else signal?.addEventListener('abort', stop, { once: true });
  });
}
