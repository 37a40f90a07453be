import { MemoryRunStore } from '../../src/core';
import { definition, node } from '../support/definitions';
import { fail, run, START } from './run-harness';
import { at, called, DAY, decided, event, forEvent, iso, later, waiting } from './wait-harness';

describe('the race of a wait’s time-out with what it waits for', () => {
  const what = forEvent(START + DAY);

  it('is decided by the store, whatever the leg’s clock says: not timed out there, the run waits on', async () => {
    const first = await run(waiting(what));
    const behind = new MemoryRunStore(await first.store.load());
    // A store whose clock has not come so far.
    behind.load = () => MemoryRunStore.prototype.load.call(behind, START);
    const second = await run(waiting(what), { store: behind, ...at(START + 2 * DAY) });
    expect(second.end).toEqual(first.end);
    behind.wake('pause', event);
    const third = await run(waiting(what), { store: behind, ...at(START + 2 * DAY) });
    expect(third.step('pause')).toMatchObject({ branch: 'next', output: event });
  });

  it('has one winner: after the time-out was loaded the event is refused, after the event so is all else', async () => {
    const timedOut = await run(waiting(what));
    await timedOut.store.load(START + DAY);
    expect(timedOut.store.wake('pause', event)).toBe(false);
    const woken = await run(waiting(what));
    expect(woken.store.wake('pause', event)).toBe(true);
    expect(woken.store.wake('pause', decided)).toBe(false);
    const second = await later(waiting(what), woken, START + 2 * DAY);
    expect(second.step('pause').output).toEqual(event);
    expect(second.store.wake('pause', event)).toBe(false);
  });

  it('cannot be entered by what does not wait: other steps, a step between two attempts, no step at all', async () => {
    const first = await run(waiting(what), { behaviour: { before: () => fail('retry') } });
    expect(first.step('before').status).toBe('waiting');
    for (const key of ['before', 'pause', 'nowhere']) expect(first.store.wake(key, event)).toBe(false);
  });
});

describe('a wait and the age of its run', () => {
  const caps = { runAgeMs: 2 * DAY };
  const created = { facts: { createdAt: iso(START - DAY) }, caps };
  const latest = START + DAY;

  it('may last as long as the run, and not one millisecond longer', async () => {
    const exactly = await run(waiting({ kind: 'time', until: iso(latest) }), created);
    expect(exactly.end).toEqual({ status: 'waiting', wakeAt: iso(latest) });
    const over = await run(waiting({ kind: 'time', until: iso(latest + 1) }), created);
    expect(over.end).toMatchObject({
      status: 'failed',
      error: { code: 'wait_too_long', nodeId: 'pause', message: expect.stringContaining(iso(latest)) },
    });
  });

  it('that is too long is a failure of the step, which onError may pass over', async () => {
    const long = waiting({ kind: 'time', until: iso(latest + 1) }, { onError: 'continue' });
    expect(called(await run(long, created))).toEqual(['before', 'after']);
  });

  it('without an end lasts until then, and then the run has expired, whatever onError says', async () => {
    const workflow = waiting(forEvent(null), { onError: 'continue' });
    const first = await run(workflow, created);
    expect(first.end).toEqual({ status: 'waiting', wakeAt: iso(latest) });
    const early = await later(workflow, first, latest - 1, created);
    expect(early.end).toEqual(first.end);
    const second = await later(workflow, first, latest, created);
    expect(second.end).toMatchObject({
      status: 'failed',
      error: { code: 'run_expired', nodeId: 'pause', stepKey: 'pause' },
    });
    expect(second.step('pause')).toMatchObject({
      status: 'failed',
      error: { code: 'run_expired' },
      branch: null,
      wakeAt: null,
      finishedAt: iso(latest),
    });
    expect(called(second)).toEqual([]);
  });

  it('expires with the loops around it, though they pass over failed items', async () => {
    const workflow = definition(
      [
        node('each', 'flow.loop', {
          config: { items: [1, 2], onItemError: 'continue' },
          onError: 'continue',
        }),
        node('pause', 'test.wait', { config: { for: forEvent(null) } }),
      ],
      ['trigger -> each', 'each:each -> pause'],
    );
    const first = await run(workflow, created);
    const second = await later(workflow, first, latest, created);
    expect(second.end).toMatchObject({ error: { code: 'run_expired', stepKey: 'each[0]/pause' } });
    expect(second.story).toEqual(['each failed', 'each[0]/pause failed']);
  });

  it('keeps what came in time, though the run is taken up too late to do anything with it', async () => {
    const first = await run(waiting(forEvent(null)), created);
    first.store.wake('pause', event);
    const second = await later(waiting(forEvent(null)), first, latest + DAY, created);
    expect(second.step('pause')).toMatchObject({ status: 'succeeded', output: event });
    expect(second.end).toMatchObject({ error: { code: 'run_expired', nodeId: 'after' } });
    expect(called(second)).toEqual([]);
  });
});
