/** What the blocks of Slack have in common: their fields, and what is said of them on cards, in dry runs and as warnings. */
import * as z from 'zod';
import { type ConfigWarning, field, type LocalText } from '../../core/block/define';
import type { Json } from '../../core/json';

type Config = Readonly<Record<string, Json>>;

/** Slack cuts what is longer. */
export const MAX_TEXT = 40_000;
/** Slack advises not to go beyond. */
const ADVISED_TEXT = 4_000;

export const channelField = z
  .string()
  .min(1)
  .max(200)
  .meta(field({ label: { en: 'Channel', it: 'Canale' }, widget: 'remote-select', options: 'channels' }));

/** Values put into it are escaped: a document called `<!channel>` must not call everybody. */
export const textField = z
  .string()
  .min(1)
  .max(MAX_TEXT)
  .meta(field({ label: { en: 'Message', it: 'Messaggio' }, widget: 'long-text', escape: 'mrkdwn' }));

/** Slack's id of a message. Text and never a number, which would lose its last digits. */
export const messageId = z
  .string()
  .max(40)
  .regex(/^\d+\.\d+$/, 'a message id looks like 1405895017.000506');

export const messageOutput = z.object({
  channel: z.string().meta(field({ label: { en: 'Channel', it: 'Canale' } })),
  ts: z.string().meta(field({ label: { en: 'Message id', it: 'Id messaggio' } })),
});

export const sampleMessage = { channel: 'C024BE91L', ts: '1405895017.000506' };

/** One line for the card: the channel, then what goes there. */
export function describeSending(parts: readonly (Json | undefined)[], locale: 'en' | 'it'): string {
  const written = parts.filter((part) => typeof part === 'string' && part !== '');
  if (written.length === 0) return locale === 'it' ? 'Da configurare' : 'Not set up yet';
  return written.join(' · ');
}

const QUOTED_CHARS = 120;

/** A message as people will read it, cut short; entities are Slack's own escaping. */
export function quote(text: string): string {
  const entities: Record<string, string> = { '&lt;': '<', '&gt;': '>', '&amp;': '&' };
  const read = text.replace(/&(?:lt|gt|amp);/g, (entity) => entities[entity] ?? entity);
  return read.length <= QUOTED_CHARS ? read : `${read.slice(0, QUOTED_CHARS).trimEnd()}…`;
}

/** What is doubtful about a message as it is written. */
export function warnAboutText(config: Config, name: string): ConfigWarning[] {
  const text = config[name];
  if (typeof text !== 'string') return [];
  const found: LocalText[] = [];
  const everyone = /<!(channel|here|everyone)\b[^>]*>/.exec(text)?.[0];
  if (everyone)
    found.push({
      en: `${everyone} notifies everybody in the channel, every time this step runs.`,
      it: `${everyone} avvisa tutte le persone del canale, ogni volta che questo passo viene eseguito.`,
    });
  const plain = /(?<![\w!])@(channel|here|everyone)\b/.exec(text);
  if (plain)
    found.push({
      en: `${plain[0]} is sent as plain text and notifies nobody. Write <!${plain[1]}> to notify everybody.`,
      it: `${plain[0]} viene inviato come semplice testo e non avvisa nessuno. Per avvisare tutti scrivi <!${plain[1]}>.`,
    });
  if (text.length > ADVISED_TEXT)
    found.push({
      en: `The message is longer than ${ADVISED_TEXT} characters; Slack advises to stay below.`,
      it: `Il messaggio supera i ${ADVISED_TEXT} caratteri; Slack consiglia di restare al di sotto.`,
    });
  return found.map((warning) => ({ path: name, text: warning }));
}
