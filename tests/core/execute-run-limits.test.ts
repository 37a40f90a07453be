import * as z from 'zod';
import { branch, defineBlock, done, implementBlock, indexBlocks } from '../../src/core';
import { definition, node } from '../support/definitions';
import { blocks, Crash, CrashingStore, reopen, run } from './run-harness';

const step = (id: string, rest = {}) => node(id, 'test.pure', rest);

/** `depth` objects one inside the other. */
const nested = (depth: number) => {
  let value: unknown = 1;
  for (let level = 0; level < depth; level += 1) value = { v: value };
  return value;
};

describe('the cap on steps', () => {
  const three = definition([step('a'), step('b'), step('c')], ['trigger -> a', 'a -> b', 'b -> c']);
  const looped = (rest = {}, loop = {}) =>
    definition(
      [
        node('each', 'flow.loop', { config: { items: [1, 2, 3], ...rest }, ...loop }),
        step('in'),
        step('after'),
      ],
      ['trigger -> each', 'each:each -> in', 'each:done -> after', 'each:error -> after'],
    );

  it('lets a run of exactly so many steps end, and fails one with one more by name', async () => {
    expect((await run(three, { caps: { stepsPerRun: 3 } })).end).toEqual({ status: 'succeeded' });
    const over = await run(three, { caps: { stepsPerRun: 2 } });
    expect(over.end).toMatchObject({
      status: 'failed',
      error: { code: 'steps_exceeded', nodeId: 'c', stepKey: 'c' },
    });
    expect(over.story).toEqual(['a succeeded next', 'b succeeded next']);
  });

  it('counts the steps of every iteration and no skipped ones', async () => {
    expect((await run(looped(), { caps: { stepsPerRun: 5 } })).end).toEqual({ status: 'succeeded' });
    const disabled = definition([step('a', { disabled: true }), step('b')], ['trigger -> a', 'a -> b']);
    expect((await run(disabled, { caps: { stepsPerRun: 1 } })).end).toEqual({ status: 'succeeded' });
  });

  it('is not passed over by a loop that continues or has an exit for errors', async () => {
    for (const workflow of [
      looped({ onItemError: 'continue' }),
      looped({}, { onError: 'continue' }),
      looped({}, { onError: 'branch' }),
    ]) {
      const report = await run(workflow, { caps: { stepsPerRun: 3 } });
      expect(report.end).toMatchObject({ status: 'failed', error: { code: 'steps_exceeded' } });
      expect(report.story).toEqual(['each failed', 'each[0]/in succeeded next', 'each[1]/in succeeded next']);
    }
  });

  it('counts over legs: a crash does not give a run more steps', async () => {
    const workflow = definition(
      ['a', 'b', 'c'].map((id) => node(id, 'test.idempotent')),
      ['trigger -> a', 'a -> b', 'b -> c'],
    );
    const dying = new CrashingStore(2, 'after');
    await expect(run(workflow, { store: dying, caps: { stepsPerRun: 2 } })).rejects.toThrow(Crash);
    const report = await run(workflow, { store: await reopen(dying), caps: { stepsPerRun: 2 } });
    expect(report.end).toMatchObject({ error: { code: 'steps_exceeded', nodeId: 'c' } });
    expect(report.calls.map((call) => call.step.stepKey)).toEqual(['b']);
  });

  it('counts a step once, however many legs go over it', async () => {
    const pause = node('pause', 'test.wait', {
      config: { for: { kind: 'time', until: '2026-01-01T00:00:00Z' } },
    });
    const workflow = definition(
      [step('a'), pause, step('b')],
      ['trigger -> a', 'a -> pause', 'pause:late -> b'],
    );
    const first = await run(workflow, { caps: { stepsPerRun: 3 } });
    expect(first.end.status).toBe('waiting');
    const second = await run(workflow, { store: first.store, caps: { stepsPerRun: 3 } });
    expect(second.end).toEqual({ status: 'succeeded' });
  });
});

