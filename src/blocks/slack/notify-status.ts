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

export const notifyStatus = defineBlock({
  type: 'slack.notify-status',
  provider: 'slack',
  label: { en: 'Notify status', it: 'Notifica stato' },
  description: {
    en: 'One message that later steps keep up to date',
    it: 'Un messaggio che i passi successivi tengono aggiornato',
  },
  icon: '◐',
  // Updating may be repeated, posting may not: which of them was interrupted, `recover` can tell.
  sideEffect: 'reconcilable',
  scopes: ['chat:write'],
  input: z.strictObject({
    channel: channelField,
    text: textField,
    update: messageId.nullish().meta(
      field({
        label: { en: 'Message to update', it: 'Messaggio da aggiornare' },
        hint: {
          en: 'The “Message id” of an earlier Slack step: its text is replaced. Empty: a new message is posted.',
          it: 'L’«Id messaggio» di un passo Slack precedente: il suo testo viene sostituito. Vuoto: viene scritto un messaggio nuovo.',
        },
        widget: 'reference',
      }),
    ),
  }),
  output: messageOutput.extend({
    updated: z
      .boolean()
      .meta(field({ label: { en: 'Earlier message updated', it: 'Messaggio precedente aggiornato' } })),
  }),
  sample: { ...sampleMessage, updated: false },
  summary: ({ channel, text }, locale) => describeSending([channel, text], locale),
  preview: ({ channel, text, update }) =>
    update
      ? {
          en: `Would change an earlier message in ${channel} to “${quote(text)}”.`,
          it: `Cambierebbe un messaggio precedente in ${channel} in «${quote(text)}».`,
        }
      : {
          en: `Would send “${quote(text)}” to ${channel}.`,
          it: `Invierebbe «${quote(text)}» a ${channel}.`,
        },
  warnings: (config) => warnAboutText(config, 'text'),
});
