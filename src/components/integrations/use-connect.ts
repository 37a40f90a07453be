import { useCallback, useEffect, useRef, useState } from 'react';
import { useTrama } from '../shared/provider';
import { type ConnectFailure, type ConnectResult, openConnectPopup, waitForPopup } from './connect-popup';

export interface ConnectError extends ConnectFailure {
  provider: string;
}

export interface Connect {
  /** Call it directly from a click: it opens the popup before anything else. Resolves to whether the provider is connected. */
  connect: (providerId: string) => Promise<boolean>;
  /** The provider being connected. */
  pending: string | null;
  error: ConnectError | null;
}

/** Connects a provider in a popup, on the integrations page and in the builder alike. */
export function useConnect(onConnected?: (providerId: string) => void): Connect {
  const { client } = useTrama();
  const [pending, setPending] = useState<string | null>(null);
  const [error, setError] = useState<ConnectError | null>(null);
  const current = useRef<AbortController | null>(null);
  const notify = useRef(onConnected);
  notify.current = onConnected;
  useEffect(() => () => current.current?.abort(), []);

  const connect = useCallback(
    async (provider: string) => {
      const popup = openConnectPopup();
      setError(popup ? null : { provider, code: 'popup_blocked' });
      if (!popup) return false;
      current.current?.abort();
      const abort = new AbortController();
      current.current = abort;
      setPending(provider);
      const result = await runPopup(popup);
      if (abort.signal.aborted) return false;
      setPending(null);
      if (result !== 'connected') setError({ provider, ...result });
      else notify.current?.(provider);
      return result === 'connected';

      async function runPopup(opened: Window): Promise<ConnectResult> {
        try {
          const before = await connectedAt();
          const { authorizeUrl } = await client.connectIntegration({ params: { provider } });
          opened.location.href = authorizeUrl;
          const heard = await waitForPopup(opened, { provider, authorizeUrl, signal: abort.signal });
          if (heard === 'connected' || heard.code !== 'window_closed') return heard;
          // A provider's page may cut the tie between the windows: then only the server knows how it went.
          const after = await connectedAt();
          return after !== null && after !== before ? 'connected' : heard;
        } catch {
          opened.close();
          return { code: 'failed' };
        }
      }

      async function connectedAt(): Promise<string | null> {
        const { items } = await client.listIntegrations();
        const found = items.find((item) => item.provider === provider);
        return found?.state === 'active' || found?.state === 'needs_account' ? found.connectedAt : null;
      }
    },
    [client],
  );

  return { connect, pending, error };
}
