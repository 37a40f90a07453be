import type { Json, WorkflowClient } from '../../src/core';
import { createContext } from '../../src/server/context';
import { openDatabase } from '../../src/server/db/data-source';
import { createVault } from '../../src/server/integrations/vault';
import { startScheduled } from '../../src/server/runs/start-scheduled';
import { completedDocument, definition, node } from '../support/definitions';
import {
  ENCRYPTION_KEYS,
  follow,
  publishWorkflow,
  startTestServer,
  type TestServer,
} from '../support/server';

const CRON_SECRET = 'a cron secret of the tests';
const silent = { info: () => {}, warn: () => {}, error: () => {} };
const onSchedule = (config: Record<string, Json>) =>
  definition(
    [node('trigger', 'flow.schedule', { config }), node('stop_1', 'flow.stop')],
    ['trigger -> stop_1'],
  );
const daily = onSchedule({ cron: '0 9 * * *' });

describe('workflows on a schedule', () => {
  // A Tuesday, seven in the morning in Rome.
  let now = Date.parse('2027-01-12T06:00:00Z');
  let test: TestServer;
  let client: WorkflowClient;
  beforeAll(async () => {
    // A runner that looks so seldom that only sweeps serve schedules.
    test = await startTestServer({ clock: { now: () => now }, pollMs: 3_600_000, cronSecret: CRON_SECRET });
    client = test.clientOf();
  });
  afterAll(() => test.close());

  const sweepOnce = async () => {
    const answer = await fetch(`${test.baseUrl}/internal/sweep`, {
      method: 'POST',
      headers: { authorization: `Bearer ${CRON_SECRET}` },
    });
    expect(answer.status).toBe(200);
  };
  const payloadsOf = async (workflowId: string) => {
    const { items } = await client.listRuns({ query: { workflowId } });
    const details = await Promise.all(items.map(({ id }) => client.getRun({ params: { id } })));
    return details.map(({ steps }) => steps.find(({ nodeId }) => nodeId === 'trigger')?.output).reverse();
  };
  const startsOf = async (workflowId: string) =>
    ((await client.listRuns({ query: { workflowId } })).items ?? []).map(({ title }) => title).reverse();
  const at = async (time: string) => {
    now = Date.parse(time);
    await sweepOnce();
  };

  it('start at their time, told when that was, and not before', async () => {
    const { id } = await publishWorkflow(client, daily);
    await at('2027-01-12T07:59:59.999Z');
    expect(await startsOf(id)).toEqual([]);
    await at('2027-01-12T08:00:00Z');
    await sweepOnce();
    await at('2027-01-13T08:00:20Z');
    expect(await startsOf(id)).toEqual(['2027-01-12 09:00', '2027-01-13 09:00']);
    expect(await payloadsOf(id)).toEqual([
      { scheduledAt: '2027-01-12T08:00:00.000Z', localTime: '2027-01-12T09:00', timeZone: 'Europe/Rome' },
      { scheduledAt: '2027-01-13T08:00:00.000Z', localTime: '2027-01-13T09:00', timeZone: 'Europe/Rome' },
    ]);
    await client.deleteWorkflow({ params: { id } });
  });

  it('start in the time zone they name', async () => {
    const { id } = await publishWorkflow(
      client,
      onSchedule({ cron: '0 9 * * *', timeZone: 'America/New_York' }),
    );
    await at('2027-01-13T13:59:00Z');
    expect(await startsOf(id)).toEqual([]);
    await at('2027-01-13T14:00:00Z');
    expect(await startsOf(id)).toEqual(['2027-01-13 09:00']);
    await client.deleteWorkflow({ params: { id } });
  });

  it('make up for the last start that was missed, once, up to three days later', async () => {
    const { id } = await publishWorkflow(client, daily);
    await at('2027-01-16T07:00:00Z');
    expect(await startsOf(id)).toEqual(['2027-01-15 09:00']);
    await at('2027-01-16T08:00:00Z');
    expect(await startsOf(id)).toEqual(['2027-01-15 09:00', '2027-01-16 09:00']);
    await client.deleteWorkflow({ params: { id } });
  });

  it('pass over what was missed for longer, and say so in the audit', async () => {
    now = Date.parse('2027-01-31T07:00:00Z');
    const { id } = await publishWorkflow(client, onSchedule({ cron: '0 9 1 * *' }));
    await at('2027-02-04T08:00:01Z');
    expect(await startsOf(id)).toEqual([]);
    const { items } = await client.listAudit({ query: { limit: 3 } });
    expect(items).toContainEqual(
      expect.objectContaining({ action: 'schedule.miss', targetId: id, userId: null }),
    );
    await at('2027-03-04T08:00:00Z');
    expect(await startsOf(id)).toEqual(['2027-03-01 09:00']);
    await client.deleteWorkflow({ params: { id } });
  });

  it('do not start while switched off, unpublished or deleted, nor make up for that time', async () => {
    now = Date.parse('2027-04-01T06:00:00Z');
    const [off, deleted] = [await publishWorkflow(client, daily), await publishWorkflow(client, daily)];
    const draft = await client.createWorkflow({ body: { name: 'Bozza', definition: daily } });
    await client.updateWorkflow({ params: { id: off.id }, body: { enabled: false } });
    await client.deleteWorkflow({ params: { id: deleted.id } });
    await at('2027-04-02T06:00:00Z');
    await client.updateWorkflow({ params: { id: off.id }, body: { enabled: true } });
    await sweepOnce();
    for (const { id } of [off, draft]) expect(await startsOf(id)).toEqual([]);
    expect((await client.listRuns({ query: { from: '2027-03-31T00:00:00Z' } })).items).toEqual([]);
    await at('2027-04-02T07:00:00Z');
    expect(await startsOf(off.id)).toEqual(['2027-04-02 09:00']);
    await client.deleteWorkflow({ params: { id: off.id } });
  });

  it('follow what is published: another time, the same one, or none any more', async () => {
    now = Date.parse('2027-05-03T06:00:00Z');
    const { id, revision } = await publishWorkflow(client, daily);
    const save = async (next: typeof daily, from: number) =>
      (await client.saveDraft({ params: { id }, body: { definition: next, revision: from } })).draft.revision;
    const publish = (from: number) => client.publishWorkflow({ params: { id }, body: { revision: from } });
    const later = await save(onSchedule({ cron: '0 10 * * *' }), revision);
    await publish(later);
    await at('2027-05-03T07:30:00Z');
    expect(await startsOf(id)).toEqual([]);
    // The start of ten is due; publishing under the same schedule does not lose it, and the new version is what runs.
    const same = await save(onSchedule({ cron: '0 10 * * *' }), later);
    now = Date.parse('2027-05-03T08:00:00Z');
    await publish(same);
    await sweepOnce();
    const { items } = await client.listRuns({ query: { workflowId: id } });
    expect(items).toMatchObject([{ title: '2027-05-03 10:00', version: 3, trigger: 'flow.schedule' }]);
    await publish(await save(definition([node('stop_1', 'flow.stop')], ['trigger -> stop_1']), same));
    await at('2027-05-04T09:00:00Z');
    expect(await startsOf(id)).toHaveLength(1);
  });

  it('that several processes serve at once start once', async () => {
    now = Date.parse('2027-06-01T06:00:00Z');
    const ids: string[] = [];
    for (let count = 0; count < 12; count += 1) ids.push((await publishWorkflow(client, daily)).id);
    now = Date.parse('2027-06-01T07:00:00Z');
    const databases = await Promise.all([1, 2, 3, 4].map(() => openDatabase(test.database.url, 4, silent)));
    const contexts = databases.map((database, index) =>
      createContext(
        // Clocks of machines differ.
        { authenticate: () => null, baseUrl: 'http://localhost', clock: { now: () => now + index * 60_000 } },
        ...([database, createVault(ENCRYPTION_KEYS), silent] as const),
      ),
    );
    await Promise.all(contexts.flatMap((context) => [1, 2, 3].map(() => startScheduled(context))));
    await Promise.all(databases.map(({ source }) => source.destroy()));
    for (const id of ids) expect(await startsOf(id)).toEqual(['2027-06-01 09:00']);
    await Promise.all(ids.map((id) => client.deleteWorkflow({ params: { id } })));
  });

  it('start although one beside them cannot be', async () => {
    now = Date.parse('2027-07-01T06:00:00Z');
    const [broken, healthy] = [await publishWorkflow(client, daily), await publishWorkflow(client, daily)];
    const { pool, source } = await openDatabase(test.database.url, 1, silent);
    await pool.query("update workflow_version set definition = '{}' where workflow_id = $1", [broken.id]);
    await source.destroy();
    await at('2027-07-01T07:00:00Z');
    expect(await startsOf(healthy.id)).toEqual(['2027-07-01 09:00']);
    expect(await startsOf(broken.id)).toEqual([]);
  });
});

