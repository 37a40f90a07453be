import type { OptionLoader } from '../../core/block/implement';
import { BlockError } from '../../core/errors';
import type { SlackClient } from './web-client.server';

/** Pages looked through for a name: Slack allows about twenty calls of this kind a minute. */
const MAX_PAGES = 5;

/** The channels the app may write in; private ones only where it was invited. */
export const channels: OptionLoader<SlackClient> & { find: NonNullable<OptionLoader<SlackClient>['find']> } =
  {
    list: async (slack, { q, cursor }) => {
      const { items, nextCursor } = await listPage(slack, cursor);
      const wanted = q.toLowerCase().replace(/^#/, '');
      return { items: items.filter(({ label }) => label.toLowerCase().includes(wanted)), nextCursor };
    },
    find: async (slack, value) => {
      if (!isChannelId(value)) return findByName(slack, value);
      try {
        const { channel } = await slack.call((web) => web.conversations.info({ channel: value }));
        // Nothing can be sent to an archived channel, so it is no choice.
        return channel?.is_archived ? null : { value, label: `#${channel?.name ?? value}` };
      } catch (error) {
        if (error instanceof BlockError && error.failure.code === 'channel_not_found') return null;
        throw error;
      }
    },
  };

/** The id of a channel that may have been written by its name: messages go to either, files and updates to ids only. */
export async function channelIdOf(slack: SlackClient, value: string): Promise<string> {
  if (isChannelId(value)) return value;
  const found = await findByName(slack, value);
  if (found) return found.value;
  const message = `There is no channel "${value}" that Trama may see. Choose another channel, or invite the app to it.`;
  throw new BlockError({
    kind: 'terminal',
    code: 'channel_not_found',
    message,
    actor: 'customer',
    path: 'channel',
  });
}

/** Names of channels are lower case; ids are not. */
const isChannelId = (value: string): boolean => /^[A-Z][A-Z0-9]+$/.test(value);

async function findByName(slack: SlackClient, value: string) {
  const label = `#${value.replace(/^#/, '')}`;
  let cursor: string | null = null;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const { items, nextCursor } = await listPage(slack, cursor);
    const found = items.find((item) => item.label === label);
    if (found || nextCursor === null) return found ?? null;
    cursor = nextCursor;
  }
  return null;
}

async function listPage(slack: SlackClient, cursor: string | null) {
  const answer = await slack.call((web) =>
    web.conversations.list({
      types: 'public_channel,private_channel',
      exclude_archived: true,
      limit: 200,
      ...(cursor ? { cursor } : {}),
    }),
  );
  return {
    items: (answer.channels ?? []).map(({ id = '', name = '' }) => ({ value: id, label: `#${name}` })),
    nextCursor: answer.response_metadata?.next_cursor || null,
  };
}
