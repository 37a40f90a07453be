import { useEffect, useRef, useState } from 'react';
import type { Json, Run } from '../../core';
import { createIdempotencyKey } from '../shared/idempotency-key';
import { useTrama } from '../shared/provider';
import { toError } from '../shared/use-query';

export type StartState =
  | { kind: 'idle' }
  | { kind: 'starting' }
  | { kind: 'failed'; error: Error }
  | { kind: 'started'; run: Run };

/** Starts a run and follows its status until it ends or the component goes away. */
export function useStartRun(workflowId: string) {
  const { client } = useTrama();
  const [state, setState] = useState<StartState>({ kind: 'idle' });
  const [key] = useState(createIdempotencyKey);
  const asked = useRef('');
  const attempt = useRef(0);
  const watching = useRef<AbortController | null>(null);
  useEffect(() => () => watching.current?.abort(), []);

  const start = async (payload: Json | undefined, version: 'published' | 'draft'): Promise<Run | null> => {
    setState({ kind: 'starting' });
    // The same start again after a lost answer is the same run; another payload is another start.
    const question = JSON.stringify([payload, version]);
    if (question !== asked.current) attempt.current += 1;
    asked.current = question;
    try {
      const { run } = await client.startRun({
        params: { id: workflowId },
        body: { payload, version },
        headers: { 'idempotency-key': `${key}-${attempt.current}` },
      });
      setState({ kind: 'started', run });
      follow(run);
      return run;
    } catch (cause) {
      setState({ kind: 'failed', error: toError(cause) });
      return null;
    }
  };

  const follow = (run: Run) => {
    const abort = new AbortController();
    watching.current = abort;
    const see = (detail: { run: Run }) =>
      !abort.signal.aborted && setState({ kind: 'started', run: detail.run });
    // The run goes on whether or not it can be watched from here.
    client.watchRun(run.id, see, abort.signal).catch(() => undefined);
  };

  return { state, start };
}
