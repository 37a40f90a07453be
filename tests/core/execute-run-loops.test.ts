import { condition, definition, node } from '../support/definitions';
import { fail, run } from './run-harness';

const step = (id: string, config = {}, rest = {}) => node(id, 'test.pure', { config, ...rest });
const loop = (id: string, items: unknown, rest = {}) =>
  node(id, 'flow.loop', { config: { items: items as never, ...rest } });

describe('a loop', () => {
  it('runs its body once per item in order, keyed by iteration, and goes on at done', async () => {
    const report = await run(
      definition(
        [
          loop('each', '{{trigger.payload.rows}}'),
          step('line', { row: '{{loop.item.name}}', at: '{{loop.index}}' }),
          step('after', { all: '{{step.each.output}}' }),
        ],
        ['trigger -> each', 'each:each -> line', 'each:done -> after'],
      ),
      { payload: { rows: [{ name: 'x' }, { name: 'y' }, { name: 'z' }] } },
    );
    expect(report.story).toEqual([
      'each succeeded done',
      'each[0]/line succeeded next',
      'each[1]/line succeeded next',
      'each[2]/line succeeded next',
      'after succeeded next',
    ]);
    const results = [
      { row: 'x', at: 0 },
      { row: 'y', at: 1 },
      { row: 'z', at: 2 },
    ];
    expect(report.step('after').output).toEqual({ all: { count: 3, results, failed: 0 } });
  });

  it('shows a step inside the outputs of its own iteration, never those of another', async () => {
    const report = await run(
      definition(
        [
          loop('each', [1, 2, 3]),
          node('odd', 'flow.if', { config: condition('{{loop.item}}', 'neq', 2) }),
          step('first', { n: '{{loop.item}}' }),
          step('second', { seen: '{{step.first.output.n?}}' }),
        ],
        [
          'trigger -> each',
          'each:each -> odd',
          'odd:true -> first',
          'first -> second',
          'odd:false -> second',
        ],
      ),
    );
    expect(report.step('each').output).toEqual({
      count: 3,
      results: [{ seen: 1 }, { seen: null }, { seen: 3 }],
      failed: 0,
    });
  });

  it('hides its inner outputs from what follows it', async () => {
    const report = await run(
      definition(
        [loop('each', [1]), step('inside'), step('after', { x: '{{step.inside.output}}' })],
        ['trigger -> each', 'each:each -> inside', 'each:done -> after'],
      ),
    );
    expect(report.end).toMatchObject({
      status: 'failed',
      error: { code: 'reference_missing', nodeId: 'after', path: 'x' },
    });
  });

  it('nests to three levels; inner references reach the loops around by name', async () => {
    const report = await run(
      definition(
        [
          loop('a', ['x', 'y']),
          loop('b', [1, 2]),
          loop('c', [true]),
          step('leaf', { at: '{{loop.a.item}}{{loop.b.item}}{{loop.c.item}}', near: '{{loop.item}}' }),
        ],
        ['trigger -> a', 'a:each -> b', 'b:each -> c', 'c:each -> leaf'],
      ),
    );
    expect(
      report.steps.filter(({ nodeId }) => nodeId === 'leaf').map(({ key, output }) => [key, output]),
    ).toEqual([
      ['a[0]/b[0]/c[0]/leaf', { at: 'x1true', near: true }],
      ['a[0]/b[1]/c[0]/leaf', { at: 'x2true', near: true }],
      ['a[1]/b[0]/c[0]/leaf', { at: 'y1true', near: true }],
      ['a[1]/b[1]/c[0]/leaf', { at: 'y2true', near: true }],
    ]);
    expect(report.step('a[1]/b').output).toMatchObject({ count: 2, failed: 0 });
  });

  it('without items succeeds with nothing, and its body is not touched', async () => {
    const report = await run(
      definition(
        [loop('each', []), step('inside'), step('after')],
        ['trigger -> each', 'each:each -> inside', 'each:done -> after'],
      ),
    );
    expect(report.story).toEqual(['each succeeded done', 'after succeeded next']);
    expect(report.step('each').output).toEqual({ count: 0, results: [], failed: 0 });
  });

  it('keeps what its collect template says of each item instead of the last output', async () => {
    const report = await run(
      definition(
        [
          loop('each', ['a', 'b'], { collect: '{{loop.index}}:{{step.inside.output.v | upper}}' }),
          step('inside', { v: '{{loop.item}}' }),
        ],
        ['trigger -> each', 'each:each -> inside'],
      ),
    );
    expect(report.step('each').output).toEqual({ count: 2, results: ['0:A', '1:B'], failed: 0 });
  });

  it('over a value that is no list fails by name and runs nothing', async () => {
    const report = await run(
      definition(
        [loop('each', '{{trigger.payload}}'), step('inside')],
        ['trigger -> each', 'each:each -> inside'],
      ),
      { payload: { not: 'a list' } },
    );
    expect(report.end).toMatchObject({ status: 'failed', error: { code: 'input_invalid', path: 'items' } });
    expect(report.calls).toEqual([]);
  });

  it('takes as many items as the cap says, and refuses one more before the first', async () => {
    const of = (count: number) =>
      run(
        definition(
          [
            loop(
              'each',
              Array.from({ length: count }, (_, i) => i),
            ),
            step('inside'),
          ],
          ['trigger -> each', 'each:each -> inside'],
        ),
        { caps: { loopItems: 5 } },
      );
    expect((await of(5)).step('each').output).toMatchObject({ count: 5 });
    const over = await of(6);
    expect(over.end).toMatchObject({ status: 'failed', error: { code: 'loop_too_long', nodeId: 'each' } });
    expect(over.calls).toEqual([]);
  });

  it('inside a branch not taken is skipped as one, without records of its body', async () => {
    const report = await run(
      definition(
        [node('choice', 'flow.if', { config: condition('a', 'eq', 'b') }), loop('each', [1]), step('inside')],
        ['trigger -> choice', 'choice:true -> each', 'each:each -> inside'],
      ),
    );
    expect(report.story).toEqual(['choice succeeded false', 'each skipped']);
  });
});

