import { get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:net';
import { Client } from 'pg';
import * as z from 'zod';
import { blocks } from '../../src/blocks';
import { done } from '../../src/core/block/outcome';
import { executors, HostError, implementBlock, type Principal } from '../../src/server';
import { acmeBlock } from '../support/acme';
import { askDatabase, createTestDatabase } from '../support/database';
import { definition, node } from '../support/definitions';
import { connectSlack, follow, publishWorkflow, startTestServer } from '../support/server';

const admin: Principal = { companyId: 'rossi', userId: 'anna', role: 'admin' };
const probe = acmeBlock('acme.probe', z.object({}), { provider: 'flow', sideEffect: 'idempotent' });
const probed = definition([node('probe_1', 'acme.probe')], ['trigger -> probe_1']);
const withProbe = (run: () => Promise<ReturnType<typeof done>>) => ({
  blocks: [...blocks, probe],
  executors: { ...executors, 'acme.probe': implementBlock(probe, { run }) },
});
const archive = definition(
  [node('status_set', 'doc-manager.update-status', { config: { documentId: 'doc_1', status: 'sent' } })],
  ['trigger -> status_set'],
);

const message = definition(
  [node('slack_1', 'slack.send-message', { config: { channel: '#fatture', text: 'Ciao' } })],
  ['trigger -> slack_1'],
);

/** A promise and its resolve. */
function gate() {
  let open = () => {};
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, passed };
}

const countTimers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;

describe('watching a run', () => {
  it('leaves nothing behind of a client that hung up before the stream began', async () => {
    const asked = gate();
    let isHeld = false;
    let hungUp = 0;
    const test = await startTestServer({
      authenticate: async (request) => {
        if (!isHeld || !request.path.endsWith('/events')) return admin;
        request.on('close', () => {
          hungUp += 1;
          if (hungUp === 40) asked.open();
        });
        await asked.passed;
        return admin;
      },
    });
    const client = test.clientOf();
    const { id } = await publishWorkflow(client, archive);
    test.host.failNext(
      'updateStatus',
      new HostError('unavailable', 'Torna più tardi.', { retryAfterMs: 3_600_000 }),
    );
    const { run } = await client.startRun({ params: { id }, body: {} });
    await follow(client, run.id, (status) => status === 'waiting');
    const before = countTimers();
    isHeld = true;
    for (let index = 0; index < 40; index += 1) {
      const request = get(`${test.baseUrl}/runs/${run.id}/events`);
      request.on('error', () => {});
      request.on('socket', (socket) => socket.on('connect', () => setImmediate(() => request.destroy())));
    }
    await asked.passed;
    // Queued behind what the forty still read.
    for (let index = 0; index < 10; index += 1) await client.getRun({ params: { id: run.id } });
    expect(countTimers()).toBeLessThan(before + 20);
    await test.close();
  });

  it('ends with the server, at once', async () => {
    const test = await startTestServer();
    const client = test.clientOf();
    const { id } = await publishWorkflow(client, archive);
    test.host.failNext(
      'updateStatus',
      new HostError('unavailable', 'Torna più tardi.', { retryAfterMs: 3_600_000 }),
    );
    const { run } = await client.startRun({ params: { id }, body: {} });
    await follow(client, run.id, (status) => status === 'waiting');
    const stream = await fetch(`${test.baseUrl}/runs/${run.id}/events`, { headers: test.headersOf() });
    await test.server.close();
    expect(await stream.text()).toContain('"status":"waiting"');
    const late = await fetch(`${test.baseUrl}/workflows`, { headers: test.headersOf() });
    expect([late.status, late.headers.get('retry-after')]).toEqual([503, '5']);
    await test.close();
  });
});

