import { useCallback, useEffect, useState } from 'react';
import { isFinished, type RunDetail, WorkflowError } from '../../core';
import { useTrama } from '../shared/provider';
import { toError } from '../shared/use-query';

export interface RunQuery {
  /** The run, its steps and the definition it ran; `undefined` until the first answer. */
  detail: RunDetail | undefined;
  /** Why the run cannot be read, or can no longer be followed. */
  error: Error | undefined;
  isLoading: boolean;
  reload: () => void;
}

interface Watched {
  runId: string;
  detail?: RunDetail;
  error?: Error;
}

const RETRY_MS = 5000;

/** One run, live until it has ended. */
export function useRun(runId: string): RunQuery {
  const { client } = useTrama();
  const [watched, setWatched] = useState<Watched>({ runId });
  const [generation, setGeneration] = useState(0);
  const reload = useCallback(() => setGeneration((count) => count + 1), []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `generation` starts the watch again
  useEffect(() => {
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const see = (detail: RunDetail) => {
      if (!abort.signal.aborted) setWatched({ runId, detail });
    };
    client.watchRun(runId, see, abort.signal).catch((error: unknown) => {
      if (abort.signal.aborted) return;
      setWatched((before) => ({ ...(before.runId === runId ? before : { runId }), error: toError(error) }));
      if (canPass(error)) timer = setTimeout(reload, RETRY_MS);
    });
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }, [client, runId, generation, reload]);

  const { detail, error } = watched.runId === runId ? watched : { detail: undefined, error: undefined };
  return { detail, error, isLoading: !detail && !error, reload };
}

/** A server that is away comes back; a run that does not exist does not. */
const canPass = (error: unknown): boolean => !(error instanceof WorkflowError) || error.status >= 500;

/** Whether more news of the run is to be expected. */
export function isLive(detail: RunDetail | undefined): boolean {
  return detail !== undefined && !isFinished(detail.run.status) && detail.run.status !== 'needs_attention';
}
