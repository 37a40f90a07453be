import * as z from 'zod';
import type { OptionLoader, OptionsPage, RemoteOption } from '../../core/block/implement';
import { BlockError } from '../../core/errors';
import { type FicClient, readAnswer, toId } from './client.server';
import { buildQuery } from './query';

const PAGE = 50;

const named = z.object({ id: z.number(), name: z.string().nullish(), vat_number: z.string().nullish() });
const vatType = z.object({
  id: z.number(),
  value: z.number().nullish(),
  description: z.string().nullish(),
  is_disabled: z.boolean().nullish(),
});

const clients: OptionLoader<FicClient> = {
  list: async (client, { q, cursor }) => {
    const page = cursor === null ? 1 : Number(cursor);
    const text = q.trim();
    const query = text === '' ? undefined : buildQuery([searchFor(text)]);
    const answer = await client.clients.listClients(
      client.companyId(),
      'id,name,vat_number',
      undefined,
      'name',
      page,
      PAGE,
      query,
    );
    const schema = z.object({ data: z.array(named), last_page: z.number().nullish() });
    const { data, last_page } = readAnswer(schema, answer.data, 'list of clients');
    return {
      items: data.map(toClientOption),
      nextCursor: page < (last_page ?? page) ? String(page + 1) : null,
    };
  },
  find: (client, value) =>
    findOrNull(async () => {
      const answer = await client.clients.getClient(
        client.companyId(),
        toId(value, ''),
        'id,name,vat_number',
      );
      return toClientOption(readAnswer(z.object({ data: named }), answer.data, 'client').data);
    }),
};

const searchFor = (text: string) => ({
  anyOf: [
    { field: 'name', op: 'contains', value: text },
    { field: 'vat_number', op: 'contains', value: text },
  ] as const,
});

const toClientOption = ({ id, name, vat_number }: z.infer<typeof named>): RemoteOption => ({
  value: String(id),
  label: [name ?? String(id), vat_number].filter(Boolean).join(' · '),
});

const vatTypes = shortList(async (client) => {
  const answer = await client.info.listVatTypes(client.companyId());
  const { data } = readAnswer(z.object({ data: z.array(vatType) }), answer.data, 'list of VAT types');
  return data
    .filter(({ is_disabled }) => !is_disabled)
    .map(({ id, value, description }) => ({
      value: String(id),
      label: [`${value ?? 0}%`, description].filter(Boolean).join(' · '),
    }));
});

const paymentMethods = shortList(async (client) => {
  const answer = await client.info.listPaymentMethods(client.companyId());
  return toOptions(answer.data, 'list of payment methods');
});

const paymentAccounts = shortList(async (client) => {
  const answer = await client.info.listPaymentAccounts(client.companyId());
  return toOptions(answer.data, 'list of payment accounts');
});

/** Those used in the latest year, without the standard one: it is what an empty field means. */
const numerations = shortList(async (client) => {
  const answer = await client.documents.getIssuedDocumentPreCreateInfo(client.companyId(), 'invoice');
  const schema = z.object({ data: z.object({ numerations: z.record(z.string(), z.unknown()).nullish() }) });
  const years = Object.entries(readAnswer(schema, answer.data, 'list of numerations').data.numerations ?? {});
  const latest = years.sort(([a], [b]) => Number(b) - Number(a))[0]?.[1];
  const names = latest !== null && typeof latest === 'object' ? Object.keys(latest) : [];
  return names.filter((name) => name !== '').map((name) => ({ value: name, label: name }));
});

export const options = { clients, vatTypes, paymentMethods, paymentAccounts, numerations };

function toOptions(answer: unknown, what: string): RemoteOption[] {
  const { data } = readAnswer(z.object({ data: z.array(named) }), answer, what);
  return data.map(({ id, name }) => ({ value: String(id), label: name ?? String(id) }));
}

/** A list that comes whole: searched and looked through here. */
function shortList(load: (client: FicClient) => Promise<RemoteOption[]>): OptionLoader<FicClient> {
  return {
    list: async (client, { q }): Promise<OptionsPage> => {
      const wanted = q.trim().toLocaleLowerCase();
      const all = await load(client);
      return {
        items: all.filter(({ label }) => label.toLocaleLowerCase().includes(wanted)),
        nextCursor: null,
      };
    },
    find: async (client, value) => (await load(client)).find((option) => option.value === value) ?? null,
  };
}

async function findOrNull(find: () => Promise<RemoteOption>): Promise<RemoteOption | null> {
  try {
    return await find();
  } catch (error) {
    if (error instanceof BlockError && ['not_found', 'id_invalid'].includes(error.failure.code)) return null;
    throw error;
  }
}
