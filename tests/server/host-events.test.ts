import * as z from 'zod';
import { blocks } from '../../src/blocks';
import { documentCompleted } from '../../src/blocks/doc-manager/document-completed';
import { defineTrigger, type Json, type WorkflowClient } from '../../src/core';
import { signEvent } from '../../src/server';
import { completedDocument, definition, node } from '../support/definitions';
import { EVENT_SECRET, follow, publishWorkflow, startTestServer, type TestServer } from '../support/server';

/** A trigger as a host declares one: an event of its own, its payload, and who it is meant for. */
const invoicePaid = defineTrigger({
  type: 'acme.invoice-paid',
  provider: 'doc-manager',
  event: 'invoice.paid',
  label: { en: 'Invoice paid', it: 'Fattura pagata' },
  description: { en: 'Starts when money arrives', it: 'Parte quando arriva il denaro' },
  icon: '€',
  input: z.strictObject({ atLeast: z.number().optional() }),
  output: z.object({ invoice: z.object({ id: z.string().min(1), total: z.number() }) }),
  sample: { invoice: { id: 'inv_1', total: 122 } },
  matches: ({ atLeast }, { invoice }) => atLeast === undefined || invoice.total >= atLeast,
  businessKeys: ({ invoice }) => [invoice.id],
  title: ({ invoice }) => `Fattura ${invoice.id}`,
});

const startedBy = (type: string, config: Record<string, Json> = {}) =>
  definition(
    [
      node('trigger', type, { config }),
      node('stop_1', 'flow.stop', {
        config: { status: 'succeeded', message: 'totale {{trigger.payload.invoice.total?}}' },
      }),
    ],
    ['trigger -> stop_1'],
  );

