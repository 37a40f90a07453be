import * as z from 'zod';
import type { Route } from './route';
import { connectionStateSchema, integrationSchema, localTextSchema, pageOf } from './shapes';

/** The part of the contract that is about connections of providers and what they offer to choose from. */
export const integrationRoutes = {
  listIntegrations: {
    method: 'GET',
    path: '/integrations',
    role: 'viewer',
    summary: 'Connection state of every provider. Never a secret.',
    response: z.object({
      items: z.array(integrationSchema),
      /** Whether the caller may connect, choose accounts, test and disconnect. */
      canManage: z.boolean(),
    }),
  },
  connectIntegration: {
    method: 'POST',
    path: '/integrations/:provider/connect',
    role: 'admin',
    summary: 'Begins connecting: the address to open in a popup.',
    response: z.object({ authorizeUrl: z.string() }),
  },
  chooseAccount: {
    method: 'POST',
    path: '/integrations/:provider/account',
    role: 'admin',
    summary: 'Takes one of the accounts a fresh connection offers (state `needs_account`).',
    body: z.strictObject({ accountId: z.string().min(1).max(200) }),
    response: integrationSchema.pick({ state: true, account: true }),
  },
  testIntegration: {
    method: 'POST',
    path: '/integrations/:provider/test',
    role: 'admin',
    summary: 'Asks the provider whether the connection works.',
    response: z.object({ ok: z.boolean(), state: connectionStateSchema, message: z.string().nullable() }),
  },
  disconnectIntegration: {
    method: 'DELETE',
    path: '/integrations/:provider',
    role: 'admin',
    summary: 'Deletes the connection and lists the workflows that used it.',
    response: z.object({ workflows: z.array(z.object({ id: z.string(), name: z.string() })) }),
  },
  listOptions: {
    method: 'GET',
    path: '/integrations/:provider/options/:name',
    role: 'editor',
    summary:
      'Remote options of a field: channels, customers, VAT types. With `value`: the one that has it, or none.',
    query: z.strictObject({
      q: z.string().max(200).default(''),
      cursor: z.string().max(400).optional(),
      value: z.string().min(1).max(400).optional(),
    }),
    response: pageOf(z.object({ value: z.string(), label: z.string(), labels: localTextSchema.optional() })),
  },
} as const satisfies Record<string, Route>;
