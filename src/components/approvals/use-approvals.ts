import { useCallback, useState } from 'react';
import type { Approval } from '../../core';
import { useLiveRefresh } from '../runs/use-live-refresh';
import { useTrama } from '../shared/provider';
import { useQuery } from '../shared/use-query';

export interface ApprovalsQuery {
  /** Only those asked of the caller. @default false */
  mine?: boolean;
}

export interface Approvals {
  /** Those to be decided, the newest first; `undefined` until the first answer. */
  pending: Approval[] | undefined;
  /** Those that are over, the newest first. */
  done: Approval[];
  /** Why the last call failed; what was loaded before stays. */
  error: Error | undefined;
  hasMorePending: boolean;
  hasMoreDone: boolean;
  loadMorePending: () => void;
  loadMoreDone: () => void;
  reload: () => void;
}

const PAGE = { pending: 30, done: 10 };
const MAX_PAGE = 100;

/** Decisions that runs wait for, and those that were made; kept up to date while the page is in view. */
export function useApprovals({ mine = false }: ApprovalsQuery = {}): Approvals {
  const { client } = useTrama();
  const [limits, setLimits] = useState(PAGE);
  const { data, error, reload } = useQuery(async () => {
    const ask = (status: string, limit: number) =>
      client.listApprovals({ query: { status, limit, ...(mine ? { mine: 'true' as const } : {}) } });
    const [pending, done] = await Promise.all([
      ask('pending', limits.pending),
      ask('approved,rejected,expired,canceled', limits.done),
    ]);
    return { mine, pending, done };
  }, [client, mine, limits]);
  const [kept, setKept] = useState(data);
  // More of the same is no new question: what is there stays until it has come.
  if (data && data !== kept) setKept(data);
  const shown = data ?? (kept?.mine === mine ? kept : undefined);
  useLiveRefresh(reload);
  const more = useCallback(
    (list: keyof typeof PAGE) =>
      setLimits((before) => ({ ...before, [list]: Math.min(MAX_PAGE, before[list] + PAGE[list]) })),
    [],
  );
  const hasMore = (list: keyof typeof PAGE) =>
    shown !== undefined && shown[list].nextCursor !== null && limits[list] < MAX_PAGE;
  return {
    pending: shown?.pending.items,
    done: shown?.done.items ?? [],
    error,
    hasMorePending: hasMore('pending'),
    hasMoreDone: hasMore('done'),
    loadMorePending: () => more('pending'),
    loadMoreDone: () => more('done'),
    reload,
  };
}
