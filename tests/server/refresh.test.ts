import { askDatabase, createTestDatabase, type TestDatabase } from '../support/database';
import { definition, node } from '../support/definitions';
import { type FakeNotes, notesOptions, startFakeNotes } from '../support/notes';
import { connectAs, follow, publishWorkflow, startTestServer, type TestServer } from '../support/server';
import { spawnServer } from '../support/spawn-server';

const provider = 'notes';
const params = { provider };

describe('tokens that end', () => {
  let fake: FakeNotes;
  let database: TestDatabase;
  let test: TestServer;
  let now: number;
  const clock = { now: () => now };
  const open = (poolSize?: number) =>
    startTestServer({ ...notesOptions(fake.origin), clock, ...(poolSize ? { poolSize } : {}) }, database);
  const connect = (companyId = 'rossi') => connectAs(test, provider, fake.consent, { companyId });
  const check = (server = test, companyId = 'rossi') =>
    server.clientOf({ companyId }).testIntegration({ params });
  const state = async (companyId = 'rossi') =>
    (await test.clientOf({ companyId }).listIntegrations()).items.find((item) => item.provider === provider);
  const query = async (sql: string) => (await askDatabase(database, sql)).rows;
  const times = <T>(count: number, make: (index: number) => Promise<T>) =>
    Promise.all(Array.from({ length: count }, (_, index) => make(index)));
  const HOUR = 3_600_000;

  beforeEach(async () => {
    now = Date.now();
    fake = await startFakeNotes();
    database = await createTestDatabase();
    test = await open();
  });
  afterEach(async () => {
    await test.close();
    await fake.close();
    await database.drop();
  });

  it('are used as they are while more than five minutes are left, and renewed when fewer are', async () => {
    await connect();
    now += HOUR - 5 * 60_000 - 1;
    await check();
    expect(fake.count('grant refresh')).toBe(0);
    now += 1;
    expect(await check()).toMatchObject({ ok: true });
    expect(fake.count('grant refresh')).toBe(1);
    const [row] = await query('select access_expires_at from workflow_connection');
    expect(row.access_expires_at).toEqual(new Date(now + HOUR));
  });

  it('are renewed once for twelve callers of one server', async () => {
    await connect();
    now += HOUR;
    const answers = await times(12, () => check());
    expect(answers.every(({ ok }) => ok)).toBe(true);
    expect(fake.count('grant refresh')).toBe(1);
  });

  it('are renewed once for twelve callers of two servers, five times over', async () => {
    await connect();
    const other = await open();
    try {
      for (let round = 1; round <= 5; round += 1) {
        now += HOUR;
        const answers = await times(12, (index) => check(index % 2 === 0 ? test : other));
        expect(answers.every(({ ok }) => ok)).toBe(true);
        expect(fake.count('grant refresh')).toBe(round);
      }
    } finally {
      await other.close();
    }
  });

  it('of twelve companies at once leave the small pool of the database usable, though the provider is slow', async () => {
    await test.close();
    test = await open(4);
    const companies = Array.from({ length: 12 }, (_, index) => `company-${index}`);
    for (const company of companies) await connect(company);
    now += HOUR;
    const held = fake.holdRefresh('before');
    const answers = Promise.all(companies.map((company) => check(test, company)));
    await held.reached;
    expect((await test.clientOf().listWorkflows()).items).toEqual([]);
    held.release();
    await answers;
    expect(fake.count('grant refresh')).toBe(12);
  });

  it('that the provider refuses before their time are renewed once, and the call is repeated', async () => {
    await connect();
    fake.revokeAccess();
    const { id } = await publishWorkflow(test.clientOf(), noteWorkflow);
    const { run } = await test.clientOf().startRun({ params: { id }, body: {} });
    const { run: ended } = await follow(test.clientOf(), run.id);
    expect(ended.status).toBe('succeeded');
    expect(fake.calls.slice(-3)).toEqual(['POST /notes', 'grant refresh', 'POST /notes']);
  });

  it('refused again after renewal end in a reconnect, without a third call', async () => {
    await connect();
    fake.failNext('/notes', () => {
      fake.failNext('/notes', { status: 401, body: {} });
      return { status: 401, body: {} };
    });
    const { id } = await publishWorkflow(test.clientOf(), noteWorkflow);
    const { run } = await test.clientOf().startRun({ params: { id }, body: {} });
    await follow(test.clientOf(), run.id, (status) => status !== 'running' && status !== 'queued');
    expect(fake.count('POST /notes')).toBe(2);
    expect(fake.count('grant refresh')).toBe(1);
    expect(await state()).toMatchObject({ state: 'needs_reauth', lastErrorCode: 'status_401' });
  });

  it('refused by several callers at once are renewed once', async () => {
    await connect();
    fake.revokeAccess();
    const answers = await times(12, () => check());
    expect(answers.every(({ ok }) => ok)).toBe(true);
    expect(fake.count('grant refresh')).toBe(1);
  });

  it('whose consent was taken back need a reconnect; nothing more is asked of the provider', async () => {
    await connect();
    now += HOUR;
    fake.failNext('/token', { status: 400, body: { error: 'invalid_grant' } });
    expect(await check()).toMatchObject({ ok: false, state: 'needs_reauth' });
    expect(await state()).toMatchObject({ state: 'needs_reauth', lastErrorCode: 'invalid_grant' });
    const before = fake.calls.length;
    expect(await check()).toMatchObject({ ok: false, state: 'needs_reauth' });
    expect(fake.calls).toHaveLength(before);
    await connect();
    expect(await check()).toMatchObject({ ok: true, state: 'active' });
  });

  it.each([
    ['answers 503', { status: 503, body: {} }],
    ['asks to slow down', { status: 429, body: { error: 'slow_down' } }],
    ['cuts the connection', 'cut' as const],
  ])('stay as they are while the provider %s; the step is tried again', async (_, answer) => {
    await connect();
    now += HOUR;
    fake.failNext('/token', answer);
    const { id } = await publishWorkflow(test.clientOf(), {
      ...noteWorkflow,
      nodes: noteWorkflow.nodes.map((one) =>
        one.id === 'note'
          ? { ...one, retry: { maxAttempts: 3, backoff: 'fixed', delayMs: 1000, maxDelayMs: 1000 } }
          : one,
      ),
    });
    const { run } = await test.clientOf().startRun({ params: { id }, body: {} });
    await follow(test.clientOf(), run.id, (status) => status === 'waiting');
    expect(await state()).toMatchObject({ state: 'active', lastErrorCode: null });
    now += 60_000;
    const { run: ended, steps } = await follow(test.clientOf(), run.id);
    expect(ended.status).toBe('succeeded');
    const note = steps.find(({ nodeId }) => nodeId === 'note');
    expect(note?.attempts.map(({ error }) => error)).toEqual([
      expect.objectContaining({ kind: 'retry', code: 'token_not_renewed' }),
    ]);
    expect(fake.count('POST /notes')).toBe(1);
  });

  it('are used to their very end when the provider cannot renew them', async () => {
    await connect();
    now += HOUR - 1000;
    fake.failNext('/token', 'cut');
    expect(await check()).toMatchObject({ ok: true });
  });

  it('keep their refresh token and scopes when an answer brings none', async () => {
    await connect();
    fake.omit = ['refresh_token', 'scope'];
    now += HOUR;
    expect(await check()).toMatchObject({ ok: true });
    expect(await state()).toMatchObject({ scopes: ['notes:write', 'tags:read'] });
    now += HOUR;
    // It was kept, and this provider takes one once.
    expect(await check()).toMatchObject({ ok: false, state: 'needs_reauth' });
    expect(fake.count('grant refresh')).toBe(2);
  });

  it('are not given up because the application’s own secret is refused', async () => {
    await connect();
    now += HOUR;
    fake.failNext('/token', { status: 400, body: { error: 'invalid_client' } });
    const answer = await check();
    expect(answer).toMatchObject({ ok: false, state: 'error' });
    expect(answer.message).toContain('providers["notes"].clientId');
    expect(await state()).toMatchObject({ state: 'error', lastErrorCode: 'invalid_client' });
    expect(await check()).toMatchObject({ ok: true, state: 'active' });
  });

  it('are stored although the database connection is lost while the provider answers', async () => {
    await connect();
    now += HOUR;
    const held = fake.holdRefresh('after');
    const answer = check();
    await held.reached;
    await query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and state = 'idle in transaction'`,
    );
    held.release();
    expect(await answer).toMatchObject({ ok: true });
    expect(await check()).toMatchObject({ ok: true });
    expect(fake.count('grant refresh')).toBe(1);
  });

  it.each([
    ['before the provider has taken the refresh token: they are renewed by whoever comes next', 'before', 2],
    ['after it: the connection asks to be made anew, once, and is not tried for ever', 'after', 2],
  ] as const)('with the process killed %s', async (_, when, grants) => {
    await connect();
    // The killed process has the machine's clock, on which nothing ends for an hour: it renews because the token is refused.
    fake.revokeAccess();
    const child = await spawnServer({ DATABASE_URL: database.url, NOTES_URL: fake.origin });
    const held = fake.holdRefresh(when);
    const lost = child.client.testIntegration({ params }).catch(() => 'lost');
    await held.reached;
    await child.kill();
    await held.left;
    held.release();
    expect(await lost).toBe('lost');
    const expected = when === 'before' ? { ok: true, state: 'active' } : { ok: false, state: 'needs_reauth' };
    expect(await check()).toMatchObject(expected);
    expect(await check()).toMatchObject(expected);
    expect(fake.count('grant refresh')).toBe(grants);
  });
});

const noteWorkflow = definition(
  [node('note', 'notes.write', { config: { text: 'ciao' } })],
  ['trigger -> note'],
);
