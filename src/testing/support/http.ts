import type { IncomingMessage, ServerResponse } from 'node:http';

const MAX_BODY_BYTES = 1024 * 1024;
/** Of a file with what is around it. */
const MAX_UPLOAD_BYTES = 16 * MAX_BODY_BYTES;

/** What a fake answers, before a fault may withhold it. */
export interface Answer<Body extends string | Uint8Array = string> {
  status: number;
  headers: Record<string, string>;
  body: Body;
}

/** Arguments of a call: query, then form or JSON body. Values of a JSON body that are no text are kept as JSON text. */
export async function readArguments(req: IncomingMessage): Promise<Record<string, string>> {
  const query = Object.fromEntries(urlOf(req).searchParams);
  // A host may have mounted a body parser before the fake; then the stream is already drained.
  const parsed = (req as { body?: unknown }).body;
  if (parsed !== null && typeof parsed === 'object') return { ...query, ...flatten(parsed) };
  const body = await readText(req);
  if (body === '') return query;
  const isJson = req.headers['content-type']?.startsWith('application/json') ?? false;
  return {
    ...query,
    ...(isJson ? flatten(JSON.parse(body)) : Object.fromEntries(new URLSearchParams(body))),
  };
}

/** The JSON body of a request as it is; `undefined` when there is none. @throws SyntaxError when it is no JSON */
export async function readJsonBody(req: IncomingMessage, limit = MAX_BODY_BYTES): Promise<unknown> {
  const parsed = (req as { body?: unknown }).body;
  if (parsed !== null && typeof parsed === 'object') return parsed;
  const body = (await readBody(req, limit)).toString('utf8');
  return body === '' ? undefined : JSON.parse(body);
}

function flatten(body: unknown): Record<string, string> {
  if (body === null || typeof body !== 'object') return {};
  const known = Object.entries(body).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(
    known.map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)]),
  );
}

const readText = async (req: IncomingMessage): Promise<string> =>
  (await readBody(req, MAX_BODY_BYTES)).toString('utf8');

async function readBody(req: IncomingMessage, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of req as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) throw new Error(`The request is larger than the ${limit} bytes this fake reads.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** A file as it was sent: the named field of a form with parts, or the body as it is. */
export async function readUpload(req: IncomingMessage, field: string): Promise<Uint8Array> {
  const body = await readBody(req, MAX_UPLOAD_BYTES);
  const type = req.headers['content-type'] ?? '';
  if (!type.startsWith('multipart/form-data')) return body;
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData();
  const part = form.get(field);
  if (part === null) throw new Error(`The form has no part "${field}".`);
  return typeof part === 'string' ? Buffer.from(part) : new Uint8Array(await part.arrayBuffer());
}

/** Where the caller reached the fake: the host it named, and the path an Express app mounted it under. */
export function originOf(req: IncomingMessage): string {
  const scheme = req.headers['x-forwarded-proto'] === 'https' ? 'https' : 'http';
  return `${scheme}://${req.headers.host ?? 'localhost'}${(req as { baseUrl?: string }).baseUrl ?? ''}`;
}

/** The request's address; its origin is of no meaning. */
export function urlOf(req: IncomingMessage): URL {
  return new URL(req.url ?? '/', 'http://fake.invalid');
}

export function jsonAnswer(body: unknown, status = 200, headers: Record<string, string> = {}): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(body),
  };
}

export function htmlAnswer(body: string, status = 200): Answer {
  return {
    status,
    headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' },
    body,
  };
}

export function redirectAnswer(location: string): Answer {
  return { status: 302, headers: { location, 'cache-control': 'no-store' }, body: '' };
}

export function sendAnswer(
  res: ServerResponse,
  { status, headers, body }: Answer<string | Uint8Array>,
): void {
  res.writeHead(status, headers).end(body);
}
