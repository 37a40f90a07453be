import type { FicClient } from '../../../src/blocks/fatture-in-cloud/client.server';
import { fattureInCloudServer } from '../../../src/blocks/fatture-in-cloud/provider.server';
import { BlockError, type StepFailure } from '../../../src/core';
import type { ClientContext } from '../../../src/core/block/implement';
import { createOutgoingFetch } from '../../../src/server/integrations/outgoing';
import { createFakeFattureInCloud, type FakeFattureInCloud, type Fault } from '../../../src/testing';

let fic: FakeFattureInCloud;
let origin: string;
let token: string;
beforeAll(async () => {
  fic = createFakeFattureInCloud();
  origin = await fic.listen();
  token = fic.issueToken();
});
afterEach(() => fic.clearFaults());
afterAll(() => fic.close());

async function connect(
  overrides: Partial<ClientContext> = {},
  { refresh, timeoutMs = 10_000 }: { refresh?: () => Promise<string | null>; timeoutMs?: number } = {},
): Promise<FicClient> {
  const { provider } = fattureInCloudServer;
  const baseUrl = overrides.baseUrl ?? origin;
  return fattureInCloudServer.client({
    baseUrl,
    accessToken: async () => token,
    apiKey: null,
    accountId: '12345',
    fetch: createOutgoingFetch({ provider, baseUrl, timeoutMs, ...(refresh ? { refresh } : {}) }),
    pace: async () => {},
    companyId: 'rossi',
    step: null,
    host: null,
    ...overrides,
  });
}

async function failureOf(call: Promise<unknown>): Promise<StepFailure> {
  const error = await call.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (error === null) throw new Error('The call did not fail.');
  expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain(token);
  return fattureInCloudServer.mapError(error);
}

const operations = {
  read: ['listVatTypes', (client: FicClient) => client.info.listVatTypes(12345)],
  change: [
    'modifyIssuedDocument',
    (client: FicClient) => client.documents.modifyIssuedDocument(12345, 1, { data: {} }),
  ],
  totals: [
    'getNewIssuedDocumentTotals',
    (client: FicClient) => client.documents.getNewIssuedDocumentTotals(12345, { data: {} }),
  ],
  create: [
    'createIssuedDocument',
    (client: FicClient) => client.documents.createIssuedDocument(12345, { data: {} }),
  ],
  email: ['scheduleEmail', (client: FicClient) => client.documents.scheduleEmail(12345, 1, {})],
} as const;

const fail = async (kind: keyof typeof operations, fault: Fault): Promise<StepFailure> => {
  const [operation, call] = operations[kind];
  fic.failNext(operation, fault);
  // Silence alone has to come to an end soon.
  return failureOf(call(await connect({}, fault === 'hang' ? { timeoutMs: 100 } : {})));
};

const said = (message: string, details: unknown = null) => ({
  error: { message, validation_result: details },
});

