import * as z from 'zod';
import { defineBlock } from '../../core/block/define';
import {
  channelField,
  describeSending,
  messageOutput,
  quote,
  sampleMessage,
  textField,
  warnAboutText,
} from './fields';

export const sendMessage = defineBlock({
  type: 'slack.send-message',
  provider: 'slack',
  label: { en: 'Send message', it: 'Invia messaggio' },
  description: { en: 'Writes in a channel', it: 'Scrive in un canale' },
  icon: '#',
  // Slack has no idempotency key: a message whose answer was lost is never sent twice unseen.
  sideEffect: 'at-most-once',
  scopes: ['chat:write'],
  input: z.strictObject({ channel: channelField, text: textField }),
  output: messageOutput,
  sample: sampleMessage,
  summary: ({ channel, text }, locale) => describeSending([channel, text], locale),
  preview: ({ channel, text }) => ({
    en: `Would send “${quote(text)}” to ${channel}.`,
    it: `Invierebbe «${quote(text)}» a ${channel}.`,
  }),
  warnings: (config) => warnAboutText(config, 'text'),
});
