import {
  BlockError,
  branch,
  type Outcome,
  type RetryPolicy,
  type StepRecord,
  type WakeUp,
  wait,
} from '../../src/core';
import { PACED } from '../../src/core/run/await-turn';
import { carryOver } from '../../src/core/run/carry-over';
import { definition, node } from '../support/definitions';
import { blocks, fail, type RunOptions, type RunReport, run, START } from './run-harness';
import { called, DAY, event, forEvent, iso, later, MINUTE } from './wait-harness';

const SECOND = 1000;
const retry: RetryPolicy = { maxAttempts: 3, backoff: 'exponential', delayMs: SECOND, maxDelayMs: DAY };
const nextDay = START + DAY;
const signed = forEvent(null);

/** Asks for a signature, waits for it, and goes on. */
const signing = (rest = {}) =>
  definition(
    [node('sign', 'test.idempotent', { retry, ...rest }), node('after', 'test.once')],
    ['trigger -> sign', 'sign -> after'],
  );
const asking: RunOptions = { behaviour: { sign: () => wait(signed, 'so far') } };

/** Answers with one after the other, the last one from then on; the ends of waits it was given. */
function answering(...answers: [() => Outcome, ...(() => Outcome)[]]) {
  const seen: WakeUp[] = [];
  const sign = (wakeUp: WakeUp) => {
    seen.push(wakeUp);
    return (answers[Math.min(seen.length, answers.length) - 1] ?? answers[0])();
  };
  return { seen, options: { ...asking, resume: { sign } } satisfies RunOptions };
}
const later503 = () => fail('retry');
const lost = () => fail('uncertain');
const notYet = () => {
  throw new BlockError({ kind: 'retry', code: PACED, message: 'Not yet.', actor: 'provider' });
};
const well = () => branch('next', 'signed');

/** A run whose signature has come. */
async function woken(workflow = signing(), options = asking): Promise<RunReport> {
  const first = await run(workflow, options);
  first.store.wake('sign', event);
  return first;
}

