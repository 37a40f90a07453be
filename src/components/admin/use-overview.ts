import type { Overview } from '../../core';
import { useLiveRefresh } from '../runs/use-live-refresh';
import { useTrama } from '../shared/provider';
import { useQuery } from '../shared/use-query';

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
  useLiveRefresh(reload);
  return { overview: data, error, reload };
}
