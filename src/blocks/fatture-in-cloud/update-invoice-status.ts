import * as z from 'zod';
import { defineBlock, field } from '../../core/block/define';
import { day } from './day';
import { invoiceIdSchema, invoiceSchema, invoiceStatuses, sampleInvoice } from './invoice';
import { invoiceScopes } from './provider';

export const updateInvoiceStatus = defineBlock({
  type: 'fatture-in-cloud.update-invoice-status',
  provider: 'fatture-in-cloud',
  label: { en: 'Update invoice status', it: 'Aggiorna stato fattura' },
  description: { en: 'Marks an invoice as paid or not', it: 'Segna una fattura come pagata o no' },
  icon: '✓',
  // It says how the payments shall be: said twice, they are the same.
  sideEffect: 'idempotent',
  scopes: invoiceScopes,
  input: z.strictObject({
    invoiceId: invoiceIdSchema,
    status: z
      .enum(['paid', 'not_paid'])
      .default('paid')
      .meta(
        field({
          label: { en: 'Status', it: 'Stato' },
          values: { paid: invoiceStatuses.paid, not_paid: invoiceStatuses.not_paid },
        }),
      ),
    paidDate: day({
      label: { en: 'Paid on', it: 'Pagata il' },
      hint: { en: 'Empty: today', it: 'Vuoto: oggi' },
      when: { field: 'status', in: ['paid'] },
    }).optional(),
    paymentAccount: z
      .string()
      .min(1)
      .max(20)
      .optional()
      .meta(
        field({
          label: { en: 'Account', it: 'Conto' },
          hint: { en: 'Where the money arrived', it: 'Dove è arrivato l’incasso' },
          widget: 'remote-select',
          options: 'paymentAccounts',
          when: { field: 'status', in: ['paid'] },
          requiredWhenShown: true,
        }),
      ),
  }),
  output: invoiceSchema,
  sample: { ...sampleInvoice, status: 'paid', nextDueDate: null },
  preview: ({ invoiceId, status }) =>
    status === 'paid'
      ? {
          en: `Would mark invoice ${invoiceId} as paid`,
          it: `Segnerebbe come pagata la fattura ${invoiceId}`,
        }
      : {
          en: `Would mark invoice ${invoiceId} as not paid`,
          it: `Segnerebbe come non pagata la fattura ${invoiceId}`,
        },
  summary: (config, locale) => invoiceStatuses[config.status === 'not_paid' ? 'not_paid' : 'paid'][locale],
});
