import { useState } from 'react';
import { type ErrorCode, type Overview, WorkflowError } from '../../core';
import { problemText } from '../shared/problem-text';
import { useTexts, useTrama } from '../shared/provider';
import { plural } from '../shared/translate';
import { overviewMessages } from './messages';

interface Outcome {
  started: number;
  /** Why single runs could not be started again. */
  refused: WorkflowError[];
  /** Why not all were come to. */
  problem: unknown;
}

/** Retries every failed run of a workflow, page by page, and says what came of it. */
export function useRetryAll(onDone: () => void) {
  const { client } = useTrama();
  const t = useTexts(overviewMessages);
  const [isBusy, setBusy] = useState(false);
  const [outcome, setOutcome] = useState<Outcome | null>(null);

  const retryAll = async (
    workflowId: string,
    version: 'same' | 'latest',
    { from: finishedFrom, at: finishedTo }: Overview,
  ) => {
    if (isBusy) return;
    setBusy(true);
    const sum: Outcome = { started: 0, refused: [], problem: null };
    try {
      let cursor: string | null = null;
      do {
        setOutcome({ ...sum });
        const filter = { workflowId, status: 'failed', finishedFrom, finishedTo };
        const page = await client.retryRuns({ body: { filter, version, ...(cursor ? { cursor } : {}) } });
        for (const { error } of page.items) {
          if (!error) sum.started += 1;
          else if (error.code !== 'already_retried')
            sum.refused.push(new WorkflowError(error.code as ErrorCode, error.message));
        }
        cursor = page.nextCursor;
      } while (cursor !== null);
    } catch (error) {
      sum.problem = error;
    }
    setOutcome(sum);
    setBusy(false);
    onDone();
  };

  const tell = ({ started, refused, problem }: Outcome): string => {
    if (isBusy) return t('overview.retrying', { count: started });
    const count = refused.length;
    return [
      t(`overview.retried.${plural(started)}`, { count: started }),
      count > 0 && t(`overview.refused.${plural(count)}`, { count, reason: problemText(refused[0], t) }),
      problem !== null && t('overview.retryFailed', { reason: problemText(problem, t) }),
    ]
      .filter(Boolean)
      .join(' ');
  };
  return { retryAll, isBusy, said: outcome ? tell(outcome) : '' };
}
