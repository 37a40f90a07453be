/**
 * The host in another process: its port over HTTP. Each call is one POST, signed as Standard Webhooks asks, to the address where the host
 * mounted `createHostHandler`. It leaves by the one way out there is (no redirects, a time-out, capped answers).
 */
import { randomUUID } from 'node:crypto';
import type * as z from 'zod';
import {
  type DocManagerHost,
  type HostCall,
  HostError,
  type HostErrorCode,
  type HostListCall,
  hostErrorCodes,
} from '../../blocks/doc-manager/host';
import {
  type WireError,
  type WireInput,
  type WireMethod,
  wireErrorSchema,
  wireResults,
} from '../../blocks/doc-manager/host-wire';
import { docManager } from '../../blocks/doc-manager/provider';
import { readSecrets, signBody } from '../../blocks/signature.server';
import { isUnsent } from '../../core/block/call-failure';
import { BlockError, type StepFailure } from '../../core/errors';
import { createOutgoingFetch } from '../integrations/outgoing';

export interface HttpHostOptions {
  /** Where the host mounted `createHostHandler`. */
  baseUrl: string;
  /** Shared with the host, `whsec_` + 32 random bytes in base64; two, separated by a comma, while one is being replaced. */
  secret: string;
  /** Milliseconds one call may take. @default 15000 */
  timeoutMs?: number | undefined;
}

/** A file of 12 MB in base64, and what is around it. */
const ANSWER_BYTES = 20 * 1024 * 1024;

type Ask = <M extends WireMethod>(
  method: M,
  call: HostListCall & Partial<HostCall>,
  input: WireInput<M>,
) => Promise<z.output<(typeof wireResults)[M]>>;

/** The `host` option for a host in another process. */
export function httpHost(options: HttpHostOptions): DocManagerHost {
  const ask = createAsk(options);
  return {
    uploadDocument: (call, { file, ...input }) => {
      const { bytes, ...facts } = file;
      const base64 = Buffer.from(bytes).toString('base64');
      return ask('uploadDocument', call, { ...input, file: { ...facts, base64 } });
    },
    requestSignature: (call, input) => ask('requestSignature', call, input),
    updateStatus: (call, input) => ask('updateStatus', call, input),
    archiveDocument: (call, input) => ask('archiveDocument', call, input),
    getDocument: (call, input) => ask('getDocument', call, input),
    downloadDocument: async (call, input) => {
      const { base64, ...file } = await ask('downloadDocument', call, input);
      return { ...file, bytes: new Uint8Array(Buffer.from(base64, 'base64')) };
    },
    list: {
      folders: (call, q) => ask('list.folders', call, { q }),
      statuses: (call) => ask('list.statuses', call, {}),
      documents: (call, q) => ask('list.documents', call, { q }),
      people: (call, q) => ask('list.people', call, { q }),
    },
  };
}

const nobody: HostCall['actor'] = { type: 'workflow', workflowId: '', runId: '', stepId: '' };

function createAsk({ baseUrl, secret, timeoutMs }: HttpHostOptions): Ask {
  const secrets = readSecrets(secret);
  if (!URL.canParse(baseUrl) || !/^https?:$/.test(new URL(baseUrl).protocol))
    throw new Error(`httpHost needs the absolute http(s) address of the host's handler, not "${baseUrl}".`);
  const send = createOutgoingFetch({
    provider: docManager,
    baseUrl,
    answerBytes: ANSWER_BYTES,
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  });
  return async (method, { companyId, actor = nobody, idempotencyKey, signal }, input) => {
    const body = JSON.stringify({ method, call: { companyId, actor }, input });
    const id = idempotencyKey || randomUUID();
    const headers = { 'content-type': 'application/json', ...signBody(secrets, id, body) };
    try {
      const response = await send(baseUrl, { method: 'POST', body, headers, signal });
      const value = parseJson(await response.text());
      if (!response.ok) throw refusalOf(response, value);
      const parsed = wireResults[method].safeParse((value as { result?: unknown } | null)?.result);
      if (!parsed.success) throw unreadable(response.status);
      return parsed.data as z.output<(typeof wireResults)[typeof method]>;
    } catch (error) {
      throw isUnsent(error) ? new HostError('unavailable', UNREACHABLE, { cause: error }) : error;
    }
  };
}

const UNREACHABLE = 'The host application could not be reached, so the step was not carried out.';

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** What a status other than 200 means: the host's own word when it is one, else what stood in its place. */
function refusalOf(response: Response, value: unknown): Error {
  const { status, headers } = response;
  const told = wireErrorSchema.safeParse(value).data?.error;
  const retryAfterMs = told?.retryAfterMs ?? readRetryAfter(headers.get('retry-after'));
  const facts = retryAfterMs === undefined ? {} : { retryAfterMs };
  if (told && isHostCode(told.code)) return new HostError(told.code, told.message, facts);
  if (told?.code === 'internal') return new Error('The host failed.');
  if (told) return misconfigured(told, status);
  if (status === 429) return new HostError('rate_limited', 'The host application asks to slow down.', facts);
  if (status === 503)
    return new HostError('unavailable', 'The host application is briefly unavailable.', facts);
  return unreadable(status);
}

const isHostCode = (code: WireError['code']): code is HostErrorCode =>
  (hostErrorCodes as readonly string[]).includes(code);

/** Only whoever set the two ends up can mend this. */
function misconfigured({ code, message }: WireError, status: number): BlockError {
  const text = `The host application refused the call: ${message} Compare the secret and the version at both ends.`;
  return new BlockError({
    kind: 'terminal',
    code: `host_${code}`,
    message: text,
    actor: 'developer',
    providerStatus: status,
  });
}

/** Something answered that is no host handler, or a newer one. */
function unreadable(status: number): BlockError {
  const mayHaveHappened = status < 300 || status >= 500;
  const failure: StepFailure = {
    kind: mayHaveHappened ? 'uncertain' : 'terminal',
    code: 'host_unreadable_answer',
    message: `What stands at the host's address answered with status ${status} and nothing that can be read. Check host.baseUrl, and that createHostHandler is mounted there.`,
    actor: 'developer',
    providerStatus: status,
  };
  return new BlockError(failure);
}

function readRetryAfter(header: string | null): number | undefined {
  const seconds = Number(header || Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined;
}