describe('the caps on an output', () => {
  const giving = (output: unknown, rest = {}, type = 'test.idempotent') =>
    run(definition([node('a', type, rest), step('b')], ['trigger -> a', 'a -> b']), {
      behaviour: { a: () => done(output) },
      caps: { outputBytes: 100, jsonDepth: 5 },
    });

  it('take exactly so many bytes, and fail one more by name without trying the effect again', async () => {
    expect((await giving('x'.repeat(98))).end).toEqual({ status: 'succeeded' });
    const over = await giving('x'.repeat(99));
    expect(over.end).toMatchObject({
      status: 'failed',
      error: { kind: 'terminal', code: 'output_too_large', message: expect.stringContaining('100 bytes') },
    });
    expect(over.step('a')).toMatchObject({ status: 'failed', output: null });
    expect(over.calls).toHaveLength(1);
  });

  it('count bytes of UTF-8, not characters', async () => {
    expect((await giving('è'.repeat(49))).end.status).toBe('succeeded');
    expect((await giving('è'.repeat(50))).end.status).toBe('failed');
  });

  it('take exactly so many levels, and fail one more by name', async () => {
    expect((await giving(nested(5))).end).toEqual({ status: 'succeeded' });
    const over = await giving(nested(6));
    expect(over.end).toMatchObject({
      error: { code: 'output_too_large', message: expect.stringContaining('5 levels') },
    });
  });

  it('hold against hostile depth and circles: the effect is not taken for uncertain', async () => {
    const circle: { self?: unknown; twice?: unknown } = {};
    Object.assign(circle, { self: circle, twice: circle });
    for (const output of [nested(100_000), circle]) {
      expect((await giving(output, {}, 'test.once')).end).toMatchObject({
        status: 'failed',
        error: { code: 'output_too_large' },
      });
    }
  });

  it('leave the run going when the step’s failure is passed over', async () => {
    const report = await giving('x'.repeat(500), { onError: 'continue' });
    expect(report.story).toEqual(['a failed next', 'b succeeded next']);
  });

  it('hold for a loop’s results as well', async () => {
    const report = await run(
      definition(
        [
          node('each', 'flow.loop', { config: { items: [1, 2, 3, 4] } }),
          step('in', { config: { t: 'x'.repeat(40) } }),
        ],
        ['trigger -> each', 'each:each -> in'],
      ),
      { caps: { outputBytes: 100 } },
    );
    expect(report.end).toMatchObject({ error: { code: 'output_too_large', nodeId: 'each' } });
  });

  it('are not reached by what cannot be stored: it is cleaned', async () => {
    const report = await giving({
      a: 'x\u0000y',
      b: Number.NaN,
      c: 10n,
      d: new Date(Number.NaN),
      e: undefined,
    });
    expect(report.step('a').output).toEqual({ a: 'xy', b: null, c: '10', d: null });
  });
});

describe('what a run may not change', () => {
  it('is the definition and the payload: frozen ones serve, and executors get copies of their own', async () => {
    const workflow = definition(
      [
        node('each', 'flow.loop', { config: { items: '{{trigger.payload.rows}}' } }),
        node('a', 'test.idempotent', { config: { deep: { list: [1, '{{loop.item}}'] } } }),
        node('b', 'test.pure', { config: { all: '{{trigger.payload}}' } }),
      ],
      ['trigger -> each', 'each:each -> a', 'each:done -> b'],
    );
    const payload = { rows: [{ n: 1 }, { n: 2 }] };
    const before = structuredClone({ workflow, payload });
    const spoil = ({ input }: { input: Record<string, unknown> }) => {
      const { deep, all } = input as { deep?: { list: { n: number }[] }; all?: { rows: unknown[] } };
      if (deep?.list[1]) deep.list[1].n = 99;
      all?.rows.push('spoiled');
      return done('ok');
    };
    const report = await run(workflow, { payload, behaviour: { a: spoil, b: spoil } });
    expect(report.end).toEqual({ status: 'succeeded' });
    expect({ workflow, payload }).toEqual(before);
    expect(report.step('each[1]/a').input).toEqual({ deep: { list: [1, { n: 2 }] } });
    expect(report.step('b').input).toEqual({ all: payload });
  });

  it('is an output once given: what a later step does to its copy is not seen by others', async () => {
    const report = await run(
      definition(
        [
          step('a'),
          step('b', { config: { x: '{{step.a.output}}' } }),
          step('c', { config: { x: '{{step.a.output}}' } }),
        ],
        ['trigger -> a', 'a -> b', 'b -> c'],
      ),
      {
        behaviour: {
          a: () => done({ list: [1] }),
          b: ({ input }) => {
            (input.x as { list: number[] }).list.push(2);
            return done(null);
          },
        },
      },
    );
    expect(report.step('c').output).toEqual({ x: { list: [1] } });
    expect(report.step('a').output).toEqual({ list: [1] });
  });
});

