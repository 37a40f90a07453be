import {
  connectCompany,
  connectFic,
  everythingStored,
  type FicTest,
  runStep,
  simpleInvoice,
  startFic,
} from './harness';

const companies = [
  { id: 1, name: 'Rossi S.r.l.', type: 'company' as const, vatNumber: 'IT1' },
  {
    id: 2,
    name: 'Studio Commercialista',
    type: 'accountant' as const,
    vatNumber: 'IT2',
    controlled: [{ id: 3, name: 'Verdi S.p.A.' }],
  },
];

let test: FicTest;
afterEach(() => test.close());

describe('a connection to Fatture in Cloud', () => {
  it('offers the companies to choose from, and works for the one chosen', async () => {
    test = await startFic({ companies });
    await connectFic(test.fic, test.baseUrl, test.headersOf());
    const client = test.clientOf();
    const provider = { params: { provider: 'fatture-in-cloud' } };
    const find = async () =>
      (await client.listIntegrations()).items.find(({ provider: name }) => name === 'fatture-in-cloud');
    expect(await find()).toMatchObject({
      state: 'needs_account',
      accounts: [
        { id: '1', label: 'Rossi S.r.l.' },
        { id: '3', label: 'Verdi S.p.A.' },
      ],
    });
    await client.chooseAccount({ ...provider, body: { accountId: '3' } });
    expect(await find()).toMatchObject({ state: 'active' });
    const { run } = await runStep(client, 'create-invoice', simpleInvoice());
    expect(run.status).toBe('succeeded');
    expect(test.fic.documents).toMatchObject([{ companyId: 3 }]);
    expect(await client.testIntegration(provider)).toMatchObject({ ok: true });
    expect(await everythingStored(test)).not.toContain('fake-company-token');
  });

  it('renews a token whose time is over, once, and goes on', async () => {
    test = await startFic();
    const client = await connectCompany(test, 'rossi');
    test.fic.expireTokens();
    const { run } = await runStep(client, 'create-invoice', simpleInvoice());
    expect(run.status).toBe('succeeded');
    expect(test.fic.refreshes).toBe(1);
    expect(test.fic.documents).toHaveLength(1);
  });

  it('waits for a person to reconnect when the permission was taken away, and then goes on by itself', async () => {
    test = await startFic();
    const client = await connectCompany(test, 'rossi');
    test.fic.revokeTokens();
    const running = runStep(client, 'create-invoice', simpleInvoice());
    const waits = async () =>
      (await client.listRuns({ query: {} })).items.some(({ status }) => status === 'waiting');
    while (!(await waits()));
    expect(test.fic.documents).toHaveLength(0);
    await connectCompany(test, 'rossi');
    const { run } = await running;
    expect(run.status).toBe('succeeded');
    expect(test.fic.documents).toHaveLength(1);
  });
});
