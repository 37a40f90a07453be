import { Client } from 'pg';
import * as z from 'zod';
import { blocks } from '../../src/blocks';
import { defineTrigger, type WorkflowClient } from '../../src/core';
import type { HostEvent } from '../../src/server';
import { someoneWaitsFor } from '../support/blocked';
import { askDatabase, createTestDatabase } from '../support/database';
import { completedDocument, definition, node } from '../support/definitions';
import { follow, publishWorkflow, startTestServer, type TestServer } from '../support/server';

const HOUR = 3_600_000;
const text = { en: 'Invoice paid', it: 'Fattura pagata' };
const invoicePaid = defineTrigger({
  type: 'acme.invoice-paid',
  provider: 'doc-manager',
  event: 'invoice.paid',
  label: text,
  description: text,
  icon: '€',
  input: z.strictObject({}),
  output: z.looseObject({ invoice: z.looseObject({ id: z.string() }) }),
  sample: { invoice: { id: 'inv_1' } },
});

const forInvoice = {
  for: 'event',
  event: 'invoice.paid',
  where: [{ path: 'invoice.id', equals: '{{trigger.payload.id}}' }],
};
const archive = (documentId: string) => ({ config: { documentId, status: 'archived' } });

/** Waits two hours at most for the invoice; archives the document the event names, or `late`. */
const invoiceFlow = definition(
  [
    node('wait_paid', 'flow.wait', { config: { ...forInvoice, timeoutAmount: 2, timeoutUnit: 'hours' } }),
    node(
      'status_paid',
      'doc-manager.update-status',
      archive('{{step.wait_paid.output.event.data.documentId}}'),
    ),
    node('status_late', 'doc-manager.update-status', archive('late')),
  ],
  ['trigger -> wait_paid', 'wait_paid:resumed -> status_paid', 'wait_paid:timed_out -> status_late'],
);
const waitOnly = definition(invoiceFlow.nodes.slice(1, 2), ['trigger -> wait_paid']);
const isWaiting = (status: string) => status === 'waiting';

function createClock() {
  let at = Date.parse('2027-01-11T08:00:00Z');
  return {
    now: () => at,
    pass: (ms: number) => {
      at += ms;
    },
  };
}

