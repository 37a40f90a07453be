import * as z from 'zod';
import { because, defineTrigger, field } from '../../core/block/define';
import { fileRefSchema } from '../../core/block/file';
import { isFrom, isSender } from './addresses';

/** What the notice of an email tells; its text and its files are fetched in the run's first step. */
const announced = z.object({
  from: z.string().meta(field({ label: { en: 'From', it: 'Da' } })),
  fromName: z.string().meta(field({ label: { en: 'Sender’s name', it: 'Nome del mittente' } })),
  to: z.array(z.string()).meta(field({ label: { en: 'To', it: 'A' } })),
  cc: z.array(z.string()).meta(field({ label: { en: 'Cc', it: 'Cc' } })),
  subject: z.string().meta(field({ label: { en: 'Subject', it: 'Oggetto' } })),
  date: z.string().meta(field({ label: { en: 'Received at', it: 'Ricevuta il' } })),
  messageId: z.string().meta(field({ label: { en: 'Message id', it: 'Id del messaggio' } })),
  emailId: z.string().meta(field({ label: { en: 'Id at Resend', it: 'Id in Resend' } })),
});

export const inboundEmail = defineTrigger({
  type: 'resend.inbound-email',
  provider: 'resend',
  label: { en: 'Email received', it: 'Email ricevuta' },
  description: {
    en: 'Starts when an email arrives at the workflow’s own address',
    it: 'Parte quando arriva un’email all’indirizzo del flusso',
  },
  icon: '✉',
  hasAddress: true,
  announced,
  input: z.strictObject({
    senders: z
      .array(
        z
          .string()
          .trim()
          .max(320)
          .refine(
            isSender,
            because({
              en: 'write an address such as anna@example.com, or a domain such as example.com',
              it: 'scrivi un indirizzo come anna@esempio.it, o un dominio come esempio.it',
            }),
          )
          .meta(
            field({
              label: { en: 'Address or domain', it: 'Indirizzo o dominio' },
              placeholder: { en: 'example.com', it: 'esempio.it' },
            }),
          ),
      )
      .max(100)
      .optional()
      .meta(
        field({
          label: { en: 'Only from', it: 'Solo da' },
          hint: {
            en: 'Empty: from everybody who knows the address',
            it: 'Vuoto: da chiunque conosca l’indirizzo',
          },
        }),
      ),
    automatic: z
      .boolean()
      .default(false)
      .meta(
        field({
          label: { en: 'Automatic emails too', it: 'Anche le email automatiche' },
          hint: {
            en: 'From scanners, billing systems, newsletters. Automatic replies never start the workflow',
            it: 'Di scanner, gestionali, newsletter. Le risposte automatiche non avviano mai il flusso',
          },
        }),
      ),
  }),
  output: announced.extend({
    text: z.string().meta(field({ label: { en: 'Text', it: 'Testo' } })),
    html: z.string().meta(field({ label: { en: 'Text as HTML', it: 'Testo in HTML' } })),
    isShortened: z.boolean().meta(field({ label: { en: 'Text was shortened', it: 'Testo abbreviato' } })),
    attachments: z.array(fileRefSchema).meta(field({ label: { en: 'Attachments', it: 'Allegati' } })),
    images: z
      .array(fileRefSchema)
      .meta(field({ label: { en: 'Images in the text', it: 'Immagini nel testo' } })),
  }),
  sample: {
    from: 'laura@rossi.example',
    fromName: 'Laura Rossi',
    to: ['wf-mfzwizltoqqg65lsmuqg63tfeb@in.example.com'],
    cc: [],
    subject: 'Fattura 41/2026',
    date: '2026-11-24T09:12:00.000Z',
    messageId: '<41@mail.rossi.example>',
    emailId: '56761188-7520-42d8-8898-ff6fc54ce618',
    text: 'Buongiorno, in allegato la fattura.',
    html: '<p>Buongiorno, in allegato la fattura.</p>',
    isShortened: false,
    attachments: [
      {
        kind: 'file',
        provider: 'resend',
        id: '56761188-7520-42d8-8898-ff6fc54ce618/2a0c9ce0-3112-4728-976e-47ddcd16a318',
        filename: 'fattura-41.pdf',
        contentType: 'application/pdf',
      },
    ],
    images: [],
  },
  matches: ({ senders = [] }, { from }) =>
    senders.length === 0 || senders.some((sender) => isFrom(from, sender)),
  businessKeys: ({ from, emailId }) => [from, emailId],
  title: ({ subject, from }) => subject || from,
  summary: ({ senders }, locale) => {
    const list = Array.isArray(senders) ? senders.filter((sender) => sender !== '') : [];
    if (list.length > 0) return `${locale === 'it' ? 'Da' : 'From'} ${list.join(', ')}`;
    return locale === 'it' ? 'Da chiunque' : 'From everybody';
  },
});
