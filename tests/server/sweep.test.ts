import { Client } from 'pg';
import { signEvent } from '../../src/server';
import { someoneWaitsFor } from '../support/blocked';
import { createTestDatabase } from '../support/database';
import { completedDocument, contractWorkflow, definition, node } from '../support/definitions';
import { EVENT_SECRET, follow, publishWorkflow, startTestServer, type TestServer } from '../support/server';

const cronSecret = 'the cron secret of the tests';
/** Writes a document's status whenever a document is completed. */
const chained = definition(
  [
    node('trigger', 'doc-manager.document-completed'),
    node('status_1', 'doc-manager.update-status', {
      config: { documentId: '{{trigger.payload.document.id}}', status: 'archived' },
    }),
  ],
  ['trigger -> status_1'],
);

describe('POST /internal/sweep', () => {
  const sweep = (test: TestServer, token?: string) =>
    fetch(`${test.baseUrl}/internal/sweep`, {
      method: 'POST',
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    });

  it('answers 404 where no secret is set, 401 to another one, and counts what is due to the right one', async () => {
    const off = await startTestServer();
    expect((await sweep(off, cronSecret)).status).toBe(404);
    await off.close();
    const test = await startTestServer({ cronSecret });
    for (const token of [undefined, '', 'x', `${cronSecret}x`, cronSecret.toUpperCase()]) {
      const answer = await sweep(test, token);
      expect([token, answer.status]).toEqual([token, 401]);
      expect(await answer.text()).not.toContain(cronSecret);
    }
    const answer = await sweep(test, cronSecret);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({ due: 0 });
    const byGet = (authorization: string) =>
      fetch(`${test.baseUrl}/internal/sweep`, { headers: { authorization } });
    expect((await byGet(`Bearer ${cronSecret}`)).status).toBe(200);
    expect((await byGet('Bearer another')).status).toBe(401);
    await test.close();
  });

  it('finds what nobody announced: queued, waiting and left behind', async () => {
    const database = await createTestDatabase();
    // Looks of its own are an hour away: what is found is found by the sweep.
    const test = await startTestServer({ cronSecret, pollMs: 3_600_000 }, database);
    test.host.addDocument({ companyId: 'rossi', id: 'doc_9', title: 'doc_9', status: 'completed' });
    const client = test.clientOf();
    await publishWorkflow(client, chained);
    const ids: string[] = [];
    for (const id of ['evt_1', 'evt_2', 'evt_3', 'evt_4']) {
      const event = { type: 'document.completed', id, companyId: 'rossi', data: completedDocument(1) };
      ids.push((await test.server.emit(event))[0]?.id as string);
    }
    for (const id of ids) await follow(client, id);
    const postgres = new Client(database.url);
    await postgres.connect();
    await postgres.query('delete from workflow_run_step');
    const reset = (set: string, id = '') =>
      postgres.query(`update workflow_run set finished_at = null, ${set} where id = $1`, [id]);
    await reset(`status = 'queued', started_at = null`, ids[0]);
    await reset(`status = 'waiting', wake_at = now() - interval '1 s'`, ids[1]);
    await reset(`status = 'running', lease_until = now() - interval '1 s'`, ids[2]);
    await reset(`status = 'running', lease_until = now() + interval '1 h'`, ids[3]);
    await postgres.end();
    expect(await (await sweep(test, cronSecret)).json()).toEqual({ due: 3 });
    for (const id of ids.slice(0, 3)) expect((await follow(client, id)).run.status).toBe('succeeded');
    expect((await client.getRun({ params: { id: ids[3] as string } })).run.status).toBe('running');
    await test.close();
    await database.drop();
  });
});

describe('events', () => {
  let test: TestServer;
  beforeAll(async () => {
    test = await startTestServer();
    test.host.addDocument({ companyId: 'rossi', id: 'doc_9', title: 'doc_9', status: 'completed' });
  });
  afterAll(() => test.close());
  const event = (id: string, companyId: string, data: object = completedDocument(1)) => ({
    ...{ type: 'document.completed', id, companyId, data },
  });

  it.each([
    ['that start runs', 'rossi', true],
    ['that start nothing', 'verdi', false],
  ])('%s are recognised when told again, and refused with other data', async (_, companyId, isStarted) => {
    const client = test.clientOf({ companyId });
    if (isStarted) await publishWorkflow(client, contractWorkflow);
    const first = await test.server.emit(event('evt_1', companyId));
    expect(first).toHaveLength(isStarted ? 1 : 0);
    expect(await test.server.emit(event('evt_1', companyId))).toEqual(
      first.map((run) => ({ ...run, isNew: false })),
    );
    const conflict = { code: 'idempotency_conflict', status: 409 };
    await expect(test.server.emit(event('evt_1', companyId, completedDocument(2)))).rejects.toMatchObject(
      conflict,
    );
    const body = JSON.stringify({
      ...{ type: 'document.completed', companyId },
      data: completedDocument(2),
    });
    const answer = await fetch(`${test.baseUrl}/events`, {
      method: 'POST',
      headers: signEvent(EVENT_SECRET, 'evt_1', body),
      body,
    });
    expect(answer.status).toBe(409);
    expect((await client.listRuns()).items).toHaveLength(first.length);
    // The same id in another company is another event.
    expect(await test.server.emit(event('evt_1', `${companyId}-2`, completedDocument(2)))).toEqual([]);
  });

  it('told at the same moment with other data start nothing', async () => {
    const companyId = 'viola';
    const client = test.clientOf({ companyId });
    await publishWorkflow(client, contractWorkflow);
    const other = new Client(test.database.url);
    await other.connect();
    await other.query('begin');
    await other.query(
      `insert into workflow_event values ($1, 'evt_r', 'document.completed', now(), 'of other data', '{}')`,
      [companyId],
    );
    const told = test.server.emit(event('evt_r', companyId));
    const refused = expect(told).rejects.toMatchObject({ code: 'idempotency_conflict', status: 409 });
    await someoneWaitsFor(other, test.database.url);
    await other.query('commit');
    await refused;
    expect((await client.listRuns()).items).toEqual([]);
    await other.end();
  });

  it('brought about by runs end after five of them', async () => {
    const companyId = 'neri';
    const client = test.clientOf({ companyId });
    await publishWorkflow(client, chained);
    let causedBy: string | undefined;
    for (let depth = 0; depth <= 5; depth += 1) {
      const [started] = await test.server.emit({ ...event(`evt_d${depth}`, companyId), causedBy });
      causedBy = started?.id as string;
    }
    await expect(test.server.emit({ ...event('evt_d6', companyId), causedBy })).rejects.toMatchObject({
      status: 409,
      code: 'cause_too_deep',
      details: { causedBy },
    });
    expect((await client.listRuns()).items).toHaveLength(6);
    // A retry of the last stands as deep as it; a run of another company or of nobody begins a chain anew.
    await follow(client, causedBy as string);
    const { run } = await client.retryRun({ params: { id: causedBy as string }, body: { from: 'start' } });
    await expect(test.server.emit({ ...event('evt_d7', companyId), causedBy: run.id })).rejects.toMatchObject(
      {
        code: 'cause_too_deep',
      },
    );
    expect(await test.server.emit({ ...event('evt_d8', 'rossi'), causedBy })).toHaveLength(1);
    expect(await test.server.emit({ ...event('evt_d9', companyId), causedBy: 'no-uuid' })).toHaveLength(1);
  });
});
