import { useState } from 'react';
import { type ErrorCode, type Overview, WorkflowError } from '../../core';
import { problemText } from '../shared/problem-text';
import { useTexts, useTrama } from '../shared/provider';
import { plural } from '../shared/translate';
import { overviewMessages } from './messages';

/** Retries every failed run of a workflow, page by page, and says what came of it. */
export function useRetryAll(onDone: () => void) {
  const { client } = useTrama();
  const t = useTexts(overviewMessages);
  const [isBusy, setBusy] = useState(false);
  const [said, setSaid] = useState('');

  const retryAll = async (
    workflowId: string,
    version: 'same' | 'latest',
    { from: finishedFrom, at: finishedTo }: Overview,
  ) => {
    if (isBusy) return;
    setBusy(true);
    const refused: string[] = [];
    let started = 0;
    let problem: string | null = null;
    try {
      let cursor: string | null = null;
      do {
        setSaid(t('overview.retrying', { count: started }));
        const filter = { workflowId, status: 'failed', finishedFrom, finishedTo };
        const page = await client.retryRuns({ body: { filter, version, ...(cursor ? { cursor } : {}) } });
        for (const { error } of page.items) {
          if (!error) started += 1;
          else if (error.code !== 'already_retried')
            refused.push(problemText(new WorkflowError(error.code as ErrorCode, error.message), t));
        }
        cursor = page.nextCursor;
      } while (cursor !== null);
    } catch (error) {
      problem = t('overview.retryFailed', { reason: problemText(error, t) });
    }
    const [reason] = refused;
    setSaid(
      [
        t(`overview.retried.${plural(started)}`, { count: started }),
        reason && t(`overview.refused.${plural(refused.length)}`, { count: refused.length, reason }),
        problem,
      ]
        .filter(Boolean)
        .join(' '),
    );
    setBusy(false);
    onDone();
  };
  return { retryAll, isBusy, said };
}
