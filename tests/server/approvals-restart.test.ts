import { Client } from 'pg';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { definition, node } from '../support/definitions';
import { follow, publishWorkflow } from '../support/server';
import { type SpawnedServer, spawnServer } from '../support/spawn-server';

const HOUR = 3_600_000;
const exits = ['approved', 'rejected', 'expired'];
const asks = (id: string, config: object = {}) =>
  node(id, 'flow.approval', {
    config: { message: `${id}?`, deadline: { amount: 2, unit: 'hours' }, ...config },
  });
const asking = (config: object) =>
  definition(
    [asks('ask_1', config), ...exits.map((exit) => node(exit, 'flow.stop'))],
    ['trigger -> ask_1', ...exits.map((exit) => `ask_1:${exit} -> ${exit}`)],
  );

describe('an approval whose server is killed', () => {
  let database: TestDatabase;
  let server: SpawnedServer;
  const boot = async (aheadMs = 0) => {
    server = await spawnServer({ DATABASE_URL: database.url, AHEAD_MS: String(aheadMs) });
  };
  beforeEach(async () => {
    database = await createTestDatabase();
    await boot();
  });
  afterEach(async () => {
    await server.kill();
    await database.drop();
  });

  const start = async (flow: ReturnType<typeof asking>) => {
    const { id } = await publishWorkflow(server.client, flow);
    const { run } = await server.client.startRun({ params: { id }, body: {} });
    await follow(server.client, run.id, (status) => status === 'waiting');
    return run.id;
  };
  const approvalOf = async (runId: string) => {
    const { items } = await server.client.listApprovals({ query: {} });
    const own = items.find((approval) => approval.runId === runId && approval.status === 'pending');
    if (!own) throw new Error('The run waits for no approval.');
    return own;
  };
  const decide = (id: string, userId: string, decision: 'approved' | 'rejected' = 'approved') =>
    server.clientOf({ userId }).decideApproval({ params: { id }, body: { decision } });
  /** How the run ended, and which steps it took. */
  const endOf = async (runId: string) => {
    const { run, steps } = await follow(server.client, runId);
    const taken = steps.filter(({ status }) => status === 'succeeded').map(({ nodeId }) => nodeId);
    return { status: run.status, taken: taken.slice(1), steps };
  };
  const audited = async (approvalId: string) => {
    const client = new Client(database.url);
    await client.connect();
    const { rows } = await client.query(
      'select user_id from workflow_audit where target_id = $1 order by at',
      [approvalId],
    );
    await client.end();
    return rows.map((row) => row.user_id);
  };

  it('keeps the votes it had: those still missing are given to the next server, and none counts twice', async () => {
    const runId = await start(asking({ required: 3 }));
    const { id } = await approvalOf(runId);
    await decide(id, 'carla');
    await server.kill();
    await boot();
    expect((await approvalOf(runId)).decisions).toMatchObject([{ decidedBy: 'carla', decision: 'approved' }]);
    await expect(decide(id, 'carla')).rejects.toMatchObject({ code: 'already_decided' });
    await decide(id, 'dario');
    expect((await server.client.getRun({ params: { id: runId } })).run.status).toBe('waiting');
    await server.kill();
    await boot();
    await decide(id, 'elena');
    const end = await endOf(runId);
    expect([end.status, end.taken]).toEqual(['succeeded', ['ask_1', 'approved']]);
    expect(end.steps.find(({ nodeId }) => nodeId === 'ask_1')?.output).toMatchObject({
      decision: 'approved',
      decidedBy: 'elena',
      decisions: [{ decidedBy: 'carla' }, { decidedBy: 'dario' }, { decidedBy: 'elena' }],
    });
    expect(await audited(id)).toEqual(['carla', 'dario', 'elena']);
  });

  it('takes no decision while there is no server, and the same decision once there is one', async () => {
    const runId = await start(asking({}));
    const { id } = await approvalOf(runId);
    await server.kill();
    await expect(decide(id, 'carla', 'rejected')).rejects.toThrow();
    await boot();
    expect((await approvalOf(runId)).decisions).toEqual([]);
    await decide(id, 'carla', 'rejected');
    const end = await endOf(runId);
    expect([end.status, end.taken]).toEqual(['succeeded', ['ask_1', 'rejected']]);
    expect(await audited(id)).toEqual(['carla']);
  });

  it('expires when its time ended meanwhile, whatever votes it had, and is decided no more', async () => {
    const runId = await start(asking({ required: 2 }));
    const { id } = await approvalOf(runId);
    await decide(id, 'carla');
    await server.kill();
    await boot(2 * HOUR + 1000);
    await expect(decide(id, 'dario')).rejects.toMatchObject({
      code: 'already_decided',
      details: { approval: { status: 'expired' } },
    });
    const end = await endOf(runId);
    expect([end.status, end.taken]).toEqual(['succeeded', ['ask_1', 'expired']]);
    expect(await audited(id)).toEqual(['carla']);
  });

  it('is another one than the next of its run: each takes its own votes, before and after', async () => {
    const flow = definition(
      [asks('first_1', { required: 2 }), asks('second_1', { required: 2 }), node('stop_1', 'flow.stop')],
      ['trigger -> first_1', 'first_1:approved -> second_1', 'second_1:rejected -> stop_1'],
    );
    const runId = await start(flow);
    const first = await approvalOf(runId);
    await decide(first.id, 'carla');
    await decide(first.id, 'dario');
    const second = await until(
      async () => (await approvalOf(runId)).stepKey === 'second_1',
      () => approvalOf(runId),
    );
    await decide(second.id, 'carla');
    await server.kill();
    await boot();
    await expect(decide(first.id, 'elena', 'rejected')).rejects.toMatchObject({ code: 'already_decided' });
    expect((await approvalOf(runId)).decisions).toMatchObject([{ decidedBy: 'carla' }]);
    await decide(second.id, 'dario', 'rejected');
    const end = await endOf(runId);
    expect([end.status, end.taken]).toEqual(['succeeded', ['first_1', 'second_1', 'stop_1']]);
    expect(await audited(first.id)).toEqual(['carla', 'dario']);
    expect(await audited(second.id)).toEqual(['carla', 'dario']);
  });

  /** Asks until it holds: the run is on its way to the next approval. */
  async function until<T>(holds: () => Promise<boolean>, read: () => Promise<T>): Promise<T> {
    while (!(await holds().catch(() => false)));
    return read();
  }
});
