import { blocks } from '../../src/blocks';
import {
  indexBlocks,
  type Json,
  listVariables,
  type VariableGroup,
  validateDefinition,
  type WorkflowClient,
} from '../../src/core';
import { definition, node } from '../support/definitions';
import { follow, publishWorkflow, startTestServer, type TestServer } from '../support/server';

const lookup = indexBlocks(blocks);
const fields: Json[] = [
  { name: 'cliente', label: 'Ragione sociale', required: true },
  { name: 'nota', type: 'long-text' },
  { name: 'copie', type: 'number' },
  { name: 'importo', type: 'money', required: true },
  { name: 'scadenza', type: 'date' },
  { name: 'urgente', type: 'boolean' },
  { name: 'reparto', type: 'choice', choices: ['Vendite', 'Acquisti'] },
];
const asking = (asked: Json[] = fields, text = 'per {{trigger.payload.cliente}}') =>
  definition(
    [
      node('trigger', 'flow.manual', { config: { fields: asked } }),
      node('stop_1', 'flow.stop', { config: { status: 'succeeded', message: text } }),
    ],
    ['trigger -> stop_1'],
  );

describe('a workflow that asks for data at its start', () => {
  let test: TestServer;
  let client: WorkflowClient;
  let id: string;
  beforeAll(async () => {
    test = await startTestServer();
    client = test.clientOf();
    id = (await publishWorkflow(client, asking())).id;
  });
  afterAll(() => test.close());
  const start = (payload?: Json) =>
    client.startRun({ params: { id }, body: payload === undefined ? {} : { payload } });

  it('gives every value with its type, and a box that was not ticked as no', async () => {
    const given = {
      cliente: 'Rossi',
      importo: 1220.5,
      copie: 3,
      scadenza: '2026-12-31',
      reparto: 'Acquisti',
    };
    const { run } = await start(given);
    const { steps } = await follow(client, run.id);
    expect(steps.find(({ nodeId }) => nodeId === 'trigger')?.output).toEqual({ ...given, urgente: false });
  });

  it.each<[string, Json, string]>([
    ['a required value is missing', { importo: 1 }, 'cliente'],
    ['a required text is empty', { cliente: '', importo: 1 }, 'cliente'],
    ['a number is text', { cliente: 'R', importo: '12' }, 'importo'],
    ['an amount has thousandths', { cliente: 'R', importo: 1.005 }, 'importo'],
    ['a date is none', { cliente: 'R', importo: 1, scadenza: '31/12/2026' }, 'scadenza'],
    ['a day is impossible', { cliente: 'R', importo: 1, scadenza: '2026-02-30' }, 'scadenza'],
    ['a choice is another', { cliente: 'R', importo: 1, reparto: 'IT' }, 'reparto'],
    ['yes or no is text', { cliente: 'R', importo: 1, urgente: 'true' }, 'urgente'],
  ])('starts nothing when %s, and names the field', async (_, payload, path) => {
    const before = (await client.listRuns({ query: { workflowId: id } })).items.length;
    await expect(start(payload)).rejects.toMatchObject({
      status: 400,
      code: 'invalid_request',
      message: expect.stringContaining(`"${path}"`),
      details: { problems: [{ path }] },
    });
    expect((await client.listRuns({ query: { workflowId: id } })).items).toHaveLength(before);
  });

  it('starts nothing with a value that was not asked for, or without any', async () => {
    await expect(start({ cliente: 'R', importo: 1, altro: 2 })).rejects.toMatchObject({ status: 400 });
    await expect(start()).rejects.toMatchObject({ status: 400 });
  });

  it('answers a repetition with the same run', async () => {
    const again = () =>
      client.startRun({
        params: { id },
        body: { payload: { cliente: 'R', importo: 2 } },
        headers: { 'idempotency-key': 'once' },
      });
    const [first, second] = [await again(), await again()];
    expect(second.run.id).toBe(first.run.id);
  });

  it('that asks for nothing takes whatever it is given', async () => {
    const free = await publishWorkflow(client, asking([], 'ciao'));
    const { run } = await client.startRun({ params: { id: free.id }, body: { payload: { a: [1] } } });
    const { steps } = await follow(client, run.id);
    expect(steps[0]?.output).toEqual({ a: [1] });
  });
});

it('a scheduled workflow that a person starts runs as if its time were now', async () => {
  let now = Date.parse('2027-03-28T01:30:00Z');
  const test = await startTestServer({ clock: { now: () => now } });
  try {
    const client = test.clientOf();
    const scheduled = definition(
      [node('trigger', 'flow.schedule', { config: { cron: '0 9 * * *' } }), node('stop_1', 'flow.stop')],
      ['trigger -> stop_1'],
    );
    const { id } = await publishWorkflow(client, scheduled);
    const start = () =>
      client.startRun({ params: { id }, body: {}, headers: { 'idempotency-key': 'by hand' } });
    const { run } = await start();
    const { steps } = await follow(client, run.id);
    expect(steps[0]?.output).toEqual({
      ...{ scheduledAt: '2027-03-28T01:30:00.000Z', localTime: '2027-03-28T03:30', timeZone: 'Europe/Rome' },
    });
    // Later, but the same request: the time it was made up from is no part of it.
    now += 1000;
    expect((await start()).run.id).toBe(run.id);
  } finally {
    await test.close();
  }
});

describe('the data asked for at the start', () => {
  it('is offered to the steps by its labels, with an example of its kind', () => {
    const [group] = listVariables(asking(), 'stop_1', lookup) as [VariableGroup];
    const offered = group.variables.map(({ reference, label, sample }) => [
      reference,
      label.it,
      typeof sample,
    ]);
    expect(offered).toEqual([
      ['trigger.payload.cliente', 'Ragione sociale', 'string'],
      ['trigger.payload.nota', 'nota', 'string'],
      ['trigger.payload.copie', 'copie', 'number'],
      ['trigger.payload.importo', 'importo', 'number'],
      ['trigger.payload.scadenza', 'scadenza', 'string'],
      ['trigger.payload.urgente', 'urgente', 'boolean'],
      ['trigger.payload.reparto', 'reparto', 'string'],
    ]);
  });

  it.each<[string, Json[], string, string]>([
    ['two have one name', [{ name: 'a' }, { name: 'a' }], 'field_invalid', 'fields[1].name'],
    ['a choice has no values', [{ name: 'a', type: 'choice' }], 'field_required', 'fields[0].choices'],
    ['a name is no name', [{ name: 'due parole' }], 'field_invalid', 'fields[0].name'],
  ])('is found wrong when %s', (_, asked, code, path) => {
    const issues = validateDefinition(asking(asked, 'ciao'), { blocks: lookup });
    expect(issues).toMatchObject([{ severity: 'error', code, nodeId: 'trigger', path }]);
  });

  it('is found wrong when a step refers to what is not asked for', () => {
    const issues = validateDefinition(asking(fields, '{{trigger.payload.clinete}}'), { blocks: lookup });
    expect(issues).toMatchObject([{ code: 'reference_unknown_field', nodeId: 'stop_1' }]);
  });
});
