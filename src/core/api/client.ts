import { type ErrorCode, httpStatusByCode, WorkflowError } from '../errors';
import { isFinished } from '../run/status';
import { type Contract, contract, type RouteName } from './contract';
import type { Route, RouteRequest, RouteResponse } from './route';
import type { RunDetail } from './shapes';

export interface ClientOptions {
  /** Where the host mounted the router, e.g. `/api/workflows`. */
  baseUrl: string;
  /** Bearer token for each call; leave out when the host uses cookies. */
  getToken?: () => string | null | Promise<string | null>;
  /** @default globalThis.fetch */
  fetch?: typeof globalThis.fetch;
  /** Called when the host answers 401, before the error is thrown. */
  onUnauthorized?: () => void;
}

type Call<R extends Route> =
  Record<string, never> extends RouteRequest<R>
    ? (request?: RouteRequest<R>) => Promise<RouteResponse<R>>
    : (request: RouteRequest<R>) => Promise<RouteResponse<R>>;

export type RouteCalls = { [Name in RouteName]: Call<Contract[Name]> };

/** One method per route of the contract, and `watchRun`. */
export interface WorkflowClient extends RouteCalls {
  /**
   * Calls `onChange` with the run now and on every change until it has ended or `signal` aborts. Uses server-sent events, and
   * polling every 2 seconds where they do not get through. Rejects when the run cannot be read.
   */
  watchRun: (id: string, onChange: (detail: RunDetail) => void, signal?: AbortSignal) => Promise<void>;
}

interface AnyRequest {
  params?: Record<string, string>;
  query?: Record<string, unknown>;
  body?: unknown;
  headers?: Record<string, string | undefined>;
}

/** A typed client of the REST API, for the browser and for Node. */
export function createWorkflowClient(options: ClientOptions): WorkflowClient {
  const send = (route: Route, request: AnyRequest = {}) => callRoute(options, route, request);
  const entries = Object.entries(contract).map(([name, route]) => [
    name,
    (request?: AnyRequest) => send(route, request),
  ]);
  const calls = Object.fromEntries(entries) as unknown as RouteCalls;
  return { ...calls, watchRun: (id, onChange, signal) => watchRun(options, calls, id, onChange, signal) };
}

async function callRoute(options: ClientOptions, route: Route, request: AnyRequest): Promise<unknown> {
  const path = route.path.replace(/:(\w+)/g, (_, name: string) =>
    encodeURIComponent(request.params?.[name] ?? ''),
  );
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(request.query ?? {})) {
    if (value !== undefined && value !== null && value !== '') query.set(key, String(value));
  }
  const search = query.size > 0 ? `?${query}` : '';
  const response = await sendRequest(options, `${path}${search}`, {
    method: route.method,
    headers: {
      accept: 'application/json',
      'x-trama-request': '1',
      ...(route.body ? { 'content-type': 'application/json' } : {}),
      ...definedOnly(request.headers ?? {}),
    },
    ...(route.body ? { body: JSON.stringify(request.body ?? {}) } : {}),
  });
  const body = await response.text();
  return body === '' ? undefined : JSON.parse(body);
}

async function sendRequest(options: ClientOptions, path: string, init: RequestInit): Promise<Response> {
  const token = await options.getToken?.();
  const headers = {
    ...(init.headers as Record<string, string>),
    ...(token ? { authorization: `Bearer ${token}` } : {}),
  };
  const send = options.fetch ?? globalThis.fetch;
  let response: Response;
  try {
    response = await send(`${options.baseUrl}${path}`, { credentials: 'same-origin', ...init, headers });
  } catch (cause) {
    if (init.signal?.aborted) throw cause;
    const message =
      'The server could not be reached, so nothing was changed. Check the connection and try again.';
    throw new WorkflowError('unavailable', message, { cause });
  }
  if (response.ok) return response;
  const error = await readError(response);
  if (response.status === 401) options.onUnauthorized?.();
  throw error;
}

async function readError(response: Response): Promise<WorkflowError> {
  const body = (await response.json().catch(() => null)) as {
    error?: { code?: string; message?: string; details?: unknown; requestId?: string };
  } | null;
  const code = body?.error?.code;
  const isKnown = code !== undefined && Object.hasOwn(httpStatusByCode, code);
  const message = body?.error?.message ?? `The server answered ${response.status} with no explanation.`;
  return new WorkflowError(isKnown ? (code as ErrorCode) : codeOfStatus(response.status), message, {
    details: body?.error?.details,
  });
}

function codeOfStatus(status: number): ErrorCode {
  const match = Object.entries(httpStatusByCode).find(([, known]) => known === status);
  return (match?.[0] as ErrorCode | undefined) ?? (status >= 500 ? 'unavailable' : 'internal');
}

const definedOnly = (headers: Record<string, string | undefined>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );

const POLL_MS = 2000;

async function watchRun(
  options: ClientOptions,
  calls: RouteCalls,
  id: string,
  onChange: (detail: RunDetail) => void,
  signal?: AbortSignal,
): Promise<void> {
  let isDone = false;
  const see = (detail: RunDetail) => {
    onChange(detail);
    isDone = isFinished(detail.run.status);
  };
  see(await calls.getRun({ params: { id } }));
  while (!isDone && !signal?.aborted) {
    await readEvents(options, id, see, signal).catch(() => undefined);
    if (isDone || signal?.aborted) return;
    await delay(POLL_MS, signal);
    if (!signal?.aborted) see(await calls.getRun({ params: { id } }));
  }
}

/** Reads `GET /runs/:id/events` until it ends. Each `data:` line is a run detail. */
async function readEvents(
  options: ClientOptions,
  id: string,
  see: (detail: RunDetail) => void,
  signal?: AbortSignal,
): Promise<void> {
  const response = await sendRequest(options, `/runs/${encodeURIComponent(id)}/events`, {
    method: 'GET',
    headers: { accept: 'text/event-stream', 'x-trama-request': '1' },
  });
  if (!response.body) return;
  const reader = response.body.getReader();
  // Not by handing `signal` to fetch: Node 20 leaves a read pending for ever when the abort meets the end of the stream.
  const cancel = () => void reader.cancel().catch(() => undefined);
  if (signal?.aborted) cancel();
  signal?.addEventListener('abort', cancel, { once: true });
  const decoder = new TextDecoder();
  let buffer = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const lines = (buffer + decoder.decode(value, { stream: true })).split('\n');
    buffer = lines.pop() ?? '';
    for (const line of lines) if (line.startsWith('data: ')) see(JSON.parse(line.slice(6)) as RunDetail);
  }
}

function delay(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', finish);
      resolve();
    };
    const timer = setTimeout(finish, ms);
    signal?.addEventListener('abort', finish);
  });
}
