import { useEffect } from 'react';
import type { Integration } from '../../core';
import { useTrama } from '../shared/provider';
import { useQuery } from '../shared/use-query';

export interface Integrations {
  /** `undefined` until the first answer. */
  integrations: Integration[] | undefined;
  /** Whether the person may connect, choose accounts, test and disconnect. `undefined` until the first answer. */
  canManage: boolean | undefined;
  error: Error | undefined;
  isLoading: boolean;
  reload: () => void;
}

/** State of every connection, read again when the page comes back into view. */
export function useIntegrations(): Integrations {
  const { client } = useTrama();
  const { data, error, isLoading, reload } = useQuery(() => client.listIntegrations(), [client]);
  useEffect(() => {
    window.addEventListener('focus', reload);
    return () => window.removeEventListener('focus', reload);
  }, [reload]);
  return { integrations: data?.items, canManage: data?.canManage, error, isLoading, reload };
}
