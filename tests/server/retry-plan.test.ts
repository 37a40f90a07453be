import { blocks } from '../../src/blocks';
import { indexBlocks } from '../../src/core/block/define';
import type { StepFailure } from '../../src/core/errors';
import { planRetry } from '../../src/core/run/plan-retry';
import type { StepRecord } from '../../src/core/run/ports';
import type { StepStatus } from '../../src/core/run/status';
import { condition, definition, node } from '../support/definitions';

const lookup = indexBlocks(blocks);
const typeOf: Record<string, string> = {
  outer: 'flow.loop',
  inner: 'flow.loop',
  loop: 'flow.loop',
  if: 'flow.if',
};
const act = (id: string) => node(id, 'doc-manager.update-status');
const each = (id: string) => node(id, 'flow.loop', { config: { items: '{{trigger.payload.ids}}' } });

/** `'outer[0]/a_1'`, or `'a_1 failed'`, or `'if_1 skipped'`: the steps of an ended run, in order. */
const steps = (...lines: string[]): StepRecord[] =>
  lines.map((line, seq) => {
    const [key = '', status = 'succeeded'] = line.split(' ');
    const nodeId = key.slice(key.lastIndexOf('/') + 1);
    const isFailure = ['failed', 'uncertain', 'provided'].includes(status);
    return {
      ...{ key, nodeId, seq, type: typeOf[nodeId.split('_')[0] as string] ?? 'doc-manager.update-status' },
      status: (isFailure ? 'failed' : status) as StepStatus,
      error: isFailure
        ? {
            kind: status === 'uncertain' ? ('uncertain' as const) : ('terminal' as const),
            code: 'x',
            message: '',
          }
        : null,
      branch: status === 'succeeded' ? 'next' : status === 'provided' ? 'error' : null,
      ...{ attempt: 1, input: null, output: null, skippedBecause: null, attempts: [], wakeAt: null },
      ...{ wait: null, startedAt: null, finishedAt: null },
    };
  });

const chain = definition(
  [act('a_1'), act('b_1'), act('c_1')],
  ['trigger -> a_1', 'a_1 -> b_1', 'b_1 -> c_1'],
);
const nested = definition(
  [each('outer_1'), each('inner_1'), act('a_1'), act('b_1'), act('c_1')],
  [
    'trigger -> outer_1',
    'outer_1:each -> inner_1',
    'inner_1:each -> a_1',
    'a_1 -> b_1',
    'outer_1:done -> c_1',
  ],
);
const twoByTwo = [0, 1].flatMap((outer) => [
  ...[0, 1].flatMap((inner) => ['a_1', 'b_1'].map((id) => `outer_1[${outer}]/inner_1[${inner}]/${id}`)),
  `outer_1[${outer}]/inner_1`,
]);

