/** Why connecting did not come about. */
export type ConnectErrorCode =
  | 'popup_blocked'
  | 'window_closed'
  | 'access_denied'
  | 'state_invalid'
  | 'account_missing'
  | 'account_refused'
  | 'failed';

export interface ConnectFailure {
  code: ConnectErrorCode;
  /** Of `account_refused`: the code of the provider's reason. */
  reason?: string;
  /** The same in words, in English. */
  message?: string;
}

export type ConnectResult = 'connected' | ConnectFailure;

/** Must run inside the click handler: browsers only let a click open a window. */
export function openConnectPopup(): Window | null {
  return window.open('about:blank', '_blank', 'popup,width=600,height=720');
}

const CLOSED_POLL_MS = 250;

/**
 * Waits for the page at the end of the OAuth round trip: it tells its opener how it went and closes. A message counts only when
 * it comes from that window, and from this page's origin or the one the provider is told to return to.
 *
 * `window_closed` means only that nobody heard the end: the connection may have come about, so ask the server.
 */
export function waitForPopup(
  popup: Window,
  options: { provider: string; authorizeUrl: string; signal: AbortSignal },
): Promise<ConnectResult> {
  const origins = new Set([window.location.origin, returnOrigin(options.authorizeUrl)]);
  return new Promise((resolve) => {
    const finish = (result: ConnectResult) => {
      clearInterval(timer);
      window.removeEventListener('message', listen);
      options.signal.removeEventListener('abort', abort);
      resolve(result);
    };
    const listen = (event: MessageEvent) => {
      if (event.source !== popup || !origins.has(event.origin)) return;
      const result = readMessage(event.data, options.provider);
      if (result) finish(result);
    };
    const abort = () => finish({ code: 'window_closed' });
    let closedPolls = 0;
    const timer = setInterval(() => {
      // The page's last message may still be on its way when the window is already gone.
      closedPolls += popup.closed ? 1 : 0;
      if (closedPolls > 1) finish({ code: 'window_closed' });
    }, CLOSED_POLL_MS);
    window.addEventListener('message', listen);
    options.signal.addEventListener('abort', abort);
  });
}

/** Where the provider sends the person back: the API's own origin, which need not be this page's. */
function returnOrigin(authorizeUrl: string): string | null {
  try {
    const target = new URL(authorizeUrl).searchParams.get('redirect_uri');
    return target === null ? null : new URL(target).origin;
  } catch {
    return null;
  }
}

function readMessage(data: unknown, provider: string): ConnectResult | null {
  if (typeof data !== 'object' || data === null) return null;
  const { source, ok, provider: about, error, reason, message } = data as Record<string, unknown>;
  if (source !== 'trama' || about !== provider) return null;
  if (ok === true) return 'connected';
  return {
    code: told.find((code) => code === error) ?? 'failed',
    ...(typeof reason === 'string' ? { reason } : {}),
    ...(typeof message === 'string' ? { message } : {}),
  };
}

/** What the server tells apart and people can do something about. */
const told = ['access_denied', 'state_invalid', 'account_missing', 'account_refused'] as const;
