import * as z from 'zod';
import { blocks } from '../../src/blocks';
import { executors } from '../../src/blocks/server';
import { slackServer } from '../../src/blocks/slack/client.server';
import {
  BlockError,
  defineBlock,
  defineTrigger,
  done,
  implementBlock,
  type RunDetail,
  type WorkflowClient,
  wait,
} from '../../src/core';
import { definition, node } from '../support/definitions';
import { connectSlack, follow, publishWorkflow, startTestServer, type TestServer } from '../support/server';

const text = { en: 'Collect', it: 'Raccogli' };
const collect = defineBlock({
  type: 'acme.collect',
  provider: 'slack',
  label: text,
  description: text,
  icon: 'c',
  sideEffect: 'idempotent',
  input: z.strictObject({ count: z.int() }),
  output: z.unknown(),
  sample: {},
});
const signed = defineTrigger({
  ...{ type: 'acme.signed', event: 'order.signed', provider: 'flow', label: text, description: text },
  ...{ icon: 'o', input: z.strictObject({}), output: z.looseObject({}), sample: {} },
});
const retry = { maxAttempts: 2, backoff: 'fixed', delayMs: 60_000, maxDelayMs: 60_000 } as const;
const collecting = (count: number) =>
  definition([node('collect', 'acme.collect', { config: { count }, retry })], ['trigger -> collect']);
const signature = { kind: 'event' as const, type: 'order.signed', where: [], until: null };
const cronSecret = 'the cron secret of the tests';

describe('a step that waits again for an event', () => {
  let test: TestServer;
  let client: WorkflowClient;
  let aheadMs = 0;
  /** How going on from the end of a wait fails, once, by the id of the event. */
  const failures = new Map<string, 'reconnect' | 'retry' | 'terminal'>();
  beforeAll(async () => {
    test = await startTestServer({
      cronSecret,
      clock: { now: () => Date.now() + aheadMs },
      blocks: [...blocks, collect, signed],
      executors: {
        ...executors,
        'acme.collect': implementBlock(collect, {
          provider: slackServer,
          run: () => wait(signature, []),
          resume: async ({ input, wakeUp, soFar }) => {
            const id = wakeUp.kind === 'event' ? wakeUp.event.id : wakeUp.kind;
            const kind = failures.get(id);
            failures.delete(id);
            if (kind === 'reconnect') await client.disconnectIntegration({ params: { provider: 'slack' } });
            if (kind) throw new BlockError({ kind, code: 'went_badly', message: 'Slack did not take it.' });
            const ids = [...(soFar as string[]), id];
            return ids.length < input.count ? wait(signature, ids) : done(ids);
          },
        }),
      },
    });
    client = test.clientOf();
    await connectSlack(test);
  });
  afterAll(() => test.close());

  const start = async (count: number) => {
    const { id } = await publishWorkflow(client, collecting(count));
    const { run } = await client.startRun({ params: { id }, body: { payload: {} } });
    await follow(client, run.id, (status) => status === 'waiting');
    return run.id;
  };
  const sign = (id: string) => test.server.emit({ type: 'order.signed', id, companyId: 'rossi', data: {} });
  const sweep = () =>
    fetch(`${test.baseUrl}/internal/sweep`, {
      method: 'POST',
      headers: { authorization: `Bearer ${cronSecret}` },
    });
  /** The run's step once it waits for this, with so many events behind it. */
  const parked = async (runId: string, kind: string | undefined, events: number) => {
    const stop = new AbortController();
    let found: RunDetail['steps'][number] | undefined;
    const look = ({ run, steps }: RunDetail) => {
      const step = steps[1];
      const isThere = step && step.wait?.kind === kind && (step.output as string[] | null)?.length === events;
      if (isThere && run.status === 'waiting') found = step;
      if (found || run.status === 'succeeded') stop.abort();
    };
    await client.watchRun(runId, look, stop.signal).catch((error) => {
      if (!stop.signal.aborted) throw error;
    });
    return found;
  };

  it('is ended by another one, not by that which has ended a wait of it', async () => {
    const id = await start(2);
    await sign('e1');
    expect(await parked(id, 'event', 1)).toMatchObject({ status: 'waiting', wait: signature });
    await sign('e1');
    await sweep();
    const { run, steps } = await client.getRun({ params: { id } });
    expect(run).toMatchObject({
      status: 'waiting',
      waitingFor: { kind: 'event', until: null, provider: null },
    });
    expect(steps[1]).toMatchObject({ status: 'waiting', output: ['e1'] });
    // What the server keeps with a wait is not told.
    expect(steps[1]?.wait).toEqual(signature);
    await sign('e2');
    expect((await follow(client, id)).steps[1]).toMatchObject({ status: 'succeeded', output: ['e1', 'e2'] });
  });

  it('remembers all of them, also over a wait for its connection', async () => {
    const id = await start(4);
    failures.set('f2', 'reconnect');
    await sign('f1');
    await parked(id, 'event', 1);
    await sign('f2');
    const refused = await parked(id, 'connection', 1);
    expect(refused?.wait).toEqual({ kind: 'connection', provider: 'slack', until: null });
    await connectSlack(test);
    await parked(id, 'event', 2);
    await sign('f3');
    await parked(id, 'event', 3);
    await sweep();
    expect((await client.getRun({ params: { id } })).steps[1]).toMatchObject({
      status: 'waiting',
      output: ['f1', 'f2', 'f3'],
    });
    await sign('f4');
    expect((await follow(client, id)).steps[1]).toMatchObject({ output: ['f1', 'f2', 'f3', 'f4'] });
  });

  it('goes on a little later where it could not at once, and tells of it as of any other attempt', async () => {
    const id = await start(2);
    failures.set('g1', 'retry');
    await sign('g1');
    const between = await parked(id, undefined, 0);
    expect(between).toMatchObject({ attempt: 1, error: { code: 'went_badly' }, wait: null });
    const { run } = await client.getRun({ params: { id } });
    expect(run).toMatchObject({ wakeAt: between?.wakeAt, waitingFor: null });
    aheadMs += 60_000;
    await sweep();
    expect(await parked(id, 'event', 1)).toMatchObject({ output: ['g1'], attempt: 2, wait: signature });
    await sign('g2');
    const { steps } = await follow(client, id);
    expect(steps[1]).toMatchObject({ status: 'succeeded', output: ['g1', 'g2'], wait: signature });
    expect(steps[1]?.attempts).toMatchObject([{ attempt: 1, error: { code: 'went_badly' } }]);
  });

  it('that failed goes on in a retry from the same event, which ends no later wait of it there', async () => {
    const id = await start(3);
    await sign('h1');
    await parked(id, 'event', 1);
    failures.set('h2', 'terminal');
    await sign('h2');
    const failed = await follow(client, id);
    expect(failed.steps[1]).toMatchObject({ status: 'failed', output: ['h1'], wait: signature });
    const { run } = await client.retryRun({ params: { id }, body: { from: 'failed', version: 'same' } });
    expect(await parked(run.id, 'event', 2)).toMatchObject({ status: 'waiting', output: ['h1', 'h2'] });
    for (const told of ['h1', 'h2']) await sign(told);
    await sweep();
    expect((await client.getRun({ params: { id: run.id } })).run.status).toBe('waiting');
    await sign('h3');
    expect((await follow(client, run.id)).steps[1]).toMatchObject({ output: ['h1', 'h2', 'h3'] });
  });
});
