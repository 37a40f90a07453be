import { defaultCaps, type Json, MemoryRunStore, type WorkflowDefinition } from '../../src/core';
import { definition, node } from '../support/definitions';
import { fail, type RunOptions, run, START } from './run-harness';

const DAY = 86_400_000;
const iso = (ms: number) => new Date(ms).toISOString();
const range = (length: number) => Array.from({ length }, (_, index) => index);
const chain = (count: number, type = 'test.pure') =>
  definition(
    range(count).map((index) => node(`s${index}`, type)),
    range(count).map((index) => `${index === 0 ? 'trigger' : `s${index - 1}`} -> s${index}`),
  );
/** Every step answers with a text of so many bytes of JSON. */
const giving = (count: number, bytes: number): RunOptions => ({
  behaviour: Object.fromEntries(range(count).map((index) => [`s${index}`, () => 'x'.repeat(bytes - 2)])),
});

describe('what a run may hold', () => {
  const caps = { stateBytes: 300 };
  // Each step takes `{}`, two bytes, unless its test says something else.

  it('may be reached exactly; one byte more ends the run before its next step, by name', async () => {
    expect((await run(chain(4), { ...giving(3, 98), caps })).end).toEqual({ status: 'succeeded' });
    const over = giving(3, 98);
    const report = await run(chain(4), {
      behaviour: { ...over.behaviour, s2: () => 'x'.repeat(97) },
      caps,
    });
    expect(report.end).toMatchObject({
      status: 'failed',
      error: {
        kind: 'terminal',
        code: 'state_exceeded',
        actor: 'customer',
        stepKey: 's3',
        message: expect.stringContaining('300 bytes'),
      },
    });
    expect(report.story).toEqual(['s0', 's1', 's2'].map((key) => `${key} succeeded next`));
  });

  it('counts the outputs of earlier legs', async () => {
    const first = await run(chain(4), {
      behaviour: { ...giving(3, 101).behaviour, s2: () => fail('retry') },
      caps,
    });
    const now = Date.parse((first.end as { wakeAt: string }).wakeAt);
    const second = await run(chain(4), {
      ...giving(3, 101),
      store: first.store,
      clock: { now: () => now },
      caps,
    });
    expect(second.end).toMatchObject({ error: { code: 'state_exceeded', stepKey: 's3' } });
  });

  it('counts what steps took, each once, also those of earlier legs', async () => {
    /** The first step takes so many bytes, the others `{}`; none gives anything. */
    const taking = (bytes: number) => {
      const [trigger, first, ...others] = chain(3).nodes;
      const config = { text: 'x'.repeat(bytes - '{"text":""}'.length) };
      // An effect is recorded when it begins, and again when it is done.
      const nodes = [trigger, { ...first, type: 'test.idempotent', config }, ...others];
      return { ...chain(3), nodes } as WorkflowDefinition;
    };
    const behaviour = { s0: () => null, s1: () => null, s2: () => null };
    expect((await run(taking(298), { behaviour, caps })).end).toEqual({ status: 'succeeded' });
    const exceeded = { error: { code: 'state_exceeded', stepKey: 's2' } };
    expect((await run(taking(299), { behaviour, caps })).end).toMatchObject(exceeded);
    const first = await run(taking(299), { behaviour: { ...behaviour, s1: () => fail('retry') }, caps });
    const now = Date.parse((first.end as { wakeAt: string }).wakeAt);
    const second = await run(taking(299), { behaviour, store: first.store, clock: { now: () => now }, caps });
    expect(second.end).toMatchObject(exceeded);
  });

  it('is not passed over by loops, whose list counts', async () => {
    const config = { items: range(9), onItemError: 'continue' };
    const workflow = definition(
      [node('each', 'flow.loop', { config, onError: 'continue' }), node('s0', 'test.pure')],
      ['trigger -> each', 'each:each -> s0'],
    );
    const withList = { stateBytes: 300 + JSON.stringify(config).length };
    const report = await run(workflow, { ...giving(1, 98), caps: withList });
    expect(report.end).toMatchObject({ error: { code: 'state_exceeded', stepKey: 'each[4]/s0' } });
    expect(report.step('each').status).toBe('failed');
    const tooTight = await run(workflow, {
      ...giving(1, 98),
      caps: { stateBytes: withList.stateBytes - 1 },
    });
    expect(tooTight.end).toMatchObject({ error: { code: 'state_exceeded', stepKey: 'each[3]/s0' } });
  });
});

