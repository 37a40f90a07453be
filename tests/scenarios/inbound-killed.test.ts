import { createFakeResend, type FakeResend } from '../../src/testing';
import { DOMAIN, echo, SECRET } from '../server/inbound-harness';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { follow, publishWorkflow } from '../support/server';
import { type SpawnedServer, spawnServer } from '../support/spawn-server';

describe('a server killed when an email has arrived', () => {
  let resend: FakeResend;
  let database: TestDatabase;
  let env: Record<string, string>;
  const servers: SpawnedServer[] = [];
  const start = async (more: Record<string, string> = {}) => {
    const server = await spawnServer({ ...env, ...more });
    servers.push(server);
    return server;
  };
  beforeEach(async () => {
    resend = createFakeResend({ apiKey: 're_k' });
    database = await createTestDatabase();
    const options = {
      apiKey: 're_k',
      webhookSecret: SECRET,
      inboundDomain: DOMAIN,
      baseUrl: await resend.listen(),
    };
    env = { DATABASE_URL: database.url, PROVIDERS: JSON.stringify({ resend: options }) };
  });
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.kill()));
    await resend.close();
    await database.drop();
  });
  const hookOf = ({ origin }: SpawnedServer) => `${origin}/api/workflows/hooks/resend`;

  async function prepare(server: SpawnedServer) {
    const { id } = await publishWorkflow(server.client, echo());
    const { address } = await server.client.getInboundAddress({ params: { id } });
    return { id, email: resend.receive({ from: 'a@b.example', to: [String(address)], text: 'Eccolo' }) };
  }

  it('between the notice and the first step leaves a run that the next server carries out', async () => {
    const first = await start();
    const { id, email } = await prepare(first);
    resend.failNext('emails/get-receiving', 'hang');
    const { status } = await resend.notify(email, { url: hookOf(first), secret: SECRET });
    await first.kill();
    servers.pop();
    const second = await start();
    const { items } = await second.client.listRuns({ query: { workflowId: id } });
    const { run, steps } = await follow(second.client, items[0]?.id ?? '');
    expect({ status, count: items.length, run: run.status }).toEqual({
      status: 200,
      count: 1,
      run: 'succeeded',
    });
    expect(steps[0]?.output).toMatchObject({ text: 'Eccolo' });
  });

  it('before it answered has started what the repeated notice then finds', async () => {
    const first = await start();
    const { id, email } = await prepare(first);
    await first.kill();
    servers.pop();
    const dying = await start({ TRAMA_CRASH: 'start:after' });
    await expect(resend.notify(email, { url: hookOf(dying), secret: SECRET })).rejects.toThrow();
    await dying.exited;
    servers.pop();
    const second = await start();
    const { status } = await resend.notify(email, { url: hookOf(second), secret: SECRET });
    const { items } = await second.client.listRuns({ query: { workflowId: id } });
    const { run } = await follow(second.client, items[0]?.id ?? '');
    expect({ status, count: items.length, run: run.status }).toEqual({
      status: 200,
      count: 1,
      run: 'succeeded',
    });
  });
});
