import * as z from 'zod';
import { blocks } from '../../src/blocks';
import { defineTrigger, type WorkflowClient } from '../../src/core';
import type { HostEvent } from '../../src/server';
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
    node('status_paid', 'doc-manager.update-status', archive('{{wait_paid.event.data.document}}')),
    node('status_late', 'doc-manager.update-status', archive('late')),
  ],
  ['trigger -> wait_paid', 'wait_paid:resumed -> status_paid', 'wait_paid:timed_out -> status_late'],
);
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
  const paid = (id: string, document = 'doc_1') => ({ invoice: { id }, document });
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
    const { updateStatus } = test.host;
    test.host.updateStatus = async (call, input) => {
      if (input.documentId === 'doc_3') {
        clock.pass(1);
        await tell({ data: paid('inv_3', 'doc_2'), causedBy: run.id });
      }
      return (updateStatus as typeof updateStatus & Function)(call, input);
    };
    const { id } = await publishWorkflow(client, flow);
    const { run } = await client.startRun({ params: { id }, body: { payload: { id: 'inv_3' } } });
    const ended = await follow(client, run.id);
    test.host.updateStatus = updateStatus;
    expect(ended.run.status).toBe('succeeded');
    expect(documentsOf(ended)).toEqual(['doc_3', 'doc_2']);
  });
});
