import { type DependencyList, useCallback, useEffect, useRef, useState } from 'react';

export interface Query<T> {
  data: T | undefined;
  /** Why the last load failed; the data of an earlier one stays. */
  error: Error | undefined;
  isLoading: boolean;
  reload: () => void;
}

interface State<T> {
  data?: T | undefined;
  error?: Error | undefined;
  isLoading: boolean;
}

/**
 * Loads when the component appears, when `deps` change and on `reload`. An answer that comes after its question was replaced
 * is dropped; `signal` is aborted then.
 */
export function useQuery<T>(load: (signal: AbortSignal) => Promise<T>, deps: DependencyList): Query<T> {
  const [state, setState] = useState<State<T>>({ isLoading: true });
  const [generation, setGeneration] = useState(0);
  const latest = useRef(load);
  latest.current = load;
  const seen = useRef(deps);
  const isSameQuestion =
    seen.current.length === deps.length && seen.current.every((item, index) => Object.is(item, deps[index]));

  // biome-ignore lint/correctness/useExhaustiveDependencies: the caller names what the question depends on
  useEffect(() => {
    const abort = new AbortController();
    seen.current = deps;
    setState((previous) => (isSameQuestion ? { ...previous, isLoading: true } : { isLoading: true }));
    latest.current(abort.signal).then(
      (data) => {
        if (!abort.signal.aborted) setState({ data, isLoading: false });
      },
      (error: unknown) => {
        if (abort.signal.aborted) return;
        setState((previous) => ({ ...previous, error: toError(error), isLoading: false }));
      },
    );
    return () => abort.abort();
  }, [...deps, generation]);

  const reload = useCallback(() => setGeneration((count) => count + 1), []);
  const current = isSameQuestion ? state : { isLoading: true };
  return { data: current.data, error: current.error, isLoading: current.isLoading, reload };
}

export function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
