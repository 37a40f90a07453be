import { Client } from 'pg';
import type { WorkflowClient } from '../../src/core';
import { createGroupCommit, type PlainCommit } from '../../src/server/db/group-commit';
import { createFakeHost } from '../../src/testing';
import { definition, node } from '../support/definitions';
import { follow, publishWorkflow, startTestServer, type TestServer } from '../support/server';

const call = (id: string, documentId: string) =>
  node(id, 'doc-manager.update-status', { config: { documentId, status: 'archived' } });
const twoSteps = definition(
  [call('status_1', '{{trigger.payload.id}}'), call('status_2', '{{trigger.payload.next}}')],
  ['trigger -> status_1', 'status_1 -> status_2'],
);

/** Runs of one server whose steps end in the same instant, so that their commits meet. */
describe('commits of several runs', () => {
  let test: TestServer;
  let client: WorkflowClient;
  let sql: Client;
  let workflowId: string;
  /** Steps under way at the host whose document is to be held, by document. */
  const held = new Map<string, () => void>();
  const calls: string[] = [];
  /** Runs whose leg was broken off because the database was away. */
  const brokenOff: unknown[] = [];

  beforeAll(async () => {
    test = await startTestServer({
      concurrency: 20,
      // Nothing renews or takes over a lease meanwhile: what waits for a lock are the commits of steps.
      leaseMs: 3_600_000,
      logger: {
        ...{ info: () => {}, error: () => {} },
        warn: (message, facts) => void (message.includes('database is away') && brokenOff.push(facts?.runId)),
      },
      host: {
        ...createFakeHost(),
        updateStatus: async (_, { documentId }) => {
          calls.push(documentId);
          if (documentId.startsWith('hold')) await new Promise<void>((go) => held.set(documentId, go));
          return { id: documentId, title: '', status: 'archived' };
        },
      },
    });
    client = test.clientOf();
    sql = new Client(test.database.url);
    await sql.connect();
    workflowId = (await publishWorkflow(client, twoSteps)).id;
  });
  afterAll(async () => {
    await sql.end();
    await test.close();
  });
  beforeEach(() => {
    for (const list of [calls, brokenOff]) list.splice(0);
    held.clear();
  });

  /** Starts a run for each name; resolves when the first step of each is under way. */
  const startHeld = async (names: readonly string[], next: (name: string) => string = (name) => name) => {
    const ids = await Promise.all(
      names.map(async (name) => {
        const payload = { id: `hold ${name}`, next: next(name) };
        return (await client.startRun({ params: { id: workflowId }, body: { payload } })).run.id;
      }),
    );
    await until(() => names.every((name) => held.has(`hold ${name}`)));
    return ids;
  };
  const letGo = (names: readonly string[]) => {
    for (const name of names) held.get(`hold ${name}`)?.();
  };
  const statusOf = async (id: string) => (await follow(client, id)).run.status;
  const read = async (text: string, values: unknown[]) => (await sql.query(text, values)).rows;
  /** Transactions that wrote the first steps of the runs. */
  const transactions = async (ids: readonly string[]) =>
    (
      await read(
        `select distinct xmin::text from workflow_run_step where run_id = any($1) and step_key = 'status_1'`,
        [ids],
      )
    ).length;

  /** Holds the row of a run until released, as a slow transaction of somebody else would. */
  const lock = async (id: string) => {
    const other = new Client(test.database.url);
    await other.connect();
    await other.query('begin');
    await other.query('select from workflow_run where id = $1 for update', [id]);
    return () => other.end();
  };
  /** Server processes of the statements that wait for a lock. */
  const blocked = async () =>
    (
      await read(
        `select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
        [],
      )
    ).map(({ pid }) => pid as number);

  it('that become ready together are one transaction; each run begins its next effect after it', async () => {
    const names = Array.from({ length: 12 }, (_, index) => `a${index}`);
    const ids = await startHeld(names, (name) => `hold next ${name}`);
    await sql.query('update workflow_run set deaths = 1 where id = any($1)', [ids]);
    letGo(names);
    await until(() => names.every((name) => held.has(`hold next ${name}`)));
    expect(await transactions(ids)).toBe(1);
    expect(
      await read(
        `select status, intent ->> 'key' as intent, deaths, lease_until > now() as "isHeld", count(*)::integer as runs
         from workflow_run where id = any($1) group by 1, 2, 3, 4`,
        [ids],
      ),
    ).toEqual([{ status: 'running', intent: 'status_2', deaths: 0, isHeld: true, runs: 12 }]);
    letGo(names.map((name) => `next ${name}`));
    expect(new Set(await Promise.all(ids.map(statusOf)))).toEqual(new Set(['succeeded']));
    const { run, steps } = await client.getRun({ params: { id: ids[3] as string } });
    expect(run).toMatchObject({ error: null, finishedAt: expect.any(String) });
    expect(steps.map(({ nodeId, status, input, output }) => [nodeId, status, input, output])).toEqual([
      ['trigger', 'succeeded', null, { id: 'hold a3', next: 'hold next a3' }],
      ...['hold a3', 'hold next a3'].map((id, index) => [
        `status_${index + 1}`,
        'succeeded',
        { documentId: id, status: 'archived' },
        { document: { id, title: '', status: 'archived' } },
      ]),
    ]);
  });

  it('that become ready while two statements are under way leave together when one returns', async () => {
    const ids = await startHeld(['b0', 'b1', 'b2', 'b3', 'b4']);
    const releases = [];
    for (const [index, name] of ['b0', 'b1'].entries()) {
      releases.push(await lock(ids[index] as string));
      letGo([name]);
      await until(async () => (await blocked()).length === index + 1);
    }
    for (const name of ['b2', 'b3', 'b4']) {
      letGo([name]);
      await new Promise(setImmediate);
    }
    expect(await transactions(ids)).toBe(0);
    await releases[0]?.();
    expect(await Promise.all(ids.slice(2).map(statusOf))).toEqual(['succeeded', 'succeeded', 'succeeded']);
    expect(await transactions(ids.slice(2))).toBe(1);
    await releases[1]?.();
    expect(await Promise.all(ids.map(statusOf))).toEqual(ids.map(() => 'succeeded'));
  });

  it('of which one cannot be stored are stored without it', async () => {
    await sql.query(`
      create function refuse() returns trigger language plpgsql as $$ begin raise exception 'not this one'; end $$;
      create trigger refuse before insert on workflow_run_step for each row when (new.input ->> 'documentId' = 'hold c1') execute function refuse()`);
    const names = ['c0', 'c1', 'c2', 'c3'];
    const ids = await startHeld(names);
    letGo(names);
    expect(await Promise.all(ids.map(statusOf))).toEqual(['succeeded', 'failed', 'succeeded', 'succeeded']);
    expect(calls.slice(names.length).sort()).toEqual(['c0', 'c2', 'c3']);
    await sql.query('drop trigger refuse on workflow_run_step; drop function refuse()');
  });

  it('of which one has lost its lease are written without it; it does nothing more', async () => {
    const names = ['d0', 'd1', 'd2'];
    const ids = await startHeld(names);
    await sql.query(
      `update workflow_run set epoch = epoch + 1, lease_until = now() + interval '1 hour' where id = $1`,
      [ids[1]],
    );
    letGo(names);
    expect(await statusOf(ids[0] as string)).toBe('succeeded');
    expect(await statusOf(ids[2] as string)).toBe('succeeded');
    expect(await transactions([ids[0], ids[2]] as string[])).toBe(1);
    expect(await read('select step_key from workflow_run_step where run_id = $1', [ids[1]])).toEqual([]);
    expect(calls.slice(names.length).sort()).toEqual(['d0', 'd2']);
  });

  it('of two legs of one run are told apart: only the one that holds the lease is told it was written', async () => {
    const ids = await startHeld(['h0', 'h1']);
    await sql.query('update workflow_run set epoch = epoch + 1 where id = $1', [ids[0]]);
    const commitOf = (id: string, epoch: number): PlainCommit => [
      ...(['rossi', id, epoch, 'succeeded', null, 2_000, 'status_1', 'status_1'] as const),
      ...(['doc-manager.update-status', 1, 1, null, null, 'out', null, null] as const),
    ];
    const group = createGroupCommit(sql);
    const told = await Promise.all([
      group.write(commitOf(ids[0] as string, 1)),
      group.write(commitOf(ids[0] as string, 2)),
      group.write(commitOf(ids[1] as string, 1)),
    ]);
    expect(told).toEqual([false, true, true]);
    expect(await transactions(ids)).toBe(1);
    letGo(['h0', 'h1']);
  });

  it('of which one is to be canceled are written; it keeps its result and begins nothing', async () => {
    const names = ['e0', 'e1', 'e2'];
    const ids = await startHeld(names);
    await client.cancelRun({ params: { id: ids[1] as string } });
    letGo(names);
    expect(await Promise.all(ids.map(statusOf))).toEqual(['succeeded', 'canceled', 'succeeded']);
    const { steps } = await client.getRun({ params: { id: ids[1] as string } });
    expect(steps.map(({ nodeId, status }) => [nodeId, status])).toEqual([
      ['trigger', 'succeeded'],
      ['status_1', 'succeeded'],
    ]);
    expect(calls.slice(names.length).sort()).toEqual(['e0', 'e2']);
  });

  it('of a step that has a row already replace that row', async () => {
    // The loop and the steps in it are written early when the last of them is the 201st that waits: then the loop's end comes alone.
    const items = Array.from({ length: 200 }, (_, n) => n);
    const long = definition(
      [
        node('each', 'flow.loop', { config: { items: '{{trigger.payload.items}}' } }),
        node('check', 'flow.if', {
          config: { conditions: [{ left: '{{loop.index}}', op: 'gt', right: 0 }] },
        }),
        call('status_1', 'g0'),
      ],
      ['trigger -> each', 'each:each -> check', 'each:done -> status_1'],
    );
    const { id } = await publishWorkflow(client, long);
    const { run } = await client.startRun({ params: { id }, body: { payload: { items } } });
    expect(await statusOf(run.id)).toBe('succeeded');
    const rows = await read(
      `select status from workflow_run_step where run_id = $1 and step_key in ('each', 'status_1')`,
      [run.id],
    );
    expect(rows).toEqual([{ status: 'succeeded' }, { status: 'succeeded' }]);
  });

  it('that meet a database which goes away all hear of it; the runs are taken up again', async () => {
    const names = ['f0', 'f1', 'f2', 'f3'];
    const ids = await startHeld(names);
    const release = await lock(ids[2] as string);
    letGo(names);
    await until(async () => (await blocked()).length === 1);
    held.clear();
    await sql.query('select pg_terminate_backend($1)', await blocked());
    await until(() => brokenOff.length === names.length);
    expect([...brokenOff].sort()).toEqual([...ids].sort());
    expect(await transactions(ids)).toBe(0);
    await release();
    await sql.query('update workflow_run set lease_until = now() where id = any($1)', [ids]);
    // Their leases have run out, and the steps nobody saw the end of are repeated, as they may be.
    await until(() => names.every((name) => held.has(`hold ${name}`)));
    letGo(names);
    expect(await Promise.all(ids.map(statusOf))).toEqual(ids.map(() => 'succeeded'));
    const { steps } = await client.getRun({ params: { id: ids[0] as string } });
    const repeated = steps.find(({ nodeId }) => nodeId === 'status_1');
    expect(repeated?.attempts).toMatchObject([{ error: { code: 'interrupted' } }]);
  });
});

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((look) => setTimeout(look, 5));
}
