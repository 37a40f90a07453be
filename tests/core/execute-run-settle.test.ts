import { done, MemoryRunStore, type StepRecord } from '../../src/core';
import { definition, node } from '../support/definitions';
import { Crash, CrashingStore, fail, type RunOptions, reopen, run, START } from './run-harness';

const around = (type: string, rest = {}) =>
  definition([node('a', type, rest), node('b', 'test.once')], ['trigger -> a', 'a -> b']);
const later = { clock: { now: () => START + 60_000 } };

/** The journal with one step as a person settled it. */
const settled = (steps: StepRecord[], key: string, change: Partial<StepRecord>) =>
  new MemoryRunStore(steps.map((step) => (step.key === key ? { ...step, ...change } : step)));

describe('a step in doubt that a person settles', () => {
  const unknown: RunOptions = {
    behaviour: { a: () => fail('uncertain') },
    recovery: { a: () => ({ happened: 'unknown' }) },
  };
  async function inDoubt(type: string) {
    const retry = { maxAttempts: 1, backoff: 'fixed', delayMs: 0, maxDelayMs: 0 } as const;
    const workflow = around(type, { retry });
    const report = await run(workflow, unknown);
    expect(report.step('a').status).toBe('in_doubt');
    return { workflow, steps: report.steps };
  }

  it.each(['test.once', 'test.reconcilable'])(
    'as not happened runs again under the same effect key (%s), and its provider is not asked',
    async (type) => {
      const { workflow, steps } = await inDoubt(type);
      let asked = 0;
      const recovery: RunOptions['recovery'] = {
        a: () => {
          asked += 1;
          return { happened: 'unknown' };
        },
      };
      const report = await run(workflow, {
        store: settled(steps, 'a', { status: 'pending' }),
        recovery,
        ...later,
      });
      expect(report.end).toEqual({ status: 'succeeded' });
      expect(report.calls.map(({ step }) => [step.stepKey, step.attempt, step.effectKey])).toEqual([
        ['a', 2, 'effect:a'],
        ['b', 1, 'effect:b'],
      ]);
      expect(asked).toBe(0);
      expect(report.step('a')).toMatchObject({ status: 'succeeded', attempt: 2, error: null, seq: 0 });
      expect(report.step('a').attempts).toHaveLength(1);
    },
  );

  it('as not happened announces the new attempt before it acts, and is in doubt again when that is lost', async () => {
    const { workflow, steps } = await inDoubt('test.once');
    const dying = new CrashingStore(
      2,
      'before',
      steps.map((step) => ({ ...step, status: 'pending' as const })),
    );
    await expect(run(workflow, { store: dying })).rejects.toThrow(Crash);
    expect((await dying.load())[0]).toMatchObject({ status: 'running', attempt: 2 });
    const report = await run(workflow, { store: await reopen(dying) });
    expect(report.end.status).toBe('needs_attention');
    expect(report.calls).toEqual([]);
  });

  it('as happened is read back with the output the person gave, by the handle or the usual one', async () => {
    const { workflow, steps } = await inDoubt('test.once');
    for (const branch of ['next', null]) {
      const store = settled(steps, 'a', { status: 'succeeded', output: { id: 'by hand' }, branch });
      const report = await run(workflow, { store, ...later });
      expect(report.end).toEqual({ status: 'succeeded' });
      expect(report.calls.map(({ step }) => step.stepKey)).toEqual(['b']);
    }
  });

  it('inside a loop goes on with that item, and the items before it stay as they are', async () => {
    const workflow = definition(
      [
        node('each', 'flow.loop', { config: { items: [1, 2, 3] } }),
        node('a', 'test.once', { config: { n: '{{loop.item}}' } }),
      ],
      ['trigger -> each', 'each:each -> a'],
    );
    const first = await run(workflow, {
      behaviour: { a: ({ input }) => (input.n === 2 ? fail('uncertain') : input) },
    });
    expect(first.story).toEqual(['each running', 'each[0]/a succeeded next', 'each[1]/a in_doubt']);
    const second = await run(workflow, { store: settled(first.steps, 'each[1]/a', { status: 'pending' }) });
    expect(second.calls.map(({ step }) => step.stepKey)).toEqual(['each[1]/a', 'each[2]/a']);
    expect(second.end).toEqual({ status: 'succeeded' });
  });
});

