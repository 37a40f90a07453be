import * as z from 'zod';
import { type AccountIdentity, implementProvider } from '../../core/block/implement';
import { BlockError } from '../../core/errors';
import { createClient, type FicClient, readAnswer } from './client.server';
import { failure, mapError } from './failure.server';
import { openInvoicePdf } from './file.server';
import { options } from './options.server';
import { fattureInCloud } from './provider';

export const fattureInCloudServer = implementProvider<FicClient>(fattureInCloud, {
  client: createClient,
  identify: listCompanies,
  test: async (client) => {
    const companies = await listCompanies(client);
    const chosen = String(client.companyId());
    if (!companies.some(({ accountId }) => accountId === chosen)) throw new BlockError(companyGone);
  },
  mapError,
  options,
  openFile: openInvoicePdf,
});

/** The person who connected it may have been taken out of the company since. */
const companyGone = failure(
  'reconnect',
  'company_gone',
  'customer',
  'no longer lets the connected person into this company. Reconnect it as somebody who may',
);

const companySchema = z.object({
  id: z.number(),
  name: z.string().nullish(),
  type: z.string().nullish(),
});
const companiesSchema = z.object({
  data: z.object({
    companies: z.array(companySchema.extend({ controlled_companies: z.array(companySchema).nullish() })),
  }),
});

/**
 * The companies the person may choose from: their own, or those an accountant looks after. Each entry of the answer carries an access
 * token of its own; the schema lets id, name and kind through and nothing else.
 */
async function listCompanies(client: FicClient): Promise<AccountIdentity[]> {
  const answer = await client.user.listUserCompanies();
  const { companies } = readAnswer(companiesSchema, answer.data, 'list of companies').data;
  const all = companies.flatMap((company) =>
    company.type === 'accountant' ? (company.controlled_companies ?? []) : [company],
  );
  const byId = new Map(all.map(({ id, name }) => [String(id), name || String(id)]));
  return [...byId].map(([accountId, label]) => ({ accountId, label }));
}
