import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Run, RunStatus } from '../../core';
import { useTrama } from '../shared/provider';
import { toError } from '../shared/use-query';
import { useLiveRefresh } from './use-live-refresh';

export interface RunsQuery {
  workflowId?: string | undefined;
  /** A business key: the id of a document, an invoice, a customer. */
  key?: string | undefined;
  /** @default every status */
  statuses?: readonly RunStatus[];
  /** Runs a page. @default 30 */
  limit?: number;
}

export interface Runs {
  /** Newest first; `undefined` until the first answer. */
  runs: Run[] | undefined;
  /** Why the last call failed; runs loaded before stay. */
  error: Error | undefined;
  isLoading: boolean;
  hasMore: boolean;
  loadMore: () => void;
  reload: () => void;
}

interface Loaded {
  question: string;
  runs?: Run[];
  cursor: string | null;
  error?: Error | undefined;
  isLoading: boolean;
}

const MAX_PAGE = 100;

/** Run history, page by page, kept up to date while the page is in view. */
export function useRuns(query: RunsQuery = {}): Runs {
  const { client } = useTrama();
  const { workflowId, key, limit = 30 } = query;
  const status = query.statuses?.length ? query.statuses.join(',') : undefined;
  const question = JSON.stringify([workflowId, key, status, limit]);
  const [state, setState] = useState<Loaded>({ question, cursor: null, isLoading: true });
  const current = useRef(question);
  current.current = question;
  const shown = useRef(0);
  shown.current = state.question === question ? (state.runs?.length ?? 0) : 0;

  const ask = useCallback(
    async (
      cursor: string | null,
      size: number,
      merge: (before: Loaded, page: { items: Run[]; nextCursor: string | null }) => Loaded,
    ) => {
      const filter = { workflowId, key, status, limit: size, ...(cursor ? { cursor } : {}) };
      setState((before) =>
        before.question === question
          ? { ...before, isLoading: true }
          : { question, cursor: null, isLoading: true },
      );
      try {
        const page = await client.listRuns({ query: filter });
        if (current.current === question)
          setState((before) => ({ ...merge(before, page), question, error: undefined, isLoading: false }));
      } catch (error) {
        if (current.current === question)
          setState((before) => ({ ...before, question, error: toError(error), isLoading: false }));
      }
    },
    [client, workflowId, key, status, question],
  );

  const reload = useCallback(() => {
    const size = Math.min(MAX_PAGE, Math.max(limit, shown.current));
    return ask(null, size, (before, page) => ({ ...before, ...refreshed(before, page) }));
  }, [ask, limit]);

  const { cursor } = state;
  const loadMore = useCallback(() => {
    if (cursor === null) return;
    void ask(cursor, limit, (before, page) => ({
      ...before,
      runs: [...(before.runs ?? []), ...without(page.items, before.runs ?? [])],
      cursor: page.nextCursor,
    }));
  }, [ask, cursor, limit]);

  useEffect(() => void reload(), [reload]);
  useLiveRefresh(reload);

  const isCurrent = state.question === question;
  return useMemo(
    () => ({
      runs: isCurrent ? state.runs : undefined,
      error: isCurrent ? state.error : undefined,
      isLoading: isCurrent ? state.isLoading : true,
      hasMore: isCurrent && state.cursor !== null,
      loadMore,
      reload: () => void reload(),
    }),
    [state, isCurrent, loadMore, reload],
  );
}

/** The newest runs as they are now, then those of earlier pages that lie beyond them. */
function refreshed(
  before: Loaded,
  page: { items: Run[]; nextCursor: string | null },
): Pick<Loaded, 'cursor'> & { runs: Run[] } {
  const last = page.items.at(-1);
  if (page.nextCursor === null || !last) return { runs: page.items, cursor: null };
  const beyond = (before.runs ?? []).filter((run) => isOlder(run, last));
  return beyond.length > 0
    ? { runs: [...page.items, ...beyond], cursor: before.cursor }
    : { runs: page.items, cursor: page.nextCursor };
}

const isOlder = (run: Run, than: Run): boolean =>
  run.createdAt < than.createdAt || (run.createdAt === than.createdAt && run.id < than.id);

function without(items: readonly Run[], known: readonly Run[]): Run[] {
  const ids = new Set(known.map((run) => run.id));
  return items.filter((run) => !ids.has(run.id));
}
