import { MemoryRunStore, type StepRecord, type WorkflowDefinition } from '../../src/core';
import { condition, definition, node } from '../support/definitions';
import { Crash, CrashingStore, fail, type RunOptions, reopen, run } from './run-harness';

const chain = (types: string[]) => {
  const nodes = types.map((type, index) => node(`s${index}`, type));
  return definition(
    nodes,
    nodes.map(({ id }, index) => `${index === 0 ? 'trigger' : `s${index - 1}`} -> ${id}`),
  );
};

describe('the commits of a run', () => {
  it.each([0, 1, 2, 7])('are one more than its effects: %i', async (count) => {
    const report = await run(chain(Array.from({ length: count }, () => 'test.idempotent')));
    expect(report.calls).toHaveLength(count);
    expect(report.commits).toHaveLength(count + 1);
  });

  it('record the result of one effect together with the intent of the next, the end with the last', async () => {
    const report = await run(chain(['test.once', 'test.idempotent']));
    expect(
      report.commits.map(({ steps, end, intent }) => [
        ...steps.map(({ key, status }) => `${key} ${status}`),
        intent ? `begins ${intent}` : end?.status,
      ]),
    ).toEqual([
      ['s0 running', 'begins s0'],
      ['s0 succeeded', 's1 running', 'begins s1'],
      ['s1 succeeded', 'succeeded'],
    ]);
  });

  it('are none for pure blocks: what they did rides with the next commit', async () => {
    const report = await run(
      definition(
        [
          node('p', 'test.pure'),
          node('choice', 'flow.if', { config: condition(1, 'eq', 1) }),
          node('each', 'flow.loop', { config: { items: [1, 2] } }),
          node('inside', 'test.pure'),
          node('act', 'test.idempotent'),
          node('off', 'test.pure'),
        ],
        [
          'trigger -> p',
          'p -> choice',
          'choice:true -> each',
          'each:each -> inside',
          'each:done -> act',
          'choice:false -> off',
        ],
      ),
    );
    expect(report.commits).toHaveLength(2);
    expect(report.commits[0]?.steps.map(({ key }) => key).sort()).toEqual(
      ['act', 'choice', 'each', 'each[0]/inside', 'each[1]/inside', 'p'].sort(),
    );
  });

  it('come before the effect they announce', async () => {
    const store = new MemoryRunStore();
    await run(chain(['test.once']), {
      store,
      behaviour: {
        s0: async () => expect((await store.load()).map(({ status }) => status)).toEqual(['running']),
      },
    });
    expect.assertions(1);
  });

  it('number the steps in the order the run reached them, over legs as well', async () => {
    const workflow = chain(['test.once', 'test.idempotent', 'test.pure']);
    const dying = new CrashingStore(2, 'after');
    await expect(run(workflow, { store: dying })).rejects.toThrow(Crash);
    const report = await run(workflow, { store: await reopen(dying) });
    expect(report.steps.map(({ key, seq }) => [key, seq])).toEqual([
      ['s0', 0],
      ['s1', 1],
      ['s2', 2],
    ]);
  });
});

/** Branches, a join, nested loops, a failure passed over, every class of effect. */
const everything: WorkflowDefinition = definition(
  [
    node('first', 'test.idempotent', { config: { of: '{{trigger.payload.id}}' } }),
    node('choice', 'flow.if', { config: condition('{{trigger.payload.id}}', 'eq', 'd1') }),
    node('yes', 'test.reconcilable', { config: { from: '{{step.first.output.of}}' } }),
    node('no', 'test.once'),
    node('join', 'test.idempotent', { config: { a: '{{step.yes.output.from?}}', b: '{{step.no.output?}}' } }),
    node('outer', 'flow.loop', { config: { items: [1, 2], onItemError: 'continue' } }),
    node('inner', 'flow.loop', {
      config: { items: ['x', 'y'], collect: '{{loop.item}}{{loop.outer.item}}' },
    }),
    node('row', 'test.idempotent', { config: { n: '{{loop.outer.item}}', s: '{{loop.item}}' } }),
    node('risky', 'test.pure', { onError: 'branch' }),
    node('mend', 'test.reconcilable'),
    node('last', 'test.idempotent', { config: { rows: '{{step.outer.output.results}}' } }),
  ],
  [
    'trigger -> first',
    'first -> choice',
    'choice:true -> yes',
    'choice:false -> no',
    'yes -> join',
    'no -> join',
    'join -> outer',
    'outer:each -> inner',
    'inner:each -> row',
    'outer:done -> risky',
    'risky:error -> mend',
    'mend -> last',
  ],
);

