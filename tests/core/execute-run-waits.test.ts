import { branch, done, MemoryRunStore, type Wait, type WakeUp, wait } from '../../src/core';
import { condition, definition, node } from '../support/definitions';
import { fail, type RunOptions, run, START } from './run-harness';
import {
  called,
  DAY,
  decided,
  event,
  forDecision,
  forEvent,
  inOneHour,
  iso,
  later,
  MINUTE,
  waiting,
} from './wait-harness';

describe('a step that waits', () => {
  it('ends the leg until its time, in the commit that records what was done before it', async () => {
    const report = await run(waiting(inOneHour));
    expect(report.end).toEqual({ status: 'waiting', wakeAt: inOneHour.until });
    expect(report.commits).toHaveLength(2);
    expect(report.commits[1]).toMatchObject({
      end: { status: 'waiting' },
      steps: [
        { key: 'before', status: 'succeeded' },
        { key: 'pause', status: 'waiting' },
      ],
    });
    expect(report.step('pause')).toMatchObject({
      wait: inOneHour,
      wakeAt: inOneHour.until,
      attempt: 1,
      startedAt: iso(START),
      finishedAt: null,
      branch: null,
    });
  });

  it('goes on waiting until the very millisecond: the leg writes no step and ends with the same time', async () => {
    for (const what of [inOneHour, forEvent(START + 60 * MINUTE)]) {
      const first = await run(waiting(what));
      const early = await later(waiting(what), first, START + 60 * MINUTE - 1);
      expect(early.end).toEqual(first.end);
      expect(early.commits).toHaveLength(3);
      expect(early.commits[2]).toEqual({ steps: [], end: first.end });
      expect(early.steps).toEqual(first.steps);
      expect(called(early)).toEqual([]);
    }
  });

  it('goes on at its time as the block says, with what it did before still standing', async () => {
    const first = await run(waiting(inOneHour));
    const second = await later(waiting(inOneHour), first, START + 60 * MINUTE);
    expect(second.end).toEqual({ status: 'succeeded' });
    expect(second.story).toEqual([
      'before succeeded next',
      'pause succeeded late',
      'after skipped',
      'instead succeeded next',
    ]);
    expect(second.step('pause')).toMatchObject({
      output: { kind: 'time' },
      wait: inOneHour,
      wakeAt: null,
      attempt: 1,
      attempts: [],
      startedAt: iso(START),
      finishedAt: iso(START + 60 * MINUTE),
    });
    expect(called(second)).toEqual(['instead']);
  });

  it('whose time is already over still parks once, and goes on with the next leg', async () => {
    const past: Wait = { kind: 'time', until: iso(START - DAY) };
    const first = await run(waiting(past));
    expect(first.end).toEqual({ status: 'waiting', wakeAt: past.until });
    expect((await later(waiting(past), first, START)).end).toEqual({ status: 'succeeded' });
  });

  it.each([
    ['an event', forEvent(START + DAY), event],
    ['a decision', forDecision, decided],
  ])('goes on before its time when %s comes, with what came', async (_, what, wakeUp) => {
    const first = await run(waiting(what));
    expect(first.store.wake('pause', wakeUp)).toBe(true);
    const second = await later(waiting(what), first, START + 2 * MINUTE);
    expect(second.story).toEqual([
      'before succeeded next',
      'pause succeeded next',
      'after succeeded next',
      'instead skipped',
    ]);
    expect(second.step('pause').output).toEqual(wakeUp);
    expect(second.step('pause').wakeUp ?? null).toBeNull();
  });

  it('times out when nothing came', async () => {
    const first = await run(waiting(forEvent(START + DAY)));
    const second = await later(waiting(forEvent(START + DAY)), first, START + DAY);
    expect(second.step('pause')).toMatchObject({ branch: 'late', output: { kind: 'time' } });
  });

  it('without a resume of its own goes on with how the wait ended as its output', async () => {
    const workflow = definition(
      [node('a', 'test.pure'), node('b', 'test.pure', { config: { got: '{{step.a.output.kind}}' } })],
      ['trigger -> a', 'a -> b'],
    );
    const first = await run(workflow, { behaviour: { a: () => wait(forDecision) } });
    first.store.wake('a', decided);
    const second = await later(workflow, first, START + MINUTE);
    expect(second.step('a')).toMatchObject({ branch: 'next', output: decided });
    expect(second.step('b').output).toEqual({ got: 'decision' });
    expect(called(second)).toEqual(['b']);
  });

  it('tells its resume the step it is, and may wait once more for something else', async () => {
    const workflow = waiting(inOneHour);
    const first = await run(workflow);
    const keys: string[] = [];
    const resume: RunOptions['resume'] = {
      pause: (wakeUp, step) => {
        keys.push(step.effectKey);
        return wakeUp.kind === 'time' ? wait(forDecision) : done('decided');
      },
    };
    const second = await later(workflow, first, START + 60 * MINUTE, { resume });
    expect(second.end).toEqual({ status: 'waiting', wakeAt: forDecision.until });
    expect(second.step('pause')).toMatchObject({ status: 'waiting', wait: forDecision });
    const third = await later(workflow, second, START + 61 * MINUTE, { resume });
    expect(third.end).toEqual(second.end);
    third.store.wake('pause', decided);
    const fourth = await later(workflow, third, START + 62 * MINUTE, { resume });
    expect(fourth.step('pause')).toMatchObject({ status: 'succeeded', output: 'decided', attempt: 1 });
    expect(keys).toEqual(['effect:pause', 'effect:pause']);
  });

  it('whose resume is cut off by a crash is resumed again with the same end of the wait', async () => {
    const workflow = waiting(forDecision);
    const first = await run(workflow);
    first.store.wake('pause', decided);
    const seen: WakeUp[] = [];
    const resume: RunOptions['resume'] = {
      pause: (wakeUp) => {
        seen.push(wakeUp);
        return branch('next', null);
      },
    };
    const dying = new MemoryRunStore(await first.store.load());
    dying.loseLease();
    await expect(run(workflow, { store: dying, resume })).rejects.toThrow('lease');
    await later(workflow, first, START + MINUTE, { resume });
    expect(seen).toEqual([decided, decided]);
  });

  it('that waits for a time nobody can read fails by name instead of waiting for ever', async () => {
    const report = await run(waiting({ kind: 'time', until: 'next Monday' }));
    expect(report.end).toMatchObject({
      status: 'failed',
      error: { code: 'wait_too_long', stepKey: 'pause' },
    });
  });
});

