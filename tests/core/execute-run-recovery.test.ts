import type { Outcome, Recovery } from '../../src/core';
import { LeaseLostError, MemoryRunStore } from '../../src/core';
import { condition, definition, node } from '../support/definitions';
import { Crash, CrashingStore, fail, type RunOptions, reopen, run, START } from './run-harness';

const after = 'test.pure';
const around = (type: string, rest = {}) =>
  definition([node('a', type, rest), node('b', after)], ['trigger -> a', 'a -> b']);

/** A journal in which the runner died while step `a` was being carried out. */
async function interrupted(type: string, rest = {}) {
  const store = new CrashingStore(2, 'before');
  await expect(run(around(type, rest), { store })).rejects.toThrow(Crash);
  expect((await store.load()).map(({ key, status }) => [key, status])).toEqual([['a', 'running']]);
  return reopen(store);
}

const later = { clock: { now: () => START + 60_000 } };

describe('a step found running after a crash', () => {
  it('with an effect that may be repeated is carried out again under the same effect key', async () => {
    const report = await run(around('test.idempotent'), {
      store: await interrupted('test.idempotent'),
      ...later,
    });
    expect(report.end).toEqual({ status: 'succeeded' });
    expect(report.calls.map(({ step }) => [step.stepKey, step.attempt, step.effectKey])).toEqual([
      ['a', 2, 'effect:a'],
      ['b', 1, 'effect:b'],
    ]);
    expect(report.step('a')).toMatchObject({
      attempt: 2,
      error: null,
      attempts: [
        {
          attempt: 1,
          startedAt: new Date(START).toISOString(),
          finishedAt: new Date(START + 60_000).toISOString(),
          error: { code: 'interrupted' },
          delayMs: 0,
        },
      ],
    });
  });

  it('at most once is in doubt as the attempt it was, is not repeated, and nothing behind it runs', async () => {
    const report = await run(around('test.once'), { store: await interrupted('test.once'), ...later });
    expect(report.end).toMatchObject({
      status: 'needs_attention',
      error: { kind: 'uncertain', code: 'interrupted', nodeId: 'a', stepKey: 'a' },
    });
    expect(report.calls).toEqual([]);
    expect(report.story).toEqual(['a in_doubt']);
    expect(report.step('a')).toMatchObject({ attempt: 1, startedAt: new Date(START).toISOString() });
    expect(report.step('a').attempts).toHaveLength(1);
  });

  it('in doubt stays in doubt when the run is taken up again, with the same end', async () => {
    const first = await run(around('test.once'), { store: await interrupted('test.once') });
    const second = await run(around('test.once'), { store: await reopen(first.store) });
    expect(second.end).toEqual(first.end);
    expect(second.steps).toEqual(first.steps);
  });

  const asked = async (recover: () => Recovery | Promise<Recovery>, options: RunOptions = {}) =>
    run(around('test.reconcilable'), {
      store: await interrupted('test.reconcilable'),
      recovery: { a: recover },
      ...later,
      ...options,
    });
  const found: Outcome = { kind: 'done', output: { id: 'found' } };

  it('that the provider knows of is taken as done with what it found, and is not repeated', async () => {
    const report = await asked(() => ({ happened: true, outcome: found }));
    expect(report.calls.map(({ step }) => step.stepKey)).toEqual(['b']);
    expect(report.step('a')).toMatchObject({ status: 'succeeded', output: { id: 'found' }, branch: 'next' });
  });

  it('that the provider has never heard of is carried out', async () => {
    const report = await asked(() => ({ happened: false }));
    expect(report.calls.map(({ step }) => [step.stepKey, step.attempt])).toEqual([
      ['a', 2],
      ['b', 1],
    ]);
    expect(report.end).toEqual({ status: 'succeeded' });
  });

  it('that the provider cannot tell of is in doubt, and is not repeated', async () => {
    const report = await asked(() => ({ happened: 'unknown' }));
    expect(report.end).toMatchObject({ status: 'needs_attention', error: { code: 'interrupted' } });
    expect(report.calls).toEqual([]);
  });

  it('is asked about again when the provider does not answer, and is in doubt when it never does', async () => {
    const recovery = { a: () => fail('retry', { code: 'away' }) };
    let report = await asked(recovery.a);
    expect(report.step('a')).toMatchObject({ status: 'waiting', error: { kind: 'uncertain', code: 'away' } });
    for (let asks = 2; report.end.status === 'waiting'; asks += 1) {
      const now = Date.parse(report.end.wakeAt);
      report = await run(around('test.reconcilable'), {
        store: await reopen(report.store),
        recovery,
        clock: { now: () => now },
      });
      expect(asks).toBeLessThan(5);
    }
    expect(report.end).toMatchObject({ status: 'needs_attention', error: { code: 'away' } });
    expect(report.calls).toEqual([]);
  });

  it('is asked about as often as its turn takes, and looked for from when it began', async () => {
    const began: number[] = [];
    const recovery: RunOptions['recovery'] = {
      a: ({ step }) => {
        began.push(step.firstAttemptAt);
        return began.length <= 20
          ? fail('retry', { code: 'paced', retryAfterMs: 11_000 })
          : { happened: false };
      },
    };
    const crashed = await interrupted('test.reconcilable');
    let report = await run(around('test.reconcilable'), { store: crashed, recovery, ...later });
    expect(report.step('a')).toMatchObject({
      status: 'waiting',
      error: { kind: 'uncertain', code: 'paced' },
    });
    while (report.end.status === 'waiting') {
      const now = Date.parse(report.end.wakeAt);
      const store = await reopen(report.store);
      report = await run(around('test.reconcilable'), { store, recovery, clock: { now: () => now } });
    }
    expect(report.end).toEqual({ status: 'succeeded' });
    expect(began).toEqual(Array(21).fill(START));
    expect(report.calls.map(({ step }) => [step.nodeId, step.attempt, step.firstAttemptAt])).toEqual([
      ['a', 2, START],
      ['b', 1, expect.any(Number)],
    ]);
  });

  it('without recover() is in doubt though its class is reconcilable', async () => {
    const executors = {
      'test.reconcilable': { type: 'test.reconcilable', provider: null, timeoutMs: 1000, run: () => found },
    };
    const report = await asked(() => ({ happened: false }), { executors });
    expect(report.end).toMatchObject({ status: 'needs_attention' });
  });

  it('that takes its runner down every time comes to an end, by name', async () => {
    for (const type of ['test.idempotent', 'test.reconcilable']) {
      let store: MemoryRunStore = new MemoryRunStore();
      const recovery = { a: () => ({ happened: false }) as const };
      for (let crash = 1; crash <= 5; crash += 1) {
        const dying = new CrashingStore(2, 'before', await store.load());
        await expect(run(around(type), { store: dying, recovery })).rejects.toThrow(Crash);
        store = dying;
      }
      const report = await run(around(type), { store: await reopen(store), recovery });
      expect(report.end).toMatchObject({
        status: 'failed',
        error: { kind: 'terminal', code: 'interrupted' },
      });
      expect(report.step('a').attempts.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4, 5]);
      expect(report.calls).toEqual([]);
    }
  });

  it('of a block without effects leaves no trace: it was never recorded as running', async () => {
    const store = new CrashingStore(1, 'before');
    await expect(run(around('test.pure'), { store })).rejects.toThrow(Crash);
    const report = await run(around('test.pure'), { store: await reopen(store) });
    expect(report.step('a')).toMatchObject({ status: 'succeeded', attempt: 1, attempts: [] });
  });
});

