import * as z from 'zod';
import { defineBlock, field } from '../../core/block/define';
import { day } from './day';
import { invoiceSchema, invoiceStatuses, sampleInvoice } from './invoice';
import { invoiceScopes } from './provider';

const statusLabels = {
  any: { en: 'Paid or not', it: 'Pagate e non pagate' },
  not_paid: { en: 'Not fully paid', it: 'Da incassare' },
  paid: invoiceStatuses.paid,
};

export const listInvoices = defineBlock({
  type: 'fatture-in-cloud.list-invoices',
  provider: 'fatture-in-cloud',
  label: { en: 'List invoices', it: 'Elenca fatture' },
  description: { en: 'Finds invoices, e.g. for a loop', it: 'Cerca fatture, ad esempio per un ciclo' },
  icon: '≡',
  // It only reads. What a later step does with the list is stored together with the list.
  sideEffect: 'none',
  scopes: invoiceScopes,
  input: z.strictObject({
    status: z
      .enum(['any', 'not_paid', 'paid'])
      .default('any')
      .meta(field({ label: { en: 'Status', it: 'Stato' }, values: statusLabels })),
    client: z
      .string()
      .max(20)
      .optional()
      .meta(
        field({
          label: { en: 'Client', it: 'Cliente' },
          hint: { en: 'Empty: all', it: 'Vuoto: tutti' },
          widget: 'remote-select',
          options: 'clients',
        }),
      ),
    from: day({ label: { en: 'From', it: 'Dal' } }).optional(),
    to: day({ label: { en: 'To', it: 'Al' } }).optional(),
    text: z
      .string()
      .max(120)
      .optional()
      .meta(
        field({
          label: { en: 'With the text', it: 'Con il testo' },
          hint: { en: 'In the subject or the client’s name', it: 'Nell’oggetto o nel nome del cliente' },
        }),
      ),
    limit: z
      .int()
      .min(1)
      .max(300)
      .default(50)
      .meta(
        field({
          label: { en: 'At most', it: 'Al massimo' },
          hint: { en: 'The latest first', it: 'Dalla più recente' },
        }),
      ),
  }),
  output: z.object({
    invoices: z.array(invoiceSchema).meta(field({ label: { en: 'Invoices', it: 'Fatture' } })),
    count: z.number().meta(field({ label: { en: 'How many', it: 'Quante' } })),
    hasMore: z.boolean().meta(field({ label: { en: 'There are more', it: 'Ce ne sono altre' } })),
  }),
  sample: { invoices: [sampleInvoice], count: 1, hasMore: false },
  preview: ({ status, limit }) => ({
    en: `Would look for up to ${limit} invoices (${statusLabels[status].en.toLowerCase()})`,
    it: `Cercherebbe fino a ${limit} fatture (${statusLabels[status].it.toLowerCase()})`,
  }),
  summary: (config, locale) => {
    const status = String(config.status ?? 'any');
    const label = Object.hasOwn(statusLabels, status)
      ? statusLabels[status as keyof typeof statusLabels]
      : statusLabels.any;
    return label[locale];
  },
});