describe('a run', () => {
  it('fails by name when its journal refuses a step for good, instead of being taken up for ever', async () => {
    let calls = 0;
    const test = await startTestServer({
      ...withProbe(async () => {
        calls += 1;
        return done({});
      }),
    });
    await askDatabase(
      test.database,
      `alter table workflow_run_step add check (node_id <> 'probe_1' or status <> 'succeeded')`,
    );
    const client = test.clientOf();
    const { id } = await publishWorkflow(client, probed);
    const { run } = await client.startRun({ params: { id }, body: {} });
    const ended = await follow(client, run.id);
    expect(ended.run).toMatchObject({ status: 'failed', error: { code: 'engine_failed' } });
    expect(calls).toBe(1);
    await test.close();
  });

  it('goes on although the host’s logger throws', async () => {
    const broken = () => {
      throw new Error('the disk is full');
    };
    const test = await startTestServer({
      logger: { info: broken, warn: broken, error: broken },
      ...withProbe(async () => done({})),
    });
    const client = test.clientOf();
    const { id } = await publishWorkflow(client, probed);
    const { run } = await client.startRun({ params: { id }, body: {} });
    expect((await follow(client, run.id)).run.status).toBe('succeeded');
    await test.close();
  });

  it('takes an error code the host made up for an effect that may have happened', async () => {
    const test = await startTestServer();
    const client = test.clientOf();
    const retried = structuredClone(archive);
    Object.assign(retried.nodes[1] as object, {
      retry: { maxAttempts: 2, backoff: 'fixed', delayMs: 10, maxDelayMs: 10 },
    });
    const { id } = await publishWorkflow(client, retried);
    test.host.failNext('updateStatus', new HostError('constructor' as never, 'boh'), 2);
    const { run } = await client.startRun({ params: { id }, body: {} });
    const ended = await follow(client, run.id);
    expect(ended.run).toMatchObject({
      status: 'failed',
      error: { code: 'host_failed', nodeId: 'status_set' },
    });
    await test.close();
  });

  it('says that a credential cannot be opened, and asks nothing of the provider', async () => {
    const database = await createTestDatabase();
    const first = await startTestServer({}, database);
    await connectSlack(first);
    const { id } = await publishWorkflow(first.clientOf(), message);
    await first.close();
    const other = `k2:${Buffer.alloc(32, 9).toString('base64')}`;
    const test = await startTestServer({ encryptionKeys: other }, database);
    const { run } = await test.clientOf().startRun({ params: { id }, body: {} });
    const ended = await follow(test.clientOf(), run.id);
    expect(ended.run).toMatchObject({
      status: 'failed',
      error: { code: 'connection_unreadable', actor: 'developer' },
    });
    expect(test.slack.messages).toEqual([]);
    await test.close();
    await database.drop();
  });

  it('claimed while the server closes is given back before its first effect', async () => {
    const database = await createTestDatabase();
    const test = await startTestServer({ leaseMs: 60_000, ...withProbe(async () => done({})) }, database);
    const { id } = await publishWorkflow(test.clientOf(), probed);
    const { run } = await test.clientOf().startRun({ params: { id }, body: {} });
    await follow(test.clientOf(), run.id);
    const [other, watcher] = [new Client(database.url), new Client(database.url)];
    await Promise.all([other.connect(), watcher.connect()]);
    await other.query(`begin; delete from workflow_run_step; update workflow_run set status = 'queued';
      lock table workflow_run in share mode`);
    // The claim, and not the sweeper or another suite's server on the same PostgreSQL.
    const isClaiming = async () =>
      (
        await watcher.query(`select from pg_stat_activity
          where datname = current_database() and wait_event_type = 'Lock' and query like '%recursive queue%'`)
      ).rowCount === 1;
    while (!(await isClaiming())) await new Promise(setImmediate);
    const closed = test.server.close();
    await other.query('commit');
    await closed;
    const { rows } = await other.query('select status, epoch from workflow_run');
    expect(rows).toEqual([{ status: 'queued', epoch: 2 }]);
    expect((await other.query('select 1 from workflow_run_step')).rowCount).toBe(0);
    await Promise.all([other.end(), watcher.end()]);
    await test.close();
    await database.drop();
  });
});

/** Passes everything on, but ends each new connection in the very packet that says it is ready, as a PostgreSQL does that shuts down. */
async function startShutdownProxy(target: string) {
  const { hostname, port } = new URL(target);
  const state = { isShuttingDown: false, ended: 0 };
  const ready = Buffer.from([0x5a, 0, 0, 0, 5, 0x49]);
  const fields = Buffer.from(
    'SFATAL\0VFATAL\0C57P01\0Mterminating connection due to administrator command\0\0',
  );
  const length = Buffer.alloc(4);
  length.writeInt32BE(fields.length + 4);
  const fatal = Buffer.concat([Buffer.from('E'), length, fields]);
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    let isOpen = false;
    upstream.on('data', (chunk) => {
      const isReady = !isOpen && chunk.subarray(-6).equals(ready);
      isOpen ||= isReady;
      if (!isReady || !state.isShuttingDown) return client.write(chunk);
      state.ended += 1;
      client.end(Buffer.concat([chunk, fatal]));
    });
    client.pipe(upstream);
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const)
      socket.on('error', () => {}).on('close', () => other.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(target);
  url.port = String((server.address() as AddressInfo).port);
  return { url: url.href, state, close: () => new Promise((resolve) => server.close(resolve)) };
}

describe('a database that shuts down', () => {
  it('in the moment a connection opens answers 503 and leaves the process alive', async () => {
    const database = await createTestDatabase();
    const proxy = await startShutdownProxy(database.url);
    const test = await startTestServer({ pollMs: 60_000, poolSize: 10 }, { ...database, url: proxy.url });
    const list = () => fetch(`${test.baseUrl}/workflows`, { headers: test.headersOf() });
    proxy.state.isShuttingDown = true;
    const answers = await Promise.all(Array.from({ length: 30 }, list));
    expect(proxy.state.ended).toBeGreaterThan(0);
    expect(answers.every(({ status }) => status === 200 || status === 503)).toBe(true);
    proxy.state.isShuttingDown = false;
    expect((await list()).status).toBe(200);
    await test.close();
    await proxy.close();
    await database.drop();
  });

  it('keeps a step from its connection, which is then carried out later, once', async () => {
    const test = await startTestServer();
    await connectSlack(test);
    const client = test.clientOf();
    const { id } = await publishWorkflow(client, message);
    const locker = new Client(test.database.url);
    await locker.connect();
    await locker.query('begin; lock table workflow_connection in access exclusive mode');
    const { run } = await client.startRun({ params: { id }, body: { version: 1 } });
    const parked = await follow(client, run.id, (status) => status === 'waiting');
    expect(parked.steps[1]).toMatchObject({ status: 'waiting', error: { code: 'connection_unavailable' } });
    await locker.end();
    const ended = await follow(client, run.id);
    expect(ended.run.status).toBe('succeeded');
    expect(test.slack.messages).toHaveLength(1);
    await test.close();
  });
});

describe('a pool of one connection', () => {
  it('is enough to publish: what the company is connected to is read before the workflow is locked', async () => {
    const test = await startTestServer({ poolSize: 1 });
    try {
      const client = test.clientOf();
      const { id } = await publishWorkflow(client, message);
      expect(await client.getWorkflow({ params: { id } })).toMatchObject({ publishedVersion: 1 });
    } finally {
      await test.close();
    }
  });
});
