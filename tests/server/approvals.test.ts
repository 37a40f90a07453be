import { Client } from 'pg';
import type { WorkflowClient } from '../../src/core';
import { definition, node } from '../support/definitions';
import { follow, publishWorkflow, startTestServer, type TestServer } from '../support/server';

const HOUR = 3_600_000;
const status = (documentId: string) => ({ config: { documentId, status: 'archived' } });
const approvalFlow = (config: object = {}) =>
  definition(
    [
      node('approval_1', 'flow.approval', {
        config: {
          message: 'Fattura di {{trigger.payload.euro}} euro?',
          deadline: { amount: 2, unit: 'hours' },
          ...config,
        },
      }),
      node('status_yes', 'doc-manager.update-status', status('yes')),
      node('status_no', 'doc-manager.update-status', status('no')),
      node('status_late', 'doc-manager.update-status', status('late')),
    ],
    [
      'trigger -> approval_1',
      'approval_1:approved -> status_yes',
      'approval_1:rejected -> status_no',
      'approval_1:expired -> status_late',
    ],
  );

describe('approvals', () => {
  let now = Date.parse('2027-01-11T08:00:00Z');
  let test: TestServer;
  let client: WorkflowClient;
  beforeAll(async () => {
    test = await startTestServer({ clock: { now: () => now } });
    client = test.clientOf();
    for (const id of ['yes', 'no', 'late'])
      test.host.addDocument({ companyId: 'rossi', id, title: id, status: 'completed' });
  });
  afterAll(() => test.close());

  /** A run at its approval, with the approval. */
  const ask = async (config?: object) => {
    const { id } = await publishWorkflow(client, approvalFlow(config));
    const { run } = await client.startRun({ params: { id }, body: { payload: { euro: 1200 } } });
    await follow(client, run.id, (state) => state === 'waiting');
    now += 1;
    const { items } = await client.listApprovals({ query: { status: 'pending' } });
    const approval = items.find(({ runId }) => runId === run.id);
    if (!approval) throw new Error('The run waits for no approval.');
    return { run, approval };
  };
  const decide = (
    id: string,
    decision: 'approved' | 'rejected',
    as: Parameters<TestServer['clientOf']>[0] = {},
    comment?: string,
  ) => test.clientOf(as).decideApproval({ params: { id }, body: { decision, comment } });
  const executedIn = async (runId: string) => {
    const { run, steps } = await follow(client, runId);
    return [
      run.status,
      ...steps
        .filter(({ nodeId, ...step }) => nodeId.startsWith('status_') && step.status === 'succeeded')
        .map(({ nodeId }) => nodeId),
    ];
  };

  it.each([
    ['approved', 'status_yes'],
    ['rejected', 'status_no'],
  ] as const)('%s let the run go on that way, with who said so', async (decision, next) => {
    const { run, approval } = await ask();
    expect(approval).toMatchObject({
      ...{ status: 'pending', message: 'Fattura di 1200 euro?', stepKey: 'approval_1', approvers: [] },
      ...{ decidedBy: null, decidedAt: null, workflowName: 'Contratto firmato' },
    });
    const answer = await decide(approval.id, decision, { userId: 'carla', role: 'editor' }, 'Visto');
    const decidedAt = new Date(now).toISOString();
    const word = { decidedBy: 'carla', decidedAt, comment: 'Visto' };
    const decisions = [{ decision, ...word }];
    expect(answer.approval).toEqual({ ...approval, status: decision, ...word, decisions, canDecide: false });
    expect(await executedIn(run.id)).toEqual(['succeeded', next]);
    const { steps } = await client.getRun({ params: { id: run.id } });
    expect(steps[1]).toMatchObject({ branch: decision, output: { decision, ...word, decisions } });
    const { items } = await client.listApprovals({ query: { status: decision } });
    expect(items).toContainEqual(answer.approval);
  });

  it('say who started the run, and whether the one who asks may decide', async () => {
    const { approval } = await ask({ approvers: ['carla', 'role:admin'] });
    const seenBy = async (as: Parameters<TestServer['clientOf']>[0]) => {
      const query = { status: 'pending', mine: 'true' } as const;
      const { items } = await test.clientOf(as).listApprovals({ query });
      return items
        .filter(({ id }) => id === approval.id)
        .map(({ canDecide, startedBy }) => [canDecide, startedBy]);
    };
    expect(await seenBy({ userId: 'zoe', role: 'admin' })).toEqual([[true, 'anna']]);
    expect(await seenBy({ userId: 'carla', role: 'editor' })).toEqual([[true, 'anna']]);
    expect(await seenBy({ userId: 'carla', role: 'viewer' })).toEqual([[false, 'anna']]);
    expect(await seenBy({ userId: 'dario', role: 'editor' })).toEqual([]);
    await expect(decide(approval.id, 'approved', { userId: 'dario', role: 'editor' })).rejects.toMatchObject({
      status: 403,
    });
    await decide(approval.id, 'approved', { userId: 'zoe', role: 'admin' });
  });

  describe('of several people', () => {
    const three = { approvers: ['carla', 'dario', 'role:admin'], required: 3 };
    const as = (userId: string, role: 'editor' | 'admin' = 'editor') => ({ userId, role });

    it('are given when enough have approved, each of whom counts once', async () => {
      const { run, approval } = await ask(three);
      const first = await decide(approval.id, 'approved', as('carla'), 'Per me va bene');
      expect(first.approval).toMatchObject({
        status: 'pending',
        required: 3,
        canDecide: false,
        decidedBy: null,
      });
      await expect(decide(approval.id, 'approved', as('carla'))).rejects.toMatchObject({
        status: 409,
        code: 'already_decided',
        message: expect.stringContaining('You (carla) approved it at'),
      });
      await decide(approval.id, 'approved', as('dario'));
      expect((await client.getRun({ params: { id: run.id } })).run.status).toBe('waiting');
      const last = await decide(approval.id, 'approved', as('zoe', 'admin'));
      expect(last.approval).toMatchObject({ status: 'approved', decidedBy: 'zoe' });
      expect(await executedIn(run.id)).toEqual(['succeeded', 'status_yes']);
      const { steps } = await client.getRun({ params: { id: run.id } });
      expect(steps[1]?.output).toMatchObject({
        decidedBy: 'zoe',
        decisions: [
          { decidedBy: 'carla', comment: 'Per me va bene' },
          { decidedBy: 'dario', comment: null },
          { decidedBy: 'zoe' },
        ],
      });
    });

    it('are rejected by one', async () => {
      const { run, approval } = await ask(three);
      await decide(approval.id, 'approved', as('carla'));
      await decide(approval.id, 'rejected', as('dario'), 'Manca un allegato');
      await expect(decide(approval.id, 'approved', as('zoe', 'admin'))).rejects.toMatchObject({
        message: expect.stringContaining('dario rejected it at'),
      });
      expect(await executedIn(run.id)).toEqual(['succeeded', 'status_no']);
    });

    it('expire when one is missing, and forget nothing that was said', async () => {
      const { run, approval } = await ask(three);
      await decide(approval.id, 'approved', as('carla'));
      now = Date.parse(approval.until as string);
      expect(await executedIn(run.id)).toEqual(['succeeded', 'status_late']);
      const { items } = await client.listApprovals({ query: { status: 'expired' } });
      expect(items.find(({ id }) => id === approval.id)?.decisions).toMatchObject([{ decidedBy: 'carla' }]);
      const { steps } = await client.getRun({ params: { id: run.id } });
      expect(steps[1]).toMatchObject({
        branch: 'expired',
        output: {
          decision: 'expired',
          decidedBy: null,
          decisions: [{ decidedBy: 'carla', decision: 'approved' }],
        },
      });
    });

    it('fail at once when fewer people are asked than must approve', async () => {
      const { id } = await publishWorkflow(
        client,
        approvalFlow({ approvers: ['carla', 'carla'], required: 2 }),
      );
      const { run } = await client.startRun({ params: { id }, body: { payload: { euro: 1 } } });
      expect((await follow(client, run.id)).run).toMatchObject({
        status: 'failed',
        error: { path: 'required' },
      });
    });
  });

  it('of one run do not mix', async () => {
    const flow = definition(
      [
        node('first_1', 'flow.approval', { config: { message: 'Prima?' } }),
        node('second_1', 'flow.approval', { config: { message: 'Seconda?' } }),
        node('status_yes', 'doc-manager.update-status', status('yes')),
      ],
      ['trigger -> first_1', 'first_1:approved -> second_1', 'second_1:rejected -> status_yes'],
    );
    const { id } = await publishWorkflow(client, flow);
    const { run } = await client.startRun({ params: { id }, body: {} });
    const open = async (message: string) => {
      await follow(client, run.id, (state) => state === 'waiting');
      const { items } = await client.listApprovals({ query: { status: 'pending' } });
      const [own] = items.filter(({ runId }) => runId === run.id);
      expect(own?.message).toBe(message);
      return own?.id as string;
    };
    const first = await open('Prima?');
    await decide(first, 'approved');
    const until = async (stepKey: string) => {
      for (;;) {
        const { steps } = await client.getRun({ params: { id: run.id } });
        if (steps.some(({ key, status: state }) => key === stepKey && state === 'waiting')) return;
      }
    };
    await until('second_1');
    await expect(decide(first, 'rejected')).rejects.toMatchObject({ code: 'already_decided' });
    await expect(decide(first, 'rejected', { userId: 'bruno' })).rejects.toMatchObject({
      code: 'already_decided',
    });
    await decide(await open('Seconda?'), 'rejected');
    expect(await executedIn(run.id)).toEqual(['succeeded', 'status_yes']);
  });

  it('are decided once: who comes second is told who was first and when, and changes nothing', async () => {
    const { run, approval } = await ask();
    const first = await decide(approval.id, 'rejected', { userId: 'bruno' });
    now += 5;
    await expect(decide(approval.id, 'approved')).rejects.toMatchObject({
      status: 409,
      code: 'already_decided',
      message: expect.stringContaining(`bruno rejected it at ${first.approval.decidedAt}`),
      details: { approval: first.approval },
    });
    expect(await executedIn(run.id)).toEqual(['succeeded', 'status_no']);
    const { items } = await client.listAudit({ query: { limit: 5 } });
    const entries = items.filter(({ targetId }) => targetId === approval.id);
    expect(entries).toMatchObject([{ action: 'approval.reject', userId: 'bruno', targetType: 'approval' }]);
  });

  it('expire at their deadline, and take no decision from that instant on', async () => {
    const { run, approval } = await ask();
    now = Date.parse(approval.until as string);
    await expect(decide(approval.id, 'approved')).rejects.toMatchObject({
      code: 'already_decided',
      message: expect.stringContaining(`ended at ${approval.until}`),
      details: { approval: { status: 'expired' } },
    });
    expect(await executedIn(run.id)).toEqual(['succeeded', 'status_late']);
    const { items } = await client.listApprovals({ query: { status: 'expired' } });
    expect(items[0]).toMatchObject({ id: approval.id, status: 'expired', decidedBy: null });
  });

  it('take a decision in the last instant before the deadline', async () => {
    const { run, approval } = await ask({ deadline: { amount: 1, unit: 'hours' } });
    expect(Date.parse(approval.until as string)).toBe(now - 1 + HOUR);
    now = Date.parse(approval.until as string) - 1;
    await decide(approval.id, 'approved');
    now += 1;
    expect(await executedIn(run.id)).toEqual(['succeeded', 'status_yes']);
  });

  it('are for those asked, for nobody of another company, and for no viewer', async () => {
    const { run, approval } = await ask({ approvers: ['carla', 'dario'] });
    await expect(decide(approval.id, 'approved', { userId: 'anna' })).rejects.toMatchObject({
      status: 403,
      code: 'forbidden',
    });
    const foreign = { companyId: 'bianchi', userId: 'carla' };
    const missing = await decide(run.id, 'approved', foreign).catch((error: Error) => error);
    await expect(decide(approval.id, 'approved', foreign)).rejects.toEqual(missing);
    expect(missing).toMatchObject({ status: 404, code: 'not_found' });
    await expect(decide('no-uuid', 'approved')).rejects.toMatchObject({ status: 404 });
    await expect(decide(approval.id, 'approved', { userId: 'carla', role: 'viewer' })).rejects.toMatchObject({
      status: 403,
    });
    expect((await test.clientOf({ companyId: 'bianchi' }).listApprovals()).items).toEqual([]);
    expect((await client.getRun({ params: { id: run.id } })).run.status).toBe('waiting');
    await decide(approval.id, 'approved', { userId: 'dario', role: 'editor' });
    expect(await executedIn(run.id)).toEqual(['succeeded', 'status_yes']);
  });

  it('end with a run that is canceled', async () => {
    const { run, approval } = await ask();
    await client.cancelRun({ params: { id: run.id } });
    await expect(decide(approval.id, 'approved')).rejects.toMatchObject({
      code: 'already_decided',
      details: { approval: { status: 'canceled' } },
    });
    expect(await executedIn(run.id)).toEqual(['canceled']);
    expect((await client.listApprovals({ query: { status: 'pending' } })).items).toEqual([]);
    expect((await client.listApprovals({ query: { status: 'canceled' } })).items).toMatchObject([
      { id: approval.id },
    ]);
  });

  it('whose run ended without closing them are listed as what they say they are', async () => {
    const { run, approval } = await ask();
    const database = new Client(test.database.url);
    await database.connect();
    await database.query(`update workflow_run set status = 'failed', wake_at = null where id = $1`, [run.id]);
    await database.end();
    const listed = async (status: string) => {
      const { items } = await client.listApprovals({ query: { status } });
      return items.filter(({ id }) => id === approval.id).map((item) => item.status);
    };
    expect(await Promise.all(['pending', 'canceled', 'expired'].map(listed))).toEqual([[], ['canceled'], []]);
    now = Date.parse(approval.until as string);
    expect(await Promise.all(['pending', 'canceled', 'expired'].map(listed))).toEqual([[], ['canceled'], []]);
  });

  it('are listed page by page, newest first', async () => {
    const asked = [await ask(), await ask(), await ask()].map(({ approval }) => approval.id);
    const first = await client.listApprovals({ query: { status: 'pending', limit: 2 } });
    const second = await client.listApprovals({
      query: { status: 'pending', limit: 2, cursor: first.nextCursor ?? '' },
    });
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(asked.reverse());
    expect(second.nextCursor).toBeNull();
  });

  it('refuse what cannot be a decision and what cannot be stored', async () => {
    const { approval } = await ask();
    await expect(decide(approval.id, 'perhaps' as 'approved')).rejects.toMatchObject({ status: 400 });
    await expect(decide(approval.id, 'approved', {}, 'x'.repeat(2001))).rejects.toMatchObject({
      status: 400,
    });
    await expect(decide(approval.id, 'approved', {}, 'a\u0000b')).rejects.toMatchObject({ status: 400 });
    const { items } = await client.listApprovals({ query: { status: 'pending' } });
    expect(items).toContainEqual(approval);
  });
});
