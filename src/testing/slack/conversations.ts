import { type MethodCall, missingScope, refuse, type SlackResult, visibleChannel } from './method';
import type { FakeSlackChannel } from './state';

export function listConversations({ args, record, state }: MethodCall): SlackResult {
  const types = (args.types ?? 'public_channel').split(',').map((type) => type.trim());
  if (types.some((type) => !['public_channel', 'private_channel', 'mpim', 'im'].includes(type)))
    return refuse('invalid_types');
  const needed = types.includes('private_channel') ? 'groups:read' : 'channels:read';
  if (!record.scopes.includes(needed)) return missingScope(needed, record);
  const limit = Number(args.limit ?? 100);
  if (!Number.isInteger(limit) || limit < 1 || limit > 1000) return refuse('invalid_limit');
  const start = args.cursor ? readCursor(args.cursor) : 0;
  if (start === null) return refuse('invalid_cursor');
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

export function describeConversation(call: MethodCall): SlackResult {
  const channel = visibleChannel(call, call.args.channel);
  if (!channel) return refuse('channel_not_found');
  const needed = channel.isPrivate ? 'groups:read' : 'channels:read';
  if (!call.record.scopes.includes(needed)) return missingScope(needed, call.record);
  return { ok: true, channel: describeChannel(channel) };
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
