import { MemoryRunStore, type Wait, type WorkflowDefinition } from '../../src/core';
import { condition, definition, node } from '../support/definitions';
import {
  type Call,
  CancelingStore,
  Crash,
  CrashingStore,
  fail,
  type RunOptions,
  type RunReport,
  run,
  START,
} from './run-harness';

const iso = (ms: number) => new Date(ms).toISOString();
const event: Wait = { kind: 'event', type: 'signed', where: [], until: iso(START + 9_000_000) };

const graphs: Record<string, { workflow: WorkflowDefinition; options?: RunOptions }> = {
  linear: {
    workflow: definition(
      [
        node('a', 'test.once'),
        node('b', 'test.pure'),
        node('c', 'test.idempotent'),
        node('d', 'test.reconcilable'),
      ],
      ['trigger -> a', 'a -> b', 'b -> c', 'c -> d'],
    ),
  },
  branching: {
    workflow: definition(
      [
        node('a', 'test.once'),
        node('choice', 'flow.if', { config: condition(1, 'eq', 1) }),
        node('b', 'test.once'),
        node('c', 'test.once'),
        node('join', 'test.idempotent'),
      ],
      ['trigger -> a', 'a -> choice', 'choice:true -> b', 'choice:false -> c', 'b -> join', 'c -> join'],
    ),
  },
  looping: {
    workflow: definition(
      [
        node('outer', 'flow.loop', {
          config: { items: [1, 2], onItemError: 'continue' },
          onError: 'continue',
        }),
        node('inner', 'flow.loop', { config: { items: ['x', 'y'] } }),
        node('a', 'test.once'),
        node('b', 'test.once'),
      ],
      ['trigger -> outer', 'outer:each -> inner', 'inner:each -> a', 'outer:done -> b'],
    ),
  },
  waiting: {
    workflow: definition(
      [
        node('each', 'flow.loop', { config: { items: [1, 2] } }),
        node('a', 'test.once'),
        node('pause', 'test.wait', { config: { for: event } }),
        node('b', 'test.once'),
      ],
      ['trigger -> each', 'each:each -> a', 'a -> pause', 'pause:late -> b'],
    ),
  },
  retrying: {
    workflow: definition(
      [
        node('a', 'test.once'),
        node('b', 'test.idempotent', {
          retry: { maxAttempts: 9, backoff: 'fixed', delayMs: 50, maxDelayMs: 50 },
        }),
        node('c', 'test.once'),
      ],
      ['trigger -> a', 'a -> b', 'b -> c'],
    ),
    options: { behaviour: { b: ({ step }) => (step.attempt < 3 ? fail('retry') : 'ok') } },
  },
};

/** Leg after leg, each at the time the one before it waits for. */
async function follow(workflow: WorkflowDefinition, store: MemoryRunStore, options: RunOptions = {}) {
  const calls: RunReport['calls'] = [];
  let now = START;
  for (let leg = 0; leg < 20; leg += 1) {
    const report = await run(workflow, { ...options, store, clock: { now: () => now } });
    calls.push(...report.calls);
    if (report.end.status !== 'waiting') return { ...report, calls };
    now = Date.parse(report.end.wakeAt);
  }
  throw new Error('The run did not come to an end.');
}

/** What is called before a run's nth commit is written. */
async function calledBefore(workflow: WorkflowDefinition, at: number, options: RunOptions = {}) {
  const keys: string[] = [];
  const behaviour = Object.fromEntries(
    workflow.nodes.map(({ id }) => [
      id,
      (call: Call) => {
        keys.push(call.step.stepKey);
        return (options.behaviour?.[id] ?? (() => call.input))(call);
      },
    ]),
  );
  const dying = new CrashingStore(at, 'before');
  await expect(follow(workflow, dying, { ...options, behaviour })).rejects.toThrow(Crash);
  return keys;
}

