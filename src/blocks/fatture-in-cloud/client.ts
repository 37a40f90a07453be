import * as z from 'zod';
import { field, type LocalText } from '../../core/block/define';

const text = (label: LocalText, max = 120, hint?: LocalText) =>
  z
    .string()
    .max(max)
    .optional()
    .meta(field({ label, ...(hint ? { hint } : {}) }));

/** Whom an invoice is for: a client from the address book, or one written down on the spot, who is not put into it. */
export const clientSchema = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('saved'),
      id: z
        .string()
        .min(1)
        .max(20)
        .meta(field({ label: { en: 'Client', it: 'Cliente' }, widget: 'remote-select', options: 'clients' })),
    }),
    z.strictObject({
      kind: z.literal('inline'),
      name: z
        .string()
        .min(1)
        .max(255)
        .meta(field({ label: { en: 'Name', it: 'Nome o ragione sociale' } })),
      vatNumber: text({ en: 'VAT number', it: 'Partita IVA' }, 30),
      taxCode: text({ en: 'Tax code', it: 'Codice fiscale' }, 30),
      street: text({ en: 'Address', it: 'Indirizzo' }),
      postalCode: text({ en: 'Postal code', it: 'CAP' }, 12),
      city: text({ en: 'City', it: 'Comune' }),
      province: text({ en: 'Province', it: 'Provincia' }, 4),
      country: text({ en: 'Country', it: 'Paese' }, 60, { en: 'Empty: Italia', it: 'Vuoto: Italia' }),
      email: text({ en: 'Email', it: 'Email' }, 254),
      certifiedEmail: text({ en: 'Certified email', it: 'PEC' }, 254),
      recipientCode: text({ en: 'Recipient code', it: 'Codice destinatario' }, 7),
    }),
  ])
  .meta(
    field({
      label: { en: 'Bill to', it: 'Intestata a' },
      values: {
        saved: { en: 'From the address book', it: 'Dalla rubrica' },
        inline: { en: 'Written here', it: 'Scritto qui' },
      },
    }),
  );
export type InvoiceClient = z.output<typeof clientSchema>;