describe('an executor', () => {
  it('receives its configuration as its schema made it, parsed once; the journal keeps it as JSON', async () => {
    const seen: unknown[] = [];
    const dated = defineBlock({
      type: 'test.dated',
      provider: 'flow',
      label: { en: 'Dated', it: 'Datato' },
      description: { en: 'Takes a date', it: 'Prende una data' },
      icon: 'd',
      sideEffect: 'at-most-once',
      input: z.strictObject({
        on: z.coerce.date(),
        tags: z.string().transform((text) => text.split(',')),
        size: z.number().default(3),
      }),
      output: z.object({}),
      sample: {},
    });
    const executor = implementBlock(dated, {
      run: ({ input }) => {
        seen.push(input);
        return done({});
      },
    });
    const report = await run(
      definition(
        [node('a', 'test.dated', { config: { on: '{{trigger.payload.on}}', tags: 'x,y' } })],
        ['trigger -> a'],
      ),
      {
        payload: { on: '2026-11-23T10:00:00.000Z' },
        blocks: indexBlocks([...blocks.values(), dated]),
        executors: { 'test.dated': executor },
      },
    );
    expect(report.end).toEqual({ status: 'succeeded' });
    expect(seen).toEqual([{ on: new Date('2026-11-23T10:00:00.000Z'), tags: ['x', 'y'], size: 3 }]);
    expect(report.step('a').input).toEqual({ on: '2026-11-23T10:00:00.000Z', tags: ['x', 'y'], size: 3 });
  });

  it('is told who it acts for, which step it is and which attempt, and nothing of other steps', async () => {
    const report = await run(
      definition(
        [node('each', 'flow.loop', { config: { items: [7] } }), node('a', 'test.once')],
        ['trigger -> each', 'each:each -> a'],
      ),
    );
    expect(report.calls[0]?.step).toEqual({
      companyId: 'rossi',
      runId: 'run_1',
      workflowId: 'wf_1',
      stepKey: 'each[0]/a',
      firstAttemptAt: expect.any(Number),
      nodeId: 'a',
      attempt: 1,
      effectKey: 'effect:each[0]/a',
      timeZone: 'Europe/Rome',
      now: expect.any(Function),
      signal: expect.any(AbortSignal),
    });
  });

  it('is not called when its resolved configuration does not fit its schema; the field is named', async () => {
    const report = await run(
      definition(
        [node('choice', 'flow.if', { config: { conditions: [{ left: 1, op: '{{trigger.payload.op}}' }] } })],
        ['trigger -> choice'],
      ),
      { payload: { op: 'almost' } },
    );
    expect(report.end).toMatchObject({
      error: { code: 'input_invalid', path: 'conditions[0].op', nodeId: 'choice' },
    });
  });

  it('that names an exit its block does not have fails by name; nothing is skipped in silence', async () => {
    const report = await run(definition([step('a'), step('b')], ['trigger -> a', 'a -> b']), {
      behaviour: { a: () => branch('nowhere', 1) },
    });
    expect(report.end).toMatchObject({
      status: 'failed',
      error: { kind: 'terminal', code: 'unknown_handle' },
    });
    expect(report.story).toEqual(['a failed']);
  });
});