describe('planning a retry', () => {
  const plan = (flow: typeof chain, from: string, ...lines: string[]) =>
    planRetry(flow, lookup, steps(...lines), from);

  it('from the start, or from the trigger, keeps nothing', () => {
    const nothing = { keep: [], reopen: [], carried: [] };
    expect(plan(chain, 'start', 'a_1', 'b_1 uncertain')).toEqual(nothing);
    expect(plan(chain, 'trigger', 'a_1', 'b_1')).toEqual(nothing);
  });

  it('from where it failed keeps what is done', () => {
    expect(plan(chain, 'failed', 'a_1', 'b_1 failed')).toEqual({ keep: ['a_1'], reopen: [], carried: [] });
    expect(plan(chain, 'failed', 'a_1', 'b_1 canceled')).toEqual({
      keep: ['a_1'],
      reopen: [],
      carried: [],
    });
    expect(plan(chain, 'failed', 'a_1', 'b_1')).toEqual({ keep: ['a_1', 'b_1'], reopen: [], carried: [] });
  });

  it('from a step does it and all that builds on it again', () => {
    expect(plan(chain, 'b_1', 'a_1', 'b_1', 'c_1')).toEqual({ keep: ['a_1'], reopen: [], carried: [] });
    expect(plan(chain, 'a_1', 'a_1', 'b_1', 'c_1')).toEqual({ keep: [], reopen: [], carried: [] });
  });

  it('goes on with what may have happened', () => {
    for (const from of ['failed', 'b_1', 'a_1']) {
      const carried = plan(chain, from, 'a_1', 'b_1 uncertain')?.carried;
      expect(carried).toMatchObject([
        { key: 'b_1', status: 'waiting', error: { kind: 'uncertain' }, wait: null },
      ]);
    }
    expect(plan(chain, 'failed', 'a_1', 'b_1 failed')?.carried).toEqual([]);
  });

  describe('with a step whose attempts tell more than its end', () => {
    const at = (minute: number) => `2026-11-23T10:0${minute}:00.000Z`;
    const attempt = (number: number, kind: StepFailure['kind'], delayMs: number | null) => ({
      ...{ attempt: number, startedAt: at(number), finishedAt: at(number), delayMs },
      error: { kind, code: kind, message: '' },
    });
    const planOf = (change: Partial<StepRecord>, type = 'doc-manager.update-status', from = 'failed') => {
      const flow = definition([act('a_1'), node('b_1', type)], ['trigger -> a_1', 'a_1 -> b_1']);
      const [a, b] = steps('a_1', 'b_1 failed') as [StepRecord, StepRecord];
      return planRetry(
        flow,
        lookup,
        [a, { ...b, type, startedAt: at(1), finishedAt: at(9), ...change }],
        from,
      )?.carried;
    };

    it('counts an earlier attempt whose answer was lost, and keeps the time of the first', () => {
      const attempts = [attempt(1, 'uncertain', 1000), attempt(2, 'retry', null)];
      expect(planOf({ attempts })).toMatchObject([
        {
          ...{ status: 'waiting', attempt: 1, error: { kind: 'uncertain', code: 'uncertain' } },
          attempts: [{ attempt: 1, startedAt: at(1), finishedAt: at(2), delayMs: 0 }],
        },
      ]);
    });

    it('counts a failure that came after the effect', () => {
      const error = { kind: 'terminal' as const, code: 'output_too_large', message: '' };
      expect(planOf({ error })).toMatchObject([{ status: 'waiting', error: { kind: 'uncertain' } }]);
    });

    it('asks a person about what can neither be asked for nor repeated', () => {
      const doubt = { status: 'in_doubt' as const, attempts: [attempt(1, 'uncertain', null)] };
      expect(planOf({ ...doubt, error: null }, 'slack.send-message')).toMatchObject([{ status: 'in_doubt' }]);
    });

    it('believes the person who said that nothing had happened', () => {
      const attempts = [attempt(1, 'uncertain', null)];
      expect(planOf({ status: 'pending', attempts }, 'slack.send-message')).toEqual([]);
      const since = [...attempts, attempt(2, 'retry', 1000), attempt(3, 'retry', null)];
      expect(planOf({ attempts: since }, 'slack.send-message')).toEqual([]);
    });

    it('goes on waiting, unless what it waits for is made anew', () => {
      const wait = { kind: 'event' as const, type: 'document.completed', where: [], until: null };
      const open = { status: 'canceled' as const, error: null, wait, output: { id: 'sr_1' } };
      const waiting = [{ status: 'waiting', wait, output: { id: 'sr_1' }, wakeUp: null }];
      expect(planOf(open)).toMatchObject(waiting);
      expect(planOf(open, undefined, 'b_1')).toMatchObject(waiting);
      expect(planOf(open, undefined, 'a_1')).toEqual([]);
      expect(planOf({ ...open, wakeUp: { kind: 'time' } })).toMatchObject(waiting);
      const until = { ...wait, until: at(5) };
      expect(planOf({ ...open, wait: until, wakeUp: { kind: 'time' } })).toMatchObject([
        { wakeUp: { kind: 'time' } },
      ]);
      expect(planOf({ ...open, status: 'succeeded' })).toEqual([]);
    });
  });

  it('keeps a failure the workflow provides for, with what it led to', () => {
    const flow = definition(
      [node('a_1', 'doc-manager.update-status', { onError: 'branch' }), act('b_1'), act('c_1')],
      ['trigger -> a_1', 'a_1:error -> b_1', 'b_1 -> c_1'],
    );
    expect(plan(flow, 'failed', 'a_1 provided', 'b_1', 'c_1 failed')).toEqual({
      keep: ['a_1', 'b_1'],
      reopen: [],
      carried: [],
    });
  });

  const joined = definition(
    [act('a_1'), act('b_1'), act('c_1')],
    ['trigger -> a_1', 'trigger -> b_1', 'a_1 -> c_1', 'b_1 -> c_1'],
  );
  it('leaves a parallel branch alone and does the join again', () => {
    expect(plan(joined, 'a_1', 'a_1', 'b_1', 'c_1')).toEqual({ keep: ['b_1'], reopen: [], carried: [] });
    expect(plan(joined, 'b_1', 'a_1', 'b_1', 'c_1')).toEqual({ keep: ['a_1'], reopen: [], carried: [] });
    expect(plan(joined, 'failed', 'a_1', 'b_1 failed')).toEqual({ keep: ['a_1'], reopen: [], carried: [] });
  });

  it('decides anew what to skip', () => {
    const flow = definition(
      [
        node('if_1', 'flow.if', { config: condition('1', 'is_not_empty') }),
        act('a_1'),
        act('b_1'),
        act('c_1'),
      ],
      ['trigger -> if_1', 'if_1:true -> a_1', 'if_1:false -> b_1', 'a_1 -> c_1', 'b_1 -> c_1'],
    );
    expect(plan(flow, 'failed', 'if_1', 'b_1 skipped', 'a_1', 'c_1 failed')).toEqual({
      ...{ keep: ['if_1', 'a_1'], reopen: [], carried: [] },
    });
  });

  it('goes on inside a loop within a loop, at the item that failed', () => {
    const done = ['outer_1[0]/inner_1[0]/a_1', 'outer_1[0]/inner_1[0]/b_1', 'outer_1[0]/inner_1[1]/a_1'];
    const failed = ['outer_1[0]/inner_1[1]/b_1 failed', 'outer_1[0]/inner_1 failed', 'outer_1 failed'];
    expect(plan(nested, 'failed', ...done, ...failed)).toEqual({
      keep: done,
      reopen: ['outer_1[0]/inner_1', 'outer_1'],
      carried: [],
    });
  });

  it('from a step of one item leaves the other items alone, and does what follows the loops again', () => {
    const result = plan(nested, 'outer_1[0]/inner_1[1]/a_1', ...twoByTwo, 'outer_1', 'c_1');
    const redone = ['outer_1[0]/inner_1[1]/a_1', 'outer_1[0]/inner_1[1]/b_1'];
    const reopen = ['outer_1[0]/inner_1', 'outer_1'];
    expect(result?.reopen).toEqual(reopen);
    expect(result?.keep).toEqual(twoByTwo.filter((key) => ![...redone, ...reopen].includes(key)));
  });

  it('from a loop begins that loop anew, and no other', () => {
    const result = plan(nested, 'outer_1[1]/inner_1', ...twoByTwo, 'outer_1', 'c_1');
    expect(result).toEqual({
      keep: twoByTwo.filter((key) => key.startsWith('outer_1[0]')),
      reopen: ['outer_1'],
      carried: [],
    });
    expect(plan(nested, 'outer_1', ...twoByTwo, 'outer_1', 'c_1')).toEqual({
      ...{ keep: [], reopen: [], carried: [] },
    });
  });

  it('keeps an item’s failure that its loop has passed over', () => {
    const flow = definition(
      [node('loop_1', 'flow.loop', { config: { onItemError: 'continue' } }), act('a_1'), act('b_1')],
      ['trigger -> loop_1', 'loop_1:each -> a_1', 'loop_1:done -> b_1'],
    );
    expect(plan(flow, 'failed', 'loop_1[0]/a_1 failed', 'loop_1[1]/a_1', 'loop_1', 'b_1 failed')).toEqual({
      ...{ keep: ['loop_1[0]/a_1', 'loop_1[1]/a_1', 'loop_1'], reopen: [], carried: [] },
    });
  });

  it('with a version that lacks a step forgets it, and refuses to begin with it', () => {
    const without = definition([act('a_1'), act('c_1')], ['trigger -> a_1', 'a_1 -> c_1']);
    expect(plan(without, 'failed', 'a_1', 'b_1', 'c_1 failed')?.keep).toEqual(['a_1']);
    expect(plan(without, 'failed', 'a_1', 'b_1 failed')?.keep).toEqual(['a_1']);
    expect(plan(without, 'b_1', 'a_1', 'b_1')).toBeNull();
    const otherwise = definition([act('a_1'), node('b_1', 'flow.stop')], ['trigger -> a_1', 'a_1 -> b_1']);
    expect(plan(otherwise, 'failed', 'a_1', 'b_1', 'c_1 failed')?.keep).toEqual(['a_1']);
    expect(plan(otherwise, 'b_1', 'a_1', 'b_1')).toBeNull();
    expect(plan(without, 'failed', 'loop_1[0]/c_1', 'loop_1', 'a_1')?.keep).not.toContain('loop_1');
  });

  it('refuses a step the run never had', () => {
    expect(plan(chain, 'c_1', 'a_1', 'b_1 failed')).toBeNull();
    expect(plan(chain, '__proto__', 'a_1')).toBeNull();
    expect(plan(chain, 'a_1\u0000', 'a_1')).toBeNull();
  });
});
