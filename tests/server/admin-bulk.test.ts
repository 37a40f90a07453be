import { Client } from 'pg';
import type { BulkResult, WorkflowClient } from '../../src/core';
import { someoneWaitsFor } from '../support/blocked';
import { definition, node } from '../support/definitions';
import { follow, publishWorkflow, startTestServer, type TestServer } from '../support/server';

const update = (id: string, documentId: string) =>
  node(id, 'doc-manager.update-status', { config: { documentId, status: 'archived' } });
const two = definition(
  [update('status_1', 'doc_1'), update('status_2', '{{trigger.payload.id}}')],
  ['trigger -> status_1', 'status_1 -> status_2'],
);
const pause = definition(
  [node('wait_1', 'flow.wait', { config: { for: 'duration', amount: 1, unit: 'hours' } })],
  ['trigger -> wait_1'],
);

describe('acting on many runs', () => {
  let test: TestServer;
  let client: WorkflowClient;
  beforeAll(async () => {
    test = await startTestServer();
    client = test.clientOf();
    test.host.addDocument({ companyId: 'rossi', id: 'doc_1', title: 'doc_1', status: 'completed' });
  });
  afterAll(() => test.close());

  const start = async (workflowId: string, payload: object = {}) =>
    (await client.startRun({ params: { id: workflowId }, body: { payload } })).run.id;
  /** Runs of one workflow that failed at their second step, newest first. */
  const startFailed = async (count: number, documentId: string) => {
    const workflowId = (await publishWorkflow(client, two)).id;
    const ids: string[] = [];
    for (let index = 0; index < count; index += 1) {
      const id = await start(workflowId, { id: documentId });
      expect((await follow(client, id)).run.status).toBe('failed');
      ids.unshift(id);
    }
    return { workflowId, ids };
  };
  const retry = (body: Parameters<WorkflowClient['retryRuns']>[0]['body'], as = client) =>
    as.retryRuns({ body });
  const cancel = (body: Parameters<WorkflowClient['cancelRuns']>[0]['body']) => client.cancelRuns({ body });
  const idsOf = ({ items }: { items: BulkResult[] }) => items.map(({ id }) => id);
  const retriesOf = async (workflowId: string) =>
    (await client.listRuns({ query: { workflowId, limit: 100 } })).items.flatMap(
      ({ retryOf }) => retryOf ?? [],
    );

  describe('retrying', () => {
    it('goes on from where each failed, and passes over those that have been retried', async () => {
      const { workflowId, ids } = await startFailed(3, 'late_1');
      test.host.addDocument({ companyId: 'rossi', id: 'late_1', title: 'late', status: 'completed' });
      const [byHand] = ids as [string];
      await client.retryRun({ params: { id: byHand }, body: {} });
      const before = test.host.calls.filter(({ input }) => input.documentId === 'doc_1').length;
      const result = await retry({ filter: { workflowId } }, test.clientOf({ userId: 'carla' }));
      expect(result.nextCursor).toBeNull();
      expect(result.items).toEqual(
        ids.slice(1).map((id) => ({
          ...{ id, error: null },
          run: expect.objectContaining({ retryOf: id, workflowId }),
        })),
      );
      for (const { run } of result.items)
        expect((await follow(client, run?.id as string)).run.status).toBe('succeeded');
      expect(test.host.calls.filter(({ input }) => input.documentId === 'doc_1')).toHaveLength(before);
      const { items: noted } = await client.listAudit();
      const byCarla = noted.filter(({ userId, action }) => userId === 'carla' && action === 'run.retry');
      expect(byCarla).toHaveLength(2);
      expect(await retry({ filter: { workflowId } })).toEqual({ items: [], nextCursor: null });
    });

    it('asked for twice at once starts each once', async () => {
      const { workflowId, ids } = await startFailed(4, 'late_2');
      test.host.addDocument({ companyId: 'rossi', id: 'late_2', title: 'late', status: 'completed' });
      const results = await Promise.all([1, 2, 3].map(() => retry({ filter: { workflowId } })));
      const told = results.flatMap(({ items }) => items);
      expect(told.filter(({ run }) => run !== null)).toHaveLength(4);
      for (const { error } of told) if (error) expect(error.code).toBe('already_retried');
      expect((await retriesOf(workflowId)).sort()).toEqual([...ids].sort());
    });

    it('starts none that a person retries at the same moment', async () => {
      const { workflowId, ids } = await startFailed(1, 'missing_4');
      const id = ids[0] as string;
      const other = await start(workflowId, { id: 'doc_1' });
      await follow(client, other);
      const person = new Client({ connectionString: test.database.url });
      await person.connect();
      // Their retry is written while the other one waits for its turn.
      await person.query('begin');
      await person.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [id]);
      const many = retry({ filter: { workflowId } });
      await someoneWaitsFor(person, test.database.url);
      await person.query('update workflow_run set retry_of = $1 where id = $2', [id, other]);
      await person.query('commit');
      await person.end();
      expect((await many).items).toMatchObject([{ id, run: null, error: { code: 'already_retried' } }]);
      expect(await retriesOf(workflowId)).toEqual([id]);
    });

    it('waits for the retry of a person that is being written', async () => {
      const { ids } = await startFailed(1, 'missing_5');
      const id = ids[0] as string;
      const many = new Client({ connectionString: test.database.url });
      await many.connect();
      await many.query('begin');
      await many.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [id]);
      const byHand = client.retryRun({ params: { id }, body: {} });
      await someoneWaitsFor(many, test.database.url);
      await many.query('commit');
      await many.end();
      expect((await byHand).run.retryOf).toBe(id);
    });

    it('takes a page at a time', async () => {
      const { workflowId, ids } = await startFailed(3, 'missing_2');
      const body = { filter: { workflowId, status: ['failed' as const] }, limit: 2, from: 'start' as const };
      const first = await retry(body);
      expect(idsOf(first)).toEqual(ids.slice(0, 2));
      for (const { run } of first.items) await follow(client, run?.id as string);
      const second = await retry({ ...body, cursor: first.nextCursor as string });
      expect(idsOf(second)).toEqual(ids.slice(2));
      expect(second.nextCursor).toBeNull();
    });

    it('says of each run that cannot be retried why, and retries the others', async () => {
      const { workflowId, ids } = await startFailed(1, 'missing_3');
      const fine = await start(workflowId, { id: 'doc_1' });
      await follow(client, fine);
      const { items } = await retry({ filter: { workflowId, status: 'failed,succeeded' } });
      expect(items).toEqual([
        {
          id: fine,
          run: null,
          error: { code: 'retry_impossible', message: expect.stringContaining('succeeded') },
        },
        { id: ids[0], run: expect.objectContaining({ retryOf: ids[0] }), error: null },
      ]);
    });
  });

  describe('canceling', () => {
    it('ends what has not ended, and nothing of another workflow', async () => {
      const [asked, other] = await Promise.all(
        [1, 2].map(async () => (await publishWorkflow(client, pause)).id),
      );
      const ids = [await start(asked as string), await start(asked as string)].reverse();
      const untouched = await start(other as string);
      for (const id of [...ids, untouched]) await follow(client, id, (status) => status === 'waiting');
      const result = await cancel({ filter: { workflowId: asked as string } });
      expect(result).toEqual({
        items: ids.map((id) => ({
          id,
          run: expect.objectContaining({ id, status: 'canceled' }),
          error: null,
        })),
        nextCursor: null,
      });
      expect((await client.getRun({ params: { id: untouched } })).run.status).toBe('waiting');
      expect((await cancel({ filter: { workflowId: asked as string } })).items).toEqual([]);
      expect(idsOf(await cancel({ filter: { status: ['waiting'] } }))).toEqual([untouched]);
    });

    it('finds runs by a business key', async () => {
      const flow = definition(
        [
          node('trigger', 'doc-manager.document-completed'),
          ...pause.nodes.filter(({ id }) => id !== 'trigger'),
        ],
        ['trigger -> wait_1'],
      );
      await publishWorkflow(client, flow);
      const emit = async (id: string) => {
        const data = { document: { id, title: id, status: 'completed' } };
        const [run] = await test.server.emit({
          type: 'document.completed',
          id: `e_${id}`,
          companyId: 'rossi',
          data,
        });
        await follow(client, run?.id as string, (status) => status === 'waiting');
        return run?.id;
      };
      const wanted = await emit('doc_A');
      await emit('doc_B');
      expect(idsOf(await cancel({ filter: { key: 'doc_A' } }))).toEqual([wanted]);
    });
  });

  it.each(['retryRuns', 'cancelRuns'] as const)(
    '%s does not take "all" from what is left out',
    async (route) => {
      for (const filter of [{}, { key: undefined }, { key: '' }, { trigger: ' ' }])
        await expect(client[route]({ body: { filter } })).rejects.toMatchObject({
          ...{
            code: 'invalid_request',
            message: expect.stringMatching(/say which runs are meant|Too small/),
          },
        });
      const body = { filter: { state: 'failed' } } as never;
      await expect(client[route]({ body })).rejects.toMatchObject({ code: 'invalid_request' });
      const asked = { body: { filter: { key: 'doc_1' } } };
      await expect(test.clientOf({ role: 'editor' })[route](asked)).rejects.toMatchObject({
        code: 'forbidden',
      });
      const elsewhere = { body: { filter: { status: ['failed' as const] } } };
      const { items } = await test.clientOf({ companyId: 'bianchi' })[route](elsewhere);
      expect(items).toEqual([]);
    },
  );
});
