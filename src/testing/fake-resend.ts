import type { IncomingMessage, ServerResponse } from 'node:http';
import { refuse, sendEmail, showEmail } from './resend/emails';
import { type FakeInboundEmail, Inbox, type NewInboundEmail, type NoticeOptions } from './resend/receiving';
import { type FakeEmail, ResendState } from './resend/state';
import { type Fault, FaultQueue, sendWithFault } from './support/faults';
import { type Answer, jsonAnswer, originOf, readJsonBody, sendAnswer, urlOf } from './support/http';
import { createListener, type Listener } from './support/listener';

export interface FakeResendOptions {
  /** @default 're_sandbox_key' */
  apiKey?: string;
  /** The key may only send, as keys for production should. @default false */
  isSendingOnly?: boolean;
  /** Domains one may send from. @default ['example.com', 'sandbox.example'] */
  domains?: readonly string[];
  /** Where emails and keys are kept over restarts. @default memory only */
  stateFile?: string;
  /** @default Date.now */
  now?: () => number;
}

/** One call the fake received; the key is left out. */
export interface FakeResendCall {
  /** The specification's operation id, `emails/send`. */
  operation: string;
  method: string;
  path: string;
  query: Record<string, string>;
  idempotencyKey: string | null;
  body: unknown;
  /** What it answered; `null` while a fault kept the operation from running. */
  answer: { status: number; body: unknown } | null;
}

export interface FakeResend extends Listener {
  readonly calls: readonly FakeResendCall[];
  /** Every email sent, the newest last. */
  readonly emails: readonly FakeEmail[];
  /** The next `times` calls of an operation (`emails/send`) go wrong this way. */
  failNext: (operation: string, fault: Fault, times?: number) => void;
  clearFaults: () => void;
  /** Calls back for each email as it is sent; answers with the way to stop. */
  onEmail: (listener: (email: FakeEmail) => void) => () => void;
  /** Every email that came in, the newest last; kept in memory only. */
  readonly received: readonly FakeInboundEmail[];
  /** An email comes in: from now on the API hands it over. */
  receive: (email: NewInboundEmail) => FakeInboundEmail;
  /** Sends the signed notice of an email that came in, as often as one likes; answers with what the server said. */
  notify: (email: FakeInboundEmail, options: NoticeOptions) => Promise<Response>;
}

interface Parts {
  options: Required<Pick<FakeResendOptions, 'apiKey' | 'isSendingOnly' | 'domains'>>;
  state: ResendState;
  inbox: Inbox;
  faults: FaultQueue;
  calls: FakeResendCall[];
}

/**
 * A Resend to develop and test against: sending with idempotency keys, receiving with signed notices, refusals and outages, with no account
 * and no network.
 */
export function createFakeResend(options: FakeResendOptions = {}): FakeResend {
  const { apiKey = 're_sandbox_key', isSendingOnly = false } = options;
  const domains = options.domains ?? ['example.com', 'sandbox.example'];
  const state = new ResendState(options.stateFile ?? null, options.now ?? Date.now);
  const parts: Parts = {
    options: { apiKey, isSendingOnly, domains },
    ...{ state, inbox: new Inbox(state.now), faults: new FaultQueue(), calls: [] },
  };
  const handler = (req: IncomingMessage, res: ServerResponse) => {
    serve(parts, req, res).catch((error: unknown) => {
      const message = error instanceof Error ? error.message : String(error);
      const isMalformed = error instanceof SyntaxError;
      const name = isMalformed ? 'validation_error' : 'internal_server_error';
      if (!res.headersSent) sendAnswer(res, refuse(isMalformed ? 400 : 500, name, message));
    });
  };
  return {
    ...createListener(handler),
    calls: parts.calls,
    emails: state.emails,
    failNext: (operation, fault, times = 1) => parts.faults.add(operation, fault, times),
    clearFaults: () => parts.faults.clear(),
    onEmail: (listener) => state.onEmail(listener),
    received: parts.inbox.emails,
    receive: (email) => parts.inbox.add(email),
    notify: (email, notice) => parts.inbox.notify(email, notice),
  };
}

