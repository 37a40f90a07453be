import { condition, definition, node } from '../support/definitions';
import { run } from './run-harness';

const step = (id: string, rest = {}) => node(id, 'test.pure', rest);
const yes = (id: string) => node(id, 'flow.if', { config: condition('a', 'eq', 'a') });
const no = (id: string) => node(id, 'flow.if', { config: condition('a', 'eq', 'b') });
const because = (report: Awaited<ReturnType<typeof run>>) =>
  Object.fromEntries(
    report.steps.flatMap(({ key, skippedBecause }) => (skippedBecause ? [[key, skippedBecause]] : [])),
  );

describe('a condition', () => {
  it('takes the false side and skips the true side with everything behind it, saying why', async () => {
    const report = await run(
      definition(
        [no('choice'), step('a'), step('b'), step('c'), step('other')],
        ['trigger -> choice', 'choice:true -> a', 'a -> b', 'b -> c', 'choice:false -> other'],
      ),
    );
    expect(report.end).toEqual({ status: 'succeeded' });
    expect(report.story).toEqual([
      'choice succeeded false',
      'a skipped',
      'b skipped',
      'c skipped',
      'other succeeded next',
    ]);
    expect(because(report)).toEqual({
      a: { code: 'branch_not_taken', nodeId: 'choice', handle: 'true' },
      b: { code: 'upstream_skipped', nodeId: 'a' },
      c: { code: 'upstream_skipped', nodeId: 'b' },
    });
    expect(report.calls.map((call) => call.step.nodeId)).toEqual(['other']);
  });

  it('reads a date without a zone on the clock of the company', async () => {
    const { conditions } = condition('2026-12-31T04:30:00Z', 'before', '2026-12-31');
    const workflow = definition(
      [node('choice', 'flow.if', { config: { conditions } })],
      ['trigger -> choice'],
    );
    for (const [timeZone, handle] of [
      ['Europe/Rome', 'false'],
      ['America/New_York', 'true'],
    ] as const) {
      const report = await run(workflow, { formatting: { locale: 'it-IT', timeZone } });
      expect(report.step('choice').branch).toBe(handle);
    }
  });

  it('whose taken side leads nowhere ends the run as succeeded and runs nothing of the other side', async () => {
    const report = await run(
      definition([no('choice'), step('a')], ['trigger -> choice', 'choice:true -> a']),
    );
    expect(report.end).toEqual({ status: 'succeeded' });
    expect(report.calls).toEqual([]);
  });

  it('inside a side that is not taken is skipped itself, with both of its sides', async () => {
    const report = await run(
      definition(
        [no('outer'), yes('inner'), step('a'), step('b'), step('c')],
        [
          'trigger -> outer',
          'outer:true -> inner',
          'inner:true -> a',
          'inner:false -> b',
          'outer:false -> c',
        ],
      ),
    );
    expect(report.story.sort()).toEqual([
      'a skipped',
      'b skipped',
      'c succeeded next',
      'inner skipped',
      'outer succeeded false',
    ]);
    expect(because(report).b).toEqual({ code: 'upstream_skipped', nodeId: 'inner' });
  });

  it('nested three deep runs exactly one of the eight leaves', async () => {
    const ifs = [yes('i'), no('i1'), yes('i0'), yes('i11'), no('i10'), no('i01'), no('i00')];
    const leaves = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((id) => step(id));
    const report = await run(
      definition(
        [...ifs, ...leaves],
        [
          'trigger -> i',
          'i:true -> i1',
          'i:false -> i0',
          'i1:true -> i11',
          'i1:false -> i10',
          'i0:true -> i01',
          'i0:false -> i00',
          'i11:true -> a',
          'i11:false -> b',
          'i10:true -> c',
          'i10:false -> d',
          'i01:true -> e',
          'i01:false -> f',
          'i00:true -> g',
          'i00:false -> h',
        ],
      ),
    );
    expect(report.calls.map((call) => call.step.nodeId)).toEqual(['d']);
    expect(report.steps.filter(({ status }) => status === 'skipped')).toHaveLength(11);
  });

  it('that cannot be decided fails the run by name and takes neither side', async () => {
    const report = await run(
      definition(
        [node('choice', 'flow.if', { config: condition('many', 'gt', 3) }), step('a'), step('b')],
        ['trigger -> choice', 'choice:true -> a', 'choice:false -> b'],
      ),
    );
    expect(report.end).toMatchObject({
      status: 'failed',
      error: { code: 'comparison_impossible', nodeId: 'choice', stepKey: 'choice' },
    });
    expect(report.story).toEqual(['choice failed']);
  });
});