describe.each(Object.entries(graphs))('a run of a %s workflow', (_, { workflow, options }) => {
  it('canceled before any of its commits begins nothing more, keeps what is done, and leaves no step open', async () => {
    const calm = await follow(workflow, new MemoryRunStore(), options);
    expect(calm.end).toEqual({ status: 'succeeded' });
    const total = calm.commits.length;
    expect(total).toBeGreaterThan(3);
    for (let at = 1; at <= total; at += 1) {
      const report = await follow(workflow, new CancelingStore(at), options);
      expect(report.end).toEqual({ status: at === total ? 'succeeded' : 'canceled' });
      expect(report.commits).toHaveLength(at);
      expect(report.commits.at(-1)?.end).toEqual(report.end);
      const before = await calledBefore(workflow, at, options);
      expect(report.calls.map(({ step }) => step.stepKey)).toEqual(before);
      expect(report.steps.filter(({ status }) => ['pending', 'running', 'waiting'].includes(status))).toEqual(
        [],
      );
      for (const step of report.steps.filter(({ status }) => status !== 'canceled'))
        expect(step).toEqual(calm.step(step.key));
    }
  });
});

describe('a wish to cancel', () => {
  const two = definition([node('a', 'test.once'), node('b', 'test.once')], ['trigger -> a', 'a -> b']);

  it('that comes while an effect is under way lets it end: its result is recorded, the next is not begun', async () => {
    const store = new MemoryRunStore();
    const report = await run(two, { store, behaviour: { a: () => store.requestCancel() } });
    expect(report.end).toEqual({ status: 'canceled' });
    expect(report.story).toEqual(['a succeeded next', 'b canceled']);
    expect(report.calls.map(({ step }) => step.stepKey)).toEqual(['a']);
  });

  it('that comes during the last step is too late: the run has succeeded, or failed', async () => {
    for (const [answer, status] of [
      [() => 'ok', 'succeeded'],
      [() => fail('terminal'), 'failed'],
    ] as const) {
      const store = new MemoryRunStore();
      const behaviour: RunOptions['behaviour'] = {
        b: () => {
          store.requestCancel();
          return answer();
        },
      };
      expect((await run(two, { store, behaviour })).end.status).toBe(status);
    }
  });

  it('is stronger than a runner that closes, a next attempt, and a doubt: the doubt stays on record', async () => {
    for (const [options, story] of [
      [{ shouldStop: () => true }, ['a succeeded next']],
      [{ behaviour: { b: () => fail('retry') } }, ['a succeeded next', 'b canceled']],
      [{ behaviour: { b: () => fail('uncertain') } }, ['a succeeded next', 'b in_doubt']],
    ] as const) {
      const begun = new CrashingStore(2, 'after');
      await expect(run(two, { store: begun, behaviour: { a: () => 'done' } })).rejects.toThrow(Crash);
      const steps = (await begun.load()).filter(({ key }) => key === 'a');
      const store = new CancelingStore('shouldStop' in options ? 1 : 2, steps);
      const report = await run(two, { ...options, store });
      expect(report.end).toEqual({ status: 'canceled' });
      expect(report.story).toEqual(story);
    }
  });

  it('stops a long stretch of steps without effects at the commit in its middle', async () => {
    const store = new MemoryRunStore();
    store.requestCancel();
    const items = Array.from({ length: 300 }, (_, item) => item);
    const report = await run(
      definition(
        [node('each', 'flow.loop', { config: { items } }), node('a', 'test.pure')],
        ['trigger -> each', 'each:each -> a'],
      ),
      { store },
    );
    expect(report.end).toEqual({ status: 'canceled' });
    expect(report.calls.length).toBeLessThan(300);
    expect(report.step('each').status).toBe('canceled');
  });

  it('met by a runner that has lost the run is not its business', async () => {
    const store = new MemoryRunStore();
    store.requestCancel();
    store.loseLease();
    await expect(run(two, { store })).rejects.toThrow('lease');
  });
});