describe('an event that the host declares', () => {
  let test: TestServer;
  let client: WorkflowClient;
  let any: string;
  let large: string;
  beforeAll(async () => {
    test = await startTestServer({ blocks: [...blocks, invoicePaid] });
    client = test.clientOf();
    any = (await publishWorkflow(client, startedBy('acme.invoice-paid'))).id;
    large = (await publishWorkflow(client, startedBy('acme.invoice-paid', { atLeast: 1000 }))).id;
  });
  afterAll(() => test.close());

  const paid = (id: string, total: unknown) => ({ invoice: { id, total } });
  /** Both ways in: a call in the process, and a signed request. */
  const entrances = {
    emit: async (id: string, type: string, data: unknown, causedBy?: string) => {
      try {
        const runs = await test.server.emit({ id, type, companyId: 'rossi', data, causedBy });
        return {
          status: 202,
          runs: runs.map(({ workflowId }) => workflowId),
          ids: runs.map((run) => run.id),
        };
      } catch (error) {
        return error as { status: number; code: string; message: string; details: unknown };
      }
    },
    http: async (id: string, type: string, data: unknown, causedBy?: string) => {
      const body = JSON.stringify({ type, companyId: 'rossi', data, causedBy });
      const answer = await fetch(`${test.baseUrl}/events`, {
        ...{ method: 'POST', body, headers: signEvent(EVENT_SECRET, id, body) },
      });
      const { runs = [], error } = (await answer.json()) as {
        runs?: { id: string; workflowId: string }[];
        error?: object;
      };
      const ids = runs.map((run) => run.id);
      return { status: answer.status, runs: runs.map(({ workflowId }) => workflowId), ids, ...error };
    },
  };

  describe.each(['emit', 'http'] as const)('told by %s', (way) => {
    const tell = entrances[way];

    it('starts the workflows whose filter lets it through, and is found by its keys', async () => {
      expect(await tell(`${way}_1`, 'invoice.paid', paid(`${way}-7`, 999))).toMatchObject({ runs: [any] });
      const both = await tell(`${way}_2`, 'invoice.paid', paid(`${way}-8`, 1000));
      expect(new Set((both as { runs: string[] }).runs)).toEqual(new Set([any, large]));
      const { items } = await client.listRuns({ query: { key: `${way}-7` } });
      expect(items).toMatchObject([
        { title: `Fattura ${way}-7`, trigger: 'acme.invoice-paid', workflowId: any },
      ]);
    });

    it('is refused when its data is not what was declared, and starts nothing', async () => {
      const before = (await client.listRuns({ query: { limit: 100 } })).items.length;
      expect(await tell(`${way}_3`, 'invoice.paid', paid('9', 'molto'))).toMatchObject({
        status: 400,
        code: 'invalid_request',
        message: expect.stringContaining('"invoice.total"'),
        details: { problems: [{ path: 'invoice.total' }] },
      });
      expect(await tell(`${way}_4`, 'invoice.lost', paid('9', 1))).toMatchObject({
        status: 400,
        code: 'invalid_request',
        message: expect.stringContaining('invoice.paid'),
      });
      expect((await client.listRuns({ query: { limit: 100 } })).items).toHaveLength(before);
    });

    it('breaks off a circle of workflows that start one another', async () => {
      let causedBy: string | undefined;
      for (let depth = 0; depth <= 5; depth += 1) {
        const told = await tell(`${way}_deep_${depth}`, 'invoice.paid', paid('circle', 1), causedBy);
        [causedBy] = (told as { ids: string[] }).ids;
        expect(causedBy).toBeDefined();
      }
      expect(await tell(`${way}_deep_6`, 'invoice.paid', paid('circle', 1), causedBy)).toMatchObject({
        ...{ status: 409, code: 'cause_too_deep' },
      });
    });
  });

  it('can be played by a person, with the data it would bring and no other', async () => {
    const start = (payload: Json) => client.startRun({ params: { id: any }, body: { payload } });
    const { run } = await start(paid('10', 5) as Json);
    expect((await follow(client, run.id)).run.status).toBe('succeeded');
    await expect(start({ invoice: { id: '' } })).rejects.toMatchObject({
      status: 400,
      code: 'invalid_request',
      message: expect.stringContaining('"invoice.id"'),
      details: { problems: [{ path: 'invoice.id' }, { path: 'invoice.total' }] },
    });
    await expect(client.startRun({ params: { id: any }, body: {} })).rejects.toMatchObject({ status: 400 });
  });

  it('can only be retried with data of its kind', async () => {
    const { run } = await client.startRun({ params: { id: any }, body: { payload: paid('11', 5) } });
    await follow(client, run.id);
    const retry = (payload: Json) =>
      client.retryRun({ params: { id: run.id }, body: { from: 'start', payload } });
    await expect(retry({ invoice: 'x' })).rejects.toMatchObject({ status: 400 });
    expect((await retry(paid('11', 6) as Json)).run.retryOf).toBe(run.id);
  });

  it('stands in the catalogue with the schema of its data', async () => {
    const { items } = await client.listBlocks();
    expect(items.find(({ type }) => type === 'acme.invoice-paid')).toMatchObject({
      kind: 'trigger',
      output: { properties: { invoice: { required: ['id', 'total'] } } },
    });
  });
});