describe('a join', () => {
  const diamond = definition(
    [step('a'), step('b'), step('c'), step('join')],
    ['trigger -> a', 'a -> b', 'a -> c', 'b -> join', 'c -> join'],
  );

  it('waits for every live parent and runs once, after the last of them', async () => {
    const report = await run(diamond);
    expect(report.calls.map((call) => call.step.nodeId)).toEqual(['a', 'b', 'c', 'join']);
    expect(report.story).toEqual(['a', 'b', 'c', 'join'].map((id) => `${id} succeeded next`));
  });

  it('waits for its longest way in, however early the short one ends', async () => {
    const report = await run(
      definition(
        [step('join'), step('a'), step('b'), step('c')],
        ['trigger -> join', 'trigger -> a', 'a -> b', 'b -> c', 'c -> join'],
      ),
    );
    expect(report.calls.map((call) => call.step.nodeId)).toEqual(['a', 'b', 'c', 'join']);
  });

  it('of a skipped and a live parent runs once, and does not wait for the skipped one', async () => {
    const report = await run(
      definition(
        [no('choice'), step('a'), step('b'), step('join')],
        ['trigger -> choice', 'choice:true -> a', 'choice:false -> b', 'a -> join', 'b -> join'],
      ),
    );
    expect(report.calls.map((call) => call.step.nodeId)).toEqual(['b', 'join']);
    expect(report.step('join')).toMatchObject({ status: 'succeeded', skippedBecause: null });
  });

  it('of parents that were all skipped is skipped, and so is what follows it', async () => {
    const report = await run(
      definition(
        [no('choice'), step('a'), step('b'), step('join'), step('after')],
        [
          'trigger -> choice',
          'choice:true -> a',
          'choice:true -> b',
          'a -> join',
          'b -> join',
          'join -> after',
        ],
      ),
    );
    expect(because(report)).toMatchObject({
      join: { code: 'upstream_skipped', nodeId: 'b' },
      after: { code: 'upstream_skipped', nodeId: 'join' },
    });
    expect(report.calls).toEqual([]);
  });

  it('of both sides of one condition runs once, whichever side was taken', async () => {
    for (const choice of [yes('choice'), no('choice')]) {
      const report = await run(
        definition(
          [choice, step('join')],
          ['trigger -> choice', 'choice:true -> join', 'choice:false -> join'],
        ),
      );
      expect(report.calls.map((call) => call.step.nodeId)).toEqual(['join']);
    }
  });
});

describe('the order of steps', () => {
  it('is that of the connections, not of the nodes', async () => {
    const report = await run(
      definition([step('c'), step('b'), step('a')], ['trigger -> a', 'trigger -> b', 'trigger -> c']),
    );
    expect(report.calls.map((call) => call.step.nodeId)).toEqual(['a', 'b', 'c']);
    expect(report.steps.map(({ seq }) => seq)).toEqual([0, 1, 2]);
  });

  it('is the same in every run of the same definition', async () => {
    const wide = definition(
      ['d', 'a', 'c', 'b', 'join'].map((id) => step(id)),
      ['trigger -> b', 'trigger -> d', 'trigger -> a', 'd -> c', 'c -> join', 'a -> join', 'b -> join'],
    );
    const stories = await Promise.all(Array.from({ length: 5 }, async () => (await run(wide)).story));
    expect(new Set(stories.map((story) => story.join())).size).toBe(1);
    expect(stories[0]).toEqual(['b', 'd', 'a', 'c', 'join'].map((id) => `${id} succeeded next`));
  });
});

describe('a node that is not connected', () => {
  it('is skipped as such, and the rest of the workflow runs as if it were not there', async () => {
    const report = await run(
      definition([step('a'), step('island'), step('beach')], ['trigger -> a', 'island -> beach']),
    );
    expect(because(report)).toEqual({
      island: { code: 'not_connected' },
      beach: { code: 'upstream_skipped', nodeId: 'island' },
    });
    expect(report.calls.map((call) => call.step.nodeId)).toEqual(['a']);
    expect(report.end).toEqual({ status: 'succeeded' });
  });

  it('behind an exit its source does not have is skipped; the source still succeeds', async () => {
    const report = await run(definition([step('a'), step('b')], ['trigger -> a', 'a:nowhere -> b']));
    expect(because(report).b).toEqual({ code: 'branch_not_taken', nodeId: 'a', handle: 'nowhere' });
    expect(report.step('a').status).toBe('succeeded');
  });
});

describe('a disabled node', () => {
  it('passes its path on without its effect, and gives no output', async () => {
    const report = await run(
      definition(
        [
          node('mail', 'test.once', { disabled: true }),
          step('after', { config: { got: '{{step.mail.output?}}' } }),
        ],
        ['trigger -> mail', 'mail -> after'],
      ),
    );
    expect(report.story).toEqual(['mail skipped', 'after succeeded next']);
    expect(because(report)).toEqual({ mail: { code: 'disabled' } });
    expect(report.step('after').output).toEqual({ got: null });
  });

  it('on a path that is not taken is skipped with the path, and what follows does not run', async () => {
    const report = await run(
      definition(
        [no('choice'), step('a', { disabled: true }), step('b')],
        ['trigger -> choice', 'choice:true -> a', 'a -> b'],
      ),
    );
    expect(because(report)).toMatchObject({
      a: { code: 'branch_not_taken' },
      b: { code: 'upstream_skipped', nodeId: 'a' },
    });
  });

  it('that is a condition or a loop goes on at its pass handle, the others are dead', async () => {
    const report = await run(
      definition(
        [
          node('choice', 'flow.if', { disabled: true, config: condition('a', 'eq', 'b') }),
          step('a'),
          step('b'),
          node('each', 'flow.loop', { disabled: true, config: { items: [1, 2] } }),
          step('inside'),
          step('after'),
        ],
        [
          'trigger -> choice',
          'choice:true -> a',
          'choice:false -> b',
          'trigger -> each',
          'each:each -> inside',
          'each:done -> after',
        ],
      ),
    );
    expect(report.calls.map((call) => call.step.nodeId)).toEqual(['a', 'after']);
  });
});
