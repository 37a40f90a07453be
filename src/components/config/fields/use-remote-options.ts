import { useCallback, useEffect, useRef, useState } from 'react';
import type { Json, RemoteOption } from '../../../core';
import { toError } from '../../shared/use-query';
import { useConfig } from '../config-context';
import { inLanguage } from '../in-language';
import { useStoredOption } from '../use-stored-option';

const TYPING_MS = 200;

interface Loaded {
  query: string;
  items: RemoteOption[];
  nextCursor: string | null;
}

/** The choices of a remote field: loaded when the list opens and again for what is typed. A stored value is asked for by itself where it can be. */
export function useRemoteOptions(name: string, query: string, isOpen: boolean, stored: string | undefined) {
  const { loadOptions, findOption, provider, naming } = useConfig();
  const { locale } = naming;
  const known = useStoredOption(name, stored);
  const [loaded, setLoaded] = useState<Loaded>({ query: '', items: [], nextCursor: null });
  const [error, setError] = useState<Error | null>(null);
  const [isLoading, setIsLoading] = useState(false);
  const [attempt, setAttempt] = useState(0);
  const labels = useRef(new Map<string, string>());
  const isWanted =
    loadOptions !== undefined && (isOpen || (!findOption && stored !== undefined && attempt === 0));

  const load = useCallback(
    async (text: string, cursor: string | undefined, signal: AbortSignal) => {
      if (!loadOptions) return;
      setIsLoading(true);
      setError(null);
      try {
        const page = await loadOptions(provider, name, text, cursor);
        if (signal.aborted) return;
        const found = page.items.map((item) => inLanguage(item, locale));
        for (const item of found) labels.current.set(item.value, item.label);
        setLoaded((previous) => ({
          query: text,
          items: cursor ? [...previous.items, ...found] : found,
          nextCursor: page.nextCursor,
        }));
      } catch (cause) {
        if (!signal.aborted) setError(toError(cause));
      }
      if (!signal.aborted) setIsLoading(false);
    },
    [loadOptions, provider, name, locale],
  );

  // biome-ignore lint/correctness/useExhaustiveDependencies: `attempt` asks again
  useEffect(() => {
    if (!isWanted) return;
    const abort = new AbortController();
    const timer = setTimeout(() => void load(query, undefined, abort.signal), query === '' ? 0 : TYPING_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
      setIsLoading(false);
    };
  }, [isWanted, query, load, attempt]);

  const { items, nextCursor } = loaded;
  const more = nextCursor === null ? null : () => void load(query, nextCursor, new AbortController().signal);
  const labelOf = (value: Json | undefined) => {
    if (typeof value !== 'string') return value === undefined ? undefined : String(value);
    return labels.current.get(value) ?? (value === stored ? known?.label : undefined) ?? value;
  };
  const isGone = known === null;
  return { items, error, isLoading, more, labelOf, isGone, reload: () => setAttempt((count) => count + 1) };
}
