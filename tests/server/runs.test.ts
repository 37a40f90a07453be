import { HostError } from '../../src/server';
import { createFakeHost } from '../../src/testing';
import { completedDocument, condition, contractWorkflow, definition, node } from '../support/definitions';
import { follow, publishWorkflow, startTestServer, type TestServer } from '../support/server';

/** Archives the document the run was started with. */
const archive = definition(
  [
    node('status_set', 'doc-manager.update-status', {
      config: { documentId: '{{trigger.payload.id}}', status: 'archived' },
    }),
  ],
  ['trigger -> status_set'],
);

describe('runs', () => {
  let test: TestServer;
  beforeAll(async () => {
    test = await startTestServer();
    for (const id of ['doc_1', 'doc_2'])
      test.host.addDocument({ companyId: 'rossi', id, title: id, status: 'completed' });
  });
  afterAll(() => test.close());

  it('start once per Idempotency-Key, and refuse the key for another request', async () => {
    const client = test.clientOf();
    const { id } = await publishWorkflow(client, archive);
    const start = (payload: object, key = 'ordine-1') =>
      client.startRun({ params: { id }, body: { payload }, headers: { 'idempotency-key': key } });
    const answers = await Promise.all(Array.from({ length: 10 }, () => start({ id: 'doc_1', n: 1 })));
    expect(new Set(answers.map(({ run }) => run.id)).size).toBe(1);
    await expect(start({ n: 2, id: 'doc_1' })).rejects.toMatchObject({ code: 'idempotency_conflict' });
    const reordered = await start({ n: 1, id: 'doc_1' });
    expect(reordered.run.id).toBe(answers[0]?.run.id);
    expect((await start({ id: 'doc_1', n: 1 }, 'ordine-2')).run.id).not.toBe(answers[0]?.run.id);
    expect((await client.listRuns({ query: { workflowId: id } })).items).toHaveLength(2);
  });

  it('keep to the version they began with while the workflow is edited and published', async () => {
    const client = test.clientOf();
    const slow = definition(
      [
        node('loop_all', 'flow.loop', { config: { items: '{{trigger.payload.ids}}' } }),
        node('status_set', 'doc-manager.update-status', {
          config: { documentId: '{{loop.item}}', status: 'archived' },
        }),
      ],
      ['trigger -> loop_all', 'loop_all:each -> status_set'],
    );
    const { id } = await publishWorkflow(client, slow);
    const { run } = await client.startRun({
      params: { id },
      body: { payload: { ids: Array(20).fill('doc_2') } },
    });
    await client.saveDraft({ params: { id }, body: { definition: definition([], []), revision: 1 } });
    await client.publishWorkflow({ params: { id }, body: { revision: 2 } });
    const ended = await follow(client, run.id);
    expect(ended.run).toMatchObject({ status: 'succeeded', version: 1 });
    expect(ended.definition).toEqual(slow);
    expect(ended.steps.filter((step) => step.nodeId === 'status_set')).toHaveLength(20);
    expect((await client.getVersion({ params: { id, version: '1' } })).definition).toEqual(slow);
    const { items } = await client.listVersions({ params: { id } });
    expect(items.map(({ version, createdBy }) => ({ version, createdBy }))).toEqual([
      { version: 2, createdBy: 'anna' },
      { version: 1, createdBy: 'anna' },
    ]);
    const restored = await client.restoreVersion({ params: { id, version: '1' }, body: {} });
    expect(restored).toMatchObject({ draft: { definition: slow, revision: 3 }, publishedVersion: 2 });
  });

  it('run the draft as it stands, without publishing it', async () => {
    const client = test.clientOf();
    const { id } = await client.createWorkflow({ body: { name: 'Bozza', definition: archive } });
    await expect(client.startRun({ params: { id }, body: {} })).rejects.toMatchObject({
      code: 'not_published',
    });
    const { run } = await client.startRun({
      params: { id },
      body: { version: 'draft', payload: { id: 'doc_1' } },
    });
    await client.saveDraft({ params: { id }, body: { definition: definition([], []), revision: 1 } });
    const ended = await follow(client, run.id);
    expect(ended).toMatchObject({ run: { status: 'succeeded', version: null }, definition: archive });
    expect((await client.getWorkflow({ params: { id } })).publishedVersion).toBeNull();
  });

  it('fail with the name of the missing value, and tell who must act', async () => {
    const client = test.clientOf();
    const { id } = await publishWorkflow(client, archive);
    const { run } = await client.startRun({ params: { id }, body: { payload: { name: 'no id' } } });
    const ended = await follow(client, run.id);
    expect(ended.run).toMatchObject({
      status: 'failed',
      error: { code: 'reference_missing', actor: 'customer', nodeId: 'status_set', path: 'documentId' },
    });
    expect(ended.run.error?.message).toContain('{{trigger.payload.id}}');
    expect(test.host.calls.filter((call) => call.input.documentId === 'no id')).toEqual([]);
  });

  it('try again what may pass, and keep every attempt with its delay', async () => {
    const client = test.clientOf();
    const retried = definition(
      [
        node('status_set', 'doc-manager.update-status', {
          config: { documentId: 'doc_1', status: 'sent' },
          retry: { maxAttempts: 3, backoff: 'fixed', delayMs: 20, maxDelayMs: 20 },
        }),
      ],
      ['trigger -> status_set'],
    );
    const { id } = await publishWorkflow(client, retried);
    test.host.failNext('updateStatus', new HostError('unavailable', 'Il gestionale è in manutenzione.'), 2);
    const { run } = await client.startRun({ params: { id }, body: {} });
    const { run: ended, steps } = await follow(client, run.id);
    expect(ended.status).toBe('succeeded');
    const [, step] = steps;
    expect(step).toMatchObject({ status: 'succeeded', attempt: 3, error: null });
    expect(
      step?.attempts.map(({ attempt, error, delayMs }) => ({
        attempt,
        code: error.code,
        waits: delayMs !== null,
      })),
    ).toEqual([
      { attempt: 1, code: 'unavailable', waits: true },
      { attempt: 2, code: 'unavailable', waits: true },
    ]);
    const keys = test.host.calls
      .filter((call) => call.input.status === 'sent')
      .map((call) => call.idempotencyKey);
    expect(new Set(keys).size).toBe(1);
  });

  it('are found by status, workflow, time and business key, page by page', async () => {
    const client = test.clientOf({ companyId: 'verdi' });
    const { id } = await publishWorkflow(client, contractWorkflow);
    for (let index = 0; index < 5; index += 1) {
      await test.server.emit({
        type: 'document.completed',
        id: `evt_v${index}`,
        companyId: 'verdi',
        data: completedDocument(index, `doc_v${index}`),
      });
    }
    const first = await client.listRuns({ query: { workflowId: id, limit: 2 } });
    const second = await client.listRuns({
      query: { workflowId: id, limit: 2, cursor: first.nextCursor ?? '' },
    });
    const third = await client.listRuns({
      query: { workflowId: id, limit: 2, cursor: second.nextCursor ?? '' },
    });
    const keys = [first, second, third].flatMap((page) => page.items.flatMap((run) => run.businessKeys));
    expect(keys).toEqual(['doc_v4', 'doc_v3', 'doc_v2', 'doc_v1', 'doc_v0']);
    expect(third.nextCursor).toBeNull();
    expect((await client.listRuns({ query: { key: 'doc_v3' } })).items.map((run) => run.title)).toEqual([
      'Contratto Rossi',
    ]);
    expect((await client.listRuns({ query: { status: 'canceled' } })).items).toEqual([]);
    expect((await client.listRuns({ query: { to: '2020-01-01T00:00:00Z' } })).items).toEqual([]);
    const rossi = await test.clientOf().listRuns({ query: { key: 'doc_v3' } });
    expect(rossi.items).toEqual([]);
  });

  it('of one company do not wait behind the backlog of another', async () => {
    const order: string[] = [];
    const fair = await startTestServer({
      concurrency: 1,
      host: {
        ...createFakeHost(),
        updateStatus: async ({ companyId }, { documentId }) => {
          order.push(companyId);
          return { id: documentId, title: '', status: 'sent' };
        },
      },
    });
    const start = async (companyId: string, count: number) => {
      const client = fair.clientOf({ companyId });
      const { id } = await publishWorkflow(client, archive);
      const startOne = () => client.startRun({ params: { id }, body: { payload: { id: 'x' } } });
      const started = await Promise.all(Array.from({ length: count }, startOne));
      return { client, runs: started.map(({ run }) => run.id) };
    };
    const many = await start('grandi', 30);
    const few = await start('piccoli', 1);
    await follow(few.client, few.runs[0] as string);
    expect(order).toContain('piccoli');
    for (const id of many.runs) expect((await follow(many.client, id)).run.status).toBe('succeeded');
    expect(order.filter((companyId) => companyId === 'grandi')).toHaveLength(30);
    await fair.close();
  });

  it('do not start for a disabled, deleted or unpublished workflow, nor when the filter says no', async () => {
    const client = test.clientOf({ companyId: 'neri' });
    const off = await publishWorkflow(client, contractWorkflow, 'spento');
    await client.updateWorkflow({ params: { id: off.id }, body: { enabled: false } });
    const gone = await publishWorkflow(client, contractWorkflow, 'eliminato');
    await client.deleteWorkflow({ params: { id: gone.id } });
    await client.createWorkflow({ body: { name: 'bozza', definition: contractWorkflow } });
    const filtered = structuredClone(contractWorkflow);
    Object.assign(filtered.nodes[0] as object, { config: { filter: { tag: 'preventivo' } } });
    await publishWorkflow(client, filtered, 'filtrato');
    const started = await test.server.emit({
      type: 'document.completed',
      id: 'evt_n',
      companyId: 'neri',
      data: completedDocument(1),
    });
    expect(started).toEqual([]);
    expect((await client.listRuns()).items).toEqual([]);
  });

  it('store text that PostgreSQL refuses, cleaned', async () => {
    const client = test.clientOf();
    const { id } = await publishWorkflow(
      client,
      definition(
        [node('if_1', 'flow.if', { config: condition('{{trigger.payload.text}}', 'is_not_empty') })],
        ['trigger -> if_1'],
      ),
    );
    const { run } = await client.startRun({ params: { id }, body: { payload: { text: 'a\u0000b\ud800c' } } });
    const ended = await follow(client, run.id);
    expect(ended.run.status).toBe('succeeded');
    expect(ended.steps[0]?.output).toEqual({ text: 'ab\ufffdc' });
  });
});
