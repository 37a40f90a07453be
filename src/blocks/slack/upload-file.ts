import * as z from 'zod';
import { defineBlock, field } from '../../core/block/define';
import { fileInputSchema, fileLabel } from '../../core/block/file';
import { channelField, describeSending, MAX_TEXT, messageId, warnAboutText } from './fields';

export const uploadFile = defineBlock({
  type: 'slack.upload-file',
  provider: 'slack',
  label: { en: 'Upload file', it: 'Carica file' },
  description: { en: 'Shares a file in a channel', it: 'Condivide un file in un canale' },
  icon: '⇪',
  // Slack has no idempotency key: a file whose sharing nobody saw the end of is never shared twice unseen.
  sideEffect: 'at-most-once',
  scopes: ['files:write'],
  input: z.strictObject({
    channel: channelField,
    file: fileInputSchema.meta(
      field({
        label: { en: 'File', it: 'File' },
        hint: {
          en: 'A file from an earlier step, or a document.',
          it: 'Un file di un passo precedente, oppure un documento.',
        },
        widget: 'reference',
      }),
    ),
    title: z
      .string()
      .max(250)
      .optional()
      .meta(
        field({
          label: { en: 'Title', it: 'Titolo' },
          hint: { en: 'Empty: the name of the file.', it: 'Vuoto: il nome del file.' },
        }),
      ),
    comment: z
      .string()
      .max(MAX_TEXT)
      .optional()
      .meta(field({ label: { en: 'Message', it: 'Messaggio' }, widget: 'long-text', escape: 'mrkdwn' })),
    threadTs: messageId.nullish().meta(
      field({
        label: { en: 'Message to reply to', it: 'Messaggio a cui rispondere' },
        hint: {
          en: 'The “Message id” of an earlier step shares the file in its thread. Empty: in the channel.',
          it: 'Con l’«Id messaggio» di un passo precedente il file va nella sua conversazione. Vuoto: nel canale.',
        },
        widget: 'reference',
      }),
    ),
  }),
  output: z.object({
    channel: z.string().meta(field({ label: { en: 'Channel', it: 'Canale' } })),
    fileId: z.string().meta(field({ label: { en: 'File id', it: 'Id file' } })),
    filename: z.string().meta(field({ label: { en: 'File name', it: 'Nome del file' } })),
    permalink: z
      .string()
      .nullable()
      .meta(field({ label: { en: 'Link to the file', it: 'Link al file' } })),
  }),
  sample: {
    channel: 'C024BE91L',
    fileId: 'F044GKUHN9Z',
    filename: 'contratto-rossi.pdf',
    permalink: 'https://rossi.slack.com/files/U061F7AUR/F044GKUHN9Z/contratto-rossi.pdf',
  },
  summary: ({ channel, title, file }, locale) => describeSending([channel, title || fileLabel(file)], locale),
  preview: ({ channel, title, file }) => {
    const name = title || fileLabel(file);
    return { en: `Would share “${name}” in ${channel}.`, it: `Condividerebbe «${name}» in ${channel}.` };
  },
  warnings: (config) => warnAboutText(config, 'comment'),
});
