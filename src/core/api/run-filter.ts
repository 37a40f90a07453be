import * as z from 'zod';
import { runStatusSchema } from '../run/status';

const instant = z.iso.datetime({ offset: true });

/** One status, or several separated by commas. */
export const statuses = z
  .string()
  .max(200)
  .transform((text) => text.split(','))
  .pipe(z.array(runStatusSchema));

/** By what runs are found; what is absent is not looked at. */
export const runFilter = {
  workflowId: z.string().max(60).optional(),
  status: statuses.optional(),
  /** Type of the trigger block. */
  trigger: z.string().max(120).optional(),
  /** A business key: the id of a document, an invoice, a customer. */
  key: z.string().max(200).optional(),
  /** When they were started: from this moment on, and before that one. */
  from: instant.optional(),
  to: instant.optional(),
  /** When they ended, likewise. */
  finishedFrom: instant.optional(),
  finishedTo: instant.optional(),
};

export type RunFilter = z.output<z.ZodObject<typeof runFilter>>;
