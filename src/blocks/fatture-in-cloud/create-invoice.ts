import * as z from 'zod';
import { type ConfigWarning, defineBlock, field, type LocalText } from '../../core/block/define';
import type { Json } from '../../core/json';
import { clientSchema } from './client';
import { day } from './day';
import { invoiceSchema, sampleInvoice } from './invoice';
import { amount, formatEuro, sumOfLines } from './money';
import { invoiceScopes } from './provider';

const itemSchema = z.strictObject({
  name: z
    .string()
    .min(1)
    .max(255)
    .meta(field({ label: { en: 'Name', it: 'Nome' } })),
  description: z
    .string()
    .max(4000)
    .optional()
    .meta(field({ label: { en: 'Description', it: 'Descrizione' }, widget: 'long-text' })),
  quantity: amount({ label: { en: 'Quantity', it: 'Quantità' }, min: 0.000001, isMoney: false }).default(1),
  netPrice: amount({ label: { en: 'Net price', it: 'Prezzo netto' } }),
  vat: z
    .string()
    .max(20)
    .optional()
    .meta(
      field({
        label: { en: 'VAT', it: 'IVA' },
        hint: {
          en: 'Empty: the client’s, else your usual one',
          it: 'Vuoto: quella del cliente, altrimenti la tua abituale',
        },
        widget: 'remote-select',
        options: 'vatTypes',
      }),
    ),
});

/** The kinds of payment an office uses, as the e-invoice names them. */
const eiPaymentMethods = {
  MP01: { en: 'Cash', it: 'Contanti' },
  MP02: { en: 'Cheque', it: 'Assegno' },
  MP05: { en: 'Bank transfer', it: 'Bonifico' },
  MP08: { en: 'Card', it: 'Carta di pagamento' },
  MP12: { en: 'RIBA', it: 'RIBA' },
  MP19: { en: 'SEPA direct debit', it: 'SEPA Direct Debit' },
  MP23: { en: 'PagoPA', it: 'PagoPA' },
} as const satisfies Record<string, LocalText>;

const inputSchema = z.strictObject({
  client: clientSchema,
  items: z
    .array(itemSchema)
    .min(1)
    .max(100)
    .meta(field({ label: { en: 'Lines', it: 'Righe' } })),
  date: day({
    label: { en: 'Date', it: 'Data' },
    hint: { en: 'Empty: today', it: 'Vuoto: oggi' },
  }).optional(),
  due: z
    .enum(['days', 'date'])
    .default('days')
    .meta(
      field({
        label: { en: 'Payment due', it: 'Scadenza' },
        values: {
          days: { en: 'After a number of days', it: 'Dopo un numero di giorni' },
          date: { en: 'On a date', it: 'In una data' },
        },
      }),
    ),
  dueInDays: z
    .int()
    .min(0)
    .max(365)
    .optional()
    .meta(
      field({
        label: { en: 'Days', it: 'Giorni' },
        hint: {
          en: 'Empty: the client’s terms, else at once',
          it: 'Vuoto: i termini del cliente, altrimenti subito',
        },
        when: { field: 'due', in: ['days'] },
      }),
    ),
  dueDate: day({
    label: { en: 'Due date', it: 'Data di scadenza' },
    when: { field: 'due', in: ['date'] },
    requiredWhenShown: true,
  }).optional(),
  paymentMethod: z
    .string()
    .max(20)
    .optional()
    .meta(
      field({
        label: { en: 'Payment method', it: 'Metodo di pagamento' },
        hint: { en: 'Empty: your usual one', it: 'Vuoto: quello abituale' },
        widget: 'remote-select',
        options: 'paymentMethods',
      }),
    ),
  paymentAccount: z
    .string()
    .max(20)
    .optional()
    .meta(
      field({
        label: { en: 'Account', it: 'Conto' },
        hint: { en: 'Where the payment is expected', it: 'Dove si aspetta l’incasso' },
        widget: 'remote-select',
        options: 'paymentAccounts',
      }),
    ),
  numeration: z
    .string()
    .max(20)
    .optional()
    .meta(
      field({
        label: { en: 'Numeration', it: 'Numerazione' },
        hint: { en: 'Empty: the standard one', it: 'Vuoto: quella standard' },
        widget: 'remote-select',
        options: 'numerations',
      }),
    ),
  visibleSubject: z
    .string()
    .max(255)
    .optional()
    .meta(field({ label: { en: 'Subject', it: 'Oggetto' } })),
  notes: z
    .string()
    .max(4000)
    .optional()
    .meta(field({ label: { en: 'Notes', it: 'Note' }, widget: 'long-text' })),
  eInvoice: z
    .boolean()
    .default(false)
    .meta(
      field({
        label: { en: 'E-invoice', it: 'Fattura elettronica' },
        hint: {
          en: 'It is prepared; you send it to the SdI from Fatture in Cloud',
          it: 'Viene preparata; l’invio allo SdI si fa da Fatture in Cloud',
        },
      }),
    ),
  eiPaymentMethod: z
    .enum(['MP01', 'MP02', 'MP05', 'MP08', 'MP12', 'MP19', 'MP23'])
    .default('MP05')
    .meta(
      field({
        label: { en: 'How it is paid', it: 'Modalità di pagamento' },
        values: eiPaymentMethods,
        when: { field: 'eInvoice', in: ['true'] },
      }),
    ),
});
export type CreateInvoiceInput = z.output<typeof inputSchema>;

