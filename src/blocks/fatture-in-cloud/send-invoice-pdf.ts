import * as z from 'zod';
import { defineBlock, field } from '../../core/block/define';
import { invoiceIdSchema } from './invoice';
import { invoiceScopes } from './provider';

export const sendInvoicePdf = defineBlock({
  type: 'fatture-in-cloud.send-invoice-pdf',
  provider: 'fatture-in-cloud',
  label: { en: 'Send invoice PDF', it: 'Invia PDF fattura' },
  description: {
    en: 'Emails an invoice from Fatture in Cloud',
    it: 'Invia una fattura per email da Fatture in Cloud',
  },
  icon: '✉',
  // An email cannot be taken back, and nothing tells whether it went out: it is never sent twice unseen.
  sideEffect: 'at-most-once',
  scopes: invoiceScopes,
  input: z.strictObject({
    invoiceId: invoiceIdSchema,
    to: z
      .string()
      .max(1000)
      .optional()
      .meta(
        field({
          label: { en: 'To', it: 'A' },
          hint: {
            en: 'Empty: the client’s address. Several with commas',
            it: 'Vuoto: l’indirizzo del cliente. Più indirizzi con la virgola',
          },
        }),
      ),
    subject: z
      .string()
      .max(255)
      .optional()
      .meta(
        field({
          label: { en: 'Subject', it: 'Oggetto' },
          hint: { en: 'Empty: the usual one', it: 'Vuoto: quello abituale' },
        }),
      ),
    body: z
      .string()
      .max(20_000)
      .optional()
      .meta(
        field({
          label: { en: 'Text', it: 'Testo' },
          hint: {
            en: 'Empty: your text in Fatture in Cloud',
            it: 'Vuoto: il tuo testo in Fatture in Cloud',
          },
          widget: 'long-text',
        }),
      ),
    attachPdf: z
      .boolean()
      .default(true)
      .meta(
        field({
          label: { en: 'Attach the PDF', it: 'Allega il PDF' },
          hint: { en: 'Else there is a button to open it', it: 'Altrimenti c’è un pulsante per aprirlo' },
        }),
      ),
    sendCopy: z
      .boolean()
      .default(false)
      .meta(field({ label: { en: 'Copy to us', it: 'Copia per noi' } })),
  }),
  output: z.object({
    invoiceId: z.string().meta(field({ label: { en: 'Invoice', it: 'Fattura' } })),
    recipients: z.array(z.string()).meta(field({ label: { en: 'Recipients', it: 'Destinatari' } })),
    subject: z.string().meta(field({ label: { en: 'Subject', it: 'Oggetto' } })),
  }),
  sample: {
    invoiceId: '12345',
    recipients: ['amministrazione@rossi.example'],
    subject: 'Nostra fattura nr. 42/A',
  },
  preview: ({ invoiceId, to }) => ({
    en: `Would email invoice ${invoiceId} to ${to || 'the client'}`,
    it: `Invierebbe la fattura ${invoiceId} via email a ${to || 'il cliente'}`,
  }),
  summary: (config, locale) =>
    String(config.to ?? '') || (locale === 'it' ? 'All’indirizzo del cliente' : 'To the client’s address'),
});
