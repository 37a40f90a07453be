import type { FilesUploadV2Arguments, WebClient } from '@slack/web-api';
import { type FileContent, safeFilename } from '../../core/block/file';
import { implementBlock } from '../../core/block/implement';
import { done } from '../../core/block/outcome';
import { BlockError } from '../../core/errors';
import { channelIdOf } from './channels.server';
import { slackServer } from './client.server';
import { uploadFile } from './upload-file';

export const runUploadFile = implementBlock(uploadFile, {
  provider: slackServer,
  // Opening the file, and three calls to Slack.
  timeoutMs: 75_000,
  run: async ({ input, client, openFile }) => {
    const file = await openFile(input.file);
    const channel = await channelIdOf(client, input.channel);
    const shared = await client.post(channel, (web) => share(web, channel, file, input));
    return done({
      channel,
      fileId: shared?.id,
      filename: safeFilename(file.filename),
      permalink: shared?.permalink ?? null,
    });
  },
});

interface Words {
  title?: string | undefined;
  comment?: string | undefined;
  threadTs?: string | null | undefined;
}

async function share(web: WebClient, channel: string, file: FileContent, words: Words) {
  if (file.bytes.byteLength === 0) throw emptyFile(file);
  const { buffer, byteOffset, byteLength } = file.bytes;
  const filename = safeFilename(file.filename);
  const answer = await web.filesUploadV2({
    channel_id: channel,
    file: Buffer.from(buffer, byteOffset, byteLength),
    filename,
    title: words.title || filename,
    ...(words.comment ? { initial_comment: words.comment } : {}),
    ...(words.threadTs ? { thread_ts: words.threadTs } : {}),
  } as FilesUploadV2Arguments);
  return answer.files[0]?.files?.[0];
}

function emptyFile({ filename }: FileContent): BlockError {
  const message = `The file "${filename}" is empty, and Slack takes no empty files. Check the step it comes from.`;
  return new BlockError({ kind: 'terminal', code: 'file_empty', message, actor: 'customer', path: 'file' });
}
