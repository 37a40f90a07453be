import { useCallback } from 'react';
import { useTrama } from './provider';

/** What a provider is called in the reader's language; one nobody knows by its id. */
export function useProviderLabel(): (id: string) => string {
  const { locale, providers } = useTrama();
  return useCallback((id) => providers.get(id)?.label[locale] ?? id, [locale, providers]);
}
