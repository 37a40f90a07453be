/** Why connecting did not come about. */
export type ConnectErrorCode = 'popup_blocked' | 'window_closed' | 'access_denied' | 'failed';

export type ConnectResult = 'connected' | ConnectErrorCode;

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
    const abort = () => finish('window_closed');
    let closedPolls = 0;
    const timer = setInterval(() => {
      // The page's last message may still be on its way when the window is already gone.
      closedPolls += popup.closed ? 1 : 0;
      if (closedPolls > 1) finish('window_closed');
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
  const message = data as { source?: unknown; ok?: unknown; provider?: unknown; error?: unknown };
  if (message.source !== 'trama' || message.provider !== provider) return null;
  if (message.ok === true) return 'connected';
  return message.error === 'access_denied' ? 'access_denied' : 'failed';
}
