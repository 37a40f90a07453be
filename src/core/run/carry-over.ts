import type { AnyBlock } from '../block/define';
import type { StepFailure } from '../errors';
import { leavesDoubt } from './failure';
import type { AttemptRecord, StepRecord } from './ports';

/**
 * How a retry goes on with a step of the run before that did not come to its end, where beginning it anew could repeat its effect:
 *
 * - it was waiting, its effect done: it goes on waiting, for what has come since as well;
 * - its effect may have happened: the next attempt finds out as after a lost answer, by the block's class: the provider is asked, or recognises
 *   the effect's key, or a person is asked.
 *
 * @param isRedone whether a step it builds on is done again: then it has something else to wait for
 * @returns `null` when it begins anew
 */
export function carryOver(
  step: StepRecord,
  block: AnyBlock | undefined,
  isRedone: boolean,
): StepRecord | null {
  if (block?.kind !== 'action' || block.sideEffect === 'none') return null;
  const { branch, wait } = step;
  if (step.status === 'succeeded' || step.status === 'skipped') return null;
  const hasBegunToWait = wait !== null && (wait.kind !== 'connection' || wait.after !== undefined);
  if (hasBegunToWait) {
    if (branch !== null || isRedone) return null;
    return { ...step, ...anew, ...whatItWaited(step), status: 'waiting' };
  }
  // Where somebody has looked, it did not happen.
  const doubt = step.status === 'pending' ? null : doubtOf(step);
  if (!doubt) return null;
  const status = block.sideEffect === 'at-most-once' ? 'in_doubt' : 'waiting';
  const attempts = firstAttempt(step, doubt, status === 'in_doubt' ? null : 0);
  return {
    ...step,
    ...anew,
    status,
    wait: null,
    wakeUp: null,
    output: null,
    error: doubt,
    attempt: 1,
    attempts,
  };
}

/** The input is resolved again, and nothing has come of the step yet. */
const anew = { input: null, error: null, branch: null, wakeAt: null, finishedAt: null } as const;

/** What it waited for, and how that had ended. A wait without a time of its own ran into the end of its run, and goes on. */
function whatItWaited({ wait, wakeUp = null, attempt, attempts }: StepRecord): Partial<StepRecord> {
  const ended = wait?.after ?? { wait, wakeUp };
  const isOpen = ended.wakeUp?.kind === 'time' && ended.wait?.until === null;
  const last = attempts.at(-1);
  // Going on from its end has failed, and is tried anew.
  const hasFailed = last?.attempt === attempt;
  return {
    wait: ended.wait,
    wakeUp: isOpen ? null : ended.wakeUp,
    attempt: hasFailed ? attempt + 1 : attempt,
    attempts: hasFailed ? attempts.with(-1, { ...last, delayMs: last.delayMs ?? 0 }) : attempts,
  };
}

/** Index of the first attempt after the last one that none was to follow: a person said in between that nothing had happened. */
export const sinceSettled = (attempts: readonly AttemptRecord[]): number =>
  attempts.findLastIndex(({ delayMs }) => delayMs === null) + 1;

/** The last failure that left open whether the effect happened; one after it that does not says only that this attempt had none. */
function doubtOf({ error, attempts }: StepRecord): StepFailure | null {
  const failures = attempts.slice(sinceSettled(attempts.slice(0, -1))).map((attempt) => attempt.error);
  if (error) failures.push(error);
  const doubt = failures.findLast(leavesDoubt);
  return doubt ? { ...doubt, kind: 'uncertain' } : null;
}

/** All attempts so far as one: what hangs on the time of the first stays as it was, and the step has attempts left. */
function firstAttempt(
  { attempts, startedAt, finishedAt }: StepRecord,
  error: StepFailure,
  delayMs: number | null,
): AttemptRecord[] {
  const first = attempts[sinceSettled(attempts.slice(0, -1))];
  const began = first?.startedAt ?? startedAt;
  if (began === null) return [];
  const ended = attempts.at(-1)?.finishedAt ?? finishedAt ?? began;
  return [{ attempt: 1, startedAt: began, finishedAt: ended, error, delayMs }];
}
