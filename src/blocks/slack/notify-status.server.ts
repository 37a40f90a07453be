import type * as z from 'zod';
import { implementBlock, type StepContext } from '../../core/block/implement';
import { done, type Outcome } from '../../core/block/outcome';
import { BlockError } from '../../core/errors';
import { channelIdOf } from './channels.server';
import { slackServer } from './client.server';
import { stepMetadata } from './message.server';
import { notifyStatus } from './notify-status';
import type { SlackClient } from './web-client.server';

type Input = z.output<typeof notifyStatus.input>;

export const runNotifyStatus = implementBlock(notifyStatus, {
  provider: slackServer,
  run: async ({ input, client, step }) =>
    (await update(input, client, step)) ?? (await post(input, client, step)),
  // An update can be made again. A message may have been posted, in the first place or because the earlier one was gone: nobody can tell.
  recover: async ({ input, client, step }) => {
    const outcome = await update(input, client, step);
    return outcome ? { happened: true, outcome } : { happened: 'unknown' };
  },
});

const cannotBeUpdated = new Set(['message_not_found', 'edit_window_closed', 'cant_update_message']);

/** The outcome of updating the earlier message; `null` where there is none, or none that can be updated any more. */
async function update(input: Input, client: SlackClient, step: StepContext): Promise<Outcome | null> {
  const { text, update: ts } = input;
  if (!ts) return null;
  const channel = await channelIdOf(client, input.channel);
  const metadata = stepMetadata(step);
  try {
    // `parse: none` as a message has it of itself; an update without it would make mentions of what is written "@somebody".
    await client.post(channel, (web) => web.chat.update({ channel, ts, text, parse: 'none', metadata }));
  } catch (error) {
    if (error instanceof BlockError && cannotBeUpdated.has(error.failure.code)) return null;
    throw error;
  }
  return done({ channel, ts, updated: true });
}

async function post({ channel, text }: Input, client: SlackClient, step: StepContext): Promise<Outcome> {
  const metadata = stepMetadata(step);
  const answer = await client.post(channel, (web) =>
    web.chat.postMessage({ channel, text, unfurl_links: false, metadata }),
  );
  return done({ channel: answer.channel, ts: answer.ts, updated: false });
}
