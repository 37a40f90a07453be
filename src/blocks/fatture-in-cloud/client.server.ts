import type { ClientsApi, InfoApi, IssuedDocumentsApi, UserApi } from '@fattureincloud/fattureincloud-ts-sdk';
import type { AxiosAdapter, AxiosStatic, InternalAxiosRequestConfig } from 'axios';
import type * as z from 'zod';
import type { ClientContext } from '../../core/block/implement';
import { BlockError } from '../../core/errors';
import { type Call, failure, refusedCall, unansweredCall, unreadableAnswer } from './failure.server';

export interface FicClient {
  /** The connected company. @throws BlockError while none is chosen */
  companyId: () => number;
  documents: IssuedDocumentsApi;
  clients: ClientsApi;
  info: InfoApi;
  user: UserApi;
  /** Waits for the step's turn among the company's steps of this kind, which makes so many calls. @throws BlockError when too many wait */
  pace: (kind: string, calls: number) => Promise<void>;
  /** Fetches a file's temporary address. */
  download: (url: string) => Promise<Response>;
}

/** A company has 300 calls in five minutes, over all its apps. Steps of one kind keep as far apart as their calls need; one alone never waits. */
const CALL_INTERVAL_MS = 1200;

/** Fatture in Cloud through its own SDK, one call per attempt. */
export async function createClient(context: ClientContext): Promise<FicClient> {
  const { ClientsApi, Configuration, InfoApi, IssuedDocumentsApi, UserApi } = await import(
    '@fattureincloud/fattureincloud-ts-sdk'
  );
  const { default: axios } = await import('axios');
  const configuration = new Configuration({ basePath: context.baseUrl, accessToken: context.accessToken });
  // No `baseURL`: the SDK's own base path is then silently left out.
  const http = axios.create({ adapter: createAdapter(context, axios) });
  return {
    companyId: () => companyIdOf(context.accountId),
    documents: new IssuedDocumentsApi(configuration, undefined, http),
    clients: new ClientsApi(configuration, undefined, http),
    info: new InfoApi(configuration, undefined, http),
    user: new UserApi(configuration, undefined, http),
    pace: (kind, calls) => context.pace(kind, calls * CALL_INTERVAL_MS),
    download: (url) => context.fetch(url),
  };
}

/**
 * Sends axios' calls through our `fetch`. axios has an adapter that takes a `fetch` (`env.fetch`), but keeps what it makes of each one for
 * ever, and ours is made per step. And no `AxiosError` comes to be here: that carries the whole request, token included.
 */
function createAdapter({ fetch, step }: ClientContext, axios: AxiosStatic): AxiosAdapter {
  return async (config) => {
    const call = describeCall(config);
    const { status, statusText, headers, body } = await send(
      config,
      axios.getUri(config),
      call,
      fetch,
      step?.signal,
    );
    if (status < 200 || status > 299) throw refusedCall(call, { status, headers, body });
    return {
      data: body,
      status,
      statusText,
      headers: new axios.AxiosHeaders(Object.fromEntries(headers)),
      config,
    };
  };
}

async function send(
  config: InternalAxiosRequestConfig,
  url: string,
  call: Call,
  fetch: ClientContext['fetch'],
  signal: AbortSignal | undefined,
) {
  try {
    const response = await fetch(url, {
      method: (config.method ?? 'get').toUpperCase(),
      headers: config.headers.toJSON() as Record<string, string>,
      body: config.data ?? null,
      signal: signal ?? null,
    });
    const { status, statusText, headers } = response;
    return { status, statusText, headers, body: await response.text() };
  } catch (error) {
    throw unansweredCall(call, error);
  }
}

/** A POST makes something, but for the one that only computes. */
function describeCall({ method, url = '', headers }: InternalAxiosRequestConfig): Call {
  const isPost = method?.toLowerCase() === 'post';
  const token = String(headers.get('Authorization') ?? '').replace(/^Bearer /, '');
  return { isRepeatable: !isPost || url.endsWith('/issued_documents/totals'), token };
}

function companyIdOf(accountId: string | null): number {
  const id = Number(accountId ?? Number.NaN);
  if (Number.isSafeInteger(id)) return id;
  throw new BlockError(
    failure(
      'reconnect',
      'company_missing',
      'customer',
      'is connected without a company. Reconnect it and choose one',
    ),
  );
}

/** The `data` of an answer, narrowed to what is used of it: the SDK's own types promise little. */
export function readAnswer<T extends z.ZodType>(
  schema: T,
  answer: unknown,
  what: string,
  isRepeatable = true,
): z.output<T> {
  const parsed = schema.safeParse(answer);
  if (!parsed.success) throw unreadableAnswer(isRepeatable, what);
  return parsed.data;
}

/** The number of something chosen or referred to: ids are whole numbers there. @throws BlockError `terminal` */
export function toId(value: string, path: string): number {
  const id = /^\d{1,15}$/.test(value.trim()) ? Number(value) : Number.NaN;
  if (Number.isSafeInteger(id)) return id;
  const what = `numbers everything, and "${value.slice(0, 40)}" is no number. Choose from the list, or refer to an id from an earlier step`;
  throw new BlockError({ ...failure('terminal', 'id_invalid', 'customer', what), path });
}