describe('a step that cannot go on at once from the end of its wait', () => {
  it.each([
    ['may pass', later503],
    ['leaves open what happened', lost],
  ])('tries again where its failure %s, as its policy says, from the same end', async (_, badly) => {
    const { seen, options } = answering(badly, badly, well);
    const second = await later(signing(), await woken(), nextDay, options);
    expect(second.end).toEqual({ status: 'waiting', wakeAt: iso(nextDay + SECOND) });
    expect(second.step('sign')).toMatchObject({ status: 'waiting', attempt: 1, output: 'so far' });
    const early = await later(signing(), second, nextDay + SECOND - 1, options);
    expect(early.end).toEqual(second.end);
    const third = await later(signing(), second, nextDay + SECOND, options);
    expect(third.end).toEqual({ status: 'waiting', wakeAt: iso(nextDay + 3 * SECOND) });
    const last = await later(signing(), third, nextDay + 3 * SECOND, options);
    expect(last.end.status).toBe('succeeded');
    expect(seen).toEqual([event, event, event]);
    const step = last.step('sign');
    expect(step).toMatchObject({ status: 'succeeded', attempt: 3, error: null, output: 'signed' });
    expect(step.attempts.map(({ attempt, delayMs }) => [attempt, delayMs])).toEqual([
      [1, SECOND],
      [2, 2 * SECOND],
    ]);
    // Nobody was asked to sign a second time.
    expect(called(last)).toEqual(['after']);
  });

  it('fails when its attempts are used up and takes the way its onError says', async () => {
    const workflow = signing({ retry: { ...retry, maxAttempts: 2 }, onError: 'continue' });
    const { seen, options } = answering(later503);
    const second = await later(workflow, await woken(workflow), nextDay, options);
    const third = await later(workflow, second, nextDay + MINUTE, options);
    expect(third.step('sign')).toMatchObject({
      ...{ status: 'failed', branch: 'next', attempt: 2, wakeAt: null },
      error: { code: 'retry_failure' },
    });
    expect(third.step('sign').attempts.map(({ delayMs }) => delayMs)).toEqual([SECOND, null]);
    expect([called(third), seen.length]).toEqual([['after'], 2]);
  });

  it('fails at once where trying again is of no use', async () => {
    const { seen, options } = answering(() => fail('terminal'));
    const second = await later(signing(), await woken(), nextDay, options);
    expect(second.end).toMatchObject({ status: 'failed', error: { code: 'terminal_failure' } });
    expect(second.step('sign')).toMatchObject({ wait: signed, attempt: 1 });
    expect(seen).toHaveLength(1);
  });

  it('has all its attempts, however many it took to begin the wait', async () => {
    let calls = 0;
    const sign = () => {
      calls += 1;
      return calls < 3 ? fail('retry') : wait(signed);
    };
    const { seen, options } = answering(later503, later503, well);
    const both = { ...options, behaviour: { sign } };
    let report = await run(signing(), both);
    for (const minute of [1, 2]) report = await later(signing(), report, START + minute * MINUTE, both);
    expect(report.step('sign')).toMatchObject({ status: 'waiting', wait: signed, attempt: 3 });
    report.store.wake('sign', event);
    for (const minute of [0, 1, 2]) report = await later(signing(), report, nextDay + minute * MINUTE, both);
    expect(report.step('sign')).toMatchObject({ status: 'succeeded', attempt: 5 });
    expect([calls, seen.length]).toEqual([3, 3]);
  });

  it('keeps what it had through a refused connection, and uses up no attempt while it waits for its turn', async () => {
    const refused = () => fail('reconnect', { provider: 'slack' });
    const { seen, options } = answering(later503, notYet, notYet, refused, lost, well);
    const young = { ...options, caps: { runAgeMs: 30 * DAY }, facts: { createdAt: iso(START) } };
    let report = await woken(signing(), young);
    for (let minute = 0; report.end.status === 'waiting'; minute += 1) {
      expect(report.step('sign')).toMatchObject({ status: 'waiting', output: 'so far' });
      if (report.step('sign').wait?.kind === 'connection') report.store.wake('sign', { kind: 'connection' });
      report = await later(signing(), report, nextDay + minute * MINUTE, young);
    }
    expect(report.end.status).toBe('succeeded');
    expect(report.step('sign')).toMatchObject({ output: 'signed', attempt: 3 });
    expect(seen).toEqual(Array(6).fill(event));
  });

  it('waits for its turn as the attempt it is, begun when it was', async () => {
    const { options } = answering(notYet, () => wait(signed, 'one signed'));
    const first = await woken();
    const second = await later(signing(), first, nextDay, options);
    const facts = { attempt: 1, attempts: [], startedAt: iso(START) };
    expect(second.step('sign')).toMatchObject({ status: 'waiting', wait: { kind: 'time' }, ...facts });
    const third = await later(signing(), second, nextDay + MINUTE, options);
    expect(third.step('sign')).toMatchObject({ wait: signed, output: 'one signed', ...facts });
  });

  it('does not try past the age of its run', async () => {
    const { seen, options } = answering(lost);
    const old = { ...options, caps: { runAgeMs: DAY }, facts: { createdAt: iso(START) } };
    const second = await later(signing(), await woken(signing(), old), nextDay - 1, old);
    expect(second.end.status).toBe('waiting');
    const third = await later(signing(), second, nextDay + MINUTE, old);
    expect(third.end).toMatchObject({ status: 'failed', error: { code: 'run_expired' } });
    expect(seen).toHaveLength(1);
  });

  it('counts its attempts also from an end of a wait that was stored without a number', async () => {
    const { seen, options } = answering(later503);
    const second = await later(signing(), await woken(), nextDay, options);
    const steps = await second.store.load();
    delete steps.find(({ key }) => key === 'sign')?.wait?.after?.attempt;
    let report: RunReport = { ...second, store: second.store };
    for (let minute = 1; report.end.status === 'waiting' && minute < 9; minute += 1)
      report = await later(signing(), report, nextDay + minute * MINUTE, options);
    expect(report.end.status).toBe('failed');
    expect(seen).toHaveLength(3);
  });
});