it('the runner of a process starts a workflow at its time, by itself', async () => {
  const full = Date.parse('2027-01-12T08:00:00Z');
  let now = full - 1;
  const test = await startTestServer({ clock: { now: () => now }, pollMs: 10 });
  try {
    const client = test.clientOf();
    const { id } = await publishWorkflow(client, daily);
    const { run } = await client.startRun({ params: { id }, body: {} });
    await follow(client, run.id);
    const started = async () =>
      (await client.listRuns({ query: { workflowId: id } })).items.filter((other) => other.id !== run.id);
    expect(await started()).toEqual([]);
    now = full;
    while ((await started()).length === 0) await new Promise((look) => setTimeout(look, 5));
    expect(await started()).toMatchObject([
      { title: '2027-01-12 09:00', createdAt: '2027-01-12T08:00:00.000Z' },
    ]);
  } finally {
    await test.close();
  }
});

it('the runner of a process wakes for the time of a schedule, not only when it looks anyway', async () => {
  const full = Date.parse('2027-01-12T08:00:00Z');
  let now = full - 5;
  let reads = 0;
  const read = () => {
    reads += 1;
    return now;
  };
  const test = await startTestServer({ clock: { now: read }, pollMs: 3_600_000 });
  try {
    const client = test.clientOf();
    const { id } = await publishWorkflow(client, daily);
    // An event that a run waits for makes the runner look once.
    const where = [{ path: 'document.id', equals: 'doc_9' }];
    const config = {
      for: 'event',
      event: 'document.completed',
      timeoutAmount: 2,
      timeoutUnit: 'hours',
      where,
    };
    const waits = node('wait_1', 'flow.wait', { config });
    const waiting = await publishWorkflow(client, definition([waits], ['trigger -> wait_1']));
    const { run } = await client.startRun({ params: { id: waiting.id }, body: {} });
    await follow(client, run.id, (status) => status === 'waiting');
    const data = completedDocument(5);
    await test.server.emit({ type: 'document.completed', id: 'evt_1', companyId: 'rossi', data });
    await follow(client, run.id);
    // While the clock stands shortly before the time, it wakes again and again; what else there was to do is soon done.
    const before = reads;
    while (reads < before + 100) await new Promise((look) => setTimeout(look, 5));
    now = full;
    const started = async () => (await client.listRuns({ query: { workflowId: id } })).items;
    while ((await started()).length === 0) await new Promise((look) => setTimeout(look, 5));
    expect(await started()).toMatchObject([{ title: '2027-01-12 09:00' }]);
  } finally {
    await test.close();
  }
});
