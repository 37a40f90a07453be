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
  sideEffect: 'none',
  input: z.strictObject({ count: z.int() }),
  output: z.unknown(),
  sample: {},
});
const signed = defineTrigger({
  ...{ type: 'acme.signed', event: 'order.signed', provider: 'flow', label: text, description: text },
  ...{ icon: 'o', input: z.strictObject({}), output: z.looseObject({}), sample: {} },
});
const collecting = (count: number) =>
  definition([node('collect', 'acme.collect', { config: { count } })], ['trigger -> collect']);
const signature = { kind: 'event' as const, type: 'order.signed', where: [], until: null };
const cronSecret = 'the cron secret of the tests';

describe('a step that waits again for an event', () => {
  let test: TestServer;
  let client: WorkflowClient;
  /** Ends of waits at which Slack refuses the connection, by the id of the event. */
  const refusals = new Set<string>();
  beforeAll(async () => {
    test = await startTestServer({
      cronSecret,
      blocks: [...blocks, collect, signed],
      executors: {
        ...executors,
        'acme.collect': implementBlock(collect, {
          provider: slackServer,
          run: () => wait(signature, []),
          resume: async ({ input, wakeUp, soFar }) => {
            const id = wakeUp.kind === 'event' ? wakeUp.event.id : wakeUp.kind;
            if (refusals.delete(id)) {
              await client.disconnectIntegration({ params: { provider: 'slack' } });
              throw new BlockError({
                kind: 'reconnect',
                code: 'token_revoked',
                message: 'Slack refused it.',
              });
            }
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
  const parked = async (runId: string, kind: string, events: number) => {
    const stop = new AbortController();
    let found: RunDetail['steps'][number] | undefined;
    const look = ({ run, steps }: RunDetail) => {
      const step = steps[1];
      const isThere = step?.wait?.kind === kind && (step.output as string[] | null)?.length === events;
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
    refusals.add('f2');
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
});