describe('a failure nobody can read', () => {
  const lost = { a: () => fail('uncertain', { code: 'answer_lost' }) };
  const outcomeOf = async (type: string, rest = {}) => run(around(type, rest), { behaviour: lost });

  it('of a block without effects, or with repeatable ones, is tried again', async () => {
    for (const type of ['test.pure', 'test.idempotent', 'test.reconcilable']) {
      expect((await outcomeOf(type)).step('a')).toMatchObject({ status: 'waiting', attempt: 1 });
    }
  });

  it('of a block that acts at most once is in doubt at once, whatever its retries and onError say', async () => {
    const report = await outcomeOf('test.once', { onError: 'continue' });
    expect(report.end).toMatchObject({ status: 'needs_attention', error: { code: 'answer_lost' } });
    expect(report.story).toEqual(['a in_doubt']);
  });

  it('of a reconcilable block is asked of the provider before anything is repeated', async () => {
    const first = await outcomeOf('test.reconcilable');
    const now = START + 60_000;
    const next = (happened: Recovery) =>
      reopen(first.store).then((store) =>
        run(around('test.reconcilable'), {
          store,
          recovery: { a: () => happened },
          clock: { now: () => now },
        }),
      );
    const done = await next({ happened: true, outcome: { kind: 'done', output: 1 } });
    expect(done.calls.map(({ step }) => step.stepKey)).toEqual(['b']);
    const again = await next({ happened: false });
    expect(again.calls.map(({ step }) => [step.stepKey, step.attempt])).toEqual([
      ['a', 2],
      ['b', 1],
    ]);
    const doubtful = await next({ happened: 'unknown' });
    expect(doubtful.end).toMatchObject({ status: 'needs_attention', error: { code: 'answer_lost' } });
  });

  it('of a reconcilable block at its last attempt is in doubt, not failed', async () => {
    const retry = { maxAttempts: 1, backoff: 'fixed', delayMs: 0, maxDelayMs: 0 };
    expect((await outcomeOf('test.reconcilable', { retry })).end.status).toBe('needs_attention');
    expect((await outcomeOf('test.idempotent', { retry })).end.status).toBe('failed');
  });

  it('is what any unforeseen error of a block with effects counts as', async () => {
    const behaviour = {
      a: () => {
        throw new Error('socket hang up');
      },
    };
    expect((await run(around('test.once'), { behaviour })).end.status).toBe('needs_attention');
    expect((await run(around('test.idempotent'), { behaviour })).end.status).toBe('waiting');
  });
});

