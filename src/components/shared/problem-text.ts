import { WorkflowError } from '../../core/errors';
import { type ProblemMessageKey, problemMessages } from './problem-messages';
import type { Translate } from './translate';

/** A failed call in the reader's language, by its code; the error's own message where the particulars matter. */
export function problemText(error: unknown, t: Translate<ProblemMessageKey>): string {
  if (error instanceof WorkflowError) {
    const key = `problem.${error.code}`;
    if (Object.hasOwn(problemMessages.en, key)) return t(key as ProblemMessageKey);
  }
  return error instanceof Error ? error.message : String(error);
}
