import { Client } from 'pg';
import { createWorkflowServer, migrations, optionsFromEnv } from '../../src/server';
import { migrate, openDatabase } from '../../src/server/db/data-source';
import { Admin1765000000000 } from '../../src/server/db/migrations/0010-admin';
import { createTestDatabase } from '../support/database';
import { startProxy } from '../support/proxy';
import { ENCRYPTION_KEYS, EVENT_SECRET, startTestServer } from '../support/server';

const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
const silent = { info: () => {}, warn: () => {}, error: () => {} };

describe('starting the backend', () => {
  it('names every missing or malformed option at once, before anything is touched', async () => {
    const broken = { baseUrl: '/api', databaseUrl: 'postgres://nowhere', leaseMs: 5 } as never;
    await expect(createWorkflowServer(broken)).rejects.toThrow(
      /authenticate: .*baseUrl: .*leaseMs: .*encryptionKeys: /s,
    );
  });

  it.each(['whsec_', 'not base64!', `${EVENT_SECRET},whsec_`])(
    'refuses the event secret "%s"',
    async (eventSecret) => {
      const options = { baseUrl: 'http://localhost/api', authenticate: () => null, eventSecret };
      await expect(createWorkflowServer(options)).rejects.toThrow(/eventSecret: must be/);
    },
  );

  it('reads options from the environment and names a malformed variable', () => {
    expect(optionsFromEnv({ TRAMA_BASE_URL: 'https://a.example/api', TRAMA_LEASE_MS: '20000' })).toEqual({
      baseUrl: 'https://a.example/api',
      leaseMs: 20000,
    });
    const handedOver = {
      TRAMA_RUNNER: 'trigger',
      TRIGGER_SECRET_KEY: 'tr_prod_1',
      TRAMA_TRIGGER_WAIT_MODE: 'waitpoint',
    };
    expect(optionsFromEnv(handedOver)).toEqual({
      runner: 'trigger',
      trigger: { secretKey: 'tr_prod_1', waitMode: 'waitpoint' },
    });
    expect(() => optionsFromEnv({ TRAMA_LEASE_MS: 'soon' })).toThrow('TRAMA_LEASE_MS');
  });

  it('says what runner "trigger" lacks: a key, a database that tasks can reach, the SDK', async () => {
    const options = {
      baseUrl: 'http://localhost/api',
      authenticate: () => null,
      runner: 'trigger' as const,
      logger: silent,
    };
    await expect(createWorkflowServer(options)).rejects.toThrow(/trigger\.secretKey: .*databaseUrl: /s);
    const misspelt = { ...options, trigger: { waitMode: 'sleep' as never } };
    await expect(createWorkflowServer(misspelt)).rejects.toThrow('trigger.waitMode');
    jest.doMock('@trigger.dev/sdk', () => {
      throw new Error("Cannot find module '@trigger.dev/sdk'");
    });
    const database = await createTestDatabase();
    const rest = {
      databaseUrl: database.url,
      encryptionKeys: ENCRYPTION_KEYS,
      trigger: { secretKey: 'tr_prod_1' },
    };
    await expect(createWorkflowServer({ ...options, ...rest })).rejects.toThrow(
      'npm install @trigger.dev/sdk',
    );
    jest.dontMock('@trigger.dev/sdk');
    await database.drop();
  });

  it('migrates once when several processes start on an empty database together', async () => {
    const database = await createTestDatabase();
    const start = () =>
      createWorkflowServer({
        databaseUrl: database.url,
        encryptionKeys: ENCRYPTION_KEYS,
        authenticate: () => null,
        baseUrl: 'http://localhost/api',
        poolSize: 2,
        logger: silent,
      });
    const servers = await Promise.all(Array.from({ length: 8 }, start));
    const client = new Client(database.url);
    await client.connect();
    const { rows } = await client.query('select name from trama_migration order by name');
    await client.end();
    expect(rows).toEqual(migrations.map((Migration) => ({ name: new Migration().name })).sort(byName));
    await Promise.all(servers.map((server) => server.close()));
    await database.drop();
  });

  it('gives a migration all the time it needs, and only that', async () => {
    const database = await createTestDatabase();
    const limits = `select name, setting from pg_settings where name in ('lock_timeout', 'statement_timeout') order by 1`;
    const seen: unknown[] = [];
    const up = jest.spyOn(Admin1765000000000.prototype, 'up').mockImplementation(async (runner) => {
      seen.push(await runner.query(limits));
    });
    const opened = await openDatabase(database.url, 2, silent);
    await migrate(opened);
    up.mockRestore();
    const { rows } = await opened.pool.query(limits);
    expect([seen[0], rows]).toEqual([
      [
        { name: 'lock_timeout', setting: '0' },
        { name: 'statement_timeout', setting: '0' },
      ],
      [
        { name: 'lock_timeout', setting: '5000' },
        { name: 'statement_timeout', setting: '15000' },
      ],
    ]);
    await opened.source.destroy();
    await database.drop();
  });

  it('answers 503 with Retry-After while the database is away, and works again by itself', async () => {
    const database = await createTestDatabase();
    const proxy = await startProxy(database.url);
    const test = await startTestServer({}, { ...database, url: proxy.url });
    const listWorkflows = () => fetch(`${test.baseUrl}/workflows`, { headers: test.headersOf() });
    expect((await listWorkflows()).status).toBe(200);
    await proxy.cut();
    const away = await listWorkflows();
    expect(away.status).toBe(503);
    expect(away.headers.get('retry-after')).toBe('5');
    expect(await away.json()).toMatchObject({ error: { code: 'unavailable' } });
    expect((await fetch(`${test.baseUrl}/health/ready`)).status).toBe(503);
    expect((await fetch(`${test.baseUrl}/health/live`)).status).toBe(200);
    await proxy.restore();
    expect((await listWorkflows()).status).toBe(200);
    expect((await fetch(`${test.baseUrl}/health/ready`)).status).toBe(200);
    await test.close();
    await proxy.cut();
    await database.drop();
  });
});
