import type { StepRecord } from './ports';
import type { EndedWait, RecordedWait } from './wait';

/** Whether a step is between two attempts, or waits for its turn, to go on from the end of its wait. */
export const isPutOff = (wait: RecordedWait | null): boolean =>
  wait?.kind === 'time' && wait.after !== undefined;

/** The end of the wait a step goes on from; one for its connection alone is not what it is about. */
export function endOfWait({ wait, wakeUp, attempt }: StepRecord): EndedWait | null {
  if (!wait) return null;
  if (wait.after) return wait.after;
  if (wait.kind === 'connection') return null;
  return { wait, wakeUp: wakeUp ?? { kind: 'time' }, attempt };
}
