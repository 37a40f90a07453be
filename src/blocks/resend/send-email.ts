import * as z from 'zod';
import { defineBlock, field, type LocalText } from '../../core/block/define';
import { fileInputSchema } from '../../core/block/file';
import { addressesSchema } from './addresses';

const MAX_TEXT = 200_000;

const anAddress = { en: 'laura@example.com', it: 'laura@esempio.it' };
const several = {
  en: 'Several with commas between them, or a list from an earlier step',
  it: 'Più indirizzi separati da virgole, o un elenco di un passo precedente',
};

const copies = (label: LocalText) =>
  addressesSchema
    .optional()
    .meta(field({ label, hint: several, placeholder: anAddress, widget: 'reference' }));

export const sendEmail = defineBlock({
  type: 'resend.send-email',
  provider: 'resend',
  label: { en: 'Send email', it: 'Invia email' },
  description: { en: 'Writes an email, with attachments', it: 'Scrive un’email, con allegati' },
  icon: '✉',
  // Resend knows a repeated call by its key for a day; a step whose end nobody saw is repeated within it and left to a person after it.
  sideEffect: 'reconcilable',
  input: z
    .strictObject({
      to: addressesSchema.meta(
        field({
          label: { en: 'To', it: 'A' },
          hint: several,
          placeholder: anAddress,
          widget: 'reference',
        }),
      ),
      subject: z
        .string()
        .min(1)
        .max(990)
        .meta(field({ label: { en: 'Subject', it: 'Oggetto' } })),
      text: z
        .string()
        .min(1)
        .max(MAX_TEXT)
        .optional()
        .meta(field({ label: { en: 'Text', it: 'Testo' }, widget: 'long-text' })),
      html: z
        .string()
        .min(1)
        .max(MAX_TEXT)
        .optional()
        .meta(
          field({
            label: { en: 'Text as HTML', it: 'Testo in HTML' },
            hint: {
              en: 'Instead of the text or beside it. Values put into it are shown as they are, never as markup',
              it: 'Al posto del testo o accanto. I valori inseriti si vedono così come sono, mai come codice HTML',
            },
            widget: 'long-text',
            escape: 'html',
          }),
        ),
      attachments: z
        .array(
          fileInputSchema.meta(
            field({
              label: { en: 'File', it: 'File' },
              hint: {
                en: 'A file an earlier step gives, or the id of a document: then its signed version, where there is one',
                it: 'Un file di un passo precedente, o l’id di un documento: allora la sua versione firmata, se c’è',
              },
              widget: 'reference',
            }),
          ),
        )
        .max(20)
        .optional()
        .meta(
          field({
            label: { en: 'Attachments', it: 'Allegati' },
            hint: { en: '18 MB together at most', it: 'Al massimo 18 MB in tutto' },
          }),
        ),
      cc: copies({ en: 'Cc', it: 'Cc' }),
      bcc: copies({ en: 'Bcc', it: 'Ccn' }),
      replyTo: addressesSchema.optional().meta(
        field({
          label: { en: 'Answers to', it: 'Risposte a' },
          hint: {
            en: 'Empty: to the sender’s address, which the application chooses',
            it: 'Vuoto: all’indirizzo del mittente, scelto dall’applicazione',
          },
          placeholder: anAddress,
          widget: 'reference',
        }),
      ),
      senderName: z
        .string()
        .max(100)
        .optional()
        .meta(
          field({
            label: { en: 'Sender’s name', it: 'Nome del mittente' },
            hint: { en: 'Empty: the application’s', it: 'Vuoto: quello dell’applicazione' },
          }),
        ),
    })
    .refine(({ text, html }) => text !== undefined || html !== undefined, {
      path: ['text'],
      message: 'the email has no text; write one',
    }),
  output: z.object({
    id: z.string().meta(field({ label: { en: 'Email id', it: 'Id email' } })),
    to: z.array(z.string()).meta(field({ label: { en: 'Recipients', it: 'Destinatari' } })),
    subject: z.string().meta(field({ label: { en: 'Subject', it: 'Oggetto' } })),
  }),
  sample: {
    id: '4ef9a417-02e9-4d39-ad75-9611e0fcc33c',
    to: ['amministrazione@rossi.example'],
    subject: 'Contratto firmato',
  },
  preview: ({ to, subject }) => ({
    en: `Would send “${subject}” to ${to.join(', ')}.`,
    it: `Invierebbe «${subject}» a ${to.join(', ')}.`,
  }),
  summary: ({ to, subject }, locale) => {
    const parts = [Array.isArray(to) ? to.join(', ') : to, subject].filter((part) => part);
    if (parts.length === 0) return locale === 'it' ? 'Da configurare' : 'Not set up yet';
    return parts.join(' · ');
  },
});
