import type { IncomingMessage, ServerResponse } from 'node:http';
import { decideConsent, exchangeCode, type FakeSlackApp, showConsent } from './slack/oauth';
import {
  type FakeSlackChannel,
  type FakeSlackMessage,
  type FakeSlackTeam,
  randomId,
  SlackState,
} from './slack/state';
import { methods, missingScope, type SlackResult } from './slack/web-api';
import { type Fault, FaultQueue, sendWithFault } from './support/faults';
import { type Answer, jsonAnswer, readArguments, sendAnswer, urlOf } from './support/http';
import { createListener, type Listener } from './support/listener';

export interface FakeSlackOptions extends Partial<FakeSlackApp> {
  /** Workspaces a person can choose on the consent page. @default one, "Sandbox" */
  teams?: readonly FakeSlackTeam[];
  /** Channels every workspace begins with. @default #general #fatture #contratti, a private and an archived one */
  channels?: readonly (string | NewChannel)[];
  /** Workspace this browser is signed in to, chosen beforehand on the consent page. @default the first */
  signedInTeam?: (req: IncomingMessage) => string | undefined;
  /** Where tokens (hashed), codes, channels and messages are kept over restarts. @default memory only */
  stateFile?: string;
  /** @default Date.now */
  now?: () => number;
}

export interface NewChannel {
  name: string;
  id?: string;
  teamId?: string;
  isPrivate?: boolean;
  isArchived?: boolean;
  isMember?: boolean;
}

/** One call the fake received. Tokens, codes and secrets are left out of `args`. */
export interface FakeSlackCall {
  method: string;
  args: Record<string, string>;
  teamId: string | null;
  /** What it answered; `null` while a fault kept the method from running. */
  result: { ok: boolean; error?: string } | null;
}

export interface FakeSlack extends Listener {
  readonly calls: readonly FakeSlackCall[];
  readonly messages: readonly FakeSlackMessage[];
  readonly channels: readonly FakeSlackChannel[];
  readonly teams: readonly FakeSlackTeam[];
  /** The next `times` calls of `method` (`chat.postMessage`, `oauth.v2.access`, ...) go wrong this way. */
  failNext: (method: string, fault: Fault, times?: number) => void;
  clearFaults: () => void;
  /** Calls back for each message as it is posted; answers with the way to stop. */
  onMessage: (listener: (message: FakeSlackMessage) => void) => () => void;
  addChannel: (channel: NewChannel) => FakeSlackChannel;
  /** A token as if somebody had just connected, for tests that are not about connecting. */
  issueToken: (options?: { scopes?: readonly string[]; teamId?: string }) => string;
  /** Decides on an authorize address as a person would; answers with where the browser is sent. */
  consent: (authorizeUrl: string, decision: 'allow' | 'cancel', teamId?: string) => string;
}

const defaultChannels: readonly (string | NewChannel)[] = [
  'general',
  'fatture',
  'contratti',
  { name: 'direzione', isPrivate: true, isMember: false },
  { name: 'vecchio-archivio', isArchived: true },
];
const allScopes = ['chat:write', 'chat:write.public', 'channels:read', 'groups:read'];
const secretArguments = new Set(['token', 'code', 'client_secret']);

/** A Slack to develop and test against: OAuth, channels, messages, refusals and outages, with no account and no network. */
export function createFakeSlack(options: FakeSlackOptions = {}): FakeSlack {
  const app: FakeSlackApp = { clientId: 'sandbox-client', clientSecret: 'sandbox-secret', ...options };
  const teams = options.teams ?? [{ id: 'T0SANDBOX', name: 'Sandbox' }];
  const first = (options.channels ?? defaultChannels).map((channel) =>
    typeof channel === 'string' ? { name: channel } : channel,
  );
  const seeded = teams.flatMap((team) =>
    first
      .filter((channel) => !channel.teamId || channel.teamId === team.id)
      .map((channel) => toChannel(channel, team.id)),
  );
  const state = new SlackState(teams, seeded, options.stateFile ?? null, options.now ?? Date.now);
  const faults = new FaultQueue();
  const calls: FakeSlackCall[] = [];
  const handler = (req: IncomingMessage, res: ServerResponse) => {
    serve({ app, state, faults, calls, signedInTeam: options.signedInTeam }, req, res).catch(
      (error: unknown) => {
        const message = error instanceof Error ? error.message : String(error);
        if (!res.headersSent) sendAnswer(res, jsonAnswer({ ok: false, error: 'fatal_error', message }, 500));
      },
    );
  };
  return {
    ...createListener(handler),
    calls,
    get messages() {
      return state.messages;
    },
    get channels() {
      return state.channels;
    },
    teams,
    failNext: (method, fault, times = 1) => faults.add(method, fault, times),
    clearFaults: () => faults.clear(),
    onMessage: (listener) => state.onMessage(listener),
    addChannel: (channel) => {
      const added = toChannel(channel, teams[0]?.id ?? '');
      state.addChannel(added);
      return added;
    },
    issueToken: ({ scopes = allScopes, teamId = teams[0]?.id ?? '' } = {}) =>
      state.issueToken({ scopes: [...scopes], teamId, clientId: app.clientId }),
    consent: (authorizeUrl, decision, teamId = teams[0]?.id ?? '') => {
      const params = Object.fromEntries(new URL(authorizeUrl).searchParams);
      const answer = decideConsent(app, state, { ...params, decision, team: teamId });
      const location = answer.headers.location;
      if (!location)
        throw new Error(
          `The fake Slack refuses this authorize address: ${answer.body.match(/<code>(\w+)</)?.[1]}.`,
        );
      return location;
    },
  };
}

