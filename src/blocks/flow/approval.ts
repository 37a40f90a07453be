import * as z from 'zod';
import { approverRole, isUnknownRole } from '../../core/approvers';
import { because, type ConfigWarning, defineBlock, field } from '../../core/block/define';
import type { Json } from '../../core/json';
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
    expired: { en: 'Time is up', it: 'Tempo scaduto' },
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
          .refine(
            (approver) => !isUnknownRole(approver),
            because({
              en: 'the roles that may decide are role:editor and role:admin',
              it: 'i ruoli che possono decidere sono role:editor e role:admin',
            }),
          )
          .meta(
            field({
              label: { en: 'Person or role', it: 'Persona o ruolo' },
              widget: 'remote-select',
              options: 'people',
            }),
          ),
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
    required: z
      .int()
      .min(1)
      .max(50)
      .default(1)
      .meta(
        field({
          label: { en: 'How many must approve', it: 'Quante approvazioni servono' },
          hint: {
            en: 'Each person counts once. One rejection is enough to reject',
            it: 'Ogni persona conta una volta. Basta un rifiuto per rifiutare',
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
            it: 'Vuoto: attende per la durata massima di un’esecuzione',
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
    decisions: z
      .array(
        z.object({
          decision: z.string().meta(field({ label: { en: 'Decision', it: 'Decisione' } })),
          decidedBy: z.string().meta(field({ label: { en: 'Decided by', it: 'Deciso da' } })),
          decidedAt: z.string().meta(field({ label: { en: 'Decided at', it: 'Deciso il' } })),
          comment: z
            .string()
            .nullable()
            .meta(field({ label: { en: 'Comment', it: 'Commento' } })),
        }),
      )
      .meta(field({ label: { en: 'All decisions', it: 'Tutte le decisioni' } })),
  }),
  sample: {
    decision: 'approved',
    comment: 'Va bene',
    decidedBy: 'user_anna',
    decidedAt: '2026-11-24T09:12:00.000Z',
    decisions: [
      {
        decision: 'approved',
        decidedBy: 'user_anna',
        decidedAt: '2026-11-24T09:12:00.000Z',
        comment: 'Va bene',
      },
    ],
  },
  warnings: ({ approvers, required }) => (canBeMet(approvers, required) ? [] : [tooFewPeople]),
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

const tooFewPeople: ConfigWarning = {
  path: 'required',
  text: {
    en: 'More people must approve than are asked, so it can never be approved.',
    it: 'Servono più approvazioni delle persone a cui si chiede: non potrà mai essere approvato.',
  },
};

/** Whether so many can approve. What a role or a reference stands for is not known beforehand. */
export function canBeMet(approvers: Json | undefined, required: Json | undefined): boolean {
  if (!Array.isArray(approvers) || approvers.length === 0 || typeof required !== 'number') return true;
  const names = approvers.map(String);
  const isOpen = names.some((name) => approverRole(name) !== null || name.includes('{{'));
  return isOpen || new Set(names).size >= required;
}
