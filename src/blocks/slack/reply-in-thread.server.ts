import { implementBlock } from '../../core/block/implement';
import { done } from '../../core/block/outcome';
import { slackServer } from './client.server';
import { stepMetadata } from './message.server';
import { replyInThread } from './reply-in-thread';

export const runReplyInThread = implementBlock(replyInThread, {
  provider: slackServer,
  run: async ({ input: { channel, threadTs, text }, client, step }) => {
    const metadata = stepMetadata(step);
    const answer = await client.post(channel, (web) =>
      web.chat.postMessage({ channel, text, thread_ts: threadTs, unfurl_links: false, metadata }),
    );
    return done({ channel: answer.channel, ts: answer.ts, threadTs });
  },
});