describe('a run killed and resumed', () => {
  /** Effects as the provider sees them: the first call of a key acts, others with the same key are answered from memory. */
  function provider() {
    const acted: string[] = [];
    const act = ({ step, input }: { step: { effectKey: string }; input: unknown }) => {
      if (!acted.includes(step.effectKey)) acted.push(step.effectKey);
      return input;
    };
    const ids = everything.nodes.map(({ id }) => id);
    const options: RunOptions = {
      payload: { id: 'd1' },
      behaviour: {
        ...Object.fromEntries(ids.map((id) => [id, act])),
        row: (call) => {
          if (call.input.n === 2 && call.input.s === 'y') throw new Error('no row');
          return act(call);
        },
        risky: () => {
          throw new Error('it failed');
        },
      },
      recovery: Object.fromEntries(
        ['yes', 'mend'].map((id) => [
          id,
          ({ step, input }) =>
            acted.includes(step.effectKey)
              ? { happened: true, outcome: { kind: 'done', output: input } }
              : { happened: false },
        ]),
      ),
    };
    return { acted, options };
  }

  /** The journal but for what may differ: how often a step was begun. */
  const facts = (steps: StepRecord[]) =>
    steps.map(({ attempt: _, attempts: __, error, ...step }) => ({ ...step, error: error?.code ?? null }));
  const followed = async (store: MemoryRunStore, options: RunOptions) => {
    let report = await run(everything, { ...options, store });
    for (let leg = 2; report.end.status === 'waiting' && leg < 9; leg += 1) {
      const now = Date.parse(report.end.wakeAt);
      report = await run(everything, { ...options, store: report.store, clock: { now: () => now } });
    }
    return report;
  };
  const withoutTimes = (steps: StepRecord[]) =>
    facts(steps).map(({ startedAt: _, finishedAt: __, ...step }) => step);

  it.each(['before', 'after'] as const)(
    'right %s any of its commits ends with the journal of an undisturbed run, and every effect once',
    async (when) => {
      const calm = provider();
      const expected = await followed(new MemoryRunStore(), calm.options);
      expect(expected.end).toEqual({ status: 'succeeded' });
      const total = expected.commits.length;
      expect(total).toBeGreaterThan(9);
      for (let at = 1; at <= total; at += 1) {
        const { acted, options } = provider();
        const dying = new CrashingStore(at, when);
        await expect(followed(dying, options)).rejects.toThrow(Crash);
        const succeeded = (await dying.load()).filter(({ status }) => status === 'succeeded');
        const report = await followed(await reopen(dying), options);
        expect(report.end).toEqual(expected.end);
        expect(withoutTimes(report.steps)).toEqual(withoutTimes(expected.steps));
        expect(acted).toEqual(calm.acted);
        const repeated = report.calls.filter(({ step }) => succeeded.some(({ key }) => key === step.stepKey));
        expect(repeated).toEqual([]);
      }
    },
  );

  it('after its end writes no step again and calls nothing', async () => {
    const { options } = provider();
    const ended = await followed(new MemoryRunStore(), options);
    const again = await run(everything, { ...options, store: await reopen(ended.store) });
    expect(again.end).toEqual(ended.end);
    expect(again.calls).toEqual([]);
    expect(again.steps.map(({ key, output, branch }) => [key, output, branch])).toEqual(
      ended.steps.map(({ key, output, branch }) => [key, output, branch]),
    );
  });

  it('after it failed reads the failed step back: the run ends as it did, and nothing is called', async () => {
    const workflow = chain(['test.once', 'test.once']);
    const first = await run(workflow, { behaviour: { s0: () => fail('terminal') } });
    const again = await run(workflow, { store: await reopen(first.store) });
    expect(first.end).toMatchObject({ status: 'failed', error: { stepKey: 's0' } });
    expect(again.end).toEqual(first.end);
    expect(again.calls).toEqual([]);
  });
});
