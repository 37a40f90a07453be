import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { rotateKeys } from '../../src/server';
import { bundleScript } from '../support/bundle-script';
import { askDatabase, createTestDatabase, type TestDatabase } from '../support/database';
import { type FakeNotes, notesOptions, startFakeNotes } from '../support/notes';
import { connectAs, startTestServer, type TestServer } from '../support/server';

const key = (id: string, fill: number) => `${id}:${Buffer.alloc(32, fill).toString('base64')}`;
const [oldKey, newKey] = [key('k1', 1), key('k2', 2)];
const ring = `${newKey},${oldKey}`;
const companies = ['acqua', 'bianchi', 'carli', 'dossi', 'etna'];

describe('rotating the encryption keys', () => {
  let fake: FakeNotes;
  let database: TestDatabase;
  let test: TestServer;
  let now: number;
  const open = (encryptionKeys: string) =>
    startTestServer({ ...notesOptions(fake.origin), encryptionKeys, clock: { now: () => now } }, database);
  const restart = async (encryptionKeys: string) => {
    await test.close();
    test = await open(encryptionKeys);
  };
  const query = async (sql: string, values: unknown[] = []) =>
    (await askDatabase(database, sql, values)).rows;
  const credentials = () =>
    query(`select company_id, credential->>'kid' as kid, credential->>'ct' as ct, credential->>'dek' as dek
           from workflow_connection order by 1`);
  const check = (companyId: string) =>
    test.clientOf({ companyId }).testIntegration({ params: { provider: 'notes' } });
  const rotate = (options = {}) =>
    rotateKeys({ databaseUrl: database.url, encryptionKeys: ring, ...options });

  beforeEach(async () => {
    now = Date.now();
    fake = await startFakeNotes();
    database = await createTestDatabase();
    test = await open(oldKey);
    for (const companyId of companies) await connectAs(test, 'notes', fake.consent, { companyId });
  });
  afterEach(async () => {
    await test.close();
    await fake.close();
    await database.drop();
  });

  it('wraps every credential anew and touches no ciphertext; afterwards the old key may go', async () => {
    const before = await credentials();
    expect(await rotate({ batchSize: 2 })).toEqual({
      key: 'k2',
      rewrapped: 5,
      remaining: {},
      unreadable: [],
    });
    const after = await credentials();
    expect(after.map(({ company_id, kid, ct }) => ({ company_id, kid, ct }))).toEqual(
      before.map(({ company_id, ct }) => ({ company_id, kid: 'k2', ct })),
    );
    expect(await rotate()).toMatchObject({ rewrapped: 0, remaining: {} });
    expect(await credentials()).toEqual(after);
    await restart(newKey);
    for (const company of companies) expect(await check(company)).toMatchObject({ ok: true });
  });

  it('changes nothing in a dry run, and says what it would do', async () => {
    const before = await credentials();
    expect(await rotate({ dryRun: true })).toMatchObject({ rewrapped: 5, remaining: { k1: 5 } });
    expect(await credentials()).toEqual(before);
  });

  it('leaves what it cannot open, names it, and does the rest', async () => {
    await query(
      `update workflow_connection set credential = (select credential from workflow_connection where company_id = 'acqua')
       where company_id = 'carli'`,
    );
    expect(await rotate()).toEqual({
      key: 'k2',
      rewrapped: 4,
      remaining: { k1: 1 },
      unreadable: [{ companyId: 'carli', provider: 'notes', key: 'k1' }],
    });
  });

  it('loses no token that is renewed meanwhile', async () => {
    await restart(ring);
    now += 3_600_000;
    const held = fake.holdRefresh('after');
    const renewed = check('bianchi');
    await held.reached;
    const rotated = rotate();
    await waitForLock();
    held.release();
    expect(await renewed).toMatchObject({ ok: true });
    expect(await rotated).toMatchObject({ rewrapped: 4, remaining: {} });
    expect((await credentials()).map(({ kid }) => kid)).toEqual(['k2', 'k2', 'k2', 'k2', 'k2']);
    await restart(newKey);
    expect(await check('bianchi')).toMatchObject({ ok: true });
    expect(fake.count('grant refresh')).toBe(1);
  });

  it('loses no token that is renewed between its reading and its writing by a server with the old ring', async () => {
    now += 3_600_000;
    const held = fake.holdRefresh('after');
    const renewed = check('bianchi');
    await held.reached;
    const rotated = rotate();
    await waitForLock();
    held.release();
    expect(await renewed).toMatchObject({ ok: true });
    // The server wrote with its own, older key; the next pass meets it.
    expect(await rotated).toMatchObject({ rewrapped: 5, remaining: {} });
    await restart(newKey);
    expect(await check('bianchi')).toMatchObject({ ok: true });
    expect(fake.count('grant refresh')).toBe(1);
  });

  const waitForLock = async () => {
    for (;;) {
      const [{ count }] = await query(
        `select count(*)::int from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      );
      if (count > 0) return;
    }
  };

  describe('from a shell', () => {
    const run = async (args: string[], env: Record<string, string> = {}) => {
      const script = await bundleScript(join(__dirname, '../../src/server/cli.ts'));
      return new Promise<{ code: number; out: string; err: string }>((resolve) => {
        const child = execFile(
          process.execPath,
          [script, ...args],
          { env: { PATH: process.env.PATH, ...env } as NodeJS.ProcessEnv },
          (_, out, err) => resolve({ code: child.exitCode ?? -1, out, err }),
        );
      });
    };

    it('prints what was done and what is left', async () => {
      const env = { TRAMA_DATABASE_URL: database.url, TRAMA_ENCRYPTION_KEYS: ring };
      expect(await run(['rotate-keys', '--dry-run'], env)).toEqual({
        code: 0,
        out: '5 would be wrapped with "k2".\n5 still need "k1".\n',
        err: '',
      });
      expect(await run(['rotate-keys'], env)).toEqual({
        code: 0,
        out: '5 were wrapped with "k2".\n0 still need an older key: older keys may be taken out of the ring.\n',
        err: '',
      });
    });

    it('migrates, as often as it is asked to', async () => {
      const empty = await createTestDatabase();
      const env = { TRAMA_DATABASE_URL: empty.url };
      for (let time = 0; time < 2; time += 1)
        expect(await run(['migrate'], env)).toEqual({
          code: 0,
          out: 'The database is at this version of Trama.\n',
          err: '',
        });
      expect(await run(['migrate', '--dry-run'], env)).toMatchObject({ code: 2 });
      await empty.drop();
    });

    it('says what is missing or wrong, and never a key', async () => {
      expect(await run(['rotate-keys'])).toMatchObject({
        code: 2,
        err: expect.stringContaining('TRAMA_DATABASE_URL is not set'),
      });
      expect(await run(['rotate-keys', '--force'])).toMatchObject({
        code: 2,
        err: expect.stringContaining('--force is no command of trama'),
      });
      const env = { TRAMA_DATABASE_URL: database.url, TRAMA_ENCRYPTION_KEYS: 'k2:c2hvcnQ=' };
      const answer = await run(['rotate-keys'], env);
      expect(answer).toMatchObject({ code: 1, err: expect.stringContaining('encryptionKeys is malformed') });
      expect(answer.err).not.toContain('c2hvcnQ=');
    });
  });
});
