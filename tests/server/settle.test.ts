import { Client } from 'pg';
import type { WorkflowClient } from '../../src/core';
import { someoneWaitsFor } from '../support/blocked';
import { definition, node } from '../support/definitions';
import { connectSlack, follow, publishWorkflow, startTestServer, type TestServer } from '../support/server';

const message = { config: { channel: '#fatture', text: 'Pagata: {{trigger.payload.id}}' } };
const flow = definition(
  [
    node('slack_1', 'slack.send-message', message),
    node('status_1', 'doc-manager.update-status', {
      config: {
        documentId: 'doc_1',
        status: 'archived',
        note: '{{step.slack_1.output.ts | default: "none"}}',
      },
    }),
  ],
  ['trigger -> slack_1', 'slack_1 -> status_1'],
);
const perItem = definition(
  [
    node('loop_1', 'flow.loop', { config: { items: '{{trigger.payload.ids}}' } }),
    node('slack_1', 'slack.send-message', { config: { channel: '#fatture', text: '{{loop.item}}' } }),
  ],
  ['trigger -> loop_1', 'loop_1:each -> slack_1'],
);
const sent = { channel: 'C024BE91L', ts: '1405895017.000506' };

describe('settling a step in doubt', () => {
  let test: TestServer;
  let client: WorkflowClient;
  beforeAll(async () => {
    test = await startTestServer();
    client = test.clientOf();
    test.host.addDocument({ companyId: 'rossi', id: 'doc_1', title: 'doc_1', status: 'completed' });
    await connectSlack(test);
  });
  afterAll(() => test.close());

  /** A run whose message was sent and whose answer was lost. */
  const startDoubtful = async (definition = flow, payload: object = { id: 'inv_1' }) => {
    const { id } = await publishWorkflow(client, definition);
    test.slack.failNext('chat.postMessage', 'answer-lost');
    const { run } = await client.startRun({ params: { id }, body: { payload } });
    const doubtful = await follow(client, run.id, (state) => state === 'needs_attention');
    expect(doubtful.run.status).toBe('needs_attention');
    return doubtful;
  };
  const settle = (
    id: string,
    body: { happened: boolean; output?: unknown; stepKey?: string },
    as: WorkflowClient = client,
  ) => as.settleStep({ params: { id }, body: { stepKey: 'slack_1', ...body } });
  const messagesOf = (text: string) => test.slack.messages.filter((sent) => sent.text === text).length;
  const settlesOf = async (id: string) =>
    (await client.listAudit({ query: { limit: 50 } })).items
      .filter(({ action, targetId }) => action.startsWith('run.settle') && targetId === id)
      .map(({ action, userId }) => `${action} by ${userId}`);

  it('shows what is in doubt, and why', async () => {
    const { run, steps } = await startDoubtful();
    expect(run.error).toMatchObject({ kind: 'uncertain', nodeId: 'slack_1', stepKey: 'slack_1' });
    expect(steps[1]).toMatchObject({ status: 'in_doubt', output: null, error: { kind: 'uncertain' } });
    await client.cancelRun({ params: { id: run.id } });
  });

  it('as happened goes on with the output told, and sends nothing again', async () => {
    const { run } = await startDoubtful(flow, { id: 'inv_2' });
    const answer = await settle(run.id, { happened: true, output: sent }, test.clientOf({ userId: 'carla' }));
    expect(answer.run).toMatchObject({ id: run.id, error: null });
    const ended = await follow(client, run.id);
    expect(ended.run).toMatchObject({ status: 'succeeded', error: null });
    expect(ended.steps[1]).toMatchObject({ status: 'succeeded', output: sent, error: null, branch: 'next' });
    expect(ended.steps[2]).toMatchObject({ status: 'succeeded', input: { note: sent.ts } });
    expect(messagesOf('Pagata: inv_2')).toBe(1);
    expect(await settlesOf(run.id)).toEqual(['run.settle_happened by carla']);
  });

  it('as happened needs no output', async () => {
    const { run } = await startDoubtful(flow, { id: 'inv_3' });
    await settle(run.id, { happened: true });
    const ended = await follow(client, run.id);
    expect(ended.run.status).toBe('succeeded');
    expect(ended.steps[1]).toMatchObject({ status: 'succeeded', output: null });
    expect(ended.steps[2]).toMatchObject({ input: { note: 'none' } });
  });

  it('as not happened carries it out again, as one more attempt', async () => {
    const { run } = await startDoubtful(flow, { id: 'inv_4' });
    await settle(run.id, { happened: false });
    const ended = await follow(client, run.id);
    expect(ended.run.status).toBe('succeeded');
    expect(ended.steps[1]).toMatchObject({ status: 'succeeded', attempt: 2, attempts: [{ attempt: 1 }] });
    // The person was wrong: the first one had been sent as well.
    expect(messagesOf('Pagata: inv_4')).toBe(2);
    expect(await settlesOf(run.id)).toEqual(['run.settle_repeat by anna']);
  });

  it('can be needed again, when the repetition is in doubt too', async () => {
    const { run } = await startDoubtful(flow, { id: 'inv_5' });
    test.slack.failNext('chat.postMessage', 'answer-lost');
    await settle(run.id, { happened: false });
    const again = await follow(client, run.id, (state) => state === 'needs_attention');
    expect(again.steps[1]).toMatchObject({ status: 'in_doubt', attempt: 2 });
    await settle(run.id, { happened: true, output: sent });
    expect((await follow(client, run.id)).run.status).toBe('succeeded');
    expect(messagesOf('Pagata: inv_5')).toBe(2);
  });

  it('names the iteration of a loop; the others are carried out once', async () => {
    const { run, steps } = await startDoubtful(perItem, { ids: ['l_1', 'l_2', 'l_3'] });
    expect(steps.map(({ key }) => key)).toContain('loop_1[0]/slack_1');
    await expect(settle(run.id, { happened: true })).rejects.toMatchObject({ code: 'not_found' });
    await settle(run.id, { happened: true, output: sent, stepKey: 'loop_1[0]/slack_1' });
    const ended = await follow(client, run.id);
    expect(ended.run.status).toBe('succeeded');
    expect(ended.steps.find(({ key }) => key === 'loop_1')?.output).toMatchObject({ count: 3, failed: 0 });
    expect(['l_1', 'l_2', 'l_3'].map(messagesOf)).toEqual([1, 1, 1]);
  });

  it.each([
    ['an output the block never gives', { happened: true, output: { channel: 7 } }, 400, 'invalid_request'],
    ['an output of another type', { happened: true, output: 'fatto' }, 400, 'invalid_request'],
    ['an output of what did not happen', { happened: false, output: sent }, 400, 'invalid_request'],
    ['a step that is not there', { happened: true, stepKey: 'slack_9' }, 404, 'not_found'],
    ['a step that is done', { happened: true, stepKey: 'trigger' }, 409, 'step_not_in_doubt'],
    ['a step not reached', { happened: true, stepKey: 'status_1' }, 404, 'not_found'],
    [
      'an output over the cap',
      { happened: true, output: { ...sent, ts: 'x'.repeat(256 * 1024) } },
      413,
      'payload_too_large',
    ],
  ])('refuses %s and changes nothing', async (_, body, status, code) => {
    const before = await startDoubtful();
    await expect(settle(before.run.id, body)).rejects.toMatchObject({ status, code });
    expect(await client.getRun({ params: { id: before.run.id } })).toEqual(before);
    expect(await settlesOf(before.run.id)).toEqual([]);
    await client.cancelRun({ params: { id: before.run.id } });
  });

  it('answers 409 the second time, and of a run that has ended', async () => {
    const { run } = await startDoubtful();
    const answers = await Promise.allSettled([
      settle(run.id, { happened: true, output: sent }),
      settle(run.id, { happened: true, output: sent }),
      settle(run.id, { happened: true, output: sent }),
    ]);
    const refused = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason] : []));
    expect(refused).toHaveLength(2);
    for (const { status, code } of refused) {
      expect(status).toBe(409);
      expect(['step_not_in_doubt', 'run_finished']).toContain(code);
    }
    await follow(client, run.id);
    await expect(settle(run.id, { happened: false })).rejects.toMatchObject({
      status: 409,
      code: 'run_finished',
    });
    expect(await settlesOf(run.id)).toHaveLength(1);
  });

  it('does not bring a run back that is canceled in the same instant', async () => {
    const { run } = await startDoubtful();
    const other = new Client(test.database.url);
    await other.connect();
    await other.query('begin');
    await other.query(`update workflow_run set status = 'canceled', finished_at = now() where id = $1`, [
      run.id,
    ]);
    const settled = settle(run.id, { happened: true, output: sent });
    const refused = expect(settled).rejects.toMatchObject({ status: 409, code: 'step_not_in_doubt' });
    await someoneWaitsFor(other, test.database.url);
    await other.query('commit');
    await refused;
    expect((await client.getRun({ params: { id: run.id } })).run.status).toBe('canceled');
    expect(await settlesOf(run.id)).toEqual([]);
    await other.end();
  });

  it('leaves the steps beside it as they are', async () => {
    const { run } = await startDoubtful(perItem, { ids: ['m_1'] });
    for (const happened of [true, false])
      await expect(settle(run.id, { happened, stepKey: 'loop_1' })).rejects.toMatchObject({
        code: 'step_not_in_doubt',
      });
    expect((await client.getRun({ params: { id: run.id } })).run.status).toBe('needs_attention');
  });

  it('is for editors of its company alone', async () => {
    const { run } = await startDoubtful();
    const body = { happened: true, output: sent };
    await expect(settle(run.id, body, test.clientOf({ role: 'viewer' }))).rejects.toMatchObject({
      status: 403,
    });
    await expect(settle(run.id, body, test.clientOf({ companyId: 'bianchi' }))).rejects.toMatchObject({
      status: 404,
    });
    await settle(run.id, body, test.clientOf({ role: 'editor' }));
    expect((await follow(client, run.id)).run.status).toBe('succeeded');
  });
});
