import * as z from 'zod';
import type { Route } from './route';

/** Why an email that arrived at a workflow's address did nothing. */
export const refusalReasons = [
  /** Sent by a workflow, or by the application itself. */
  'own_email',
  'automatic_reply',
  'automatic',
  /** The trigger takes emails of other senders only. */
  'sender_refused',
  /** The receiving server says that the sender is not who it claims to be. */
  'sender_unproven',
  /** More than a workflow takes in an hour. */
  'too_many',
  /** The workflow was switched off, not published, or starts in another way. */
  'inactive',
] as const;

export const refusedEmailSchema = z.object({
  /** ISO 8601, UTC. */
  at: z.string(),
  from: z.string(),
  reason: z.enum(refusalReasons),
});
export type RefusedEmail = z.infer<typeof refusedEmailSchema>;

export const inboundAddressSchema = z.object({
  /** `null` until the workflow has one, and where the application has set no domain up. */
  address: z.string().nullable(),
  /** False when the application has set no domain up for incoming emails. */
  configured: z.boolean(),
  /** The latest emails that started nothing, newest first. */
  refused: z.array(refusedEmailSchema),
});
export type InboundAddress = z.infer<typeof inboundAddressSchema>;

/** The part of the contract that is about the email address of a workflow. */
export const inboundRoutes = {
  getInboundAddress: {
    method: 'GET',
    path: '/workflows/:id/inbound-address',
    role: 'viewer',
    summary: 'The address whose emails start the workflow, and the emails that did not.',
    response: inboundAddressSchema,
  },
  createInboundAddress: {
    method: 'PUT',
    path: '/workflows/:id/inbound-address',
    role: 'editor',
    summary: 'Gives the workflow an address, unless it has one.',
    response: inboundAddressSchema,
  },
  rotateInboundAddress: {
    method: 'POST',
    path: '/workflows/:id/inbound-address/rotate',
    role: 'editor',
    summary: 'Gives the workflow another address. Emails to the old one start nothing from now on.',
    response: inboundAddressSchema,
  },
} as const satisfies Record<string, Route>;
