import type { MemoryRunStore, StepFailure, WakeUp } from '../../src/core';
import { definition, node } from '../support/definitions';
import { fail, reopen, run, START } from './run-harness';
import { called, event, forEvent, iso, later, MINUTE, waiting } from './wait-harness';

const HOUR = 60 * MINUTE;
const connected: WakeUp = { kind: 'connection' };
const refused = (facts: Partial<StepFailure> = {}) => fail('reconnect', { provider: 'slack', ...facts });
const young = { caps: { runAgeMs: HOUR }, facts: { createdAt: iso(START) } };

const posting = (rest = {}, type = 'test.once') =>
  definition(
    [node('before', 'test.once'), node('post', type, rest), node('after', 'test.once')],
    ['trigger -> before', 'before -> post', 'post -> after'],
  );

describe('a step whose connection is refused', () => {
  it('waits for it with what was wrong, and is then run as the same attempt; what was done stays done', async () => {
    const first = await run(posting(), { ...young, behaviour: { post: () => refused() } });
    expect(first.end).toEqual({ status: 'waiting', wakeAt: iso(START + HOUR) });
    expect(first.step('post')).toMatchObject({
      status: 'waiting',
      attempt: 1,
      attempts: [],
      wait: { kind: 'connection', provider: 'slack', until: null },
      error: { kind: 'reconnect', code: 'reconnect_failure' },
    });
    const early = await later(posting(), first, START + MINUTE, young);
    expect([early.end, called(early)]).toEqual([first.end, []]);
    expect(first.store.wake('post', connected)).toBe(true);
    expect(first.store.wake('post', connected)).toBe(false);
    const second = await later(posting(), first, START + 2 * MINUTE, young);
    expect(second.end).toEqual({ status: 'succeeded' });
    expect(called(second)).toEqual(['post', 'after']);
    expect(second.calls[0]?.step).toMatchObject({ attempt: 1, effectKey: 'effect:post' });
    expect(second.step('post')).toMatchObject({ status: 'succeeded', attempt: 1, error: null, wakeAt: null });
  });

  it('waits again when it is refused again, however often, and keeps all its attempts', async () => {
    const retry = { maxAttempts: 2, backoff: 'fixed', delayMs: 10, maxDelayMs: 10 } as const;
    const behaviour = { post: () => refused() };
    let report = await run(posting({ retry }), { behaviour });
    for (let round = 0; round < 5; round += 1) {
      report.store.wake('post', connected);
      report = await later(posting({ retry }), report, START + round * MINUTE, { behaviour });
      expect([report.end.status, called(report)]).toEqual(['waiting', ['post']]);
    }
    report.store.wake('post', connected);
    const passing = { behaviour: { post: () => fail('retry') } };
    const attempted = await later(posting({ retry }), report, START + 10 * MINUTE, passing);
    expect(attempted.step('post')).toMatchObject({ status: 'waiting', wait: null, attempt: 1 });
    const last = await later(posting({ retry }), attempted, START + 11 * MINUTE);
    expect(last.end.status).toBe('succeeded');
    expect(last.step('post')).toMatchObject({ attempt: 2, attempts: [{ attempt: 1 }] });
  });

  it.each(['continue', 'branch'] as const)('does not wait when its node says %s', async (onError) => {
    const report = await run(posting({ onError }), { behaviour: { post: () => refused() } });
    expect(report.end.status).toBe('succeeded');
    expect(report.step('post')).toMatchObject({ status: 'failed', wait: null });
  });

  it('does not wait when nobody can connect anything', async () => {
    const report = await run(posting(), { behaviour: { post: () => fail('reconnect') } });
    expect(report.end).toMatchObject({ status: 'failed', error: { code: 'reconnect_failure' } });
  });

  it('fails with what was wrong when the run has reached its age, and no later connection wakes it', async () => {
    const first = await run(posting(), { ...young, behaviour: { post: () => refused() } });
    const second = await later(posting(), first, START + HOUR, young);
    expect(second.end).toMatchObject({
      status: 'failed',
      error: { code: 'reconnect_failure', stepKey: 'post' },
    });
    expect(second.step('post')).toMatchObject({ status: 'failed', error: { kind: 'reconnect' } });
    expect(called(second)).toEqual([]);
    expect(second.store.wake('post', connected)).toBe(false);
  });

  it('in a loop waits at its item, and does not count as one that failed', async () => {
    const workflow = definition(
      [
        node('each', 'flow.loop', { config: { items: [1, 2, 3], onItemError: 'continue' } }),
        node('post', 'test.once'),
      ],
      ['trigger -> each', 'each:each -> post'],
    );
    const behaviour = {
      post: ({ step }: { step: { stepKey: string } }) => step.stepKey === 'each[1]/post' && refused(),
    };
    const first = await run(workflow, { behaviour });
    expect(first.end.status).toBe('waiting');
    first.store.wake('each[1]/post', connected);
    const second = await later(workflow, first, START + MINUTE);
    expect(called(second)).toEqual(['each[1]/post', 'each[2]/post']);
    expect(second.step('each').output).toMatchObject({ count: 3, failed: 0 });
  });

  it('of which it is unknown whether it happened is asked about once connected, not repeated', async () => {
    const workflow = posting({}, 'test.reconcilable');
    const recovery = { post: () => refused() };
    const crashed = await run(workflow, { behaviour: { post: () => fail('uncertain') } });
    const asked = await later(workflow, crashed, START + MINUTE, { recovery });
    expect(asked.end.status).toBe('waiting');
    expect(asked.step('post')).toMatchObject({ wait: { kind: 'connection' }, error: { kind: 'uncertain' } });
    asked.store.wake('post', connected);
    const happened = { happened: true, outcome: { kind: 'done', output: 'found' } } as const;
    const found = await later(workflow, asked, START + 2 * MINUTE, { recovery: { post: () => happened } });
    expect(called(found)).toEqual(['after']);
    expect(found.step('post')).toMatchObject({ status: 'succeeded', output: 'found' });
  });

  it('of which that is still unknown at the age of the run is left to a person', async () => {
    const workflow = posting({}, 'test.reconcilable');
    const recovery = { post: () => refused() };
    const crashed = await run(workflow, { ...young, behaviour: { post: () => fail('uncertain') } });
    const asked = await later(workflow, crashed, START + MINUTE, { ...young, recovery });
    const policy = { maxAttempts: 1, backoff: 'fixed', delayMs: 10, maxDelayMs: 10 } as const;
    const last = { ...young, recovery };
    const ended = await later(posting({ retry: policy }, 'test.reconcilable'), asked, START + HOUR, last);
    expect(ended.end.status).toBe('needs_attention');
    expect(called(ended)).toEqual([]);
  });

  it('whose runner died after it was woken goes on as any interrupted step does', async () => {
    const first = await run(posting(), { behaviour: { post: () => refused() } });
    first.store.wake('post', connected);
    const crash = () => {
      throw new Error('The process is gone.');
    };
    await expect(later(posting(), first, START + MINUTE, { crashpoint: crash })).rejects.toThrow('gone');
    const store: MemoryRunStore = await reopen(first.store);
    const second = await run(posting(), { store });
    expect(second.end.status).toBe('needs_attention');
    expect(called(second)).toEqual([]);
  });

  it('where a wait has ended goes on from that end once connected, with what had come', async () => {
    const workflow = waiting(forEvent(null));
    const first = await run(workflow, young);
    first.store.wake('pause', event);
    const refusing = { ...young, resume: { pause: () => refused() } };
    const second = await later(workflow, first, START + MINUTE, refusing);
    expect(second.end).toEqual({ status: 'waiting', wakeAt: iso(START + HOUR) });
    expect(second.step('pause')).toMatchObject({
      ...{ status: 'waiting', attempt: 1, attempts: [] },
      wait: { kind: 'connection', provider: 'slack' },
      error: { kind: 'reconnect' },
    });
    first.store.wake('pause', connected);
    const again = await later(workflow, first, START + 2 * MINUTE, refusing);
    expect(again.end.status).toBe('waiting');
    first.store.wake('pause', connected);
    const last = await later(workflow, first, START + 3 * MINUTE, young);
    expect(last.end.status).toBe('succeeded');
    expect(last.step('pause')).toMatchObject({ branch: 'next', output: event, attempt: 1, error: null });
  });

  it('where a wait has ended fails at once when its node says what to do, or at the age of the run', async () => {
    const refusing = { ...young, resume: { pause: () => refused() } };
    const passing = waiting(forEvent(null), { onError: 'continue' });
    const first = await run(passing, young);
    first.store.wake('pause', event);
    const second = await later(passing, first, START + MINUTE, refusing);
    expect(second.end.status).toBe('succeeded');
    expect(second.step('pause')).toMatchObject({ status: 'failed', branch: 'next' });
    const workflow = waiting(forEvent(null));
    const parked = await run(workflow, young);
    parked.store.wake('pause', event);
    await later(workflow, parked, START + MINUTE, refusing);
    const ended = await later(workflow, parked, START + HOUR, young);
    expect(ended.end).toMatchObject({
      status: 'failed',
      error: { code: 'reconnect_failure', stepKey: 'pause' },
    });
  });
});
