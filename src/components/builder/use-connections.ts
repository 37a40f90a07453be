import { useCallback, useEffect, useMemo, useState } from 'react';
import { connectWords } from '../integrations/connect-words';
import { useConnect } from '../integrations/use-connect';
import { useTexts, useTrama } from '../shared/provider';
import { useQuery } from '../shared/use-query';
import { builderMessages } from './messages';

/** Which providers are connected, and connecting one. A list that cannot be read leaves connections out of the picture. */
export function useConnections(say: (text: string, tone: 'quiet' | 'bad') => void) {
  const { client, locale, providers } = useTrama();
  const t = useTexts(builderMessages);
  const [asked, setAsked] = useState<string | null>(null);
  const { data, reload } = useQuery(() => client.listIntegrations(), [client]);
  const { connect, error } = useConnect(reload);
  const connections = useMemo(() => {
    if (!data) return undefined;
    return new Set(data.items.filter((item) => item.state === 'active').map((item) => item.provider));
  }, [data]);
  useEffect(() => {
    if (!error) return;
    const { title, text } = connectWords(error, providers.get(error.provider)?.label[locale] ?? '', t);
    say(`${title}. ${text}`, 'bad');
  }, [error, say, t, locale, providers]);
  const unchosen = data?.items.filter(({ state }) => state === 'needs_account');
  const onConnect = (provider: string) => {
    setAsked(provider);
    if (!unchosen?.some((item) => item.provider === provider)) void connect(provider);
  };
  return {
    connections,
    onConnect: data?.canManage ? onConnect : undefined,
    /** What somebody was connecting and whose account is still to be chosen. */
    choosing: unchosen?.find((item) => item.provider === asked) ?? null,
    onChosen: reload,
    onChoiceLeft: useCallback(() => setAsked(null), []),
  };
}
