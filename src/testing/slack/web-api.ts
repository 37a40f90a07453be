import type { FakeSlackChannel, SlackState, TokenRecord } from './state';

/** A call as a method sees it, its token already checked. */
export interface MethodCall {
  args: Record<string, string>;
  token: string;
  record: TokenRecord;
  state: SlackState;
}

export type SlackResult =
  | { ok: true; [key: string]: unknown }
  | { ok: false; error: string; [key: string]: unknown };

export interface Method {
  /** Any one of these scopes is enough; none asked when empty. */
  scopes: readonly string[];
  run: (call: MethodCall) => SlackResult;
}

const MAX_TEXT = 40_000;

/** The Web API methods the fake knows, by name. */
export const methods: Record<string, Method> = {
  'auth.test': { scopes: [], run: testAuth },
  'auth.revoke': { scopes: [], run: revokeAuth },
  'conversations.list': { scopes: ['channels:read', 'groups:read'], run: listConversations },
  'chat.postMessage': { scopes: ['chat:write'], run: postMessage },
};

function testAuth({ record, state }: MethodCall): SlackResult {
  const team = state.team(record.teamId);
  return {
    ok: true,
    url: `https://${record.teamId.toLowerCase()}.slack.example/`,
    team: team?.name ?? record.teamId,
    user: 'trama',
    team_id: record.teamId,
    user_id: botUserOf(record.teamId),
    bot_id: `B${record.teamId}`,
    is_enterprise_install: false,
  };
}

function revokeAuth({ args, token, state }: MethodCall): SlackResult {
  if (args.test === 'true' || args.test === '1') return { ok: true, revoked: false };
  state.revokeToken(token);
  return { ok: true, revoked: true };
}

function listConversations({ args, record, state }: MethodCall): SlackResult {
  const types = (args.types ?? 'public_channel').split(',').map((type) => type.trim());
  if (types.some((type) => !['public_channel', 'private_channel', 'mpim', 'im'].includes(type))) {
    return { ok: false, error: 'invalid_types' };
  }
  const needed = types.includes('private_channel') ? 'groups:read' : 'channels:read';
  if (!record.scopes.includes(needed)) return missingScope(needed, record);
  const limit = Number(args.limit ?? 100);
  if (!Number.isInteger(limit) || limit < 1 || limit > 1000) return { ok: false, error: 'invalid_limit' };
  const start = args.cursor ? readCursor(args.cursor) : 0;
  if (start === null) return { ok: false, error: 'invalid_cursor' };
  const visible = state.channels.filter((channel) =>
    isListed(channel, record.teamId, types, args.exclude_archived === 'true'),
  );
  const end = start + limit;
  return {
    ok: true,
    channels: visible.slice(start, end).map(describeChannel),
    response_metadata: { next_cursor: end < visible.length ? writeCursor(end) : '' },
  };
}

function isListed(
  channel: FakeSlackChannel,
  teamId: string,
  types: string[],
  isActiveOnly: boolean,
): boolean {
  if (channel.teamId !== teamId || (isActiveOnly && channel.isArchived)) return false;
  return channel.isPrivate
    ? types.includes('private_channel') && channel.isMember
    : types.includes('public_channel');
}

const describeChannel = (channel: FakeSlackChannel) => ({
  id: channel.id,
  name: channel.name,
  is_channel: !channel.isPrivate,
  is_group: channel.isPrivate,
  is_private: channel.isPrivate,
  is_archived: channel.isArchived,
  is_member: channel.isMember,
  context_team_id: channel.teamId,
});

const writeCursor = (offset: number): string => Buffer.from(`offset:${offset}`).toString('base64');

function readCursor(cursor: string): number | null {
  const match = /^offset:(\d+)$/.exec(Buffer.from(cursor, 'base64').toString('utf8'));
  return match ? Number(match[1]) : null;
}

function postMessage({ args, record, state }: MethodCall): SlackResult {
  const channel = args.channel ? findChannel(state, record.teamId, args.channel) : undefined;
  if (!channel || (channel.isPrivate && !channel.isMember)) return { ok: false, error: 'channel_not_found' };
  if (channel.isArchived) return { ok: false, error: 'is_archived' };
  if (!channel.isMember && !record.scopes.includes('chat:write.public'))
    return { ok: false, error: 'not_in_channel' };
  const text = args.text ?? '';
  if (text === '' && !args.blocks && !args.attachments) return { ok: false, error: 'no_text' };
  if (text.length > MAX_TEXT) return { ok: false, error: 'msg_too_long' };
  const blocks = readJson(args.blocks);
  if (args.blocks && !Array.isArray(blocks)) return { ok: false, error: 'invalid_blocks_format' };
  const message = state.addMessage({
    teamId: record.teamId,
    channelId: channel.id,
    channelName: channel.name,
    threadTs: args.thread_ts ?? null,
    text,
    blocks,
    metadata: readJson(args.metadata),
  });
  return { ok: true, channel: channel.id, ts: message.ts, message: describeMessage(message, record.teamId) };
}

function describeMessage(message: { ts: string; text: string; threadTs: string | null }, teamId: string) {
  return {
    type: 'message',
    text: message.text,
    ts: message.ts,
    user: botUserOf(teamId),
    bot_id: `B${teamId}`,
    team: teamId,
    ...(message.threadTs ? { thread_ts: message.threadTs } : {}),
  };
}

function findChannel(state: SlackState, teamId: string, wanted: string): FakeSlackChannel | undefined {
  const name = wanted.replace(/^#/, '');
  return state.channels.find(
    (channel) => channel.teamId === teamId && (channel.id === wanted || channel.name === name),
  );
}

function readJson(text: string | undefined): unknown {
  if (!text) return null;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

export const botUserOf = (teamId: string): string => `U${teamId}`;

export function missingScope(needed: string, record: TokenRecord): SlackResult {
  return { ok: false, error: 'missing_scope', needed, provided: record.scopes.join(',') };
}