function toChannel(channel: NewChannel, teamId: string): FakeSlackChannel {
  return {
    id: channel.id ?? randomId('C'),
    teamId: channel.teamId ?? teamId,
    name: channel.name,
    isPrivate: channel.isPrivate ?? false,
    isArchived: channel.isArchived ?? false,
    isMember: channel.isMember ?? false,
  };
}

interface Parts {
  app: FakeSlackApp;
  state: SlackState;
  faults: FaultQueue;
  calls: FakeSlackCall[];
  signedInTeam: FakeSlackOptions['signedInTeam'];
}

async function serve(parts: Parts, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const { app, state, faults, signedInTeam } = parts;
  const { pathname } = urlOf(req);
  const args = await readArguments(req);
  if (pathname === '/oauth/v2/authorize') {
    if (req.method === 'POST') return sendAnswer(res, decideConsent(app, state, args));
    const team = args.team ?? signedInTeam?.(req) ?? '';
    return sendAnswer(res, showConsent(app, state, { ...args, team }));
  }
  if (!pathname.startsWith('/api/'))
    return sendAnswer(res, jsonAnswer({ ok: false, error: 'not_found' }, 404));
  const method = pathname.slice('/api/'.length);
  const call = recordCall(parts, method, args);
  const fault = faults.take(method);
  await sendWithFault(res, fault, async () => performCall(parts, call, args, req.headers.authorization));
}

function recordCall({ calls }: Parts, method: string, args: Record<string, string>): FakeSlackCall {
  const shown = Object.entries(args).filter(([name]) => !secretArguments.has(name));
  const call: FakeSlackCall = { method, args: Object.fromEntries(shown), teamId: null, result: null };
  calls.push(call);
  return call;
}

function performCall(
  { app, state }: Parts,
  call: FakeSlackCall,
  args: Record<string, string>,
  authorization: string | undefined,
): Answer {
  if (call.method === 'oauth.v2.access')
    return answerCall(call, exchangeCode(app, state, args, authorization), {});
  const method = Object.hasOwn(methods, call.method) ? methods[call.method] : undefined;
  if (!method) return answerCall(call, { ok: false, error: 'unknown_method' }, {});
  const token = authorization?.startsWith('Bearer ') ? authorization.slice(7) : args.token;
  if (!token) return answerCall(call, { ok: false, error: 'not_authed' }, {});
  const record = state.findToken(token);
  if (!record) return answerCall(call, { ok: false, error: 'invalid_auth' }, {});
  if (record.revoked) return answerCall(call, { ok: false, error: 'token_revoked' }, {});
  call.teamId = record.teamId;
  const headers = {
    'x-oauth-scopes': record.scopes.join(','),
    'x-accepted-oauth-scopes': method.scopes.join(','),
  };
  const isAllowed =
    method.scopes.length === 0 || method.scopes.some((scope) => record.scopes.includes(scope));
  const result = isAllowed
    ? method.run({ args, token, record, state })
    : missingScope(method.scopes[0] ?? '', record);
  return answerCall(call, result, headers);
}

/** Slack answers refusals with HTTP 200 too. */
function answerCall(call: FakeSlackCall, result: SlackResult, headers: Record<string, string>): Answer {
  call.result = result.ok ? { ok: true } : { ok: false, error: result.error };
  return jsonAnswer(result, 200, { 'x-slack-req-id': randomId('req-'), ...headers });
}
