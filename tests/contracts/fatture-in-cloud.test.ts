import { actions } from '../../src/blocks';
import { fattureInCloudServer } from '../../src/blocks/fatture-in-cloud/provider.server';
import { executors } from '../../src/blocks/server';
import type { ClientContext } from '../../src/core/block/implement';
import type { Json } from '../../src/core/json';
import { createFakeFattureInCloud, type FakeFattureInCloud, mockBlockContext } from '../../src/testing';
import { type Exchange, type OpenApi, readOpenApi } from './openapi';

/**
 * Where we knowingly differ from the description, by the problem's text.
 * Answers only: requests have none.
 */
const deviations: { problem: RegExp; reason: string }[] = [
  {
    problem: /answer 200\/((first|last|next|prev)_page_url|path) must match format "uri"/,
    reason:
      'the examples of the description itself have `page=1` and a bare path, which is what the real one answers',
  },
];

let spec: OpenApi;
let fic: FakeFattureInCloud;
let client: Awaited<ReturnType<typeof fattureInCloudServer.client>>;

beforeAll(async () => {
  spec = readOpenApi('fattureincloud/openapi-enriched.subset.json');
  fic = createFakeFattureInCloud();
  const baseUrl = await fic.listen();
  client = await fattureInCloudServer.client(contextOf(baseUrl, fic.issueToken()));
});
afterAll(() => fic.close());

const contextOf = (baseUrl: string, token: string): ClientContext => ({
  baseUrl,
  accessToken: async () => token,
  apiKey: null,
  accountId: '12345',
  fetch,
  pace: async () => {},
  companyId: 'rossi',
  step: null,
  host: null,
});

/** Runs a block as the engine would: the configuration through its schema, the result through its output. */
async function run(type: string, config: Record<string, Json>): Promise<Record<string, Json>> {
  const block = actions.find((candidate) => candidate.type === `fatture-in-cloud.${type}`);
  const executor = executors[`fatture-in-cloud.${type}` as keyof typeof executors];
  if (!block || !executor) throw new Error(`No block ${type}`);
  const argument = { input: block.input.parse(config), client, step: mockBlockContext(), openFile: noFile };
  // biome-ignore lint/suspicious/noExplicitAny: one argument for executors of every input
  const outcome = (await executor.run(argument as any)) as { output: unknown };
  return block.output.parse(outcome.output) as Record<string, Json>;
}

const noFile = () => Promise.reject(new Error('no block here takes a file'));

function exchanges(): Exchange[] {
  return fic.calls
    .filter(({ operation }) => operation !== 'pdf' && operation !== 'token')
    .map(({ method, path, query, body, answer }) => ({
      method,
      path,
      query,
      body,
      status: answer?.status ?? 0,
      answer: answer?.body,
    }));
}

const unexpected = (problems: string[]): string[] =>
  problems.filter((problem) => !deviations.some((known) => known.problem.test(problem)));

const items = [{ name: 'Consulenza', description: 'Novembre', quantity: '1,5', netPrice: '1.200,50' }];
const saved = { kind: 'saved', id: '54321' };
const inline = {
  kind: 'inline',
  name: "L'Aquila & C.",
  vatNumber: 'IT01234567890',
  taxCode: '01234567890',
  street: 'Via Roma, 1',
  postalCode: '20121',
  city: 'Milano',
  province: 'MI',
  country: 'Italia',
  email: 'a@b.example',
  certifiedEmail: 'a@pec.example',
  recipientCode: '0000000',
};

describe('the calls of the blocks, against the description of Fatture in Cloud', () => {
  beforeAll(async () => {
    const { id } = await run('create-invoice', { client: saved, items, paymentMethod: '386092' });
    await run('create-invoice', {
      client: inline,
      items: [{ ...items[0], vat: '3' }],
      date: '2026-11-23',
      due: 'date',
      dueDate: '2026-12-31',
      paymentAccount: '109',
      numeration: '/A',
      visibleSubject: 'Contratto',
      notes: 'Grazie',
      eInvoice: true,
      eiPaymentMethod: 'MP08',
    });
    await run('update-invoice-status', { invoiceId: id as string, status: 'paid', paymentAccount: '21' });
    await run('update-invoice-status', { invoiceId: id as string, status: 'not_paid' });
    await run('send-invoice-pdf', { invoiceId: id as string });
    await run('send-invoice-pdf', { invoiceId: id as string, to: 'x@y.example', body: 'Ecco' });
    const all = {
      status: 'not_paid',
      client: '54321',
      from: '2026-01-01',
      to: '2026-12-31',
      text: "D'Angelo",
    };
    await run('list-invoices', all);
    await run('list-invoices', {});
    await fattureInCloudServer.openFile?.(client, id as string);
    await fattureInCloudServer.identify?.(client);
    for (const loader of Object.values(fattureInCloudServer.options ?? {})) {
      const { items: found } = await loader.list(client, { q: '', cursor: null });
      await loader.list(client, { q: "d'a", cursor: null });
      await loader.find?.(client, found[0]?.value ?? '0');
    }
  });

  it('are all of them described there', () => {
    const seen = new Set(exchanges().map((exchange) => spec.operationOf(exchange)));
    expect([...seen].sort()).toEqual([
      'createIssuedDocument',
      'getClient',
      'getEmailData',
      'getIssuedDocument',
      'getIssuedDocumentPreCreateInfo',
      'getNewIssuedDocumentTotals',
      'listClients',
      'listIssuedDocuments',
      'listPaymentAccounts',
      'listPaymentMethods',
      'listUserCompanies',
      'listVatTypes',
      'modifyIssuedDocument',
      'scheduleEmail',
    ]);
  });

  it('send nothing but what is described', () => {
    expect(exchanges().flatMap(spec.requestProblems)).toEqual([]);
  });

  it('are answered by the fake as described', () => {
    expect(unexpected(exchanges().flatMap(spec.answerProblems))).toEqual([]);
  });

  it('would be caught if they did not', () => {
    const [created] = exchanges().filter((one) => spec.operationOf(one) === 'createIssuedDocument');
    const { data } = (created as Exchange).body as { data: Record<string, unknown> };
    const wrong = (changes: object, query = {}) =>
      spec.requestProblems({ ...(created as Exchange), query, body: { data: { ...data, ...changes } } });
    expect(wrong({ date: '23/11/2026' })).toEqual([expect.stringContaining('must match format "date"')]);
    expect(wrong({ client_msg_id: 'x' })).toEqual([expect.stringContaining('client_msg_id')]);
    expect(wrong({ entity: { id: 1 } })).toEqual([
      expect.stringContaining("must have required property 'name'"),
    ]);
    expect(wrong({}, { per_page: '5' })).toEqual([expect.stringContaining('per_page is not known')]);
  });

  it('refuses in the form the description gives', async () => {
    const before = fic.calls.length;
    await expect(run('create-invoice', { client: { kind: 'saved', id: '1' }, items })).rejects.toMatchObject({
      failure: { kind: 'terminal', code: 'not_found' },
    });
    fic.expireTokens();
    await expect(run('list-invoices', {})).rejects.toMatchObject({ failure: { kind: 'reconnect' } });
    expect(exchanges().slice(before).flatMap(spec.answerProblems)).toEqual([]);
  });
});
