import type { RunDetail, WorkflowClient } from '../../src/core';
import { HostError } from '../../src/server';
import { definition, node } from '../support/definitions';
import { connectSlack, follow, publishWorkflow, startTestServer, type TestServer } from '../support/server';

const update = (id: string, documentId: string, status = 'archived') =>
  node(id, 'doc-manager.update-status', { config: { documentId, status } });
const from = (path: string) => `{{trigger.payload.${path}}}`;
const chain = definition(
  [update('status_1', from('a')), update('status_2', from('b')), update('status_3', from('c'))],
  ['trigger -> status_1', 'status_1 -> status_2', 'status_2 -> status_3'],
);
const perItem = definition(
  [
    node('loop_1', 'flow.loop', { config: { items: from('ids') } }),
    update('status_1', '{{loop.item}}'),
    update('status_2', '{{loop.item}}', 'sent'),
    update('status_3', from('last')),
  ],
  ['trigger -> loop_1', 'loop_1:each -> status_1', 'status_1 -> status_2', 'loop_1:done -> status_3'],
);

describe('retrying a run', () => {
  let test: TestServer;
  let client: WorkflowClient;
  let counted = 0;
  beforeAll(async () => {
    test = await startTestServer();
    client = test.clientOf();
  });
  afterAll(() => test.close());

  /** Names of documents, which are there or not yet. */
  const name = (...ids: string[]) => {
    counted += 1;
    return ids.map((id) => `${id}_${counted}`);
  };
  const add = (...ids: string[]) => {
    for (const id of ids) test.host.addDocument({ companyId: 'rossi', id, title: id, status: 'completed' });
  };
  const callsOf = (id: string) => test.host.calls.filter(({ input }) => input.documentId === id);
  const countsOf = (...ids: string[]) => ids.map((id) => callsOf(id).length);
  const run = async (flow: typeof chain, payload: object) => {
    const workflow = await publishWorkflow(client, flow);
    const started = await client.startRun({ params: { id: workflow.id }, body: { payload } });
    return { workflow, ended: await follow(client, started.run.id) };
  };
  const retry = async (
    id: string,
    body: Parameters<WorkflowClient['retryRun']>[0]['body'] = {},
    key?: string,
  ) => {
    const headers = key === undefined ? {} : { 'idempotency-key': key };
    return (await client.retryRun({ params: { id }, body, headers })).run;
  };
  const retried = async (id: string, body?: Parameters<WorkflowClient['retryRun']>[0]['body']) =>
    follow(client, (await retry(id, body)).id);
  const reusedIn = ({ steps }: RunDetail) =>
    Object.fromEntries(steps.flatMap(({ key, reusedFrom }) => (reusedFrom ? [[key, reusedFrom]] : [])));
  /** A chain whose second document is not there. */
  const failedChain = async () => {
    const [a = '', b = '', c = ''] = name('a', 'b', 'c');
    add(a, c);
    const { workflow, ended } = await run(chain, { a, b, c });
    expect(ended.run).toMatchObject({ status: 'failed', error: { nodeId: 'status_2' } });
    return { a, b, c, workflow, failed: ended };
  };

  /** A run whose message went out, and the answer was lost: it waits for a person. */
  const sentInDoubt = async (text: string) => {
    await connectSlack(test);
    const message = node('slack_1', 'slack.send-message', { config: { channel: '#fatture', text } });
    const { id } = await publishWorkflow(client, definition([message], ['trigger -> slack_1']));
    test.slack.failNext('chat.postMessage', 'answer-lost');
    const { run: doubtful } = await client.startRun({ params: { id }, body: {} });
    await follow(client, doubtful.id, (state) => state === 'needs_attention');
    return doubtful;
  };

  it('from where it failed repeats nothing that is done, and leaves the failed run as it is', async () => {
    const { a, b, c, failed } = await failedChain();
    add(b);
    const ended = await retried(failed.run.id);
    expect(ended.run).toMatchObject({ status: 'succeeded', retryOf: failed.run.id, version: 1 });
    expect(countsOf(a, b, c)).toEqual([1, 2, 1]);
    expect(reusedIn(ended)).toEqual({ status_1: failed.run.id });
    expect(ended.steps.find(({ key }) => key === 'status_1')).toMatchObject({
      status: 'succeeded',
      output: failed.steps[1]?.output,
    });
    expect(await client.getRun({ params: { id: failed.run.id } })).toEqual(failed);
    const { items } = await client.listAudit({ query: { limit: 5 } });
    expect(items).toContainEqual(
      expect.objectContaining({ action: 'run.retry', targetId: ended.run.id, userId: 'anna' }),
    );
  });

  it('of a retry names the run in which a step was really done', async () => {
    const { b, failed } = await failedChain();
    const second = await retried(failed.run.id);
    expect(second.run.status).toBe('failed');
    add(b);
    const third = await retried(second.run.id);
    expect(third.run).toMatchObject({ status: 'succeeded', retryOf: second.run.id });
    expect(reusedIn(third)).toEqual({ status_1: failed.run.id });
  });

  it('from the start does everything again, as new effects', async () => {
    const { a, b, c, failed } = await failedChain();
    add(b);
    const ended = await retried(failed.run.id, { from: 'start' });
    expect(ended.run.status).toBe('succeeded');
    expect(reusedIn(ended)).toEqual({});
    expect(countsOf(a, b, c)).toEqual([2, 2, 1]);
    expect(new Set(callsOf(a).map(({ idempotencyKey }) => idempotencyKey)).size).toBe(2);
  });

  it('from a step of a run that succeeded does it and what follows again', async () => {
    const [a = '', b = '', c = ''] = name('a', 'b', 'c');
    add(a, b, c);
    const { ended: first } = await run(chain, { a, b, c });
    await expect(retry(first.run.id)).rejects.toMatchObject({ status: 409, code: 'retry_impossible' });
    const ended = await retried(first.run.id, { from: 'status_2' });
    expect(ended.run.status).toBe('succeeded');
    expect(countsOf(a, b, c)).toEqual([1, 2, 2]);
    expect(reusedIn(ended)).toEqual({ status_1: first.run.id });
  });

  it('goes on inside a loop at the item that failed', async () => {
    const [x = '', y = '', z = '', last = ''] = name('x', 'y', 'z', 'last');
    add(x, z, last);
    const { ended: failed } = await run(perItem, { ids: [x, y, z], last });
    expect(failed.run.error).toMatchObject({ stepKey: 'loop_1[1]/status_1' });
    add(y);
    const ended = await retried(failed.run.id);
    expect(ended.run.status).toBe('succeeded');
    expect(countsOf(x, y, z, last)).toEqual([2, 3, 2, 1]);
    expect(Object.keys(reusedIn(ended))).toEqual(['loop_1[0]/status_1', 'loop_1[0]/status_2']);
    expect(ended.steps.find(({ key }) => key === 'loop_1')?.output).toMatchObject({ count: 3, failed: 0 });
  });

  it('from a step of one item leaves the other items alone', async () => {
    const [x = '', y = '', z = '', last = ''] = name('x', 'y', 'z', 'last');
    add(x, y, z, last);
    const { ended: first } = await run(perItem, { ids: [x, y, z], last });
    const ended = await retried(first.run.id, { from: 'loop_1[1]/status_2' });
    expect(ended.run.status).toBe('succeeded');
    expect(countsOf(x, y, z, last)).toEqual([2, 3, 2, 2]);
    expect(Object.keys(reusedIn(ended))).toHaveLength(5);
    const resultsOf = ({ steps }: RunDetail) =>
      (steps.find(({ key }) => key === 'loop_1')?.output as { results: unknown[] } | undefined)?.results ??
      [];
    // The host counts what is written to a document: only the second item has been written to again.
    const version = { document: expect.objectContaining({ id: y, version: 3 }) };
    expect(resultsOf(ended)).toEqual([resultsOf(first)[0], version, resultsOf(first)[2]]);
  });

  it('whose list has changed since says so instead of mixing items up', async () => {
    const [x = '', y = '', last = ''] = name('x', 'y', 'last');
    add(x, last);
    const { ended: failed } = await run(perItem, { ids: [x, y], last });
    const ended = await retried(failed.run.id, { from: 'failed', payload: { ids: [last, y], last } });
    expect(ended.run).toMatchObject({ status: 'failed', error: { code: 'items_changed' } });
    expect(countsOf(last)).toEqual([0]);
  });

  it('takes a changed payload for what is still to be done', async () => {
    const { a, b, c, failed } = await failedChain();
    const [other = ''] = name('other');
    add(other);
    const ended = await retried(failed.run.id, { payload: { a: 'ignored', b: other, c } });
    expect(ended.run.status).toBe('succeeded');
    expect(countsOf(a, b, c, other)).toEqual([1, 1, 1, 1]);
    expect(ended.steps[0]?.output).toEqual({ a: 'ignored', b: other, c });
    await expect(retry(failed.run.id, { payload: { text: 'x'.repeat(256 * 1024) } })).rejects.toMatchObject({
      code: 'payload_too_large',
    });
  });

  it('runs the same version, or the latest when asked', async () => {
    const { a, b, c, failed, workflow } = await failedChain();
    const [repaired = ''] = name('repaired');
    add(repaired);
    const mended = structuredClone(chain);
    Object.assign(mended.nodes[2] as object, { config: { documentId: repaired, status: 'sent' } });
    const publish = async (flow: typeof chain, revision: number) => {
      await client.saveDraft({ params: { id: workflow.id }, body: { definition: flow, revision } });
      await client.publishWorkflow({ params: { id: workflow.id }, body: { revision: revision + 1 } });
    };
    await publish(mended, 1);
    expect((await retried(failed.run.id)).run).toMatchObject({ status: 'failed', version: 1 });
    const ended = await retried(failed.run.id, { version: 'latest' });
    expect(ended.run).toMatchObject({ status: 'succeeded', version: 2 });
    expect(countsOf(a, b, c, repaired)).toEqual([1, 2, 1, 1]);

    await publish(definition([chain.nodes[1] as never], ['trigger -> status_1']), 2);
    await expect(retry(failed.run.id, { from: 'status_2', version: 'latest' })).rejects.toMatchObject({
      status: 409,
      code: 'retry_impossible',
    });
    expect((await retried(failed.run.id, { version: 'latest' })).run).toMatchObject({
      status: 'succeeded',
      version: 3,
    });
    expect(countsOf(a, b, c)).toEqual([1, 2, 1]);

    const trigger = node('trigger', 'doc-manager.document-completed');
    await publish(definition([trigger, update('status_1', a)], ['trigger -> status_1']), 3);
    await expect(retry(failed.run.id, { version: 'latest' })).rejects.toMatchObject({
      code: 'retry_impossible',
      message: expect.stringContaining('another trigger'),
    });
  });

  it('of a draft runs that draft again, and has no latest version', async () => {
    const [a = ''] = name('a');
    const flow = definition([update('status_1', a)], ['trigger -> status_1']);
    const { id } = await client.createWorkflow({ body: { name: 'Bozza', definition: flow } });
    const { run: draft } = await client.startRun({ params: { id }, body: { version: 'draft' } });
    await follow(client, draft.id);
    add(a);
    await client.saveDraft({ params: { id }, body: { definition: definition([], []), revision: 1 } });
    await expect(retry(draft.id, { version: 'latest' })).rejects.toMatchObject({ code: 'not_published' });
    const ended = await retried(draft.id);
    expect(ended).toMatchObject({ run: { status: 'succeeded', version: null }, definition: flow });
  });

  it('asks for an effect that may have happened under the key it had', async () => {
    const [a = ''] = name('a');
    add(a);
    const once = { maxAttempts: 1, backoff: 'fixed' as const, delayMs: 0, maxDelayMs: 0 };
    const flow = definition([{ ...update('status_1', a), retry: once }], ['trigger -> status_1']);
    test.host.loseNextAnswer('updateStatus');
    const { ended: failed } = await run(flow, {});
    expect(failed.run).toMatchObject({ status: 'failed', error: { kind: 'uncertain' } });
    for (const from of ['failed', 'status_1']) {
      expect((await retried(failed.run.id, { from })).run.status).toBe('succeeded');
    }
    expect(callsOf(a).map(({ replayed }) => replayed)).toEqual([false, true, true]);
    expect(new Set(callsOf(a).map(({ idempotencyKey }) => idempotencyKey)).size).toBe(1);
  });

  it('asks under that key also two retries later, when the one between did not come to the step', async () => {
    const [a = '', b = ''] = name('a', 'b');
    add(a, b);
    const once = { maxAttempts: 1, backoff: 'fixed' as const, delayMs: 0, maxDelayMs: 0 };
    const flow = definition(
      [update('status_1', a), { ...update('status_2', b), retry: once }],
      ['trigger -> status_1', 'status_1 -> status_2'],
    );
    const lostForB = test.host.updateStatus;
    test.host.updateStatus = (call, input) => {
      if (input.documentId === b && callsOf(b).length === 0) test.host.loseNextAnswer('updateStatus');
      return lostForB(call, input);
    };
    const { ended: first } = await run(flow, {});
    test.host.updateStatus = lostForB;
    expect(first.run).toMatchObject({ status: 'failed', error: { kind: 'uncertain', nodeId: 'status_2' } });
    test.host.failNext('updateStatus', new HostError('invalid', 'no'));
    const second = await retried(first.run.id, { from: 'status_1' });
    expect(second.run).toMatchObject({ status: 'failed', error: { nodeId: 'status_1' } });
    expect((await retried(second.run.id)).run.status).toBe('succeeded');
    expect(callsOf(b).map(({ replayed }) => replayed)).toEqual([false, true]);
  });

  it('asks again of a step in doubt, in the new run, when the one before was canceled', async () => {
    const doubtful = await sentInDoubt('una volta');
    const sent = () => test.slack.messages.filter(({ text }) => text === 'una volta').length;
    await client.cancelRun({ params: { id: doubtful.id } });
    const again = await retry(doubtful.id);
    const asking = await follow(client, again.id, (state) => state === 'needs_attention');
    expect(asking.steps.at(-1)).toMatchObject({ key: 'slack_1', status: 'in_doubt' });
    expect(sent()).toBe(1);
    const body = { stepKey: 'slack_1', happened: false };
    await client.settleStep({ params: { id: again.id }, body });
    expect((await follow(client, again.id)).run.status).toBe('succeeded');
    expect(sent()).toBe(2);
  });

  it('starts one run per Idempotency-Key, and refuses the key for another request', async () => {
    const { a, b, c, failed } = await failedChain();
    add(b);
    const key = `retry-${failed.run.id}`;
    const runs = await Promise.all(Array.from({ length: 10 }, () => retry(failed.run.id, {}, key)));
    expect(new Set(runs.map(({ id }) => id)).size).toBe(1);
    await follow(client, runs[0]?.id as string);
    expect(countsOf(a, b, c)).toEqual([1, 2, 1]);
    await expect(retry(failed.run.id, { from: 'start' }, key)).rejects.toMatchObject({
      status: 409,
      code: 'idempotency_conflict',
      details: { runId: runs[0]?.id },
    });
    expect((await retry(failed.run.id, {}, `${key}-2`)).id).not.toBe(runs[0]?.id);
  });

  it('waits until the run has ended', async () => {
    const waiting = definition(
      [node('approval_1', 'flow.approval', { config: { message: 'Sì?' } })],
      ['trigger -> approval_1'],
    );
    const { id } = await publishWorkflow(client, waiting);
    const { run: parked } = await client.startRun({ params: { id }, body: {} });
    await follow(client, parked.id, (state) => state === 'waiting');
    await expect(retry(parked.id, { from: 'start' })).rejects.toMatchObject({
      status: 409,
      code: 'run_active',
      message: expect.stringContaining('cancel it first'),
    });
    await client.cancelRun({ params: { id: parked.id } });
    const again = await follow(client, (await retry(parked.id)).id, (state) => state === 'waiting');
    expect(again.run).toMatchObject({ status: 'waiting', retryOf: parked.id });
    const { items } = await client.listApprovals({ query: { status: 'pending' } });
    const approval = items.find(({ runId }) => runId === again.run.id);
    await client.decideApproval({ params: { id: approval?.id ?? '' }, body: { decision: 'approved' } });
    expect((await follow(client, again.run.id)).run.status).toBe('succeeded');
  });

  it('asks first what became of a step in doubt', async () => {
    const doubtful = await sentInDoubt('x');
    await expect(retry(doubtful.id)).rejects.toMatchObject({
      code: 'run_active',
      message: expect.stringContaining('whether it happened'),
    });
  });

  it('refuses steps the run never had, viewers and other companies', async () => {
    const { failed } = await failedChain();
    const { id } = failed.run;
    for (const from of ['status_3', 'status_9', 'status_1[0]/x', '__proto__', 'a\u0000']) {
      await expect(retry(id, { from })).rejects.toMatchObject({ status: 409, code: 'retry_impossible' });
    }
    const body = { params: { id }, body: {} };
    await expect(test.clientOf({ role: 'viewer' }).retryRun(body)).rejects.toMatchObject({ status: 403 });
    await expect(test.clientOf({ companyId: 'bianchi' }).retryRun(body)).rejects.toMatchObject({
      status: 404,
    });
    await expect(retry(id, { version: 'draft' as 'same' })).rejects.toMatchObject({ status: 400 });
  });
});
