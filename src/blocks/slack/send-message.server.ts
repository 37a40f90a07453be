import { implementBlock } from '../../core/block/implement';
import { done } from '../../core/block/outcome';
import { slackServer } from './client.server';
import { stepMetadata } from './message.server';
import { sendMessage } from './send-message';

export const runSendMessage = implementBlock(sendMessage, {
  provider: slackServer,
  run: async ({ input: { channel, text }, client, step }) => {
    const metadata = stepMetadata(step);
    const answer = await client.post(channel, (web) =>
      web.chat.postMessage({ channel, text, unfurl_links: false, metadata }),
    );
    return done({ channel: answer.channel, ts: answer.ts });
  },
});