export const createInvoice = defineBlock({
  type: 'fatture-in-cloud.create-invoice',
  provider: 'fatture-in-cloud',
  label: { en: 'Create invoice', it: 'Crea fattura' },
  description: { en: 'Writes a new invoice', it: 'Emette una nuova fattura' },
  icon: '€',
  // Every invoice takes a number of the year's sequence: one too many cannot simply be deleted. It carries a mark to be found by.
  sideEffect: 'reconcilable',
  scopes: [...invoiceScopes, 'entity.clients:r'],
  input: inputSchema,
  output: invoiceSchema,
  sample: sampleInvoice,
  preview: (input) => {
    const net = sumOfLines(input.items);
    return {
      en: `Would create an invoice of ${formatEuro(net, 'en')} plus VAT for ${nameOf(input, 'en')}`,
      it: `Creerebbe una fattura di ${formatEuro(net, 'it')} + IVA per ${nameOf(input, 'it')}`,
    };
  },
  warnings: (config) => warnAboutTaxIds(config.eInvoice, config.client),
  summary: (config, locale) => summarize(config.client, config.items, locale),
});

/** What is left of the client without asking Fatture in Cloud, which a preview never does. */
function nameOf({ client }: CreateInvoiceInput, locale: 'en' | 'it'): string {
  if (client.kind === 'inline') return client.name;
  return locale === 'it' ? `il cliente ${client.id}` : `client ${client.id}`;
}

function warnAboutTaxIds(eInvoice: Json | undefined, client: Json | undefined): ConfigWarning[] {
  const { kind, vatNumber, taxCode } = (client ?? {}) as Record<string, Json>;
  if (eInvoice !== true || kind !== 'inline' || vatNumber || taxCode) return [];
  const text = {
    en: 'An e-invoice needs the client’s VAT number or tax code: without one the SdI rejects it.',
    it: 'Una fattura elettronica richiede la partita IVA o il codice fiscale del cliente: senza, lo SdI la scarta.',
  };
  return [{ path: 'client.vatNumber', text }];
}

function summarize(client: Json | undefined, items: Json | undefined, locale: 'en' | 'it'): string {
  const { name, id } = (client ?? {}) as Record<string, Json>;
  const first = Array.isArray(items) ? (items[0] as Record<string, Json> | undefined) : undefined;
  const parts = [name ?? id, first?.name].filter((part) => typeof part === 'string' && part !== '');
  if (parts.length === 0) return locale === 'it' ? 'Da configurare' : 'Not set up yet';
  return parts.join(' · ');
}
