import type { IncomingMessage, ServerResponse } from 'node:http';
import { decideConsent, type FakeSlackApp } from './slack/oauth';
import { type FakeSlackCall, serveSlack } from './slack/serve';
import {
  type FakeSlackChannel,
  type FakeSlackFile,
  type FakeSlackMessage,
  type FakeSlackTeam,
  randomId,
  SlackState,
} from './slack/state';
import { type Fault, FaultQueue } from './support/faults';
import { jsonAnswer, sendAnswer } from './support/http';
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

export interface FakeSlack extends Listener {
  readonly calls: readonly FakeSlackCall[];
  readonly messages: readonly FakeSlackMessage[];
  readonly channels: readonly FakeSlackChannel[];
  readonly teams: readonly FakeSlackTeam[];
  readonly files: readonly FakeSlackFile[];
  /** What was uploaded as this file; kept in memory only. */
  bytesOf: (fileId: string) => Uint8Array | undefined;
  /** The next `times` calls of `method` (`chat.postMessage`, `oauth.v2.access`, ...) go wrong this way. */
  failNext: (method: string, fault: Fault, times?: number) => void;
  clearFaults: () => void;
  /** Calls back for each message as it is posted; answers with the way to stop. */
  onMessage: (listener: (message: FakeSlackMessage) => void) => () => void;
  addChannel: (channel: NewChannel) => FakeSlackChannel;
  /** As people do in Slack: invite the app to a channel, archive it. @throws when there is no such channel */
  changeChannel: (name: string, change: Partial<Pick<FakeSlackChannel, 'isMember' | 'isArchived'>>) => void;
  /** As when somebody deletes a message in Slack. */
  deleteMessage: (ts: string) => void;
  /** Every token issued so far stops working, as when the app is removed from the workspace. */
  revokeTokens: () => void;
  /** A token as if somebody had just connected, for tests that are not about connecting. */
  issueToken: (options?: { scopes?: readonly string[]; teamId?: string }) => string;
  /** Decides on an authorize address as a person would; answers with where the browser is sent. */
  consent: (authorizeUrl: string, decision: 'allow' | 'cancel', teamId?: string) => string;
}

const defaultChannels: readonly (string | NewChannel)[] = [
  'general',
  // Files can only be shared where the app was invited, and a sandbox has nobody to invite it.
  { name: 'fatture', isMember: true },
  { name: 'contratti', isMember: true },
  { name: 'direzione', isPrivate: true, isMember: false },
  { name: 'vecchio-archivio', isArchived: true },
];
const allScopes = ['chat:write', 'chat:write.public', 'channels:read', 'groups:read', 'files:write'];

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
  const now = options.now ?? Date.now;
  const state = new SlackState(teams, seeded, options.stateFile ?? null, now);
  const faults = new FaultQueue();
  const calls: FakeSlackCall[] = [];
  const parts = { app, state, faults, calls, now, signedInTeam: options.signedInTeam };
  const handler = (req: IncomingMessage, res: ServerResponse) => {
    serveSlack(parts, req, res).catch((error: unknown) => {
      const message = error instanceof Error ? error.message : String(error);
      if (!res.headersSent) sendAnswer(res, jsonAnswer({ ok: false, error: 'fatal_error', message }, 500));
    });
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
    get files() {
      return state.files;
    },
    bytesOf: (fileId) => state.bytesOf(fileId),
    failNext: (method, fault, times = 1) => faults.add(method, fault, times),
    clearFaults: () => faults.clear(),
    onMessage: (listener) => state.onMessage(listener),
    addChannel: (channel) => {
      const added = toChannel(channel, teams[0]?.id ?? '');
      state.addChannel(added);
      return added;
    },
    changeChannel: (name, change) => {
      const found = state.channels.filter((channel) => channel.name === name.replace(/^#/, ''));
      if (found.length === 0) throw new Error(`The fake Slack has no channel "${name}".`);
      for (const { id } of found) state.changeChannel(id, change);
    },
    deleteMessage: (ts) => state.deleteMessage(ts),
    revokeTokens: () => state.revokeAllTokens(),
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