/** Operations by method and path. */
const operations = [
  { operation: 'emails/send', method: 'POST', path: /^\/emails$/ },
  { operation: 'emails/get', method: 'GET', path: /^\/emails\/([\w-]+)$/ },
  { operation: 'domains/list', method: 'GET', path: /^\/domains$/ },
  { operation: 'emails/get-receiving', method: 'GET', path: /^\/emails\/receiving\/([\w-]+)$/ },
  {
    operation: 'emails/list-receiving-attachments',
    method: 'GET',
    path: /^\/emails\/receiving\/([\w-]+)\/attachments$/,
  },
  {
    operation: 'emails/get-receiving-attachment',
    method: 'GET',
    path: /^\/emails\/receiving\/([\w-]+)\/attachments\/([\w-]+)$/,
  },
  /** Not of the API: the link of an attachment. */
  { operation: 'download', method: 'GET', path: /^\/download\/([\w-]+)\/([\w-]+)$/ },
];

/** Attachments of 40 MB, as Resend takes, in base64. */
const MAX_BODY_BYTES = 54 * 1024 * 1024;

async function serve(parts: Parts, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const { pathname, searchParams } = urlOf(req);
  const found = operations.find(({ method, path }) => method === req.method && path.test(pathname));
  if (!found) return sendAnswer(res, refuse(404, 'not_found', 'The requested endpoint does not exist'));
  const key = req.headers['idempotency-key'];
  const call: FakeResendCall = {
    ...{ operation: found.operation, method: found.method, path: pathname },
    query: Object.fromEntries(searchParams),
    idempotencyKey: typeof key === 'string' ? key : null,
    body: await readJsonBody(req, MAX_BODY_BYTES),
    answer: null,
  };
  parts.calls.push(call);
  await sendWithFault(res, parts.faults.take(found.operation), async () => {
    const answer = refusalOf(parts, call, req.headers.authorization) ?? perform(parts, call, req);
    const isJson = answer.headers['content-type']?.startsWith('application/json');
    call.answer = { status: answer.status, body: isJson ? JSON.parse(String(answer.body)) : null };
    return answer;
  });
}

function refusalOf(
  { options }: Parts,
  { operation }: FakeResendCall,
  authorization: string | undefined,
): Answer | null {
  if (operation === 'download') return null;
  if (!authorization?.startsWith('Bearer '))
    return refuse(401, 'missing_api_key', 'Missing API key in the authorization header');
  if (authorization !== `Bearer ${options.apiKey}`)
    return refuse(403, 'invalid_api_key', 'API key is invalid');
  if (options.isSendingOnly && operation !== 'emails/send')
    return refuse(401, 'restricted_api_key', 'This API key is restricted to only send emails');
  return null;
}

function perform(
  { state, inbox, options }: Parts,
  { operation, body, path, query, idempotencyKey }: FakeResendCall,
  req: IncomingMessage,
): Answer | Answer<Uint8Array> {
  const [first = '', , second = ''] = path.split('/').slice(3);
  if (operation === 'emails/get-receiving') return inbox.show(first, query.html_format);
  if (operation === 'emails/list-receiving-attachments') return inbox.listAttachments(first, originOf(req));
  if (operation === 'emails/get-receiving-attachment')
    return inbox.showAttachment(first, second, originOf(req));
  if (operation === 'download') return inbox.download(path.split('/')[2] ?? '', first, query);
  if (operation === 'emails/send') return sendEmail(state, body, idempotencyKey, options.domains);
  if (operation === 'emails/get') return showEmail(state, path.split('/').at(-1) ?? '');
  const data = options.domains.map((name, index) => ({
    ...{ id: `domain-${index + 1}`, name, status: 'verified', region: 'eu-west-1' },
    created_at: new Date(state.now()).toISOString(),
  }));
  return jsonAnswer({ object: 'list', has_more: false, data });
}
