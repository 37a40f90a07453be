import * as z from 'zod';
import { blocks } from '../../src/blocks';
import { executors } from '../../src/blocks/server';
import { slackServer } from '../../src/blocks/slack/client.server';
import {
  BlockError,
  done,
  implementBlock,
  type RunDetail,
  type Step,
  type WorkflowClient,
  wait,
} from '../../src/core';
import { acmeBlock, acmeTrigger } from '../support/acme';
import { askDatabase } from '../support/database';
import { definition, node } from '../support/definitions';
import { connectSlack, follow, publishWorkflow, startTestServer, type TestServer } from '../support/server';

const onSlack = { provider: 'slack', sideEffect: 'none' } as const;
const check = acmeBlock('acme.check', z.strictObject({}), onSlack);
const ask = acmeBlock('acme.ask', z.strictObject({}), onSlack);
const confirmed = acmeTrigger('acme.confirmed', 'order.confirmed');
const posting = definition(
  [node('post', 'slack.send-message', { config: { channel: '#fatture', text: '{{trigger.payload.text}}' } })],
  ['trigger -> post'],
);
const isWaiting = (status: string) => status === 'waiting';
const cronSecret = 'the cron secret of the tests';

describe('a run whose connection is refused', () => {
  let test: TestServer;
  let client: WorkflowClient;
  let workflowId: string;
  /** What `acme.check` does before Slack refuses it. */
  let beforeRefusal: (() => Promise<void>) | null = null;
  const options = {
    cronSecret,
    blocks: [...blocks, check, ask, confirmed],
    executors: {
      ...executors,
      'acme.check': implementBlock(check, {
        provider: slackServer,
        run: async () => {
          const act = beforeRefusal;
          beforeRefusal = null;
          if (!act) return done({});
          await act();
          throw new BlockError({ kind: 'reconnect', code: 'token_revoked', message: 'Slack refused it.' });
        },
      }),
      'acme.ask': implementBlock(ask, {
        provider: slackServer,
        run: () =>
          wait({ kind: 'event', type: 'order.confirmed', where: [], until: null }, { asked: 'so far' }),
        resume: async ({ wakeUp, soFar }) => {
          const act = beforeRefusal;
          beforeRefusal = null;
          if (!act) return done({ wakeUp, soFar });
          await act();
          throw new BlockError({ kind: 'reconnect', code: 'token_revoked', message: 'Slack refused it.' });
        },
      }),
    },
  };
  beforeEach(async () => {
    test = await startTestServer(options);
    client = test.clientOf();
    workflowId = (await publishWorkflow(client, posting)).id;
  });
  afterEach(() => test.close());

  const start = async (message: string) => {
    const body = { payload: { text: message } };
    const { run } = await client.startRun({ params: { id: workflowId }, body });
    return run.id;
  };
  const startWaiting = async (message: string) => {
    const id = await start(message);
    expect((await follow(client, id, isWaiting)).run.status).toBe('waiting');
    return id;
  };
  const sweep = (server = test) =>
    fetch(`${server.baseUrl}/internal/sweep`, {
      method: 'POST',
      headers: { authorization: `Bearer ${cronSecret}` },
    });
  const query = (statement: string) => askDatabase(test.database, statement);
  const stateOfSlack = async () => {
    const { items } = await client.listIntegrations();
    return items.find(({ provider }) => provider === 'slack')?.state;
  };
  const posted = () => test.slack.messages.map((message) => message.text);

  it('waits, and each that waits goes on once when somebody connects it', async () => {
    await connectSlack(test);
    test.slack.failNext('chat.postMessage', { error: 'token_revoked' });
    const first = await startWaiting('1');
    const ids = [first, await startWaiting('2'), await startWaiting('3')];
    expect(await stateOfSlack()).toBe('needs_reauth');
    expect(test.slack.calls.filter(({ method }) => method === 'chat.postMessage')).toHaveLength(1);
    expect((await client.listApprovals({ query: {} })).items).toEqual([]);
    await connectSlack(test);
    for (const id of ids) {
      const { run, steps } = await follow(client, id);
      expect(run).toMatchObject({ status: 'succeeded', error: null, wakeAt: null });
      expect(steps[1]).toMatchObject({ status: 'succeeded', attempt: 1, attempts: [], error: null });
    }
    expect(posted().sort()).toEqual(['1', '2', '3']);
  });

  it('waits though nothing was ever connected, and another company’s connection leaves it alone', async () => {
    const id = await startWaiting('1');
    await connectSlack(test, { companyId: 'bianchi' });
    await sweep();
    const { run, steps } = await client.getRun({ params: { id } });
    const waitingFor = { kind: 'connection', provider: 'slack', until: null };
    expect(run).toMatchObject({ status: 'waiting', waitingFor });
    expect((await client.listRuns({})).items).toMatchObject([{ id, waitingFor }]);
    expect(steps[1]).toMatchObject({
      wait: { kind: 'connection', provider: 'slack', until: null },
      error: { kind: 'reconnect', code: 'not_connected', actor: 'customer' },
    });
    await connectSlack(test);
    expect((await follow(client, id)).run).toMatchObject({ status: 'succeeded', waitingFor: null });
  });

  it('waits on when another workspace is connected, until somebody chooses that', async () => {
    await connectSlack(test);
    test.slack.failNext('chat.postMessage', { error: 'token_revoked' });
    const id = await startWaiting('1');
    test.slack.failNext('auth.test', { status: 200, body: { ok: true, team_id: 'T0OTHER', team: 'Other' } });
    await connectSlack(test);
    await sweep();
    expect(await stateOfSlack()).toBe('needs_account');
    expect((await client.getRun({ params: { id } })).run.status).toBe('waiting');
    expect(posted()).toEqual([]);
    await client.chooseAccount({ params: { provider: 'slack' }, body: { accountId: 'T0OTHER' } });
    expect((await follow(client, id)).run.status).toBe('succeeded');
    expect(posted()).toEqual(['1']);
  });

  it('waits again when the new connection is refused too', async () => {
    const id = await startWaiting('1');
    test.slack.failNext('chat.postMessage', { error: 'invalid_auth' });
    await connectSlack(test);
    const stop = new AbortController();
    const see = ({ steps }: Awaited<ReturnType<typeof follow>>) => {
      if (steps[1]?.error?.code === 'invalid_auth') stop.abort();
    };
    await client.watchRun(id, see, stop.signal).catch((error) => {
      if (!stop.signal.aborted) throw error;
    });
    expect(await stateOfSlack()).toBe('needs_reauth');
    await sweep();
    expect(test.slack.calls.filter(({ method }) => method === 'chat.postMessage')).toHaveLength(1);
    await connectSlack(test);
    expect((await follow(client, id)).run.status).toBe('succeeded');
    expect(posted()).toEqual(['1']);
  });

  it('goes on at once when it was connected between the refusal and the wait, and keeps that connection', async () => {
    await connectSlack(test);
    const flow = definition([node('check', 'acme.check')], ['trigger -> check']);
    const { id } = await publishWorkflow(client, flow);
    beforeRefusal = () => connectSlack(test);
    const { run } = await client.startRun({ params: { id }, body: {} });
    expect((await follow(client, run.id)).run.status).toBe('succeeded');
    expect(await stateOfSlack()).toBe('active');
  });

  it('goes on when the process that stored the connection died before it could say so', async () => {
    await connectSlack(test);
    test.slack.failNext('chat.postMessage', { error: 'token_revoked' });
    const id = await startWaiting('1');
    await query(`update workflow_connection set state = 'active'`);
    await sweep();
    expect((await follow(client, id)).run.status).toBe('succeeded');
    expect(posted()).toEqual(['1']);
  });

  it('goes on once though two processes find it at the same time', async () => {
    await connectSlack(test);
    test.slack.failNext('chat.postMessage', { error: 'token_revoked' });
    const ids = [await startWaiting('0')];
    for (let count = 1; count < 8; count += 1) ids.push(await startWaiting(String(count)));
    const { authorizeUrl } = await client.connectIntegration({ params: { provider: 'slack' } });
    const slack = { clientId: '1234.5678', clientSecret: 'the other', baseUrl: new URL(authorizeUrl).origin };
    const other = await startTestServer({ ...options, providers: { slack } }, test.database);
    await query(`update workflow_connection set state = 'active'`);
    await Promise.all([sweep(), sweep(other), sweep(), sweep(other)]);
    for (const id of ids) expect((await follow(client, id)).run.status).toBe('succeeded');
    await other.close();
    expect(posted().sort()).toEqual(ids.map((_, index) => String(index)));
  });

  it('where a wait has ended goes on from that end, and uses its event once', async () => {
    const asking = definition(
      [node('first', 'acme.ask'), node('second', 'acme.ask')],
      ['trigger -> first', 'first -> second'],
    );
    await connectSlack(test);
    const { id } = await publishWorkflow(client, asking);
    const { run } = await client.startRun({ params: { id }, body: { payload: {} } });
    /** The step once it is as wanted. */
    const see = async (nodeId: string, isWanted: (step: Step) => boolean): Promise<Step | undefined> => {
      const stop = new AbortController();
      let found: Step | undefined;
      const look = ({ steps }: RunDetail) => {
        found = steps.find((step) => step.nodeId === nodeId && isWanted(step));
        if (found) stop.abort();
      };
      await client.watchRun(run.id, look, stop.signal);
      return found;
    };
    await follow(client, run.id, isWaiting);
    beforeRefusal = () => client.disconnectIntegration({ params: { provider: 'slack' } }).then(() => {});
    const confirm = (eventId: string) =>
      test.server.emit({ type: 'order.confirmed', id: eventId, companyId: 'rossi', data: { eventId } });
    await confirm('e1');
    const refused = await see('first', (step) => step.wait?.kind === 'connection');
    expect(refused?.wait).toEqual({ kind: 'connection', provider: 'slack', until: null });
    await connectSlack(test);
    await see('second', ({ status }) => status === 'waiting');
    expect(await see('first', () => true)).toMatchObject({
      status: 'succeeded',
      attempt: 1,
      output: { wakeUp: { kind: 'event', event: { id: 'e1' } }, soFar: { asked: 'so far' } },
    });
    await sweep();
    expect(await see('second', () => true)).toMatchObject({ status: 'waiting', wait: { kind: 'event' } });
    await confirm('e2');
    expect((await follow(client, run.id)).steps.at(-1)).toMatchObject({
      output: { wakeUp: { event: { id: 'e2' } } },
    });
  });

  it('can be canceled, and a later connection changes nothing; its retry goes on from the step', async () => {
    const id = await startWaiting('1');
    expect((await client.cancelRun({ params: { id } })).run.status).toBe('canceled');
    await connectSlack(test);
    await sweep();
    const canceled = await client.getRun({ params: { id } });
    expect([canceled.run.status, canceled.steps[1]?.status]).toEqual(['canceled', 'canceled']);
    expect(posted()).toEqual([]);
    const { run } = await client.retryRun({ params: { id }, body: {} });
    expect((await follow(client, run.id)).run).toMatchObject({ status: 'succeeded', retryOf: id });
    expect(posted()).toEqual(['1']);
  });
});
