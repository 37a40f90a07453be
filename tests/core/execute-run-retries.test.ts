import { defaultRetryPolicy, type RetryPolicy, retryDelay, retryPolicySchema } from '../../src/core';
import { definition, node } from '../support/definitions';
import { fail, type RunOptions, type RunReport, run, START } from './run-harness';

const around = (type: string, rest = {}) =>
  definition([node('a', type, rest), node('b', 'test.pure')], ['trigger -> a', 'a -> b']);
const wakeAtOf = ({ end }: RunReport) => (end.status === 'waiting' ? Date.parse(end.wakeAt) : Number.NaN);

describe('a step whose failure may pass', () => {
  const retry = { maxAttempts: 3, backoff: 'exponential', delayMs: 1000, maxDelayMs: 60_000 } as const;

  it('parks the run until the next attempt and records the attempt with its delay', async () => {
    const report = await run(around('test.idempotent', { retry }), { behaviour: { a: () => fail('retry') } });
    const at = new Date(START).toISOString();
    const wakeAt = new Date(START + 1000).toISOString();
    expect(report.end).toEqual({ status: 'waiting', wakeAt });
    expect(report.step('a')).toMatchObject({
      status: 'waiting',
      attempt: 1,
      wakeAt,
      attempts: [
        {
          attempt: 1,
          startedAt: at,
          finishedAt: at,
          delayMs: 1000,
          error: { kind: 'retry', code: 'retry_failure' },
        },
      ],
    });
    expect(report.steps).toHaveLength(1);
  });

  it('goes on waiting when it is woken early, and the step is not touched', async () => {
    const first = await run(around('test.idempotent', { retry }), { behaviour: { a: () => fail('retry') } });
    const early = await run(around('test.idempotent', { retry }), { store: first.store });
    expect(early.end).toEqual(first.end);
    expect(early.calls).toEqual([]);
    expect(early.steps).toEqual(first.steps);
  });

  it('succeeds at a later attempt, keeps the failed ones, and uses one effect key for all', async () => {
    const definition_ = around('test.idempotent', { retry });
    const first = await run(definition_, { behaviour: { a: () => fail('retry') } });
    const second = await run(definition_, { store: first.store, clock: { now: () => wakeAtOf(first) } });
    expect(second.end).toEqual({ status: 'succeeded' });
    expect(second.step('a')).toMatchObject({ status: 'succeeded', attempt: 2, error: null, wakeAt: null });
    expect(second.step('a').attempts).toEqual(first.step('a').attempts);
    const keys = [...first.calls, ...second.calls].map(({ step }) => [
      step.nodeId,
      step.attempt,
      step.effectKey,
    ]);
    expect(keys).toEqual([
      ['a', 1, 'effect:a'],
      ['a', 2, 'effect:a'],
      ['b', 1, 'effect:b'],
    ]);
  });

  it('fails after its last attempt with every one on record, the last without a delay', async () => {
    const definition_ = around('test.idempotent', { retry });
    const behaviour = { a: () => fail('retry') };
    let report = await run(definition_, { behaviour });
    for (let leg = 2; leg <= 3; leg += 1) {
      const now = wakeAtOf(report);
      report = await run(definition_, { behaviour, store: report.store, clock: { now: () => now } });
    }
    expect(report.end).toMatchObject({ status: 'failed', error: { kind: 'retry', code: 'retry_failure' } });
    expect(report.step('a').attempts.map(({ attempt, delayMs }) => [attempt, delayMs])).toEqual([
      [1, 1000],
      [2, 2000],
      [3, null],
    ]);
  });

  it('is tried once when its policy says one attempt', async () => {
    const report = await run(around('test.idempotent', { retry: { ...retry, maxAttempts: 1 } }), {
      behaviour: { a: () => fail('retry') },
    });
    expect(report.end.status).toBe('failed');
  });
});