describe('an event of two triggers', () => {
  const invoiceArchived = defineTrigger({
    ...invoicePaid,
    type: 'acme.invoice-archived',
    output: z.object({ invoice: z.object({ id: z.string(), folder: z.string() }) }),
    sample: { invoice: { id: 'inv_1', folder: '2026' } },
    ...{ matches: undefined, businessKeys: undefined, title: undefined },
  });
  const waits = definition(
    [
      node('wait_1', 'flow.wait', {
        config: {
          ...{ for: 'event', event: 'invoice.paid', timeoutAmount: 2, timeoutUnit: 'hours' },
          where: [{ path: 'invoice.id', equals: '{{run.id}}' }],
        },
      }),
      node('stop_1', 'flow.stop'),
    ],
    ['trigger -> wait_1', 'wait_1:resumed -> stop_1'],
  );
  let test: TestServer;
  let client: WorkflowClient;
  let paid: string;
  beforeAll(async () => {
    test = await startTestServer({ blocks: [...blocks, invoicePaid, invoiceArchived] });
    client = test.clientOf();
    paid = (await publishWorkflow(client, startedBy('acme.invoice-paid'))).id;
  });
  afterAll(() => test.close());

  const tell = (id: string, invoice: object, companyId = 'rossi') =>
    test.server.emit({ id, type: 'invoice.paid', companyId, data: { invoice } });
  const startWaiting = async (companyId = 'rossi') => {
    const own = test.clientOf({ companyId });
    const { id } = await publishWorkflow(own, waits);
    const { run } = await own.startRun({ params: { id }, body: {} });
    await follow(own, run.id, (status) => status === 'waiting');
    return { own, runId: run.id };
  };

  it('does what the one brings about when nobody uses the other, which would not take it', async () => {
    const { runId } = await startWaiting();
    const started = await tell('evt_1', { id: runId, total: 122 });
    expect(started).toMatchObject([{ workflowId: paid, isNew: true }]);
    expect((await follow(client, runId)).run.status).toBe('succeeded');
    expect(await tell('evt_1', { id: runId, total: 122 })).toMatchObject([{ isNew: false }]);
  });

  it('wakes those who wait where no workflow listens', async () => {
    const { own, runId } = await startWaiting('bianchi');
    expect(await tell('evt_2', { id: runId, total: 122 }, 'bianchi')).toEqual([]);
    expect((await follow(own, runId)).run.status).toBe('succeeded');
  });

  it('is refused before anything is started when the other is used, and when neither takes it', async () => {
    await expect(tell('evt_3', { id: 'inv_3' })).rejects.toMatchObject({ code: 'invalid_request' });
    await publishWorkflow(client, startedBy('acme.invoice-archived'));
    const { runId } = await startWaiting();
    await expect(tell('evt_4', { id: runId, total: 122 })).rejects.toMatchObject({
      code: 'invalid_request',
      details: { problems: [{ path: 'invoice.folder' }] },
    });
    const { items } = await client.listRuns({ query: { workflowId: paid } });
    expect(items.map(({ title }) => title)).not.toContain(`Fattura ${runId}`);
    expect((await client.getRun({ params: { id: runId } })).run.status).toBe('waiting');
    expect(await tell('evt_5', { id: runId, total: 122, folder: '2026' })).toHaveLength(2);
  });
});

describe('the filter of completed documents', () => {
  const { document } = completedDocument(1200);
  const lets = (filter?: object, changes: object = {}) =>
    documentCompleted.matches?.(
      documentCompleted.input.parse(filter ? { filter } : {}),
      documentCompleted.output.parse({ document: { ...document, ...changes } }),
    );
  const field = (name: string, value: string) => ({ customField: { name, value } });

  it.each([
    ['nothing is asked', undefined, true],
    ['the tag is there, whatever its case', { tag: ' CONTRATTO ' }, true],
    ['the tag is only part of one', { tag: 'contratt' }, false],
    ['the title contains the text', { titleContains: 'rossi' }, true],
    ['the title does not', { titleContains: 'bianchi' }, false],
    ['the field has the value, a number written as text', field('importo', '1200'), true],
    ['the field has another value', field('importo', '120'), false],
    ['the document has no such field', field('reparto', 'IT'), false],
    ['the field is only inherited', field('toString', 'function'), false],
    ['all hold', { tag: 'contratto', titleContains: 'Contratto', ...field('importo', '1200') }, true],
    ['one of several does not', { tag: 'contratto', ...field('importo', '7') }, false],
  ])('when %s', (_, filter, expected) => {
    expect(lets(filter)).toBe(expected);
  });

  it('takes a document that has none of it for one that does not fit', () => {
    const bare = { tags: undefined, title: undefined, customFields: undefined };
    expect(lets(undefined, bare)).toBe(true);
    for (const filter of [{ tag: 'a' }, { titleContains: 'a' }, field('a', 'b')])
      expect(lets(filter, bare)).toBe(false);
    expect(lets(field('a', 'null'), { customFields: { a: null } })).toBe(false);
  });
});
