import { rm } from 'node:fs/promises';
import { createDataDir } from '../support/data-dir';
import { askDatabase, createTestDatabase, type TestDatabase } from '../support/database';
import { definition, node } from '../support/definitions';
import { follow, publishWorkflow } from '../support/server';
import { type Ledger, type SpawnedServer, spawnServer, startLedger } from '../support/spawn-server';

const ITEMS = 12;

/** One status update per item of the payload. */
const perItem = definition(
  [
    node('loop_items', 'flow.loop', { config: { items: '{{trigger.payload.ids}}' } }),
    node('status_set', 'doc-manager.update-status', {
      config: { documentId: '{{loop.item}}', status: 'archived' },
    }),
  ],
  ['trigger -> loop_items', 'loop_items:each -> status_set'],
);
const payload = { ids: Array.from({ length: ITEMS }, (_, index) => `doc_${index}`) };

/** Effects the journal knows to have succeeded. */
async function countSucceeded(database: TestDatabase): Promise<number> {
  const { rows } = await askDatabase(
    database,
    `select count(*)::int as count from workflow_run_step where node_id = 'status_set' and status = 'succeeded'`,
  );
  return rows[0].count;
}

describe('a server killed with SIGKILL in the middle of a run', () => {
  let ledger: Ledger;
  let database: TestDatabase;
  const servers: SpawnedServer[] = [];
  const start = async (env: Record<string, string>) => {
    const server = await spawnServer({ LEDGER_URL: ledger.url, ...env });
    servers.push(server);
    return server;
  };
  beforeEach(async () => {
    ledger = await startLedger();
    database = await createTestDatabase();
  });
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.kill().catch(() => undefined)));
    await ledger.close();
    await database.drop();
  });

  it.each([1, 6, ITEMS])(
    'during effect %i finishes the run after a restart and repeats no succeeded step',
    async (at) => {
      // Only the kill takes the run from its server, however slow that is.
      const env = { DATABASE_URL: database.url, LEASE_MS: '3600000' };
      const first = await start(env);
      const { id } = await publishWorkflow(first.client, perItem);
      ledger.isHeld = at === 1;
      const reached = ledger.reached(at);
      const { run } = await first.client.startRun({ params: { id }, body: { payload } });
      await reached;
      await first.kill();
      ledger.isHeld = false;
      servers.pop();

      const settled = await countSucceeded(database);
      await askDatabase(database, 'update workflow_run set lease_until = now()');
      const second = await start(env);
      const { run: ended, steps } = await follow(second.client, run.id);
      expect(ended.status).toBe('succeeded');
      expect(steps.filter((step) => step.nodeId === 'status_set').map((step) => step.key)).toEqual(
        payload.ids.map((_, index) => `loop_items[${index}]/status_set`),
      );
      const perDocument = payload.ids.map((documentId) =>
        ledger.calls.filter((call) => call.documentId === documentId),
      );
      // Only the effect that was in flight may have been asked for twice, both times under the same key.
      expect(perDocument.filter((calls) => calls.length > 1).length).toBeLessThanOrEqual(1);
      expect(perDocument.slice(0, settled).every((calls) => calls.length === 1)).toBe(true);
      expect(perDocument.every((calls) => new Set(calls.map((call) => call.idempotencyKey)).size === 1)).toBe(
        true,
      );
    },
  );

  it('on its embedded database takes over the database it left running and keeps workflows and runs', async () => {
    const dataDir = await createDataDir('trama-kill-');
    try {
      const first = await start({ DATA_DIR: dataDir });
      const { id } = await publishWorkflow(first.client, perItem, 'Resta');
      const reached = ledger.reached(3);
      const { run } = await first.client.startRun({ params: { id }, body: { payload } });
      await reached;
      await first.kill();
      servers.pop();
      const second = await start({ DATA_DIR: dataDir });
      expect((await second.client.getWorkflow({ params: { id } })).name).toBe('Resta');
      expect((await follow(second.client, run.id)).run.status).toBe('succeeded');
      expect(await second.stop()).toBe(0);
      servers.pop();
      const third = await start({ DATA_DIR: dataDir });
      expect((await third.client.getRun({ params: { id: run.id } })).run.status).toBe('succeeded');
      expect(await third.stop()).toBe(0);
      servers.pop();
    } finally {
      await rm(dataDir, { recursive: true, force: true });
    }
  });
});
