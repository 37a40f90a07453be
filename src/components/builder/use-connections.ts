import { useEffect, useMemo } from 'react';
import { useConnect } from '../integrations/use-connect';
import { useTexts, useTrama } from '../shared/provider';
import { useQuery } from '../shared/use-query';
import { builderMessages } from './messages';

/** Which providers are connected, and connecting one. A list that cannot be read leaves connections out of the picture. */
export function useConnections(say: (text: string, tone: 'quiet' | 'bad') => void) {
  const { client } = useTrama();
  const t = useTexts(builderMessages);
  const { data, reload } = useQuery(() => client.listIntegrations(), [client]);
  const { connect, error } = useConnect(reload);
  const connections = useMemo(() => {
    if (!data) return undefined;
    return new Set(data.items.filter((item) => item.state === 'active').map((item) => item.provider));
  }, [data]);
  useEffect(() => {
    if (error) say(`${t(`connect.${error.code}.title`)}. ${t(`connect.${error.code}.text`)}`, 'bad');
  }, [error, say, t]);
  return { connections, onConnect: (providerId: string) => void connect(providerId) };
}
