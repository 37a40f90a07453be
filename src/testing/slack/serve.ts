import type { IncomingMessage, ServerResponse } from 'node:http';
import { type FaultQueue, sendWithFault } from '../support/faults';
import {
  type Answer,
  jsonAnswer,
  originOf,
  readArguments,
  readUpload,
  sendAnswer,
  urlOf,
} from '../support/http';
import { receiveBytes, UPLOAD_PATH } from './files';
import { missingScope, refuse, type SlackResult } from './method';
import { decideConsent, exchangeCode, type FakeSlackApp, showConsent } from './oauth';
import { randomId, type SlackState } from './state';
import { methods } from './web-api';

/** One call the fake received. Tokens, codes and secrets are left out of `args`. */
export interface FakeSlackCall {
  /** `upload` for a file's bytes. */
  method: string;
  args: Record<string, string>;
  /** When it came, milliseconds since 1970. */
  at: number;
  teamId: string | null;
  /** What it answered; `null` while a fault kept the method from running. */
  result: { ok: boolean; error?: string } | null;
}

export interface ServeParts {
  app: FakeSlackApp;
  state: SlackState;
  faults: FaultQueue;
  calls: FakeSlackCall[];
  now: () => number;
  signedInTeam: ((req: IncomingMessage) => string | undefined) | undefined;
}

const secretArguments = new Set(['token', 'code', 'client_secret']);

export async function serveSlack(
  parts: ServeParts,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  const { pathname } = urlOf(req);
  if (pathname.startsWith(UPLOAD_PATH))
    return serveUpload(parts, pathname.slice(UPLOAD_PATH.length), req, res);
  const args = await readArguments(req);
  if (pathname === '/oauth/v2/authorize') return serveConsent(parts, args, req, res);
  if (!pathname.startsWith('/api/')) return sendAnswer(res, jsonAnswer(refuse('not_found'), 404));
  const method = pathname.slice('/api/'.length);
  const call = recordCall(parts, method, args);
  const fault = parts.faults.take(method);
  await sendWithFault(res, fault, async () => performCall(parts, call, args, req));
}

function serveConsent(
  { app, state, signedInTeam }: ServeParts,
  args: Record<string, string>,
  req: IncomingMessage,
  res: ServerResponse,
): void {
  const team = args.team ?? signedInTeam?.(req) ?? '';
  const isDecision = req.method === 'POST';
  sendAnswer(res, isDecision ? decideConsent(app, state, args) : showConsent(app, state, { ...args, team }));
}

async function serveUpload(
  parts: ServeParts,
  secret: string,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  // The SDK's name for the part that holds the file.
  const bytes = await readUpload(req, 'body');
  const call = recordCall(parts, 'upload', { size: String(bytes.byteLength) });
  await sendWithFault(res, parts.faults.take('upload'), async () => {
    const refusal = receiveBytes(parts.state, secret, bytes);
    call.result = { ok: refusal === null };
    const body = refusal === null ? `OK - ${bytes.byteLength}` : 'Upload refused';
    return { status: refusal ?? 200, headers: { 'content-type': 'text/plain' }, body };
  });
}

function recordCall({ calls, now }: ServeParts, method: string, args: Record<string, string>): FakeSlackCall {
  const shown = Object.entries(args).filter(([name]) => !secretArguments.has(name));
  const call = { method, args: Object.fromEntries(shown), at: now(), teamId: null, result: null };
  calls.push(call);
  return call;
}

function performCall(
  { app, state }: ServeParts,
  call: FakeSlackCall,
  args: Record<string, string>,
  req: IncomingMessage,
): Answer {
  const { authorization } = req.headers;
  if (call.method === 'oauth.v2.access')
    return answerCall(call, exchangeCode(app, state, args, authorization));
  const method = Object.hasOwn(methods, call.method) ? methods[call.method] : undefined;
  if (!method) return answerCall(call, refuse('unknown_method'));
  const token = authorization?.startsWith('Bearer ') ? authorization.slice(7) : args.token;
  if (!token) return answerCall(call, refuse('not_authed'));
  const record = state.findToken(token);
  if (!record) return answerCall(call, refuse('invalid_auth'));
  if (record.revoked) return answerCall(call, refuse('token_revoked'));
  call.teamId = record.teamId;
  const isAllowed =
    method.scopes.length === 0 || method.scopes.some((scope) => record.scopes.includes(scope));
  const result = isAllowed
    ? method.run({ args, token, record, state, origin: originOf(req) })
    : missingScope(method.scopes[0] ?? '', record);
  return answerCall(call, result, {
    'x-oauth-scopes': record.scopes.join(','),
    'x-accepted-oauth-scopes': method.scopes.join(','),
  });
}

/** Slack answers refusals with HTTP 200 too. */
function answerCall(call: FakeSlackCall, result: SlackResult, headers: Record<string, string> = {}): Answer {
  call.result = result.ok ? { ok: true } : { ok: false, error: result.error };
  return jsonAnswer(result, 200, { 'x-slack-req-id': randomId('req-'), ...headers });
}