describe('the age of a run', () => {
  const caps = { runAgeMs: 30 * DAY };
  const aged = (ms: number): RunOptions => ({ caps, facts: { createdAt: iso(START - ms) } });

  it('ends it before its next step, by name, and not one millisecond sooner', async () => {
    expect((await run(chain(2), aged(30 * DAY - 1))).end).toEqual({ status: 'succeeded' });
    const report = await run(chain(2), aged(30 * DAY));
    expect(report.end).toMatchObject({
      status: 'failed',
      error: { code: 'run_expired', stepKey: 's0', message: expect.stringContaining('30 days') },
    });
    expect(report.calls).toEqual([]);
  });

  it('does not begin the next attempt of a step, and closes it', async () => {
    const workflow = chain(2, 'test.idempotent');
    const first = await run(workflow, { ...aged(30 * DAY - 500), behaviour: { s0: () => fail('retry') } });
    expect(first.end.status).toBe('waiting');
    const second = await run(workflow, {
      ...aged(30 * DAY - 500),
      store: first.store,
      clock: { now: () => START + 500 },
    });
    expect(second.end).toMatchObject({ error: { code: 'run_expired', stepKey: 's0' } });
    expect(second.story).toEqual(['s0 failed']);
    expect(second.calls).toEqual([]);
  });

  it('still clears up what may have happened before the run ends', async () => {
    const workflow = chain(2, 'test.reconcilable');
    const first = await run(workflow, {
      ...aged(30 * DAY - 500),
      behaviour: { s0: () => fail('uncertain') },
    });
    const second = await run(workflow, {
      ...aged(30 * DAY - 500),
      store: first.store,
      clock: { now: () => START + DAY },
      recovery: { s0: () => ({ happened: true, outcome: { kind: 'done', output: 'found' } }) },
    });
    expect(second.end).toMatchObject({ error: { code: 'run_expired', stepKey: 's1' } });
    expect(second.story).toEqual(['s0 succeeded next']);
  });

  it('is counted from now when nobody says when it was created', async () => {
    expect((await run(chain(1), { caps: { runAgeMs: 1 } })).end).toEqual({ status: 'succeeded' });
  });
});

describe('what a run may go through', () => {
  const loops = (items: number, rest = {}, leaf = 'test.pure') =>
    definition(
      [
        node('a', 'flow.loop', { config: { items: range(items) } }),
        node('b', 'flow.loop', {
          config: { items: range(items), onItemError: 'continue' },
          onError: 'continue',
        }),
        node('leaf', leaf, rest),
      ],
      ['trigger -> a', 'a:each -> b', 'b:each -> leaf'],
    );

  it('is bounded for loops within loops that do nothing: a round without a step counts as one', async () => {
    const off = { disabled: true };
    // The outer loop, three inner ones, nine rounds.
    expect((await run(loops(3, off), { caps: { stepsPerRun: 13 } })).end).toEqual({ status: 'succeeded' });
    const over = await run(loops(3, off), { caps: { stepsPerRun: 12 } });
    expect(over.end).toMatchObject({
      status: 'failed',
      error: { code: 'steps_exceeded', stepKey: 'a[2]/b' },
    });
    expect(over.story.filter((line) => !line.includes('skipped'))).toEqual([
      'a failed',
      'a[0]/b succeeded done',
      'a[1]/b succeeded done',
      'a[2]/b failed',
    ]);
    const bomb = await run(loops(500, off));
    expect(bomb.end).toMatchObject({ error: { code: 'steps_exceeded' } });
    expect(bomb.steps.length).toBeLessThan(2 * defaultCaps.stepsPerRun);
  });

  it('counts a round with a step once', async () => {
    expect((await run(loops(3), { caps: { stepsPerRun: 13 } })).end).toEqual({ status: 'succeeded' });
    expect((await run(loops(3), { caps: { stepsPerRun: 12 } })).end.status).toBe('failed');
  });

  it('nests as deep as a definition may, and step keys say where', async () => {
    const report = await run(
      definition(
        [
          ...['a', 'b', 'c'].map((id) => node(id, 'flow.loop', { config: { items: range(2) } })),
          node('leaf', 'test.idempotent'),
        ],
        ['trigger -> a', 'a:each -> b', 'b:each -> c', 'c:each -> leaf'],
      ),
    );
    expect(report.end).toEqual({ status: 'succeeded' });
    expect(report.calls.map(({ step }) => step.stepKey)).toEqual(
      range(8).map((n) => `a[${n >> 2}]/b[${(n >> 1) & 1}]/c[${n & 1}]/leaf`),
    );
  });
});