describe('a step that finds no turn', () => {
  const once = around('test.once', { retry: { ...defaultRetryPolicy, maxAttempts: 1 } });
  const paced = () => fail('retry', { code: 'paced', retryAfterMs: 11_000 });
  /** Legs, each at the time the one before it waits for, until one ends the run. */
  const runToEnd = async (definition_: typeof once, options: RunOptions) => {
    let report = await run(definition_, options);
    for (let leg = 2; report.end.status === 'waiting' && leg < 100; leg += 1) {
      const now = wakeAtOf(report);
      const next = await run(definition_, { ...options, store: report.store, clock: { now: () => now } });
      report = { ...next, calls: [...report.calls, ...next.calls] };
    }
    return report;
  };

  it('is put off with no attempt on record', async () => {
    const report = await run(once, { behaviour: { a: paced } });
    const wakeAt = new Date(START + 16_500).toISOString();
    expect(report.end).toEqual({ status: 'waiting', wakeAt });
    expect(report.step('a')).toMatchObject({
      status: 'waiting',
      attempt: 0,
      attempts: [],
      wakeAt,
      wait: null,
    });
  });

  it('asks again not before the turn it was told of, and not when all others do', async () => {
    const waits = await Promise.all(
      [0, 0.999_999].map((random) => run(once, { behaviour: { a: paced }, random: () => random })),
    );
    expect(waits.map((report) => wakeAtOf(report) - START)).toEqual([11_000, 22_000]);
  });

  it('is put off as often as that takes, and then has all its attempts', async () => {
    const answers = Array(50).fill(paced);
    const behaviour = { a: () => answers.shift()?.() ?? 'sent' };
    const report = await runToEnd(once, { behaviour });
    expect(report.end).toEqual({ status: 'succeeded' });
    expect(report.step('a')).toMatchObject({ status: 'succeeded', attempt: 1, attempts: [], error: null });
    const [last, ...before] = report.calls.filter(({ step }) => step.nodeId === 'a').reverse();
    expect(before).toHaveLength(50);
    expect(before.every(({ step }) => step.attempt === last?.step.attempt)).toBe(true);
  });

  it('between attempts leaves their count as it is', async () => {
    const answers = [() => fail('retry'), paced, () => fail('retry'), paced, paced, () => fail('retry')];
    const behaviour = { a: () => answers.shift()?.() };
    const report = await runToEnd(around('test.idempotent'), { behaviour });
    expect(report.end).toMatchObject({ status: 'failed', error: { code: 'retry_failure' } });
    expect(report.step('a').attempts.map(({ attempt, error }) => [attempt, error.code])).toEqual(
      [1, 2, 3].map((attempt) => [attempt, 'retry_failure']),
    );
  });

  it('ends with the run when that is at its age', async () => {
    const facts = { createdAt: new Date(START).toISOString() };
    const caps = { runAgeMs: 60_000 };
    const report = await runToEnd(once, { behaviour: { a: paced }, facts, caps });
    expect(report.end).toMatchObject({ status: 'failed', error: { code: 'run_expired' } });
    expect(report.calls.length).toBeGreaterThan(2);
  });
});

describe('a step without a retry policy', () => {
  it('has the one its schema would give', () => {
    expect(defaultRetryPolicy).toEqual(retryPolicySchema.parse({}));
  });
});

describe('the delay before the next attempt', () => {
  const policy: RetryPolicy = { maxAttempts: 9, backoff: 'exponential', delayMs: 1000, maxDelayMs: 10_000 };
  const delays = (random: number, overrides: Partial<RetryPolicy> = {}) =>
    [1, 2, 3, 4, 5].map((attempt) =>
      retryDelay({ ...policy, ...overrides }, attempt, undefined, () => random),
    );

  it('doubles within half and one and a half of itself, and never passes its cap', () => {
    expect(delays(0.5)).toEqual([1000, 2000, 4000, 8000, 10_000]);
    expect(delays(0)).toEqual([500, 1000, 2000, 4000, 5000]);
    expect(delays(0.999_999)).toEqual([1500, 3000, 6000, 10_000, 10_000]);
  });

  it('stays the same with a fixed backoff', () => {
    expect(delays(0.5, { backoff: 'fixed' })).toEqual([1000, 1000, 1000, 1000, 1000]);
  });

  it('is never shorter than the provider asked for, up to a day', () => {
    const asked = (retryAfterMs: number) => retryDelay(policy, 1, retryAfterMs, () => 0.5);
    expect([asked(300), asked(30_000), asked(1e18), asked(Number.POSITIVE_INFINITY)]).toEqual([
      1000, 30_000, 86_400_000, 86_400_000,
    ]);
    expect([asked(Number.NaN), asked(-5)]).toEqual([1000, 1000]);
  });

  it('of a step follows the Retry-After of its provider', async () => {
    const report = await run(around('test.idempotent'), {
      behaviour: { a: () => fail('retry', { retryAfterMs: 42_000 }) },
    });
    expect(wakeAtOf(report)).toBe(START + 42_000);
    expect(report.step('a').attempts[0]?.delayMs).toBe(42_000);
  });
});
