import * as z from 'zod';
import {
  BlockError,
  defineProvider,
  defineTrigger,
  done,
  executeRun,
  implementProvider,
  implementTrigger,
  indexBlocks,
  type Json,
  MemoryRunStore,
  type Outcome,
  type RunArgument,
  stop,
  type WorkflowNode,
} from '../../src/core';
import { definition, node } from '../support/definitions';
import { blocks, START } from './run-harness';

const text = { en: 'Mail', it: 'Posta' };
const provider = defineProvider({
  ...{ id: 'post', label: text, description: text, icon: 'p', color: '#000000', auth: { type: 'none' } },
});
const mail = defineTrigger({
  ...{ type: 'post.mail', provider: 'post', label: text, description: text, icon: 'm' },
  input: z.strictObject({ folder: z.string().default('inbox') }),
  announced: z.object({ id: z.string() }),
  output: z.object({ id: z.string(), body: z.string() }),
  sample: { id: '1', body: 'Ciao' },
});

type Complete = (
  argument: RunArgument<{ announced: { id: string }; config: { folder: string } }, null>,
) => Outcome;

const given = (trigger: Partial<WorkflowNode> = {}) =>
  definition(
    [
      node('trigger', 'post.mail', { config: {}, ...trigger }),
      node('tell', 'test.idempotent', { config: { said: '{{trigger.payload.body}}' } }),
      node('ask', 'test.idempotent', { config: { id: '{{trigger.payload.id}}' } }),
    ],
    ['trigger -> tell', 'tell -> ask'],
  );

interface Leg {
  complete: Complete;
  payload?: Json;
  store?: MemoryRunStore;
  now?: number;
  flow?: ReturnType<typeof given>;
}

async function walk({
  complete,
  payload = { id: '7' },
  store = new MemoryRunStore(),
  now = START,
  flow = given(),
}: Leg) {
  const own = implementProvider(provider, {
    client: () => null,
    mapError: () => ({ kind: 'retry', code: 'x', message: 'x' }),
  });
  const echo = {
    type: 'test.idempotent',
    provider: null,
    timeoutMs: 1000,
    run: ({ input }: { input: Json }) => done(input),
  };
  const end = await executeRun({
    run: { id: 'run_1', companyId: 'rossi', payload, workflow: { id: 'wf_1', name: 'Posta' } },
    definition: flow,
    blocks: indexBlocks([...blocks.values(), mail]),
    executors: {
      'post.mail': implementTrigger(mail, { provider: own, complete }),
      'test.idempotent': echo as never,
    },
    store,
    connect: async () => null,
    effectKey: (key) => key,
    clock: { now: () => now },
    random: () => 0.5,
  });
  const steps = await store.load(now);
  return { end, store, steps, story: steps.map(({ key, status }) => `${key} ${status}`) };
}

const whole: Complete = ({ input: { announced, config } }) =>
  done({ ...announced, body: `from ${config.folder}` });

describe('a trigger of which less is known at first', () => {
  it('is made whole in the first step, and the others see what that gave', async () => {
    const { end, steps, story } = await walk({ complete: whole });
    expect([end.status, ...story]).toEqual([
      ...['succeeded', 'trigger succeeded', 'tell succeeded', 'ask succeeded'],
    ]);
    expect(steps.map(({ output }) => output)).toEqual([
      { id: '7', body: 'from inbox' },
      { said: 'from inbox' },
      { id: '7' },
    ]);
  });

  it('is given its configuration and what was announced as they are, references or not', async () => {
    const { steps } = await walk({
      complete: whole,
      payload: { id: '{{run.id}}' },
      flow: given({ config: { folder: '{{trigger.payload.id}}' } }),
    });
    expect(steps[0]?.output).toEqual({ id: '{{run.id}}', body: 'from {{trigger.payload.id}}' });
    expect(steps[1]?.output).toEqual({ said: 'from {{trigger.payload.id}}' });
  });

  it('is asked once: later legs read back what it gave', async () => {
    let asked = 0;
    const complete: Complete = (argument) => {
      asked += 1;
      return whole(argument);
    };
    const { store } = await walk({ complete });
    const again = await walk({ complete, store });
    expect([asked, again.end.status]).toEqual([1, 'succeeded']);
  });

  it('has no first step when the run was started with the whole', async () => {
    const { story, steps } = await walk({
      complete: () => {
        throw new Error('It is asked of nobody.');
      },
      payload: { id: '8', body: 'By hand' },
    });
    expect(story).toEqual(['tell succeeded', 'ask succeeded']);
    expect(steps[0]?.output).toEqual({ said: 'By hand' });
  });

  it('may end the run there and then', async () => {
    const { end, steps } = await walk({ complete: () => stop('succeeded', 'of no interest') });
    expect(end).toEqual({ status: 'succeeded' });
    expect(steps).toMatchObject([{ key: 'trigger', branch: null, output: { message: 'of no interest' } }]);
  });

  it('is asked again for half an hour before it is given up, whatever the node says of failures', async () => {
    const store = new MemoryRunStore();
    const failing: Complete = () => {
      throw new BlockError({ kind: 'retry', code: 'away', message: 'Away.' });
    };
    let now = START;
    let legs = 0;
    for (;;) {
      const { end } = await walk({ complete: failing, store, now, flow: given({ onError: 'continue' }) });
      legs += 1;
      if (end.status !== 'waiting') {
        expect(end).toMatchObject({ status: 'failed', error: { code: 'away', stepKey: 'trigger' } });
        break;
      }
      now = Date.parse(end.wakeAt);
    }
    expect(legs).toBe(10);
    expect(now - START).toBeGreaterThan(20 * 60_000);
  });
});
