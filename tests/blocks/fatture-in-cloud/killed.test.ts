import { createFakeFattureInCloud, type FakeFattureInCloud } from '../../../src/testing';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { definition, node } from '../../support/definitions';
import { follow, publishWorkflow } from '../../support/server';
import { type SpawnedServer, spawnServer } from '../../support/spawn-server';
import { connectFic, ficApp, simpleInvoice } from './harness';

describe('a server killed while it makes an invoice', () => {
  let fic: FakeFattureInCloud;
  let database: TestDatabase;
  let env: Record<string, string>;
  const servers: SpawnedServer[] = [];
  const start = async (more: Record<string, string> = {}) => {
    const server = await spawnServer({ ...env, ...more });
    servers.push(server);
    return server;
  };
  beforeEach(async () => {
    fic = createFakeFattureInCloud(ficApp);
    database = await createTestDatabase();
    const providers = { 'fatture-in-cloud': { ...ficApp, baseUrl: await fic.listen() } };
    env = { DATABASE_URL: database.url, PROVIDERS: JSON.stringify(providers) };
  });
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.kill()));
    await fic.close();
    await database.drop();
  });

  it('leaves exactly one behind: the next server finds it and goes on with its number', async () => {
    const first = await start({ TRAMA_CRASH: 'effect:after' });
    await connectFic(fic, `${first.origin}/api/workflows`);
    const step = node('invoice_1', 'fatture-in-cloud.create-invoice', { config: simpleInvoice() });
    const { id } = await publishWorkflow(first.client, definition([step], ['trigger -> invoice_1']));
    // It may end before it has answered.
    await first.client.startRun({ params: { id }, body: {} }).catch(() => null);
    await first.exited;
    servers.pop();
    expect(fic.documents).toHaveLength(1);

    const second = await start();
    const { items } = await second.client.listRuns({ query: { workflowId: id } });
    expect(items).toHaveLength(1);
    const ended = await follow(second.client, items[0]?.id as string);
    expect(ended.run.status).toBe('succeeded');
    const output = ended.steps.find(({ key }) => key === 'invoice_1')?.output;
    expect(output).toMatchObject({ id: String(fic.documents[0]?.id), number: 1, amountGross: 122 });
    expect(fic.documents).toHaveLength(1);
    expect(fic.calls.filter(({ operation }) => operation === 'createIssuedDocument')).toHaveLength(1);
  });
});
