import * as z from 'zod';
import { defineBlock, field } from '../../core/block/define';
import { amountSchema, durationText, unitField, unitSchema } from './duration';

export const approval = defineBlock({
  type: 'flow.approval',
  provider: 'flow',
  label: { en: 'Approval', it: 'Approvazione' },
  description: { en: 'Waits until somebody decides', it: 'Attende la decisione di una persona' },
  icon: '✋',
  sideEffect: 'none',
  handles: ['approved', 'rejected', 'expired'],
  handleLabels: {
    approved: { en: 'Approved', it: 'Approvato' },
    rejected: { en: 'Rejected', it: 'Rifiutato' },
    expired: { en: 'Nobody decided in time', it: 'Nessuna decisione in tempo' },
  },
  input: z.strictObject({
    message: z
      .string()
      .min(1)
      .max(2000)
      .meta(
        field({
          label: { en: 'What is to be decided', it: 'Che cosa va deciso' },
          placeholder: { en: 'Send the invoice to the customer?', it: 'Inviare la fattura al cliente?' },
          widget: 'long-text',
        }),
      ),
    approvers: z
      .array(
        z
          .string()
          .min(1)
          .max(200)
          .meta(field({ label: { en: 'User id', it: 'Id utente' } })),
      )
      .max(50)
      .optional()
      .meta(
        field({
          label: { en: 'Who may decide', it: 'Chi può decidere' },
          hint: {
            en: 'Empty: everybody who may edit workflows',
            it: 'Vuoto: chiunque possa modificare i flussi',
          },
        }),
      ),
    deadline: z
      .strictObject({
        amount: amountSchema.meta(field({ label: { en: 'Within', it: 'Entro' } })),
        unit: unitSchema.meta(field(unitField)),
      })
      .optional()
      .meta(
        field({
          label: { en: 'Deadline', it: 'Scadenza' },
          hint: {
            en: 'Empty: it waits as long as a run may last',
            it: 'Vuoto: attende finché l’esecuzione può durare',
          },
        }),
      ),
  }),
  output: z.object({
    decision: z.enum(['approved', 'rejected', 'expired']).meta(
      field({
        label: { en: 'Decision', it: 'Decisione' },
        values: {
          approved: { en: 'approved', it: 'approvato' },
          rejected: { en: 'rejected', it: 'rifiutato' },
          expired: { en: 'nobody decided', it: 'nessuna decisione' },
        },
      }),
    ),
    comment: z
      .string()
      .nullable()
      .meta(field({ label: { en: 'Comment', it: 'Commento' } })),
    decidedBy: z
      .string()
      .nullable()
      .meta(field({ label: { en: 'Decided by', it: 'Deciso da' } })),
    decidedAt: z.string().meta(field({ label: { en: 'Decided at', it: 'Deciso il' } })),
  }),
  sample: {
    decision: 'approved',
    comment: 'Va bene',
    decidedBy: 'user_anna',
    decidedAt: '2026-11-24T09:12:00.000Z',
  },
  summary: (config, locale) => {
    const message = config.message
      ? String(config.message)
      : locale === 'it'
        ? 'Da configurare'
        : 'Not set up yet';
    const { deadline } = config;
    if (deadline === null || typeof deadline !== 'object' || Array.isArray(deadline)) return message;
    return `${message} (${locale === 'it' ? 'entro' : 'within'} ${durationText(deadline.amount, deadline.unit, locale)})`;
  },
});