describe('a lost lease', () => {
  it('stops the leg before the effect, and writes nothing', async () => {
    const store = new MemoryRunStore();
    store.loseLease();
    await expect(run(around('test.idempotent'), { store })).rejects.toThrow(LeaseLostError);
    expect(await store.load()).toEqual([]);
  });

  it('found out after an effect writes nothing more: what the other runner finds is the intent', async () => {
    const store = new MemoryRunStore();
    const attempt = run(around('test.once'), { store, behaviour: { a: () => store.loseLease() } });
    await expect(attempt).rejects.toThrow(LeaseLostError);
    expect((await store.load()).map(({ key, status }) => [key, status])).toEqual([['a', 'running']]);
  });

  it('that shows while a step is prepared is no failure of the step', async () => {
    const executors = {
      'test.once': {
        type: 'test.once',
        provider: null,
        timeoutMs: 1000,
        run: () => {
          throw new LeaseLostError();
        },
      },
    };
    const store = new MemoryRunStore();
    await expect(run(around('test.once'), { store, executors })).rejects.toThrow(LeaseLostError);
    expect(store.commits).toHaveLength(1);
  });

  it('reaches a step under way through its signal', async () => {
    const lost = new AbortController();
    const store = new MemoryRunStore();
    const attempt = run(around('test.idempotent'), {
      store,
      signal: lost.signal,
      behaviour: {
        a: ({ step }) => {
          store.loseLease();
          lost.abort();
          step.signal.throwIfAborted();
        },
      },
    });
    await expect(attempt).rejects.toThrow(LeaseLostError);
    expect(store.commits).toHaveLength(1);
  });
});

describe('a runner that closes', () => {
  it('ends the leg as queued before the next effect, keeping what is done', async () => {
    let isClosing = false;
    const workflow = definition(
      [node('a', 'test.idempotent'), node('p', 'test.pure'), node('b', 'test.idempotent')],
      ['trigger -> a', 'a -> p', 'p -> b'],
    );
    const shouldStop = () => isClosing;
    const first = await run(workflow, {
      shouldStop,
      behaviour: {
        a: () => {
          isClosing = true;
        },
      },
    });
    expect(first.end).toEqual({ status: 'queued' });
    expect(first.story).toEqual(['a succeeded next', 'p succeeded next']);
    const second = await run(workflow, { store: await reopen(first.store) });
    expect(second.end).toEqual({ status: 'succeeded' });
    expect(second.calls.map(({ step }) => step.stepKey)).toEqual(['b']);
  });

  it('lets a run without effects come to its end', async () => {
    const report = await run(
      definition([node('choice', 'flow.if', { config: condition(1, 'eq', 1) })], ['trigger -> choice']),
      { shouldStop: () => true },
    );
    expect(report.end).toEqual({ status: 'succeeded' });
  });
});
