import * as z from 'zod';
import { defineBlock, field } from '../../core/block/define';
import {
  channelField,
  describeSending,
  messageId,
  messageOutput,
  quote,
  sampleMessage,
  textField,
  warnAboutText,
} from './fields';

export const replyInThread = defineBlock({
  type: 'slack.reply-in-thread',
  provider: 'slack',
  label: { en: 'Reply in thread', it: 'Rispondi nella conversazione' },
  description: { en: 'Replies to an earlier message', it: 'Risponde a un messaggio precedente' },
  icon: '↳',
  // As for a message: Slack has no idempotency key.
  sideEffect: 'at-most-once',
  scopes: ['chat:write'],
  input: z.strictObject({
    channel: channelField,
    threadTs: messageId.meta(
      field({
        label: { en: 'Message to reply to', it: 'Messaggio a cui rispondere' },
        hint: {
          en: 'Choose the “Message id” of an earlier Slack step.',
          it: 'Scegli l’«Id messaggio» di un passo Slack precedente.',
        },
        widget: 'reference',
      }),
    ),
    text: textField,
  }),
  output: messageOutput.extend({
    threadTs: z.string().meta(field({ label: { en: 'Thread id', it: 'Id conversazione' } })),
  }),
  sample: { ...sampleMessage, ts: '1405895018.000101', threadTs: sampleMessage.ts },
  summary: ({ channel, text }, locale) => describeSending([channel, text], locale),
  preview: ({ channel, text }) => ({
    en: `Would reply “${quote(text)}” in a thread in ${channel}.`,
    it: `Risponderebbe «${quote(text)}» in una conversazione di ${channel}.`,
  }),
  warnings: (config) => warnAboutText(config, 'text'),
});
