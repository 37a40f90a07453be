import {
  botUserOf,
  MAX_TEXT,
  type MethodCall,
  readJson,
  refuse,
  type SlackResult,
  visibleChannel,
} from './method';
import type { FakeSlackMessage } from './state';

/** `chat.postMessage`: takes a channel's id or its name, and cuts what is too long. */
export function postMessage(call: MethodCall): SlackResult {
  const { args, record, state } = call;
  const channel = visibleChannel(call, channelIdOf(call));
  if (!channel) return refuse('channel_not_found');
  if (channel.isArchived) return refuse('is_archived');
  if (!channel.isMember && !record.scopes.includes('chat:write.public')) return refuse('not_in_channel');
  const text = args.text ?? '';
  if (text === '' && !args.blocks && !args.attachments) return refuse('no_text');
  const blocks = readJson(args.blocks);
  if (args.blocks && !Array.isArray(blocks)) return refuse('invalid_blocks_format');
  const threadTs = threadOf(call, channel.id);
  if (threadTs === undefined) return refuse('thread_not_found');
  const message = state.addMessage({
    teamId: record.teamId,
    channelId: channel.id,
    channelName: channel.name,
    threadTs,
    text: text.slice(0, MAX_TEXT),
    blocks,
    metadata: readJson(args.metadata),
    fileIds: [],
  });
  return { ok: true, channel: channel.id, ts: message.ts, message: describeMessage(message) };
}

/** `chat.update`: takes a channel's id only. What is left out of the metadata is kept. */
export function updateMessage(call: MethodCall): SlackResult {
  const { args, state } = call;
  const channel = visibleChannel(call, args.channel);
  if (!channel) return refuse('channel_not_found');
  const message = state.findMessage(channel.id, args.ts ?? '');
  if (!message) return refuse('message_not_found');
  const text = args.text ?? '';
  if (text === '' && !args.blocks && !args.attachments) return refuse('no_text');
  if (text.length > MAX_TEXT) return refuse('msg_too_long');
  const metadata = args.metadata === undefined ? message.metadata : readJson(args.metadata);
  state.updateMessage(message, { text, blocks: readJson(args.blocks), metadata });
  return { ok: true, channel: channel.id, ts: message.ts, text, message: describeMessage(message) };
}

/** The thread a message goes to; `null`: none was asked for, `undefined`: there is no such message. A reply's thread is its parent's. */
export function threadOf({ args, state }: MethodCall, channelId: string): string | null | undefined {
  if (args.thread_ts === undefined) return null;
  const parent = state.findMessage(channelId, args.thread_ts);
  return parent && (parent.threadTs ?? parent.ts);
}

function channelIdOf({ args, record, state }: MethodCall): string | undefined {
  const name = args.channel?.replace(/^#/, '');
  const named = state.channels.find((channel) => channel.teamId === record.teamId && channel.name === name);
  return named?.id ?? args.channel;
}

function describeMessage({ teamId, text, ts, threadTs }: FakeSlackMessage) {
  return {
    type: 'message',
    text,
    ts,
    user: botUserOf(teamId),
    bot_id: `B${teamId}`,
    team: teamId,
    ...(threadTs ? { thread_ts: threadTs } : {}),
  };
}
