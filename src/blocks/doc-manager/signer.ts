import * as z from 'zod';
import { field } from '../../core/block/define';

const roles = {
  signer: { en: 'signs', it: 'firma' },
  approver: { en: 'approves', it: 'approva' },
  cc: { en: 'receives a copy', it: 'riceve una copia' },
};

/** Somebody who is asked to sign. */
export const signerInput = z.strictObject({
  name: z
    .string()
    .min(1)
    .max(120)
    .meta(field({ label: { en: 'Name', it: 'Nome' } })),
  email: z
    .email()
    .max(254)
    .meta(field({ label: { en: 'Email', it: 'Email' } })),
  role: z
    .enum(['signer', 'approver', 'cc'])
    .default('signer')
    .meta(field({ label: { en: 'What they do', it: 'Che cosa fa' }, values: roles })),
  order: z
    .int()
    .min(1)
    .max(100)
    .optional()
    .meta(
      field({
        label: { en: 'Turn', it: 'Turno' },
        hint: {
          en: 'Who has a lower number is asked first. Empty: all at once',
          it: 'Chi ha il numero più basso firma prima. Vuoto: tutti insieme',
        },
      }),
    ),
});

/** Somebody who was asked, as the host's events tell of them. */
export const signerOutput = z.looseObject({
  name: z.string().meta(field({ label: { en: 'Name', it: 'Nome' } })),
  email: z.string().meta(field({ label: { en: 'Email', it: 'Email' } })),
  role: z
    .string()
    .optional()
    .meta(field({ label: { en: 'Role', it: 'Ruolo' } })),
  status: z
    .string()
    .optional()
    .meta(field({ label: { en: 'Status', it: 'Stato' } })),
  signedAt: z
    .string()
    .nullish()
    .meta(field({ label: { en: 'Signed at', it: 'Firmato il' } })),
});
