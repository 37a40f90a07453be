/** Uploading in three steps: an address is asked for, the bytes go there, the file is shared. Until then nobody sees it. */
import { createHash } from 'node:crypto';
import { threadOf } from './messages';
import { MAX_TEXT, type MethodCall, readJson, refuse, type SlackResult, visibleChannel } from './method';
import type { FakeSlackFile, SlackState } from './state';

/** Where bytes are sent; the rest of the path is a secret of the upload. */
export const UPLOAD_PATH = '/upload/v1/';

export function openUpload({ args, record, state, origin }: MethodCall): SlackResult {
  const size = Number(args.length);
  if (!args.filename || !Number.isInteger(size) || size < 1) return refuse('missing_argument');
  const secret = state.openUpload({ teamId: record.teamId, filename: args.filename, size });
  return {
    ok: true,
    upload_url: `${origin}${UPLOAD_PATH}${secret}`,
    file_id: state.fileOfUpload(secret)?.id,
  };
}

/** The bytes of an upload; `null` when they are taken, else the status to answer. */
export function receiveBytes(state: SlackState, secret: string, bytes: Uint8Array): number | null {
  const file = state.fileOfUpload(secret);
  if (!file) return 404;
  if (bytes.byteLength !== file.size) return 400;
  state.storeBytes(file, bytes, createHash('sha256').update(bytes).digest('hex'));
  return null;
}

export function completeUpload(call: MethodCall): SlackResult {
  const { args, record, state } = call;
  const asked = readJson(args.files);
  if (!isFileList(asked)) return refuse('invalid_array_arg');
  const files = asked.map(({ id }) => state.files.find((file) => file.id === id));
  if (!files.every((file) => file?.sha256 && file.teamId === record.teamId && file.channelId === null))
    return refuse('file_not_found');
  const channel = visibleChannel(call, args.channel_id);
  if (!channel) return refuse('channel_not_found');
  if (channel.isArchived) return refuse('posting_to_channel_denied');
  // The right to write in public channels uninvited does not extend to files.
  if (!channel.isMember) return refuse('not_in_channel');
  const threadTs = threadOf(call, channel.id);
  if (threadTs === undefined) return refuse('invalid_channel');
  const shared = (files as FakeSlackFile[]).map((file, index) =>
    state.shareFile(file, { channelId: channel.id, threadTs, title: asked[index]?.title ?? file.filename }),
  );
  state.addMessage({
    teamId: record.teamId,
    channelId: channel.id,
    channelName: channel.name,
    threadTs,
    text: (args.initial_comment ?? '').slice(0, MAX_TEXT),
    blocks: null,
    metadata: null,
    fileIds: shared.map((file) => file.id),
  });
  return { ok: true, files: shared.map(describeFile) };
}

const isFileList = (value: unknown): value is { id: string; title?: string }[] =>
  Array.isArray(value) && value.length > 0 && value.every((entry) => typeof entry?.id === 'string');

const describeFile = ({ id, teamId, filename, title, size }: FakeSlackFile) => ({
  id,
  name: filename,
  title,
  size,
  permalink: `https://${teamId.toLowerCase()}.slack.example/files/${id}/${encodeURIComponent(filename)}`,
});
