import type { WorkflowClient } from '../../src/core';
import { HostError } from '../../src/server';
import { createFakeHost } from '../../src/testing';
import { askDatabase } from '../support/database';
import { definition, node } from '../support/definitions';
import { connectSlack, follow, publishWorkflow, startTestServer, type TestServer } from '../support/server';

const MINUTE_MS = 60_000;
const step = (id: string, type: string, config: object) => node(id, type, { config: config as never });
const update = (id: string, documentId: string) =>
  step(id, 'doc-manager.update-status', { documentId, status: 'archived' });
const one = definition([update('status_1', '{{trigger.payload.id}}')], ['trigger -> status_1']);
const message = definition(
  [step('slack_1', 'slack.send-message', { channel: '#fatture', text: '{{trigger.payload.id}}' })],
  ['trigger -> slack_1'],
);
const pause = definition(
  [step('wait_1', 'flow.wait', { for: 'duration', amount: 1, unit: 'hours' })],
  ['trigger -> wait_1'],
);

describe('the overview', () => {
  let now = Date.now();
  let test: TestServer;
  let client: WorkflowClient;
  /** The step under way at the host, and how it goes on. */
  let letGo: () => void = () => {};
  let arrived: () => void = () => {};
  beforeAll(async () => {
    test = await startTestServer({
      // One place, which a run that is held keeps taken; a lease that no renewal touches while the test looks at it.
      ...{ concurrency: 1, leaseMs: 3_600_000, clock: { now: () => now } },
      host: {
        ...createFakeHost(),
        updateStatus: async (_, { documentId }) => {
          if (documentId === 'missing') throw new HostError('not_found', 'Non c’è.');
          if (documentId === 'refused') throw new HostError('invalid', 'Così non va.');
          if (documentId === 'held') {
            await new Promise<void>((resolve) => {
              letGo = resolve;
              arrived();
            });
          }
          return { id: documentId, title: '', status: 'archived' };
        },
      },
    });
    client = test.clientOf();
  });
  afterAll(() => test.close());

  const start = async (workflowId: string, id: string) =>
    (await client.startRun({ params: { id: workflowId }, body: { payload: { id } } })).run.id;
  const run = async (workflowId: string, id: string) =>
    (await follow(client, await start(workflowId, id))).run;
  const stuck = async (as = client) =>
    (await as.getOverview()).stuck.items.map(({ run, reason, since }) => [run.id, reason, since]);
  const query = async (text: string, values: readonly unknown[]) =>
    (await askDatabase(test.database, text, values)).rows;
  /** As if its runner had been gone for a while; when its lease ran out. */
  const silence = async (id: string): Promise<string> => {
    const sixMinutesAgo = `now() - interval '6 minutes'`;
    const [row] = await query(
      `update workflow_run set lease_until = ${sixMinutesAgo} where id = $1 returning lease_until`,
      [id],
    );
    return row.lease_until.toISOString();
  };
  /** As if the workflow's runs had ended so long before. */
  const age = (workflowId: string, hours: number) =>
    query(
      `update workflow_run set finished_at = finished_at - $2 * interval '1 hour' where workflow_id = $1`,
      [...[workflowId, hours]],
    );
  const time = (ms: number) => new Date(ms).toISOString();

  it('of a quiet company is empty', async () => {
    expect(await client.getOverview()).toEqual({
      at: expect.any(String),
      active: { queued: 0, running: 0, waiting: 0, needs_attention: 0 },
      stuck: { total: 0, items: [] },
      inDoubt: { total: 0, items: [] },
      ...{ from: expect.any(String), failing: [] },
    });
  });

  it('names workflows by what failed lately, the most first, and when they last went well', async () => {
    const often = (await publishWorkflow(client, one, 'Spesso')).id;
    const once = (await publishWorkflow(client, one, 'Una volta')).id;
    await publishWorkflow(client, one, 'Mai');
    await run(once, 'missing');
    const fine = await run(often, 'fine');
    for (const id of ['missing', 'refused', 'missing']) await run(often, id);
    const last = await run(often, 'missing');
    const { failing } = await client.getOverview();
    expect(failing).toEqual([
      {
        ...{ workflowId: often, workflowName: 'Spesso', failed: 4, unretried: 4 },
        codes: [
          { code: 'not_found', count: 3 },
          { code: 'invalid', count: 1 },
        ],
        lastFailed: last,
        lastSucceededAt: fine.finishedAt,
      },
      {
        ...{ workflowId: once, workflowName: 'Una volta', failed: 1, unretried: 1 },
        codes: [{ code: 'not_found', count: 1 }],
        lastFailed: expect.objectContaining({ workflowId: once, status: 'failed' }),
        lastSucceededAt: null,
      },
    ]);
    const lately = await client.getOverview({ query: { from: last.finishedAt as string } });
    expect(lately.failing.map(({ workflowName, failed }) => [workflowName, failed])).toEqual([['Spesso', 1]]);
    const again = { params: { id: lately.failing[0]?.lastFailed.id as string }, body: {} };
    await follow(client, (await client.retryRun(again)).run.id);
    const { finishedAt } = last;
    const sinceLast = { status: 'failed', finishedFrom: finishedAt as string };
    const { items } = await client.listRuns({ query: { ...sinceLast, workflowId: often } });
    expect(items.map(({ id }) => id)).toContain(last.id);
    const before = await client.listRuns({ query: { workflowId: often, finishedTo: finishedAt as string } });
    expect(before.items).toHaveLength(4);
    await age(often, 25);
    expect((await client.getOverview()).failing.map(({ workflowName }) => workflowName)).toEqual([
      'Una volta',
    ]);
  });

  it('names runs in doubt, with the step, until somebody settles them', async () => {
    await connectSlack(test);
    test.slack.failNext('chat.postMessage', 'answer-lost');
    const id = await start((await publishWorkflow(client, message)).id, 'inv_1');
    const { run } = await follow(client, id, (status) => status === 'needs_attention');
    const overview = await client.getOverview();
    expect(overview.active.needs_attention).toBe(1);
    expect(overview.inDoubt).toEqual({ total: 1, items: [{ run, stepKey: 'slack_1', since: time(now) }] });
    await client.settleStep({ params: { id }, body: { stepKey: 'slack_1', happened: true } });
    await follow(client, id);
    expect((await client.getOverview()).inDoubt).toEqual({ total: 0, items: [] });
  });

  it('names runs that wait for a connection from the first moment', async () => {
    await client.disconnectIntegration({ params: { provider: 'slack' } });
    const id = await start((await publishWorkflow(client, message)).id, 'inv_2');
    const { run } = await follow(client, id, (status) => status === 'waiting');
    const { stuck: found } = await client.getOverview();
    expect(found).toEqual({ total: 1, items: [{ run, reason: 'connection', since: time(now) }] });
    expect(run.waitingFor).toMatchObject({ kind: 'connection', provider: 'slack' });
    expect((await client.getTrace({ params: { id } })).stuck).toEqual({
      ...{ reason: 'connection', since: time(now) },
    });
    await client.cancelRun({ params: { id } });
    expect(await stuck()).toEqual([]);
  });

  it('names runs nobody carries on, each by its reason, the longest first', async () => {
    const [busy, parked, queued] = await Promise.all(
      [one, pause, one].map(async (flow) => (await publishWorkflow(client, flow)).id),
    );
    const overdue = await start(parked as string, 'x');
    const { run } = await follow(client, overdue, (status) => status === 'waiting');
    const isHeld = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const held = await start(busy as string, 'held');
    await isHeld;
    const waiting = await start(queued as string, 'later');
    const startedAt = now;
    expect(await stuck()).toEqual([]);
    expect((await client.getOverview()).active).toMatchObject({ queued: 1, running: 1, waiting: 1 });

    now = startedAt + 5 * MINUTE_MS;
    await client.cancelRun({ params: { id: held } });
    const askedAt = now;
    expect(await stuck()).toEqual([[waiting, 'not_started', time(startedAt)]]);
    now = Date.parse(run.wakeAt as string) + 5 * MINUTE_MS;
    const expected = [
      [waiting, 'not_started', time(startedAt)],
      [held, 'cancel_pending', time(askedAt)],
      [overdue, 'overdue', run.wakeAt],
    ];
    expect(await stuck()).toEqual(expected);
    expect(await stuck(test.clientOf({ companyId: 'bianchi' }))).toEqual([]);

    const silentSince = await silence(held);
    expect(await stuck()).toContainEqual([held, 'runner_silent', silentSince]);
    expect((await client.getOverview()).stuck.total).toBe(3);
    expect((await client.getTrace({ params: { id: held } })).stuck).toMatchObject({
      reason: 'runner_silent',
    });
    letGo();
    await Promise.all([waiting, overdue].map((id) => follow(client, id)));
    expect(await stuck()).toEqual([]);
  });

  it.each(['viewer', 'editor'] as const)('is not for a %s', async (role) => {
    const refused = { code: 'forbidden', message: expect.stringContaining('"admin"') };
    await expect(test.clientOf({ role }).getOverview()).rejects.toMatchObject(refused);
  });
});