describe('a run that waits', () => {
  const clock = createClock();
  const options = { blocks: [...blocks, invoicePaid], clock, cronSecret: 'the cron secret of the tests' };
  let test: TestServer;
  let client: WorkflowClient;
  let counted = 0;
  beforeAll(async () => {
    test = await startTestServer(options);
    client = test.clientOf();
    for (const id of ['late', 'doc_1', 'doc_2', 'doc_3'])
      test.host.addDocument({ companyId: 'rossi', id, title: id, status: 'completed' });
  });
  afterAll(() => test.close());

  const tell = (event: Partial<HostEvent> & { data: unknown }) => {
    counted += 1;
    return test.server.emit({ type: 'invoice.paid', id: `evt_${counted}`, companyId: 'rossi', ...event });
  };
  const paid = (id: string, documentId = 'doc_1') => ({ invoice: { id }, documentId });
  const sweep = async () => {
    const headers = { authorization: `Bearer ${options.cronSecret}` };
    const answer = await fetch(`${test.baseUrl}/internal/sweep`, { method: 'POST', headers });
    return (await answer.json()) as { due: number };
  };
  /** Starts a run of the workflow and follows it to its wait. */
  const startWaiting = async (flow = invoiceFlow, payload: object = {}) => {
    const { id } = await publishWorkflow(client, flow);
    const { run } = await client.startRun({ params: { id }, body: { payload } });
    const parked = await follow(client, run.id, isWaiting);
    expect(parked.run.status).toBe('waiting');
    return parked;
  };
  const statusOf = async (id: string) => (await client.getRun({ params: { id } })).run.status;
  /** Until the run has parked at the step. */
  const reached = async (id: string, key: string) => {
    const stop = new AbortController();
    const see = ({ steps }: Awaited<ReturnType<typeof follow>>) => {
      if (steps.some((step) => step.key === key && step.status === 'waiting')) stop.abort();
    };
    await client.watchRun(id, see, stop.signal).catch((error) => {
      if (!stop.signal.aborted) throw error;
    });
    expect(stop.signal.aborted).toBe(true);
  };
  const documentsOf = (detail: Awaited<ReturnType<typeof follow>>) =>
    detail.steps
      .filter(({ type, status }) => type === 'doc-manager.update-status' && status === 'succeeded')
      .map(({ input }) => (input as { documentId: string }).documentId);

  it('for a time goes on when the time has come, and not before', async () => {
    const flow = definition(
      [
        node('wait_1', 'flow.wait', { config: { for: 'duration', amount: 2, unit: 'hours' } }),
        node('status_1', 'doc-manager.update-status', archive('doc_1')),
      ],
      ['trigger -> wait_1', 'wait_1 -> status_1'],
    );
    const due = new Date(clock.now() + 2 * HOUR).toISOString();
    const { run, steps } = await startWaiting(flow);
    expect(run.wakeAt).toBe(due);
    expect(steps[1]).toMatchObject({ wakeAt: due, wait: { kind: 'time', until: due } });
    clock.pass(2 * HOUR - 1);
    expect(await sweep()).toEqual({ due: 0 });
    expect(await statusOf(run.id)).toBe('waiting');
    clock.pass(1);
    const ended = await follow(client, run.id);
    expect(ended.run).toMatchObject({ status: 'succeeded', wakeAt: null });
    expect(ended.steps[1]).toMatchObject({ status: 'succeeded', attempt: 1, output: { waitedUntil: due } });
    expect(documentsOf(ended)).toEqual(['doc_1']);
  });

  it('for an event goes on with its data; others, of others and of other companies leave it alone', async () => {
    const { run, steps } = await startWaiting(invoiceFlow, { id: 'inv_1' });
    expect(steps[1]?.wait).toMatchObject({ kind: 'event', where: [{ path: 'invoice.id', equals: 'inv_1' }] });
    await tell({ data: paid('inv_2') });
    await tell({ data: paid('inv_1'), companyId: 'bianchi' });
    await tell({ type: 'document.completed', data: { ...completedDocument(1), ...paid('inv_1') } });
    expect(await statusOf(run.id)).toBe('waiting');
    const id = 'evt_paid_1';
    await tell({ id, data: paid('inv_1', 'doc_2') });
    const ended = await follow(client, run.id);
    expect(ended.run.status).toBe('succeeded');
    expect(ended.steps[1]).toMatchObject({
      branch: 'resumed',
      output: { event: { id, type: 'invoice.paid', data: paid('inv_1', 'doc_2') } },
    });
    expect(documentsOf(ended)).toEqual(['doc_2']);
  });

  it('for an event finds one that was told before the wait began, but none from before the run', async () => {
    const flow = definition(
      [node('status_0', 'doc-manager.update-status', archive('doc_3')), ...invoiceFlow.nodes.slice(1)],
      ['trigger -> status_0', 'status_0 -> wait_paid', 'wait_paid:resumed -> status_paid'],
    );
    await tell({ data: paid('inv_3', 'late') });
    clock.pass(1);
    const archived = test.host.updateStatus;
    test.host.updateStatus = async (call, input) => {
      if (input.documentId === 'doc_3') {
        clock.pass(1);
        await tell({ data: paid('inv_3', 'doc_2') });
      }
      return archived(call, input);
    };
    const { id } = await publishWorkflow(client, flow);
    const { run } = await client.startRun({ params: { id }, body: { payload: { id: 'inv_3' } } });
    const ended = await follow(client, run.id);
    test.host.updateStatus = archived;
    expect(ended.run.status).toBe('succeeded');
    expect(documentsOf(ended)).toEqual(['doc_3', 'doc_2']);
  });

  it('uses an event once, however often it is told', async () => {
    const config = { ...forInvoice };
    const flow = definition(
      [node('wait_1', 'flow.wait', { config }), node('wait_2', 'flow.wait', { config })],
      ['trigger -> wait_1', 'wait_1:resumed -> wait_2'],
    );
    const { run } = await startWaiting(flow, { id: 'inv_4' });
    const first = { id: 'evt_4a', data: paid('inv_4') };
    clock.pass(1);
    await tell(first);
    await reached(run.id, 'wait_2');
    await tell(first);
    clock.pass(60_000);
    await sweep();
    await tell(first);
    expect(await statusOf(run.id)).toBe('waiting');
    await tell({ id: 'evt_4b', data: paid('inv_4') });
    const ended = await follow(client, run.id);
    expect(ended.steps.slice(1).map(({ output }) => (output as { event: { id: string } }).event.id)).toEqual([
      'evt_4a',
      'evt_4b',
    ]);
  });

  it('is not woken by the event that started it, however often that is told', async () => {
    const companyId = 'verdi';
    const own = test.clientOf({ companyId });
    const flow = definition(
      [
        node('trigger', 'acme.invoice-paid'),
        node('wait_1', 'flow.wait', {
          config: {
            ...forInvoice,
            where: [{ path: 'invoice.id', equals: '{{trigger.payload.invoice.id}}' }],
          },
        }),
      ],
      ['trigger -> wait_1'],
    );
    await publishWorkflow(own, flow);
    const event = { id: 'evt_5a', companyId, data: paid('inv_5') };
    const [started] = await tell(event);
    const id = started?.id as string;
    await follow(own, id, isWaiting);
    const read = async () => (await own.getRun({ params: { id } })).run.status;
    expect(await tell(event)).toEqual([{ id, workflowId: started?.workflowId, isNew: false }]);
    clock.pass(60_000);
    await sweep();
    expect(await read()).toBe('waiting');
    const [second] = await tell({ ...event, id: 'evt_5b' });
    const ended = await follow(own, id);
    expect(ended.steps[1]?.output).toMatchObject({ event: { id: 'evt_5b' } });
    await follow(own, second?.id as string, isWaiting);
  });

  it('for an event goes the other way when its time is over, and an event after that comes too late', async () => {
    const { run } = await startWaiting(invoiceFlow, { id: 'inv_6' });
    clock.pass(2 * HOUR);
    await tell({ data: paid('inv_6') });
    const ended = await follow(client, run.id);
    expect(ended.steps[1]).toMatchObject({ branch: 'timed_out', output: { timedOutAt: expect.any(String) } });
    expect(documentsOf(ended)).toEqual(['late']);
    await tell({ data: paid('inv_6') });
    expect(await follow(client, run.id)).toEqual(ended);
  });

  it('whose time ends in the very moment an event arrives goes one way only', async () => {
    const { run } = await startWaiting(invoiceFlow, { id: 'inv_8' });
    const other = new Client(test.database.url);
    await other.connect();
    await other.query('begin');
    await other.query(
      `update workflow_wait set state = 'timed_out', wake_up = '{"kind":"time"}', ended_at = now() where run_id = $1`,
      [run.id],
    );
    const told = tell({ data: paid('inv_8') });
    await someoneWaitsFor(other, test.database.url);
    await other.query('commit');
    await other.end();
    await told;
    clock.pass(2 * HOUR);
    expect(documentsOf(await follow(client, run.id))).toEqual(['late']);
  });

  it('goes on after the server was down, by an event, by its time and by an event nobody was there to hear', async () => {
    const database = await createTestDatabase();
    const before = await startTestServer(options, database);
    const own = before.clientOf();
    const { id } = await publishWorkflow(own, waitOnly);
    const runs: string[] = [];
    for (const invoice of ['inv_7', 'inv_8', 'inv_9']) {
      const { run } = await own.startRun({ params: { id }, body: { payload: { id: invoice } } });
      runs.push((await follow(own, run.id, isWaiting)).run.id);
    }
    await before.close();
    clock.pass(31_000);
    // What is left of an event whose teller went down between storing it and looking for those who wait.
    await askDatabase(
      database,
      `insert into workflow_event (company_id, id, type, at, hash, data) values ('rossi', 'evt_8', 'invoice.paid', $1, '', $2)`,
      [new Date(clock.now()), paid('inv_8')],
    );
    const after = await startTestServer(options, database);
    const again = after.clientOf();
    const event = { type: 'invoice.paid', id: 'evt_7', companyId: 'rossi', data: paid('inv_7') };
    await after.server.emit(event);
    const headers = { authorization: `Bearer ${options.cronSecret}` };
    await fetch(`${after.baseUrl}/internal/sweep`, { method: 'POST', headers });
    const byEvent = await Promise.all(runs.slice(0, 2).map((run) => follow(again, run)));
    clock.pass(2 * HOUR);
    const byTime = await follow(again, runs[2] as string);
    expect([...byEvent, byTime].map(({ run, steps }) => [run.status, steps[1]?.branch])).toEqual([
      ['succeeded', 'resumed'],
      ['succeeded', 'resumed'],
      ['succeeded', 'timed_out'],
    ]);
    await after.close();
    await database.drop();
  });

  it('ends when it has reached the age a run may have', async () => {
    const young = await startTestServer({ ...options, caps: { runAgeMs: HOUR } });
    const own = young.clientOf();
    const { id } = await publishWorkflow(
      own,
      definition([node('wait_paid', 'flow.wait', { config: forInvoice })], ['trigger -> wait_paid']),
    );
    const { run } = await own.startRun({ params: { id }, body: { payload: { id: 'inv_10' } } });
    await follow(own, run.id, isWaiting);
    clock.pass(HOUR);
    const ended = await follow(own, run.id);
    expect(ended.run).toMatchObject({ status: 'failed', error: { code: 'run_expired' } });
    await young.close();
  });
});