describe('what waits for the next commit', () => {
  const commits = async (workflow: Parameters<typeof run>[0], options: RunOptions = {}) =>
    (await run(workflow, options)).commits.map(({ steps }) => steps.length);

  it('is written early when it is more than 200 steps', async () => {
    const caps = { nodes: 1000 };
    expect(await commits(chain(200), { caps })).toEqual([200]);
    expect(await commits(chain(201), { caps })).toEqual([201, 0]);
    expect(await commits(chain(403), { caps })).toEqual([201, 201, 1]);
  });

  it('is written early when its outputs are more than a mebibyte together', async () => {
    const share = 256 * 1024 - 3;
    // Five empty configurations count two bytes each, and so does an empty text.
    const ending = (last: string) =>
      commits(chain(5), { behaviour: { ...giving(4, share).behaviour, s4: () => last } });
    expect(4 * share + 5 * 2 + 2).toBe(1024 * 1024);
    expect(await ending('')).toEqual([5]);
    expect(await ending('x')).toEqual([5, 0]);
  });

  it('is written early when its inputs are: a hundred copies of the payload are not kept in memory', async () => {
    const config: Record<string, Json> = { all: '{{trigger.payload}}' };
    const workflow = definition(
      range(20).map((index) => node(`s${index}`, 'test.pure', { config })),
      range(20).map((index) => `trigger -> s${index}`),
    );
    const behaviour = Object.fromEntries(range(20).map((index) => [`s${index}`, () => null]));
    const counts = await commits(workflow, { behaviour, payload: 'x'.repeat(200 * 1024) });
    expect(counts).toEqual([6, 6, 6, 2]);
  });

  it('costs a run of n effects no more than n + 1 commits, with any number of pure steps between them', async () => {
    for (const count of [1, 5, 20]) {
      const workflow = definition(
        range(count).flatMap((index) => [node(`p${index}`, 'test.pure'), node(`e${index}`, 'test.once')]),
        range(count).flatMap((index) => [
          `${index === 0 ? 'trigger' : `e${index - 1}`} -> p${index}`,
          `p${index} -> e${index}`,
        ]),
      );
      expect(await commits(workflow)).toHaveLength(count + 1);
    }
  });

  it('is whole after a crash between two early commits: the loop goes on where it was', async () => {
    const workflow = definition(
      [
        node('each', 'flow.loop', { config: { items: range(300) } }),
        node('a', 'test.pure', { config: { n: '{{loop.item}}' } }),
        node('b', 'test.once', { config: { last: '{{step.each.output.results.299.n}}' } }),
      ],
      ['trigger -> each', 'each:each -> a', 'each:done -> b'],
    );
    const first = await run(workflow);
    const [early] = first.commits;
    expect(early?.steps.find(({ key }) => key === 'each')?.status).toBe('running');
    const second = await run(workflow, { store: new MemoryRunStore(early?.steps ?? []) });
    expect(second.step('b').output).toEqual({ last: 299 });
    expect(second.calls).toHaveLength(300 - 200 + 1);
  });
});