describe('a loop that is taken up again over another list', () => {
  const workflow = definition(
    [
      node('each', 'flow.loop', { config: { items: '{{trigger.payload.rows}}' } }),
      node('a', 'test.once', { config: { n: '{{loop.item.n}}' } }),
    ],
    ['trigger -> each', 'each:each -> a'],
  );
  async function begun() {
    const dying = new CrashingStore(2, 'after');
    await expect(
      run(workflow, { store: dying, payload: { rows: [{ n: 1, m: 2 }, { n: 3 }] } }),
    ).rejects.toThrow(Crash);
    return settled(await dying.load(), 'each[1]/a', { status: 'pending' });
  }

  it('fails by name: what is done for its items would be taken for that of others', async () => {
    const report = await run(workflow, { store: await begun(), payload: { rows: [{ n: 9 }, { n: 3 }] } });
    expect(report.end).toMatchObject({
      status: 'failed',
      error: { kind: 'terminal', code: 'items_changed', nodeId: 'each', stepKey: 'each' },
    });
    expect(report.calls).toEqual([]);
  });

  it('goes on over an equal one, whatever the order of its keys', async () => {
    const report = await run(workflow, {
      store: await begun(),
      payload: { rows: [{ m: 2, n: 1 }, { n: 3 }] },
    });
    expect(report.end).toEqual({ status: 'succeeded' });
    expect(report.calls.map(({ step }) => step.stepKey)).toEqual(['each[1]/a']);
  });
});

describe('a run that took its runners down', () => {
  const deaths = (count: number) => ({ facts: { deaths: count } });
  async function interrupted(type: string) {
    const store = new CrashingStore(2, 'before');
    await expect(run(around(type), { store })).rejects.toThrow(Crash);
    return reopen(store);
  }

  it('twice is tried once more', async () => {
    const report = await run(around('test.idempotent'), {
      store: await interrupted('test.idempotent'),
      ...deaths(2),
    });
    expect(report.end).toEqual({ status: 'succeeded' });
  });

  it.each(['test.once', 'test.idempotent', 'test.reconcilable'])(
    'three times is set aside, with the effect under way in doubt (%s), and nothing is called',
    async (type) => {
      const report = await run(around(type), { store: await interrupted(type), ...deaths(3) });
      const error = { kind: 'uncertain', code: 'runner_died', actor: 'developer' };
      expect(report.end).toMatchObject({
        status: 'needs_attention',
        error: { ...error, nodeId: 'a', stepKey: 'a' },
      });
      expect(report.step('a')).toMatchObject({ status: 'in_doubt', error, attempt: 1 });
      expect(report.calls).toEqual([]);
    },
  );

  it('three times without an effect under way has failed, and leaves no step open', async () => {
    const workflow = definition(
      [
        node('each', 'flow.loop', { config: { items: [1] } }),
        node('pause', 'test.wait', {
          config: { for: { kind: 'time', until: new Date(START).toISOString() } },
        }),
      ],
      ['trigger -> each', 'each:each -> pause'],
    );
    const first = await run(workflow);
    const report = await run(workflow, { store: await reopen(first.store), ...later, ...deaths(3) });
    expect(report.end).toMatchObject({
      status: 'failed',
      error: { kind: 'terminal', code: 'runner_died', nodeId: null, stepKey: null },
    });
    expect(report.story).toEqual(['each failed', 'each[0]/pause failed']);
    expect(report.step('each[0]/pause')).toMatchObject({ error: { code: 'runner_died' }, wakeAt: null });
  });

  it('three times before a settled step could begin anew has failed with that step', async () => {
    const first = await run(around('test.once'), { behaviour: { a: () => fail('uncertain') } });
    const store = settled(first.steps, 'a', { status: 'pending' });
    const report = await run(around('test.once'), { store, ...deaths(3) });
    expect(report.end.status).toBe('failed');
    expect(report.story).toEqual(['a failed']);
  });

  it('before its first commit has failed as well', async () => {
    const report = await run(around('test.pure'), deaths(7));
    expect(report.end).toMatchObject({ status: 'failed', error: { code: 'runner_died' } });
    expect(report.steps).toEqual([]);
    expect(report.calls).toEqual([]);
  });

  it('may still be settled: with no more deaths counted it goes on', async () => {
    const report = await run(around('test.once'), { store: await interrupted('test.once'), ...deaths(3) });
    const again = await run(around('test.once'), {
      store: settled(report.steps, 'a', { status: 'pending' }),
      behaviour: { a: () => done('ok') },
    });
    expect(again.end).toEqual({ status: 'succeeded' });
  });
});
