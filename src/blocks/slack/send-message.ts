import * as z from 'zod';
import { defineBlock, field } from '../../core/block/define';

export const sendMessage = defineBlock({
  type: 'slack.send-message',
  provider: 'slack',
  label: { en: 'Send message', it: 'Invia messaggio' },
  description: { en: 'Writes in a channel', it: 'Scrive in un canale' },
  icon: '#',
  // Slack has no idempotency key: a message whose answer was lost is never sent twice unseen.
  sideEffect: 'at-most-once',
  input: z.strictObject({
    channel: z
      .string()
      .min(1)
      .max(200)
      .meta(field({ label: { en: 'Channel', it: 'Canale' }, widget: 'remote-select', options: 'channels' })),
    text: z
      .string()
      .min(1)
      .max(40_000)
      .meta(field({ label: { en: 'Message', it: 'Messaggio' }, widget: 'long-text' })),
  }),
  output: z.object({
    channel: z.string().meta(field({ label: { en: 'Channel', it: 'Canale' } })),
    ts: z.string().meta(field({ label: { en: 'Message id', it: 'Id messaggio' } })),
  }),
  sample: { channel: 'C024BE91L', ts: '1405895017.000506' },
  summary: (config, locale) => {
    const text = String(config.text ?? '');
    if (!config.channel && !text) return locale === 'it' ? 'Da configurare' : 'Not set up yet';
    const channel = String(config.channel ?? '');
    return [channel, text].filter((part) => part !== '').join(' · ');
  },
});
