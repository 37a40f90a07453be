import * as z from 'zod';
import { field, type LocalText } from '../../core/block/define';
import { fileRefSchema } from '../../core/block/file';

export const invoiceStatuses = {
  not_paid: { en: 'Not paid', it: 'Non pagata' },
  partly_paid: { en: 'Partly paid', it: 'Pagata in parte' },
  paid: { en: 'Paid', it: 'Pagata' },
  reversed: { en: 'Reversed', it: 'Stornata' },
} as const satisfies Record<string, LocalText>;

/** An invoice as steps pass it on. Its web address is missing on purpose: it expires within the day; `pdf` does not. */
export const invoiceSchema = z.object({
  id: z.string().meta(field({ label: { en: 'Invoice', it: 'Fattura' } })),
  number: z
    .number()
    .nullable()
    .meta(field({ label: { en: 'Number', it: 'Numero' } })),
  numeration: z.string().meta(field({ label: { en: 'Numeration', it: 'Numerazione' } })),
  date: z.string().meta(field({ label: { en: 'Date', it: 'Data' } })),
  nextDueDate: z
    .string()
    .nullable()
    .meta(field({ label: { en: 'Next due date', it: 'Prossima scadenza' } })),
  amountNet: z.number().meta(field({ label: { en: 'Net amount', it: 'Imponibile' } })),
  amountVat: z.number().meta(field({ label: { en: 'VAT', it: 'IVA' } })),
  amountGross: z.number().meta(field({ label: { en: 'Total', it: 'Totale' } })),
  status: z
    .enum(['not_paid', 'partly_paid', 'paid', 'reversed'])
    .meta(field({ label: { en: 'Status', it: 'Stato' }, values: invoiceStatuses })),
  client: z
    .object({
      id: z
        .string()
        .nullable()
        .meta(field({ label: { en: 'Client id', it: 'Id cliente' } })),
      name: z.string().meta(field({ label: { en: 'Client name', it: 'Nome del cliente' } })),
    })
    .meta(field({ label: { en: 'Client', it: 'Cliente' } })),
  pdf: fileRefSchema.meta(field({ label: { en: 'PDF', it: 'PDF' } })),
});
export type Invoice = z.infer<typeof invoiceSchema>;

export const sampleInvoice: Invoice = {
  id: '12345',
  number: 42,
  numeration: '/A',
  date: '2026-11-23',
  nextDueDate: '2026-12-23',
  amountNet: 100,
  amountVat: 22,
  amountGross: 122,
  status: 'not_paid',
  client: { id: '54321', name: 'Rossi S.r.l.' },
  pdf: {
    kind: 'file',
    provider: 'fatture-in-cloud',
    id: '12345',
    filename: 'fattura-42-A.pdf',
    contentType: 'application/pdf',
  },
};

/** The id of an invoice, in a step's form. */
export const invoiceIdSchema = z
  .string()
  .min(1)
  .max(40)
  .meta(
    field({
      label: { en: 'Invoice', it: 'Fattura' },
      hint: { en: 'The id an earlier step gives', it: 'L’id che arriva da un passo precedente' },
      widget: 'reference',
    }),
  );