describe('a wait within other things', () => {
  it('inside loops parks each item in its turn, and repeats nothing of the items before it', async () => {
    const until = (item: number) => iso(START + item * MINUTE);
    const workflow = definition(
      [
        node('outer', 'flow.loop', { config: { items: [1, 2] } }),
        node('inner', 'flow.loop', { config: { items: ['x', 'y'] } }),
        node('act', 'test.once', { config: { at: '{{loop.outer.item}}{{loop.inner.item}}' } }),
        node('pause', 'test.pure', { config: { item: '{{loop.outer.item}}' } }),
        node('end', 'test.once'),
      ],
      ['trigger -> outer', 'outer:each -> inner', 'inner:each -> act', 'act -> pause', 'outer:done -> end'],
    );
    const behaviour: RunOptions['behaviour'] = {
      pause: ({ input }) => wait({ kind: 'time', until: until(input.item as number) }),
    };
    let report = await run(workflow, { behaviour });
    const acts = called(report);
    const stops: string[] = [];
    for (let leg = 2; report.end.status === 'waiting' && leg < 9; leg += 1) {
      expect(report.step('outer').status).toBe('running');
      stops.push(report.end.wakeAt);
      report = await later(workflow, report, Date.parse(report.end.wakeAt), { behaviour });
      acts.push(...called(report));
    }
    expect(report.end).toEqual({ status: 'succeeded' });
    expect(stops).toEqual([1, 1, 2, 2].map(until));
    expect(acts.filter((key) => key.endsWith('act') || key === 'end')).toEqual([
      ...['outer[0]/inner[0]/act', 'outer[0]/inner[1]/act', 'outer[1]/inner[0]/act', 'outer[1]/inner[1]/act'],
      'end',
    ]);
    expect(acts.filter((key) => key.endsWith('pause'))).toHaveLength(4);
    expect(report.step('outer')).toMatchObject({ status: 'succeeded', attempt: 1 });
  });

  it('in one of two branches holds back the other as well: a run goes one step at a time', async () => {
    const workflow = definition(
      [
        node('left', 'test.wait', { config: { for: inOneHour } }),
        node('right', 'test.once'),
        node('join', 'test.once'),
      ],
      ['trigger -> left', 'trigger -> right', 'left:late -> join', 'right -> join'],
    );
    const first = await run(workflow);
    expect(first.story).toEqual(['left waiting']);
    const second = await later(workflow, first, START + DAY);
    expect(called(second)).toEqual(['right', 'join']);
  });

  it('behind a branch not taken is skipped, and the run does not wait', async () => {
    const workflow = definition(
      [
        node('choice', 'flow.if', { config: condition(1, 'eq', 2) }),
        node('pause', 'test.wait', { config: { for: inOneHour } }),
      ],
      ['trigger -> choice', 'choice:true -> pause'],
    );
    expect((await run(workflow)).story).toEqual(['choice succeeded false', 'pause skipped']);
  });

  it('after a failed attempt waits for its own end, not for the next attempt', async () => {
    const workflow = definition([node('a', 'test.idempotent')], ['trigger -> a']);
    const first = await run(workflow, { behaviour: { a: () => fail('retry') } });
    const now = Date.parse((first.end as { wakeAt: string }).wakeAt);
    const second = await later(workflow, first, now, { behaviour: { a: () => wait(forDecision) } });
    expect(second.step('a')).toMatchObject({ status: 'waiting', wait: forDecision, attempt: 2 });
    second.store.wake('a', decided);
    const third = await later(workflow, second, now);
    expect(third.step('a')).toMatchObject({ status: 'succeeded', output: decided, attempt: 2 });
    expect(third.step('a').attempts).toHaveLength(1);
    expect(called(third)).toEqual([]);
  });
});