describe('a loop with an item that fails', () => {
  const behaviour = {
    send: ({ input }: { input: { n?: unknown } }) => (input.n === 2 ? fail('terminal') : input),
  };
  const nodes = (rest = {}, node_ = {}) =>
    definition(
      [
        node('each', 'flow.loop', { config: { items: [1, 2, 3], ...rest }, ...node_ }),
        node('send', 'test.idempotent', { config: { n: '{{loop.item}}' } }),
        step('log'),
        step('after'),
        step('instead'),
      ],
      ['trigger -> each', 'each:each -> send', 'send -> log', 'each:done -> after', 'each:error -> instead'],
    );

  it('fails at once by default, and the items after it are not begun', async () => {
    const report = await run(nodes(), { behaviour });
    expect(report.end).toMatchObject({
      status: 'failed',
      error: { code: 'terminal_failure', nodeId: 'send', stepKey: 'each[1]/send' },
    });
    expect(report.story).toEqual([
      'each failed',
      'each[0]/send succeeded next',
      'each[0]/log succeeded next',
      'each[1]/send failed',
    ]);
  });

  it('counts it and goes on when it is to continue; the rest of that item alone is passed over', async () => {
    const report = await run(nodes({ onItemError: 'continue' }), { behaviour });
    expect(report.end).toEqual({ status: 'succeeded' });
    expect(report.step('each').output).toEqual({
      count: 3,
      results: [
        {},
        { error: expect.objectContaining({ code: 'terminal_failure', stepKey: 'each[1]/send' }) },
        {},
      ],
      failed: 1,
    });
    expect(report.steps.map(({ key }) => key)).not.toContain('each[1]/log');
    expect(report.step('after').status).toBe('succeeded');
  });

  it('goes where the loop’s own onError says, once', async () => {
    const passed = await run(nodes({}, { onError: 'continue' }), { behaviour });
    expect(passed.end).toEqual({ status: 'succeeded' });
    expect(passed.step('each')).toMatchObject({ status: 'failed', branch: 'done' });
    expect(passed.step('after').status).toBe('succeeded');
    const branched = await run(nodes({}, { onError: 'branch' }), { behaviour });
    expect(branched.step('each')).toMatchObject({ status: 'failed', branch: 'error' });
    expect(branched.step('instead').status).toBe('succeeded');
    expect(branched.step('after').status).toBe('skipped');
  });

  it('treats an item whose collect template has no value as failed', async () => {
    const collecting = (onItemError: string) =>
      run(
        definition(
          [
            loop('each', [{ v: 1 }, {}, { v: 3 }], { collect: '{{loop.item.v}}', onItemError }),
            step('inside'),
          ],
          ['trigger -> each', 'each:each -> inside'],
        ),
      );
    expect((await collecting('fail')).end).toMatchObject({
      error: { code: 'reference_missing', path: 'collect' },
    });
    expect((await collecting('continue')).step('each').output).toEqual({
      count: 3,
      results: [1, { error: expect.objectContaining({ code: 'reference_missing' }) }, 3],
      failed: 1,
    });
  });

  it('retries the item’s step without repeating the items before it', async () => {
    const first = await run(nodes(), {
      behaviour: { send: ({ input, times }) => (input.n === 2 && times === 1 ? fail('retry') : input) },
    });
    expect(first.end).toMatchObject({ status: 'waiting' });
    expect(first.step('each').status).toBe('running');
    const second = await run(nodes(), {
      store: first.store,
      clock: { now: () => Date.parse((first.end as { wakeAt: string }).wakeAt) },
    });
    expect(second.end).toEqual({ status: 'succeeded' });
    expect(second.calls.map((call) => call.step.stepKey)).toEqual([
      'each[1]/send',
      'each[1]/log',
      'each[2]/send',
      'each[2]/log',
      'after',
    ]);
    expect(second.step('each').startedAt).toBe(first.step('each').startedAt);
  });
});