describe('a retry of a run that could not go on from the end of a wait', () => {
  const idempotent = blocks.get('test.idempotent');
  /** The first leg of a run that goes on with what the one before left. */
  const retried = (left: StepRecord, options: RunOptions) => {
    const carried = carryOver(left, idempotent, false);
    if (!carried) throw new Error('The step begins anew.');
    return run(signing(), { ...options, carried: { sign: carried }, clock: { now: () => START + 2 * DAY } });
  };
  /** Leg after leg, a minute apart. */
  const follow = async (from: RunReport, start: number, options: RunOptions) => {
    let report = from;
    for (let minute = 1; report.end.status === 'waiting' && minute < 9; minute += 1)
      report = await later(signing(), report, start + minute * MINUTE, options);
    return report;
  };
  const failedOnce = async () => {
    const { options } = answering(later503);
    return follow(await later(signing(), await woken(), nextDay, options), nextDay, options);
  };

  it.each(['failed', 'canceled'] as const)(
    'goes on from there, with all its attempts, when it had %s',
    async (how) => {
      const { options: badly } = answering(later503);
      const first = await later(signing(), await woken(), nextDay, badly);
      const left = how === 'failed' ? await failedOnce() : first;
      const { seen, options } = answering(later503, later503, well);
      // No store needs to know how the wait had ended.
      const begun = await retried({ ...left.step('sign'), status: how }, options);
      expect(begun.step('sign').output).toBe('so far');
      const last = await follow(begun, START + 2 * DAY, options);
      expect(last.end.status).toBe('succeeded');
      expect(seen).toEqual([event, event, event]);
      expect(last.calls.map(({ step }) => step.stepKey)).toEqual(['after']);
      const numbers = last.step('sign').attempts.map(({ attempt }) => attempt);
      expect(numbers).toEqual([...new Set(numbers)]);
    },
  );

  it('that fails as well leaves the end of the wait to the retry after it', async () => {
    const hopeless = answering(() => fail('terminal'));
    const first = await later(signing(), await woken(), nextDay, hopeless.options);
    expect(first.step('sign')).toMatchObject({ status: 'failed', output: 'so far' });
    const second = await retried(first.step('sign'), hopeless.options);
    expect(second.end.status).toBe('failed');
    const { seen, options } = answering(well);
    const third = await retried(second.step('sign'), options);
    expect(third.end.status).toBe('succeeded');
    expect([...hopeless.seen, ...seen]).toEqual([event, event, event]);
  });

  it('believes what a person has said of an attempt before the wait', async () => {
    const { options } = answering(notYet);
    const report = await later(signing(), await woken(), nextDay, options);
    const settled = { attempt: 1, startedAt: iso(START), finishedAt: iso(START), delayMs: null } as const;
    const error = { kind: 'uncertain', code: 'lost', message: 'Lost.' } as const;
    const left = { ...report.step('sign'), attempt: 2, attempts: [{ ...settled, error }] };
    const carried = carryOver({ ...left, status: 'canceled' }, idempotent, false);
    expect(carried).toMatchObject({ attempt: 2, attempts: [{ delayMs: null }] });
  });

  it('begins anew, and is not in doubt, where what it builds on is done again', async () => {
    const { options } = answering(lost);
    const report = await later(signing(), await woken(), nextDay, options);
    for (const type of ['test.idempotent', 'test.once', 'test.reconcilable'])
      expect(carryOver(report.step('sign'), blocks.get(type), true)).toBeNull();
  });
});
