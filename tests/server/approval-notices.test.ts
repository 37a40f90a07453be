import { Client } from 'pg';
import type { ApprovalNotice } from '../../src/server';
import { definition, node } from '../support/definitions';
import { follow, publishWorkflow, startTestServer, type TestServer } from '../support/server';

const CRON_SECRET = 'a cron secret of the tests';
const MINUTE = 60_000;
const asks = definition(
  [node('ask_1', 'flow.approval', { config: { message: 'Pagare?' } }), node('stop_1', 'flow.stop')],
  ['trigger -> ask_1', 'ask_1:approved -> stop_1'],
);

const pauses = definition(
  [
    node('wait_1', 'flow.wait', { config: { for: 'duration', amount: 1, unit: 'hours' } }),
    node('stop_1', 'flow.stop'),
  ],
  ['trigger -> wait_1', 'wait_1 -> stop_1'],
);

describe('a host that is told of approvals', () => {
  let now = Date.parse('2027-02-01T09:00:00Z');
  let test: TestServer;
  let notices: ApprovalNotice[] = [];
  /** What the host does with a notice. */
  let pass: () => void | Promise<void> = () => {};
  /** Resolves with the `count`th notice. */
  const told = async (count: number) => {
    while (notices.length < count) await new Promise<void>((resolve) => waiting.push(resolve));
  };
  const waiting: (() => void)[] = [];
  let warned: string[] = [];
  const boot = async (pollMs: number) => {
    test = await startTestServer({
      pollMs,
      ...{ clock: { now: () => now }, cronSecret: CRON_SECRET },
      logger: { info: () => {}, warn: (message) => void warned.push(message), error: () => {} },
      notifyApproval: (notice) => {
        notices.push(notice);
        for (const resolve of waiting.splice(0)) resolve();
        return pass();
      },
    });
  };
  beforeEach(() => {
    notices = [];
    warned = [];
    pass = () => {};
  });
  afterEach(() => test.close());

  const ask = async () => {
    const client = test.clientOf();
    const { id } = await publishWorkflow(client, asks);
    const { run } = await client.startRun({ params: { id }, body: {} });
    await follow(client, run.id, (status) => status === 'waiting');
    await told(1);
    return run.id;
  };
  const sweep = () =>
    fetch(`${test.baseUrl}/internal/sweep`, {
      method: 'POST',
      headers: { authorization: `Bearer ${CRON_SECRET}` },
    });
  const failing = () => {
    throw new Error('the mail server is away');
  };

  it('holds up no run that is due while it takes its time', async () => {
    await boot(50);
    pass = failing;
    await ask();
    const client = test.clientOf();
    const { id } = await publishWorkflow(client, pauses);
    const { run } = await client.startRun({ params: { id }, body: {} });
    await follow(client, run.id, (status) => status === 'waiting');
    let answer = () => {};
    pass = () =>
      new Promise<void>((resolve) => {
        answer = resolve;
      });
    // The loop of the runner sweeps, and the host is told again.
    now += 2 * MINUTE;
    await told(2);
    now += 60 * MINUTE;
    expect((await follow(client, run.id)).run.status).toBe('succeeded');
    // Nobody has lost patience with the host meanwhile.
    expect(warned).toHaveLength(1);
    answer();
  });

  it('hears no more of one whose run has ended, however it ended', async () => {
    // Looks of its own are an hour away.
    await boot(3_600_000);
    pass = failing;
    const runId = await ask();
    const sql = new Client({ connectionString: test.database.url });
    await sql.connect();
    await sql.query(`update workflow_run set status = 'failed' where id = $1`, [runId]);
    now += 2 * MINUTE;
    await sweep();
    const { rows } = await sql.query('select notify_at from workflow_wait where run_id = $1', [runId]);
    await sql.end();
    expect(notices).toHaveLength(1);
    expect(rows).toEqual([{ notify_at: null }]);
  });
});
