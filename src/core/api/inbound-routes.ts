import type { Route } from './route';
import { inboundAddressSchema } from './shapes';

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
