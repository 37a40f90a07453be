import type { StepFailure } from '../errors';
import { turnDelay } from './failure';
import type { StepRecord } from './ports';
import type { Attempt } from './settle-step';

/** Code of a call that found no turn among others of its kind: nothing was sent. */
export const PACED = 'paced';

/**
 * How a step that found no turn is put off, as often as that takes: nothing was tried, so that it is no attempt. `null` for any other failure,
 * and for a run at its age.
 */
export function awaitTurn(
  { leg, key, number, startedAt, attempts }: Attempt,
  error: StepFailure,
  resumed?: object,
): (Partial<StepRecord> & { wakeAt: string }) | null {
  if (error.code !== PACED || leg.now() >= leg.deadline()) return null;
  const delayMs = turnDelay(error.retryAfterMs, leg.input.random ?? Math.random);
  const wakeAt = new Date(leg.now() + delayMs).toISOString();
  // The attempt that waited is the one that goes on.
  if (resumed) return { wakeAt };
  // Only asked about: this attempt began before, and when it did is where its effect is looked for.
  const isMade = error.kind === 'uncertain' && leg.find(key)?.attempt === number;
  if (!isMade) return { wakeAt, attempt: number - 1 };
  const made = { attempt: number, startedAt, finishedAt: leg.timestamp(), error, delayMs };
  return { wakeAt, attempts: [...attempts, made] };
}
