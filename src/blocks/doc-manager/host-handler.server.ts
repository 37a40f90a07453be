import type { IncomingMessage, ServerResponse } from 'node:http';
import { readSecrets, verifyBody } from '../signature.server';
import { type DocManagerHost, type HostCall, HostError, type HostFile, type HostOption } from './host';
import {
  type HandlerErrorCode,
  type WireError,
  type WireFile,
  type WireRequest,
  wireRequestSchema,
  wireStatuses,
} from './host-wire';

export interface HostHandlerOptions {
  /** The secret given to `httpHost`, `whsec_…`; two, separated by a comma, while one is being replaced. */
  secret: string;
  /** Bytes of one call; a file takes a third more than its size. @default 20 MB */
  maxBytes?: number;
  /** Told of errors that are no `HostError`; the caller only learns that something failed. @default console.error */
  onError?: (error: unknown) => void;
}

/**
 * The host's half of `httpHost`: a plain `(req, res)`, or an Express handler, that checks the signature on the bytes as they came and
 * calls `host`. Mount it before any body parser. What is not signed, not whole or not understood never reaches the host.
 */
export function createHostHandler(
  host: DocManagerHost,
  { secret, maxBytes = 20 * 1024 * 1024, onError = console.error }: HostHandlerOptions,
): (req: IncomingMessage, res: ServerResponse) => void {
  const secrets = readSecrets(secret);
  const answer = async (req: IncomingMessage, signal: AbortSignal) => {
    const body = verifyBody(secrets, await readBody(req, maxBytes), req.headers);
    if (body === null)
      throw new Refusal(
        'signature_invalid',
        'The signature does not fit the body, the time or the secret. Nothing was done.',
      );
    const request = readRequest(body);
    const idempotencyKey = String(req.headers['webhook-id']);
    return perform(host, request, { ...request.call, idempotencyKey, signal });
  };
  return (req, res) => {
    const gone = new AbortController();
    res.on('close', () => gone.abort());
    answer(req, gone.signal).then(
      (result) => send(res, 200, { result }),
      (error: unknown) => {
        const told = describe(error);
        if (told.code === 'internal') onError(error);
        send(res, wireStatuses[told.code], { error: told }, told.retryAfterMs);
      },
    );
  };
}

/** Ends a call before the host is asked. */
class Refusal extends Error {
  constructor(
    readonly code: HandlerErrorCode,
    message: string,
  ) {
    super(message);
    this.name = 'Refusal';
  }
}

async function readBody(req: IncomingMessage, maxBytes: number): Promise<Uint8Array> {
  const { body } = req as { body?: unknown };
  if (Buffer.isBuffer(body)) return body;
  if (body !== undefined)
    throw new Refusal(
      'body_already_read',
      'A body parser has read this call, so that its signature cannot be checked. Mount the handler before it.',
    );
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of req as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes)
      throw new Refusal('too_large', `The call has more than ${maxBytes} bytes. Nothing was done.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function readRequest(body: string): WireRequest {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw new Refusal('invalid_request', 'The call is not valid JSON. Nothing was done.');
  }
  const parsed = wireRequestSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [first] = parsed.error.issues;
  throw new Refusal(
    'invalid_request',
    `The call is malformed at "${first?.path.join('.')}": ${first?.message}. Nothing was done.`,
  );
}

async function perform(host: DocManagerHost, request: WireRequest, call: HostCall): Promise<unknown> {
  switch (request.method) {
    case 'uploadDocument': {
      const { base64, ...file } = request.input.file;
      const bytes = new Uint8Array(Buffer.from(base64, 'base64'));
      return given(host, 'uploadDocument')(call, { ...request.input, file: { ...file, bytes } });
    }
    case 'downloadDocument':
      return toWireFile(await given(host, 'downloadDocument')(call, request.input));
    case 'requestSignature':
      return given(host, 'requestSignature')(call, request.input);
    case 'updateStatus':
      return given(host, 'updateStatus')(call, request.input);
    case 'archiveDocument':
      return given(host, 'archiveDocument')(call, request.input);
    case 'getDocument':
      return given(host, 'getDocument')(call, request.input);
    case 'list.folders':
      return listed(host.list?.folders?.(call, request.input.q));
    case 'list.statuses':
      return listed(host.list?.statuses?.(call));
    case 'list.documents':
      return listed(host.list?.documents?.(call, request.input.q));
    case 'list.people':
      return listed(host.list?.people?.(call, request.input.q));
    default:
      return request satisfies never;
  }
}

/** A host written without a compiler may lack a method. */
function given<M extends Exclude<keyof DocManagerHost, 'list'>>(host: DocManagerHost, method: M) {
  if (typeof host[method] === 'function') return host[method].bind(host) as DocManagerHost[M];
  throw new Refusal('method_missing', `The host has no function "${method}". Nothing was done.`);
}

const listed = async (options: Promise<HostOption[] | null> | undefined): Promise<HostOption[] | null> =>
  (await options) ?? null;

const toWireFile = ({ filename, contentType, bytes }: HostFile): WireFile => ({
  filename,
  contentType,
  base64: Buffer.from(bytes).toString('base64'),
});

function describe(error: unknown): WireError {
  if (error instanceof Refusal) return { code: error.code, message: error.message };
  if (error instanceof HostError && Object.hasOwn(wireStatuses, error.code))
    return { code: error.code, message: error.message, ...retryOf(error) };
  return { code: 'internal', message: 'The host failed while it carried this out; its log says why.' };
}

const retryOf = ({ retryAfterMs }: HostError) => (retryAfterMs === undefined ? {} : { retryAfterMs });

function send(res: ServerResponse, status: number, body: object, retryAfterMs?: number): void {
  if (res.destroyed || res.headersSent) return;
  const retryAfter: Record<string, string> =
    retryAfterMs === undefined ? {} : { 'retry-after': String(Math.ceil(retryAfterMs / 1000)) };
  // What is left of a body nobody reads on would keep the connection busy.
  const close: Record<string, string> = status === 413 ? { connection: 'close' } : {};
  res.writeHead(status, {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    ...retryAfter,
    ...close,
  });
  res.end(JSON.stringify(body));
}
