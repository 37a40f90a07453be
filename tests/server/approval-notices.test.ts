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
  beforeAll(async () => {
    test = await startTestServer({
      ...{ clock: { now: () => now }, cronSecret: CRON_SECRET },
      notifyApproval: (notice) => {
        notices.push(notice);
        for (const resolve of waiting.splice(0)) resolve();
        return pass();
      },
    });
  });
  beforeEach(() => {
    notices = [];
    pass = () => {};
  });
  afterAll(() => test.close());

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

  it('hears no more of one whose run has ended, however it ended', async () => {
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
