import type { Trace, WorkflowClient } from '../../src/core';
import { HostError } from '../../src/server';
import { definition, node } from '../support/definitions';
import { connectSlack, follow, publishWorkflow, startTestServer, type TestServer } from '../support/server';

const SECRET = 'IT60X0542811101000000123456';
const step = (id: string, type: string, config: object, rest: object = {}) =>
  node(id, type, { config: config as never, ...rest });
const update = (id: string, documentId: string, rest: object = {}) =>
  step(id, 'doc-manager.update-status', { documentId, status: 'archived' }, rest);

describe('the story of a run', () => {
  let test: TestServer;
  let client: WorkflowClient;
  beforeAll(async () => {
    test = await startTestServer();
    client = test.clientOf();
    for (const id of ['doc_1', 'doc_2'])
      test.host.addDocument({ companyId: 'rossi', id, title: id, status: 'completed' });
  });
  afterAll(() => test.close());

  const trace = (id: string) => client.getTrace({ params: { id } });
  /** Without the times, which only have to follow one another. */
  const told = ({ entries }: Trace) => {
    const times = entries.map(({ at }) => Date.parse(at));
    expect(times).toEqual([...times].sort((a, b) => a - b));
    return entries.map(({ at: _, ...entry }) => entry);
  };
  const start = async (flow: ReturnType<typeof definition>, payload: object = {}) => {
    const { id } = await publishWorkflow(client, flow);
    return (await client.startRun({ params: { id }, body: { payload } })).run.id;
  };

  it('tells attempts, waits, decisions and skipped steps in the order of time', async () => {
    const flow = definition(
      [
        update('status_1', 'doc_1', {
          retry: { maxAttempts: 3, backoff: 'fixed', delayMs: 1, maxDelayMs: 1 },
        }),
        step('approval_1', 'flow.approval', {
          ...{ message: 'Pagare su {{trigger.payload.iban}}?', approvers: ['carla'] },
        }),
        update('status_2', 'doc_2'),
        update('status_3', 'doc_1'),
      ],
      [
        'trigger -> status_1',
        'status_1 -> approval_1',
        'approval_1:approved -> status_2',
        'approval_1:rejected -> status_3',
      ],
    );
    test.host.failNext('updateStatus', new HostError('unavailable', 'Torno subito.'));
    const id = await start(flow, { iban: SECRET });
    await follow(client, id, (_, { run }) => run.waitingFor?.kind === 'decision');
    const [asked] = (await client.listApprovals()).items;
    const body = { decision: 'approved', comment: 'Va bene' } as const;
    await test.clientOf({ userId: 'carla' }).decideApproval({ params: { id: asked?.id as string }, body });
    const { run } = await follow(client, id);
    expect(run.status).toBe('succeeded');

    const story = await trace(id);
    const type = 'doc-manager.update-status';
    expect(told(story)).toEqual([
      { kind: 'created', trigger: 'flow.manual', by: 'anna', eventId: null, retryOf: null },
      { kind: 'started' },
      { kind: 'step_began', stepKey: 'status_1', nodeId: 'status_1', type },
      {
        ...{ kind: 'attempt_failed', stepKey: 'status_1', attempt: 1, delayMs: expect.any(Number) },
        error: expect.objectContaining({ kind: 'retry', message: expect.stringContaining('Torno subito.') }),
      },
      { kind: 'step_ended', stepKey: 'status_1', status: 'succeeded', branch: 'next', error: null },
      { kind: 'step_began', stepKey: 'approval_1', nodeId: 'approval_1', type: 'flow.approval' },
      {
        ...{ kind: 'wait_began', stepKey: 'approval_1' },
        ...{ waitsFor: 'decision', until: null, eventType: null, provider: null, approvers: ['carla'] },
      },
      {
        ...{ kind: 'decided', stepKey: 'approval_1' },
        ...{ by: 'carla', decision: 'approved', comment: 'Va bene' },
      },
      { kind: 'wait_ended', stepKey: 'approval_1', wokenBy: 'decision', eventId: null },
      { kind: 'step_ended', stepKey: 'approval_1', status: 'succeeded', branch: 'approved', error: null },
      { kind: 'step_began', stepKey: 'status_2', nodeId: 'status_2', type },
      { kind: 'step_ended', stepKey: 'status_2', status: 'succeeded', branch: 'next', error: null },
      {
        ...{ kind: 'step_skipped', stepKey: 'status_3' },
        because: { code: 'branch_not_taken', nodeId: 'approval_1', handle: 'rejected' },
      },
      { kind: 'ended', status: 'succeeded', error: null },
    ]);
    expect(story).toMatchObject({ run, stuck: null, claims: 3, deaths: 0, causeDepth: 0 });
    expect(JSON.stringify(story)).not.toContain(SECRET);
  });

  it('tells what started it and what woke it, without what the events held', async () => {
    const where = [{ path: 'document.id', equals: '{{trigger.payload.document.id}}' }];
    const flow = definition(
      [
        node('trigger', 'doc-manager.document-completed'),
        step('wait_1', 'flow.wait', { for: 'event', event: 'document.completed', where }),
      ],
      ['trigger -> wait_1'],
    );
    await publishWorkflow(client, flow);
    const emit = (id: string) =>
      test.server.emit({
        ...{ type: 'document.completed', id, companyId: 'rossi' },
        data: { document: { id: 'doc_7', title: SECRET, status: 'completed' } },
      });
    const [started] = await emit('evt_1');
    const id = started?.id as string;
    await follow(client, id, (status) => status === 'waiting');
    await emit('evt_2');
    await follow(client, id);
    const story = await trace(id);
    expect(told(story)[0]).toMatchObject({ kind: 'created', by: null, eventId: 'evt_1' });
    expect(told(story)).toContainEqual(
      expect.objectContaining({ kind: 'wait_ended', stepKey: 'wait_1', wokenBy: 'event', eventId: 'evt_2' }),
    );
    expect(JSON.stringify(story.entries)).not.toContain(SECRET);
  });

  it('tells what people did with it, and what became of that', async () => {
    await connectSlack(test);
    test.slack.failNext('chat.postMessage', 'answer-lost');
    const message = step('slack_1', 'slack.send-message', { channel: '#fatture', text: 'Pagata' });
    const flow = definition(
      [message, update('status_1', 'missing')],
      ['trigger -> slack_1', 'slack_1 -> status_1'],
    );
    const id = await start(flow);
    await follow(client, id, (status) => status === 'needs_attention');
    const body = { stepKey: 'slack_1', happened: true };
    await test.clientOf({ userId: 'carla' }).settleStep({ params: { id }, body });
    await follow(client, id);
    const { run: retry } = await client.retryRun({ params: { id }, body: {} });
    await follow(client, retry.id);

    const first = told(await trace(id));
    expect(first).toContainEqual(
      expect.objectContaining({ kind: 'action', by: 'carla', action: 'run.settle_happened' }),
    );
    expect(first.slice(-2)).toMatchObject([
      { kind: 'ended', status: 'failed', error: { code: 'not_found', stepKey: 'status_1' } },
      { kind: 'retried', by: 'anna', runId: retry.id },
    ]);
    const second = told(await trace(retry.id));
    expect(second[0]).toMatchObject({ kind: 'created', by: 'anna', retryOf: id });
    expect(second).toContainEqual(
      expect.objectContaining({ kind: 'step_reused', stepKey: 'slack_1', reusedFrom: id }),
    );
    expect(second.filter((entry) => entry.kind === 'step_began')).toMatchObject([{ stepKey: 'status_1' }]);
  });

  it('tells of a wait for a time, and of a cancel', async () => {
    const pause = step('wait_1', 'flow.wait', { for: 'duration', amount: 1, unit: 'hours' });
    const id = await start(definition([pause], ['trigger -> wait_1']));
    await follow(client, id, (status) => status === 'waiting');
    await client.cancelRun({ params: { id } });
    const entries = told(await trace(id));
    expect(entries).toContainEqual(
      expect.objectContaining({
        kind: 'wait_began',
        stepKey: 'wait_1',
        waitsFor: 'time',
      }),
    );
    expect(
      entries
        .slice(-2)
        .map(({ kind }) => kind)
        .sort(),
    ).toEqual(['action', 'ended']);
  });

  it('is nobody else’s: another company’s run is answered like one that does not exist', async () => {
    const id = await start(definition([update('status_1', 'doc_1')], ['trigger -> status_1']));
    const ask = (as: WorkflowClient, runId: string) =>
      as.getTrace({ params: { id: runId } }).catch(({ code, message }) => ({ code, message }));
    const unknown = await ask(client, '01900000-0000-7000-8000-000000000000');
    expect(unknown).toMatchObject({ code: 'not_found' });
    expect(await ask(test.clientOf({ companyId: 'bianchi' }), id)).toEqual(unknown);
    expect(await ask(test.clientOf({ role: 'editor' }), id)).toMatchObject({ code: 'forbidden' });
  });
});
