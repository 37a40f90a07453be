import type { Overview } from '../../core';
import { useLiveRefresh } from '../runs/use-live-refresh';
import { useTrama } from '../shared/provider';
import { useQuery } from '../shared/use-query';

/** It counts and looks back over much more than a list does. */
const REFRESH_MS = 30_000;

export interface OverviewQuery {
  overview: Overview | undefined;
  /** Why the last call failed; what was loaded before stays. */
  error: Error | undefined;
  reload: () => void;
}

/** What of the company's runs needs somebody, kept up to date while the page is in view. For administrators. */
export function useOverview(): OverviewQuery {
  const { client } = useTrama();
  const { data, error, reload } = useQuery(() => client.getOverview(), [client]);
  useLiveRefresh(reload, REFRESH_MS);
  return { overview: data, error, reload };
}
