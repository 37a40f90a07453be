import { fattureInCloudServer } from '../../../src/blocks/fatture-in-cloud/provider.server';
import { createFakeFattureInCloud } from '../../../src/testing';
import { connectCompany, type FicTest, runStep, simpleInvoice, startFic } from './harness';

let test: FicTest;
let now = Date.parse('2026-11-23T10:00:00Z');
beforeAll(async () => {
  test = await startFic({ now: () => now });
  for (let index = 0; index < 60; index++)
    test.fic.addClient({ name: `Cliente ${String(index).padStart(2, '0')}` });
  await connectCompany(test, 'rossi');
});
afterEach(() => test.fic.clearFaults());
afterAll(() => test.close());

const list = (name: string, query: { q?: string; cursor?: string; value?: string } = {}) =>
  test.clientOf().listOptions({ params: { provider: 'fatture-in-cloud', name }, query });

describe('the choices of Fatture in Cloud', () => {
  it('are clients by name or VAT number, page by page', async () => {
    const first = await list('clients');
    expect(first.items).toHaveLength(50);
    const rest = await list('clients', { cursor: first.nextCursor ?? '' });
    expect(rest).toMatchObject({ items: { length: 13 }, nextCursor: null });
    expect((await list('clients', { q: "d'angelo" })).items).toEqual([
      { value: '54322', label: "D'Angelo & Figli S.n.c. · IT11223344556" },
    ]);
    expect((await list('clients', { q: '9876543210' })).items).toMatchObject([{ value: '54321' }]);
  });

  it('are VAT types in use, payment methods, accounts and numerations', async () => {
    expect((await list('vatTypes')).items).toEqual([
      { value: '0', label: '22%' },
      { value: '3', label: '10%' },
      { value: '4', label: '4%' },
      { value: '21', label: '0% · Non imponibile art. 8' },
    ]);
    expect((await list('paymentMethods', { q: 'carta' })).items).toEqual([
      { value: '386092', label: 'Carta di credito' },
    ]);
    expect((await list('paymentAccounts')).items.map(({ label }) => label)).toEqual([
      'Cassa',
      'Conto Banca Intesa',
    ]);
    expect((await list('numerations')).items).toEqual([{ value: '/A', label: '/A' }]);
  });

  it('are found by a value that is stored, and told to be gone', async () => {
    expect((await list('clients', { value: '54321' })).items).toMatchObject([{ value: '54321' }]);
    expect((await list('clients', { value: '1' })).items).toEqual([]);
    expect((await list('clients', { value: 'Rossi' })).items).toEqual([]);
    expect((await list('vatTypes', { value: '3' })).items).toEqual([{ value: '3', label: '10%' }]);
    expect((await list('vatTypes', { value: '1' })).items).toEqual([]);
  });
});

describe('an invoice’s PDF', () => {
  const open = async (id: string) => {
    const { openFile, provider, client } = fattureInCloudServer;
    const token = test.fic.issueToken();
    const context = {
      baseUrl: test.ficOrigin,
      accessToken: async () => token,
      apiKey: null,
      accountId: '12345',
      fetch,
      pace: async () => {},
      companyId: 'rossi',
      step: null,
      host: null,
    };
    if (!openFile) throw new Error(`${provider.id} opens no files`);
    return openFile(await client(context), id);
  };
  let id: string;
  beforeAll(async () => {
    const { step } = await runStep(test.clientOf(), 'create-invoice', simpleInvoice({ numeration: '/A' }));
    id = String((step?.output as { id?: string } | undefined)?.id);
  });

  it('is fetched at a fresh address each time, however long ago the invoice was made', async () => {
    now += 3_600_000;
    const { filename, contentType, bytes } = await open(id);
    expect({ filename, contentType }).toEqual({
      filename: 'fattura-1-A.pdf',
      contentType: 'application/pdf',
    });
    expect(Buffer.from(bytes).toString('latin1')).toMatch(/^%PDF-1\.4[\s\S]*Fattura 1\/A[\s\S]*%%EOF\n$/);
  });

  it.each([
    ['an address that has just expired', { status: 410 }, { kind: 'retry', code: 'pdf_expired' }],
    ['a page in place of it', { status: 200, body: '<html>' }, { kind: 'retry', code: 'pdf_unreadable' }],
    ['a cut connection', 'reset' as const, { kind: 'retry', code: 'answer_lost' }],
  ])('is asked for again after %s', async (_, fault, failure) => {
    test.fic.failNext('pdf', fault);
    await expect(open(id)).rejects.toMatchObject({ failure });
  });

  it.each([
    ['1', 'not_found'],
    ['../secrets', 'id_invalid'],
  ])('is refused for an invoice that is none: %s', async (wrong, code) => {
    await expect(open(wrong)).rejects.toMatchObject({ failure: { kind: 'terminal', code } });
  });
});

describe('the fake Fatture in Cloud', () => {
  it('exchanges a refresh token once, and a code within a minute', async () => {
    let clock = 0;
    const fic = createFakeFattureInCloud({ now: () => clock });
    const origin = await fic.listen();
    const redirect_uri = 'http://app.test/callback';
    const authorize = `${origin}/oauth/authorize?${new URLSearchParams({ response_type: 'code', client_id: 'sandbox-client', scope: 'settings:r', redirect_uri })}`;
    const exchange = async (args: Record<string, string>) => {
      const body = new URLSearchParams({
        client_id: 'sandbox-client',
        client_secret: 'sandbox-secret',
        redirect_uri,
        ...args,
      });
      const response = await fetch(`${origin}/oauth/token`, { method: 'POST', body });
      return { status: response.status, ...((await response.json()) as Record<string, string>) };
    };
    const code = () => new URL(fic.consent(authorize, 'allow')).searchParams.get('code') ?? '';
    const late = code();
    clock += 61_000;
    expect(await exchange({ grant_type: 'authorization_code', code: late })).toMatchObject({
      error: 'invalid_grant',
    });
    const fresh = code();
    const tokens = await exchange({ grant_type: 'authorization_code', code: fresh });
    expect(tokens).toMatchObject({ status: 200, token_type: 'bearer', expires_in: 86_400 });
    expect(await exchange({ grant_type: 'authorization_code', code: fresh })).toMatchObject({
      error: 'invalid_grant',
    });
    const { refresh_token = '' } = tokens as { refresh_token?: string };
    expect(await exchange({ grant_type: 'refresh_token', refresh_token })).toMatchObject({ status: 200 });
    expect(await exchange({ grant_type: 'refresh_token', refresh_token })).toMatchObject({
      error: 'invalid_grant',
    });
    expect(fic.refreshes).toBe(1);
    const page = await (await fetch(authorize)).text();
    expect(page).toContain('chiede di accedere al tuo account');
    await fic.close();
  });
});
