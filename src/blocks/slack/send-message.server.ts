import { implementBlock } from '../../core/block/implement';
import { done } from '../../core/block/outcome';
import { slackServer } from './client.server';
import { sendMessage } from './send-message';

export const runSendMessage = implementBlock(sendMessage, {
  provider: slackServer,
  timeoutMs: 20_000,
  run: async ({ input, client: web, step }) => {
    const answer = await (await web()).chat.postMessage({
      channel: input.channel,
      text: input.text,
      unfurl_links: false,
      metadata: { event_type: 'trama_step', event_payload: { key: step.effectKey } },
    });
    return done({ channel: answer.channel, ts: answer.ts });
  },
});
