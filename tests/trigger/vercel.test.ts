import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createWorkflowClient } from '../../src/core';
import { signEvent } from '../../src/server';
import { createFakeResend } from '../../src/testing';
import { completedDocument, definition, node } from '../support/definitions';
import { ENCRYPTION_KEYS, EVENT_SECRET, publishWorkflow } from '../support/server';
import { forkServer } from '../support/trigger/fork-server';
import { startTriggerWorld, type TriggerWorld } from '../support/trigger/world';

const SESSION_SECRET = 'the session secret of the tests';
const CRON_SECRET = 'the cron secret of the tests';
const onDocument = definition(
  [
    node('trigger', 'doc-manager.document-completed'),
    node('wait_1', 'flow.wait', { config: { for: 'duration', amount: 3, unit: 'hours' } }),
  ],
  ['trigger -> wait_1'],
);

/** The cookie of somebody who is signed in. */
function cookieOf(principal: object): string {
  const text = Buffer.from(JSON.stringify(principal)).toString('base64url');
  return `session=${text}.${createHmac('sha256', SESSION_SECRET).update(text).digest('base64url')}`;
}

describe('the function of examples/vercel', () => {
  let world: TriggerWorld;
  const serve = async (env: Record<string, string> = {}) => {
    const { child, origin } = await forkServer('vercel.ts', {
      ...{
        DATABASE_URL: world.database.url,
        TRIGGER_API_URL: world.platform.url,
        SESSION_SECRET,
        CRON_SECRET,
      },
      ...{
        TRIGGER_SECRET_KEY: 'tr_prod_of_the_tests',
        TRAMA_BASE_URL: 'https://app.example.com/api/workflows',
      },
      ...{ TRAMA_ENCRYPTION_KEYS: ENCRYPTION_KEYS, TRAMA_EVENT_SECRET: EVENT_SECRET, ...env },
    });
    const close = async () => {
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    };
    return { baseUrl: `${origin}/api/workflows`, close };
  };
  const tell = (baseUrl: string, id: string) => {
    const body = JSON.stringify({
      type: 'document.completed',
      companyId: 'rossi',
      data: completedDocument(1, id),
    });
    return fetch(`${baseUrl}/events`, { method: 'POST', headers: signEvent(EVENT_SECRET, id, body), body });
  };
  beforeAll(async () => {
    // Its server has migrated the database, as the deploy does.
    world = await startTriggerWorld('suspend');
  });
  afterAll(() => world.close());

  it('knows who is signed in, takes signed events on their raw bytes, and hands the runs over', async () => {
    const { baseUrl, close } = await serve();
    const cookie = cookieOf({ companyId: 'rossi', userId: 'anna', role: 'admin' });
    const signedIn: typeof fetch = (url, init) => {
      const headers = new Headers(init?.headers);
      headers.set('cookie', cookie);
      return fetch(url, { ...init, headers });
    };
    const client = createWorkflowClient({ baseUrl, fetch: signedIn });
    const { id } = await publishWorkflow(client, onDocument);
    expect((await client.listWorkflows()).items.map((workflow) => workflow.id)).toEqual([id]);
    expect((await client.listRuns({ query: { workflowId: id, limit: 5 } })).items).toEqual([]);
    expect((await fetch(`${baseUrl}/workflows`)).status).toBe(401);
    expect((await fetch(`${baseUrl}/workflows`, { headers: { cookie: `${cookie}x` } })).status).toBe(401);
    const before = world.platform.runs.length;
    const answer = await tell(baseUrl, 'evt_1');
    expect(answer.status).toBe(202);
    const { runs } = (await answer.json()) as { runs: { id: string }[] };
    // Told before it answered: nothing of the function goes on after that.
    expect(world.platform.runs.slice(before).map(({ payload }) => JSON.parse(payload))).toEqual([
      { json: { companyId: 'rossi', runId: runs[0]?.id } },
    ]);
    await close();
  });

  it('is asked for what the caller asked for: a capture with a name would join the query', () => {
    const { rewrites } = JSON.parse(readFileSync('examples/vercel/vercel.json', 'utf8'));
    for (const { source, destination } of rewrites) expect(`${source} ${destination}`).not.toContain(':');
  });

  it('takes notices of emails on their raw bytes, and hands the runs over', async () => {
    const secret = `whsec_${Buffer.alloc(32, 3).toString('base64')}`;
    const { baseUrl, close } = await serve({
      ...{ TRAMA_RESEND_API_KEY: 're_x', TRAMA_RESEND_WEBHOOK_SECRET: secret },
      TRAMA_RESEND_INBOUND_DOMAIN: 'in.studio.example',
    });
    const headers = { cookie: cookieOf({ companyId: 'rossi', userId: 'anna', role: 'admin' }) };
    const client = createWorkflowClient({
      baseUrl,
      fetch: (url, init) => fetch(url, { ...init, headers: { ...(init?.headers as object), ...headers } }),
    });
    const { id } = await publishWorkflow(client, definition([node('trigger', 'resend.inbound-email')], []));
    const { address } = await client.getInboundAddress({ params: { id } });
    const resend = createFakeResend();
    const email = resend.receive({
      from: 'Laura <laura@rossi.example>',
      to: [String(address)],
      subject: 'Perché?',
    });
    const tellResend = (fault?: 'tampered') =>
      resend.notify(email, { url: `${baseUrl}/hooks/resend`, secret, ...(fault ? { fault } : {}) });
    expect([(await tellResend('tampered')).status, (await tellResend()).status]).toEqual([401, 200]);
    const { items } = await client.listRuns({ query: { workflowId: id } });
    expect(items).toHaveLength(1);
    // Others may be handed over again meanwhile: every write looks for runs nobody has taken up.
    const handedOver = world.platform.runs.filter(({ payload }) => payload.includes(items[0]?.id as string));
    expect(handedOver).toHaveLength(1);
    await close();
  });

  it('lets Vercel’s cron job sweep, which asks by GET, and nobody else', async () => {
    const { baseUrl, close } = await serve();
    const sweep = (token: string) =>
      fetch(`${baseUrl}/internal/sweep`, { headers: { authorization: `Bearer ${token}` } });
    expect((await sweep(CRON_SECRET)).status).toBe(200);
    expect((await sweep('another')).status).toBe(401);
    await close();
  });

  it('would refuse events whose body was read before: that is what its configuration is for', async () => {
    const { baseUrl, close } = await serve({ READS_BODIES: 'yes' });
    expect((await tell(baseUrl, 'evt_2')).status).toBe(401);
    await close();
  });
});