describe('a call to Fatture in Cloud that fails', () => {
  it.each<[string, Fault, Partial<StepFailure>]>([
    ['429', { status: 429, retryAfter: 7 }, { kind: 'retry', code: 'rate_limited', retryAfterMs: 7000 }],
    ['429 without a pause', { status: 429 }, { kind: 'retry', retryAfterMs: 60_000 }],
    [
      '403 with a pause',
      { status: 403, retryAfter: 1800 },
      { kind: 'retry', code: 'quota_exceeded', retryAfterMs: 1_800_000 },
    ],
    [
      '403 with a long pause',
      { status: 403, retryAfter: 90_000 },
      { kind: 'terminal', code: 'quota_exceeded', actor: 'customer' },
    ],
    ['403', { status: 403 }, { kind: 'terminal', code: 'not_allowed', actor: 'customer' }],
    ['401', { status: 401 }, { kind: 'reconnect', code: 'token_refused' }],
    ['404', { status: 404 }, { kind: 'terminal', code: 'not_found' }],
    ['409', { status: 409 }, { kind: 'terminal', code: 'conflict' }],
    ['422', { status: 422 }, { kind: 'terminal', code: 'validation_failed' }],
    ['400', { status: 400 }, { kind: 'terminal', code: 'request_refused' }],
  ])('with %s means the same for every call, because nothing was done', async (_, fault, expected) => {
    for (const kind of ['read', 'change', 'totals', 'create', 'email'] as const)
      expect(await fail(kind, fault)).toMatchObject(expected);
  });

  it.each<[string, Fault, string]>([
    ['500', { status: 500, body: '<html>' }, 'provider_failed'],
    ['503', { status: 503 }, 'unavailable'],
    ['a cut connection', 'reset', 'answer_lost'],
    ['silence', 'hang', 'answer_lost'],
    ['a redirect', { status: 302 }, 'redirected'],
  ])(
    'with %s is asked again where that does no harm, and is uncertain where it would',
    async (_, fault, code) => {
      for (const kind of ['read', 'change', 'totals'] as const)
        expect(await fail(kind, fault)).toMatchObject({ kind: 'retry', code });
      for (const kind of ['create', 'email'] as const)
        expect(await fail(kind, fault)).toMatchObject({ kind: 'uncertain', code });
    },
  );

  it('is simply tried again when the connection never came about', async () => {
    const gone = createFakeFattureInCloud();
    const baseUrl = await gone.listen();
    await gone.close();
    const failure = await failureOf(operations.create[1](await connect({ baseUrl })));
    expect(failure).toMatchObject({ kind: 'retry', code: 'unreachable' });
  });

  it('passes on what Fatture in Cloud says to the person, in one line and not without end', async () => {
    const details = { 'data.date': ['La data non è valida.'] };
    const { message } = await fail('create', { status: 422, body: said('Dati\nerrati.', details) });
    expect(message).toContain('«Dati errati. La data non è valida»');
    const long = await fail('create', { status: 422, body: said('x'.repeat(5000)) });
    expect(long.message.length).toBeLessThan(500);
  });

  it('never passes on the token, even when an answer repeats it', async () => {
    for (const status of [403, 404, 422, 500]) {
      const body = said('Richiesta con {authorization} rifiutata', ['{authorization}']);
      const failure = await fail('create', { status, body });
      expect(JSON.stringify(failure)).not.toContain(token);
      expect(JSON.stringify(failure)).not.toContain('Bearer');
    }
  });

  it('with 401 is repeated once with a fresh token', async () => {
    const fresh = fic.issueToken();
    const before = fic.calls.length;
    fic.failNext('listVatTypes', { status: 401 });
    const answer = await (await connect({}, { refresh: async () => fresh })).info.listVatTypes(12345);
    expect(answer.status).toBe(200);
    expect(fic.calls.slice(before).map(({ operation }) => operation)).toEqual([
      'listVatTypes',
      'listVatTypes',
    ]);
  });

  it('without a company asks to be reconnected before anything is sent', async () => {
    const before = fic.calls.length;
    const client = await connect({ accountId: null });
    expect(() => client.companyId()).toThrow(BlockError);
    expect(fic.calls).toHaveLength(before);
  });
});

describe('the companies of a connection', () => {
  it('are the person’s own and those an accountant looks after, by id and name alone', async () => {
    const studio = createFakeFattureInCloud({
      companies: [
        { id: 1, name: 'Rossi S.r.l.', type: 'company', vatNumber: 'IT1' },
        {
          id: 2,
          name: 'Studio Commercialista',
          type: 'accountant',
          vatNumber: 'IT2',
          controlled: [
            { id: 3, name: 'Verdi S.p.A.' },
            { id: 1, name: 'Rossi S.r.l.' },
          ],
        },
      ],
    });
    const baseUrl = await studio.listen();
    token = studio.issueToken();
    const found = await fattureInCloudServer.identify?.(await connect({ baseUrl, accountId: null }));
    expect(found).toEqual([
      { accountId: '1', label: 'Rossi S.r.l.' },
      { accountId: '3', label: 'Verdi S.p.A.' },
    ]);
    await expect(
      fattureInCloudServer.test?.(await connect({ baseUrl, accountId: '99' })),
    ).rejects.toMatchObject({
      failure: { kind: 'reconnect', code: 'company_gone' },
    });
    await fattureInCloudServer.test?.(await connect({ baseUrl, accountId: '3' }));
    await studio.close();
    token = fic.issueToken();
  });
});
