import { useCallback, useEffect, useRef, useState } from 'react';

/** Why the server refused: a code the pages have words for. */
export class ApiError extends Error {
  constructor(readonly code: string) {
    super(code);
    this.name = 'ApiError';
  }
}

export const get = <T>(path: string): Promise<T> => call<T>(path, {});

export const post = <T>(path: string, body: unknown): Promise<T> => {
  if (body instanceof FormData) return call<T>(path, { method: 'POST', body });
  return call<T>(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
};

async function call<T>(path: string, init: RequestInit): Promise<T> {
  const response = await fetch(`/api${path}`, init).catch(() => {
    throw new ApiError('unavailable');
  });
  const body = (await response.json().catch(() => null)) as { error?: { code?: string } } | null;
  if (!response.ok) throw new ApiError(body?.error?.code ?? 'internal');
  return body as T;
}

/** The code of our own errors and of Trama's, which carry one as well. */
export function codeOf(error: unknown): string {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : 'internal';
}

export interface Loaded<T> {
  data: T | null;
  /** Code of the error, while there is nothing to show. */
  error: string | null;
  reload: () => void;
}

/** Loads now, when the window is looked at again and, with `everyMs`, again and again while it is looked at. */
export function useLoad<T>(load: () => Promise<T>, key: string, everyMs?: number): Loaded<T> {
  const [state, setState] = useState<{ key: string; data: T | null; error: string | null }>({
    key,
    data: null,
    error: null,
  });
  const latest = useRef(load);
  latest.current = load;
  const reload = useCallback(() => {
    latest.current().then(
      (data) => setState({ key, data, error: null }),
      (error: unknown) =>
        setState((before) =>
          before.key === key && before.data ? before : { key, data: null, error: codeOf(error) },
        ),
    );
  }, [key]);
  useEffect(() => {
    reload();
    const look = () => document.visibilityState === 'visible' && reload();
    const timer = everyMs === undefined ? undefined : setInterval(look, everyMs);
    window.addEventListener('focus', look);
    return () => {
      clearInterval(timer);
      window.removeEventListener('focus', look);
    };
  }, [reload, everyMs]);
  return state.key === key
    ? { data: state.data, error: state.error, reload }
    : { data: null, error: null, reload };
}
