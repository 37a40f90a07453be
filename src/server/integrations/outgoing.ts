/**
 * The one way out of the server. Every call to a provider, whichever SDK makes it, goes through a `fetch` made here: it reaches the
 * provider's hosts and no others, follows no redirect (a redirect would carry the token along), ends after a time-out, and reads no more of
 * an answer than its cap. When the provider answers 401 to a call that carried the connection's token, the call is repeated once with a
 * fresh one.
 */
import type { ProviderDefinition } from '../../core/block/provider';
import { BlockError, type StepFailure } from '../../core/errors';
import { isLoopback } from './addresses';

/** Milliseconds one call may take. Shorter than a step's time, so that the call's own failure is the one reported. */
const CALL_TIMEOUT_MS = 15_000;
/** Bytes read of one answer; a file a workflow passes on is the largest there is. */
const ANSWER_BYTES = 12 * 1024 * 1024;

export interface OutgoingOptions {
  provider: ProviderDefinition;
  /** Origin the provider is reached at. */
  baseUrl: string;
  /** @default 15000 */
  timeoutMs?: number;
  /** @default 12 MB */
  answerBytes?: number;
  /** A token in place of the one that was refused; `null` when there is none to be had. @default no second try */
  refresh?: (refused: string) => Promise<string | null>;
}

export function createOutgoingFetch({
  provider,
  baseUrl,
  timeoutMs = CALL_TIMEOUT_MS,
  answerBytes = ANSWER_BYTES,
  refresh,
}: OutgoingOptions): typeof fetch {
  const send = async (request: Request): Promise<Response> => {
    const signal = withTimeout(request.signal, timeoutMs);
    const response = await fetch(request, { signal, redirect: 'manual' });
    if (response.status >= 300 && response.status < 400) {
      await response.body?.cancel();
      throw unusable(provider, 'redirected', 'answered with a redirect, which is never followed');
    }
    if (Number(response.headers.get('content-length')) > answerBytes) {
      await response.body?.cancel();
      throw tooLarge(provider, answerBytes);
    }
    return capBody(response, answerBytes, provider);
  };
  return async (input, init) => {
    const request = new Request(input, init);
    if (!isAllowed(new URL(request.url), provider, baseUrl))
      throw refused(
        provider,
        'host_not_allowed',
        `was to be reached at ${new URL(request.url).host}, which is none of its hosts`,
      );
    const token = bearerOf(request);
    if (!refresh || token === null) return send(request);
    const again = request.clone();
    const response = await send(request);
    if (response.status !== 401) return response;
    const fresh = await refresh(token);
    if (fresh === null) return response;
    await response.body?.cancel();
    again.headers.set('authorization', `Bearer ${fresh}`);
    return send(again);
  };
}

/** A timer of our own: signals of `AbortSignal.any` and `.timeout` may be collected in Node 20 while a call hangs, and nothing would end it. */
function withTimeout(signal: AbortSignal, timeoutMs: number): AbortSignal {
  const controller = new AbortController();
  const expire = () => controller.abort(new DOMException('The call took too long.', 'TimeoutError'));
  setTimeout(expire, timeoutMs).unref();
  const giveUp = () => controller.abort(signal.reason);
  if (signal.aborted) giveUp();
  else signal.addEventListener('abort', giveUp, { once: true });
  return controller.signal;
}

function isAllowed(url: URL, { hosts = [] }: ProviderDefinition, baseUrl: string): boolean {
  if (url.username !== '' || url.password !== '') return false;
  // Plain http would show the token to everybody on the way; on this machine there is no way.
  if (url.protocol !== 'https:' && !isLoopback(url)) return false;
  if (URL.canParse(baseUrl) && url.origin === new URL(baseUrl).origin) return true;
  return (
    url.protocol === 'https:' && url.port === '' && hosts.some((host) => matchesHost(url.hostname, host))
  );
}

/** `*.example.com` stands for what is below example.com, not for itself. */
const matchesHost = (hostname: string, host: string): boolean =>
  host.startsWith('*.') ? hostname.endsWith(host.slice(1)) : hostname === host;

function bearerOf(request: Request): string | null {
  return /^bearer (.+)$/i.exec(request.headers.get('authorization') ?? '')?.[1] ?? null;
}

/** The answer with a body that fails past the cap, so that no SDK reads more into memory. */
function capBody(response: Response, limit: number, provider: ProviderDefinition): Response {
  if (!response.body) return response;
  let size = 0;
  const counted = response.body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform: (chunk, controller) => {
        size += chunk.byteLength;
        if (size > limit) throw tooLarge(provider, limit);
        controller.enqueue(chunk);
      },
    }),
  );
  const { status, statusText, headers } = response;
  return new Response(counted, { status, statusText, headers });
}

const tooLarge = (provider: ProviderDefinition, limit: number): BlockError =>
  unusable(provider, 'answer_too_large', `answered with more than ${limit} bytes`);

/** Nothing reached the provider. SDKs wrap what `fetch` throws; `findBlockError` digs it out. */
const refused = (provider: ProviderDefinition, code: string, what: string): BlockError =>
  stopped(provider, { kind: 'terminal', code, actor: 'developer' }, what);

/** The provider was reached, and what it answered is not to be used. */
const unusable = (provider: ProviderDefinition, code: string, what: string): BlockError =>
  stopped(provider, { kind: 'uncertain', code, actor: 'provider' }, what);

const stopped = (
  provider: ProviderDefinition,
  failure: Omit<StepFailure, 'message'>,
  what: string,
): BlockError =>
  new BlockError({ ...failure, message: `${provider.label.en} ${what}, so the call was stopped.` });
