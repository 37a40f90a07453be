import { findBlockError, MemoryRunStore } from '../../src/core';
import { createPacer } from '../../src/server/integrations/pacer';
import { run } from '../core/run-harness';
import { definition, node } from '../support/definitions';

describe('the pacer', () => {
  let now: number;
  let waits: number[];
  const make = () =>
    createPacer(
      () => now,
      async (ms) => void waits.push(ms),
    );
  beforeEach(() => {
    now = 1_000_000;
    waits = [];
  });

  it('lets the first call through at once and each further one an interval after the last', async () => {
    const pacer = make();
    for (let count = 0; count < 3; count += 1) await pacer.take('channel', 1100);
    expect(waits).toEqual([1100, 2200]);
    now += 10_000;
    await pacer.take('channel', 1100);
    expect(waits).toHaveLength(2);
  });

  it('keeps keys apart', async () => {
    const pacer = make();
    await pacer.take('a', 1000);
    await pacer.take('b', 1000);
    expect(waits).toEqual([]);
  });

  it('puts a step off whose turn is too far away, and keeps no turn for it', async () => {
    const pacer = make();
    for (let count = 0; count < 11; count += 1) await pacer.take('channel', 1000);
    expect(waits.at(-1)).toBe(10_000);
    const put = await pacer.take('channel', 1000).catch(findBlockError);
    expect(put?.failure).toMatchObject({ kind: 'retry', code: 'paced', retryAfterMs: 11_000 });
    now += 1000;
    await pacer.take('channel', 1000);
    expect(waits.at(-1)).toBe(10_000);
  });

  it('stops waiting when the step is stopped', async () => {
    const pacer = createPacer();
    await pacer.take('channel', 5000);
    const stop = new AbortController();
    const waiting = pacer.take('channel', 5000, stop.signal);
    stop.abort(new Error('the step is over'));
    await expect(waiting).rejects.toThrow('the step is over');
    await expect(pacer.take('channel', 1, stop.signal)).rejects.toThrow('the step is over');
  });

  it('keeps nobody out for good: of many runs at once each does its step, once', async () => {
    const pacer = make();
    const flow = definition([node('create', 'test.once')], ['trigger -> create']);
    const sent: string[] = [];
    const runs = Array.from({ length: 50 }, (_, index) => ({
      id: `run_${index}`,
      store: new MemoryRunStore(),
      wakeAt: now as number | null,
    }));
    const goOn = async (one: (typeof runs)[number]) => {
      const create = async () => {
        await pacer.take('create', 4800);
        sent.push(one.id);
      };
      const { end, step } = await run(flow, {
        behaviour: { create },
        facts: { id: one.id, createdAt: new Date(1_000_000).toISOString() },
        store: one.store,
        clock: { now: () => now },
        random: Math.random,
      });
      one.wakeAt = end.status === 'waiting' ? Date.parse(end.wakeAt) : null;
      if (one.wakeAt === null) expect([end.status, step('create').attempts]).toEqual(['succeeded', []]);
    };
    for (;;) {
      const waiting = runs.flatMap(({ wakeAt }) => wakeAt ?? []);
      if (waiting.length === 0) break;
      now = Math.min(...waiting);
      for (const one of runs) if (one.wakeAt !== null && one.wakeAt <= now) await goOn(one);
    }
    expect(sent.toSorted()).toEqual(runs.map(({ id }) => id).toSorted());
  });

  it('does not keep keys whose turn is long past', async () => {
    const pacer = make();
    for (let count = 0; count < 5000; count += 1) {
      now += 10;
      await pacer.take(`key-${count}`, 5);
    }
    expect(waits).toEqual([]);
  });
});
