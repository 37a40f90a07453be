import { BlockError, type WorkflowClient } from '../../src/core';
import { HostError } from '../../src/server';
import { createFakeHost } from '../../src/testing';
import { definition, node } from '../support/definitions';
import { connectSlack, follow, publishWorkflow, startTestServer, type TestServer } from '../support/server';

const status = (documentId: string) => ({ config: { documentId, status: 'archived' } });
const twoSteps = definition(
  [
    node('status_1', 'doc-manager.update-status', status('{{trigger.payload.id}}')),
    node('status_2', 'doc-manager.update-status', status('second')),
  ],
  ['trigger -> status_1', 'status_1 -> status_2'],
);
const alone = (type: string, config: object) =>
  definition(
    [
      node('first_1', type, { config: config as never }),
      node('status_2', 'doc-manager.update-status', status('second')),
    ],
    ['trigger -> first_1', `first_1${type === 'flow.approval' ? ':approved' : ''} -> status_2`],
  );

describe('canceling a run', () => {
  let now = Date.parse('2027-01-11T08:00:00Z');
  let test: TestServer;
  let client: WorkflowClient;
  /** Steps under way at the host, each waiting for its word. */
  const held: (() => void)[] = [];
  let arrived: () => void = () => {};
  const calls: string[] = [];
  beforeAll(async () => {
    test = await startTestServer({
      concurrency: 1,
      clock: { now: () => now },
      host: {
        ...createFakeHost(),
        updateStatus: async (_, { documentId }) => {
          calls.push(documentId);
          if (documentId === 'broken') throw new HostError('invalid', 'Così non va.');
          if (documentId === 'paced')
            throw new BlockError({ kind: 'retry', code: 'paced', message: 'Later.', retryAfterMs: 30_000 });
          if (documentId === 'held') {
            await new Promise<void>((resolve) => {
              held.push(resolve);
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
  beforeEach(() => void calls.splice(0));

  const start = async (flow = twoSteps, payload: object = {}) => {
    const { id } = await publishWorkflow(client, flow);
    return (await client.startRun({ params: { id }, body: { payload } })).run.id;
  };
  /** A run whose first step is under way. */
  const startHeld = async () => {
    const isHeld = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const id = await start(twoSteps, { id: 'held' });
    await isHeld;
    return id;
  };
  const cancel = (id: string, as = client) => as.cancelRun({ params: { id } });
  const read = (id: string) => client.getRun({ params: { id } });
  const cancelsOf = async (id: string) =>
    (await client.listAudit({ query: { limit: 100 } })).items.filter(
      ({ action, targetId }) => action === 'run.cancel' && targetId === id,
    );

  it('that queues ends it at once; it never begins', async () => {
    const busy = await startHeld();
    const id = await start(twoSteps, { id: 'never' });
    expect((await read(id)).run.status).toBe('queued');
    const { run } = await cancel(id);
    expect(run).toMatchObject({ status: 'canceled', finishedAt: new Date(now).toISOString(), error: null });
    expect((await cancel(id)).run).toEqual(run);
    held.pop()?.();
    expect((await follow(client, busy)).run.status).toBe('succeeded');
    expect(calls).toEqual(['held', 'second']);
    expect(await cancelsOf(id)).toMatchObject([{ userId: 'anna', targetType: 'run' }]);
  });

  it('under way lets the step under way end, keeps its result and begins no other', async () => {
    const id = await startHeld();
    const asked = (await cancel(id)).run;
    expect(asked).toMatchObject({ status: 'running', cancelRequested: true, finishedAt: null });
    expect((await cancel(id)).run).toEqual(asked);
    held.pop()?.();
    const { run, steps } = await follow(client, id);
    expect(run).toMatchObject({ status: 'canceled', error: null, finishedAt: expect.any(String) });
    expect(steps.map((step) => [step.nodeId, step.status])).toEqual([
      ['trigger', 'succeeded'],
      ['status_1', 'succeeded'],
    ]);
    expect(steps[1]?.output).toMatchObject({ document: { status: 'archived' } });
    expect(calls).toEqual(['held']);
    expect((await cancel(id)).run).toEqual(run);
  });

  it('in its last step changes nothing: what is done is done', async () => {
    const isHeld = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const id = await start(definition(twoSteps.nodes.slice(1, 2), ['trigger -> status_1']), { id: 'held' });
    await isHeld;
    await cancel(id);
    held.pop()?.();
    expect((await follow(client, id)).run).toMatchObject({ status: 'succeeded', cancelRequested: true });
  });

  it.each([
    ['a time', 'flow.wait', { for: 'duration', amount: 1, unit: 'hours' }],
    [
      'an event',
      'flow.wait',
      {
        for: 'event',
        event: 'document.completed',
        where: [{ path: 'document.id', equals: '{{trigger.payload.id}}' }],
      },
    ],
    ['a decision', 'flow.approval', { message: 'Inviare?' }],
  ])('that waits for %s ends it at once, and nothing wakes it any more', async (what, type, config) => {
    const flow = alone(type, config);
    if (what === 'an event') Object.assign(flow.edges[1] as object, { sourceHandle: 'resumed' });
    const id = await start(flow, { id: `doc of ${what}` });
    await follow(client, id, (state) => state === 'waiting');
    const { run } = await cancel(id);
    expect(run).toMatchObject({ status: 'canceled', wakeAt: null });
    now += 3_600_000;
    await test.server.emit({
      ...{ type: 'document.completed', id: `evt_${id}`, companyId: 'rossi' },
      data: { document: { id: `doc of ${what}`, title: 'w', status: 'completed' } },
    });
    // The one place is taken and given back after this run, had it been woken.
    await follow(client, await start(twoSteps, { id: 'other' }));
    const after = await read(id);
    expect(after.run).toEqual(run);
    expect(after.steps[1]).toMatchObject({ nodeId: 'first_1', status: 'canceled', output: null });
    expect((await client.listApprovals({ query: { status: 'pending' } })).items).toEqual([]);
    expect(calls).toEqual(['other', 'second']);
  });

  it('that waits for its next attempt ends it; there is none', async () => {
    const flow = definition(
      [
        node('slack_1', 'slack.send-message', {
          config: { channel: '#fatture', text: 'x' },
          retry: { maxAttempts: 3, backoff: 'fixed', delayMs: 60_000, maxDelayMs: 60_000 },
        }),
      ],
      ['trigger -> slack_1'],
    );
    await connectSlack(test);
    test.slack.failNext('chat.postMessage', { status: 503 });
    const id = await start(flow);
    await follow(client, id, (state) => state === 'waiting');
    await cancel(id);
    now += 120_000;
    await follow(client, await start(twoSteps, { id: 'other' }));
    const { run, steps } = await read(id);
    expect([run.status, steps[1]?.status]).toEqual(['canceled', 'canceled']);
    expect(test.slack.messages).toEqual([]);
  });

  it('that waits for its turn ends it; it has none', async () => {
    const id = await start(twoSteps, { id: 'paced' });
    await follow(client, id, (state) => state === 'waiting');
    await cancel(id);
    now += 120_000;
    await follow(client, await start(twoSteps, { id: 'other' }));
    const { run, steps } = await read(id);
    expect([run.status, steps[1]?.status, steps[1]?.attempts]).toEqual(['canceled', 'canceled', []]);
    expect(calls.filter((documentId) => documentId === 'paced')).toHaveLength(1);
  });

  it('that needs attention ends it, the doubt left as it was', async () => {
    await connectSlack(test);
    test.slack.failNext('chat.postMessage', 'answer-lost');
    const id = await start(alone('slack.send-message', { channel: '#fatture', text: 'x' }));
    await follow(client, id, (state) => state === 'needs_attention');
    expect((await cancel(id)).run).toMatchObject({ status: 'canceled' });
    const { steps } = await read(id);
    expect(steps[1]?.status).toBe('in_doubt');
    await expect(
      client.settleStep({ params: { id }, body: { stepKey: 'first_1', happened: true } }),
    ).rejects.toMatchObject({ code: 'run_finished' });
  });

  it.each([
    ['succeeded', { id: 'fine' }],
    ['failed', { id: 'broken' }],
  ])('that has %s answers 409 and changes nothing', async (state, payload) => {
    const id = await start(twoSteps, payload);
    const ended = await follow(client, id);
    expect(ended.run.status).toBe(state);
    await expect(cancel(id)).rejects.toMatchObject({
      status: 409,
      code: 'run_finished',
      message: expect.stringContaining(state),
    });
    expect(await read(id)).toEqual(ended);
    expect(await cancelsOf(id)).toEqual([]);
  });

  it('is for editors of its company alone', async () => {
    const id = await startHeld();
    const viewer = test.clientOf({ role: 'viewer' });
    await expect(cancel(id, viewer)).rejects.toMatchObject({ status: 403 });
    // Whoever would be refused can be told beforehand.
    expect((await viewer.getRun({ params: { id } })).run.canAct).toBe(false);
    expect((await viewer.listRuns({})).items.map(({ canAct }) => canAct)).not.toContain(true);
    expect((await read(id)).run.canAct).toBe(true);
    await expect(cancel(id, test.clientOf({ companyId: 'bianchi' }))).rejects.toMatchObject({ status: 404 });
    await expect(cancel('no-uuid')).rejects.toMatchObject({ status: 404 });
    held.pop()?.();
    expect((await follow(client, id)).run).toMatchObject({ status: 'succeeded', cancelRequested: false });
  });
});
