import fc from 'fast-check';
import type { Json, LegEnd, StepRecord, WorkflowDefinition } from '../../src/core';
import { definition, node } from '../support/definitions';
import {
  type CallResult,
  ERROR,
  type Expected,
  expectedRun,
  type ModelNode,
  resultsFor,
} from './model-reference';
import { type Call, Crash, CrashingStore, fail, type RunOptions, reopen, run } from './run-harness';

const seed = Number(process.env.TRAMA_TEST_SEED) || Date.now() % 2_147_483_647;
const runs = 2000;

const shapeArbitrary = fc.record({
  kind: fc.constantFrom<ModelNode['kind']>('pure', 'idempotent', 'reconcilable', 'once', 'if', 'loop'),
  /** Choices reduced to what is possible where the node stands. */
  dice: fc.array(fc.nat(1000), { minLength: 12, maxLength: 12 }),
  calls: fc.tuple(
    fc.array(fc.constantFrom<CallResult>('retry', 'unsent', 'lost'), { maxLength: 2 }),
    fc.constantFrom<CallResult>('ok', 'ok', 'ok', 'terminal', 'retry', 'unsent'),
  ),
  goesWell: fc.integer({ min: 0, max: 9 }),
});
type Shape = { kind: ModelNode['kind']; dice: number[]; calls: [CallResult[], CallResult]; goesWell: number };

const programArbitrary = fc.record({
  shapes: fc.array(shapeArbitrary, { minLength: 1, maxLength: 9 }),
  crashes: fc.array(
    fc.record({ at: fc.integer({ min: 1, max: 9 }), when: fc.constantFrom('before', 'after') }),
    {
      maxLength: 2,
    },
  ),
});
type Program = { shapes: Shape[]; crashes: { at: number; when: string }[] };

/** Lays the shapes out as a graph: each in the root or in the body of a loop before it, behind earlier ones of its region. */
function layOut({ shapes, crashes }: Program): { root: ModelNode[]; all: ModelNode[]; edges: string[] } {
  const edges: string[] = [];
  const all: ModelNode[] = [];
  const regions: { nodes: ModelNode[]; loop: string | null; depth: number }[] = [
    { nodes: [], loop: null, depth: 0 },
  ];
  const homes = new Map<ModelNode, number>();
  for (const [number, { kind, dice, calls, goesWell }] of shapes.entries()) {
    const die = (index: number, sides: number) => (dice[index] ?? 0) % sides;
    const home = die(0, regions.length);
    const region = regions[home] as (typeof regions)[number];
    const isFree = crashes.length === 0;
    const added: ModelNode = {
      id: `n${number}`,
      kind: kind === 'loop' && region.depth === 2 ? 'pure' : kind,
      incoming: [],
      onError: (['fail', 'continue', 'branch'] as const)[die(1, 3)] ?? 'fail',
      disabled: die(2, 10) === 0,
      // A crash costs attempts: with one in play there are enough for every planned failure as well.
      maxAttempts: isFree ? 1 + die(3, 4) : 9,
      calls: goesWell > 3 ? ['ok'] : [...calls[0], calls[1]],
      onlyItem: die(4, 2) === 0 ? null : die(5, 3),
      quotes: all.length > 0 && die(6, 2) === 0 ? (all[die(7, all.length)]?.id ?? null) : null,
      items: die(8, 4),
      onItemError: die(9, 2) === 0 ? 'fail' : 'continue',
      collects: die(10, 3) === 0,
      body: [],
    };
    const parents = region.nodes.filter((_, index) => ((dice[11] ?? 0) >> index) % 2 === 1);
    for (const parent of parents) {
      const handles = handlesOf(parent);
      const handle = handles[die(1, handles.length)] ?? 'next';
      connect(added, parent.id, handle);
    }
    if (parents.length === 0 && (region.loop !== null || die(3, 8) > 0)) {
      connect(added, null, region.loop === null ? 'next' : 'each', region.loop ?? 'trigger');
    }
    region.nodes.push(added);
    homes.set(added, home);
    all.push(added);
    if (added.kind === 'loop') regions.push({ nodes: added.body, loop: added.id, depth: region.depth + 1 });
  }
  return { root: regions[0]?.nodes ?? [], all, edges };

  function connect(target: ModelNode, from: string | null, handle: string, source = from ?? 'trigger') {
    target.incoming.push({ from, handle, index: edges.length });
    edges.push(`${source}:${handle} -> ${target.id}`);
  }
}

const handlesOf = ({ kind, onError }: ModelNode) => {
  const own = kind === 'if' ? ['true', 'false'] : [kind === 'loop' ? 'done' : 'next'];
  return onError === 'branch' ? [...own, 'error'] : own;
};

function toDefinition({ all, edges }: ReturnType<typeof layOut>): WorkflowDefinition {
  return definition(
    all.map((model) => {
      const { id, kind, onError, disabled, maxAttempts } = model;
      const retry = { maxAttempts, backoff: 'fixed', delayMs: 10, maxDelayMs: 10 } as const;
      if (kind === 'if')
        return node(id, 'flow.if', {
          config: { conditions: [{ left: '{{loop.item?}}', op: 'eq', right: 1 }] },
          onError,
          disabled,
        });
      if (kind === 'loop') {
        const items = Array.from({ length: model.items }, (_, item) => item);
        const config: Record<string, Json> = { items, onItemError: model.onItemError };
        if (model.collects) config.collect = 'item {{loop.item}}';
        return node(id, 'flow.loop', { config, onError, disabled });
      }
      const quote = model.quotes === null ? '' : `{{step.${model.quotes}.output.value?}}`;
      return node(id, `test.${kind}`, {
        config: { quote: `${quote}`, item: '{{loop.item?}}' },
        retry,
        onError,
        disabled,
      });
    }),
    edges,
  );
}

/** The outside world: keeps what happened under each effect key, and checks that one step acts at a time. */
function createWorld(all: ModelNode[]) {
  const acted: string[] = [];
  const calls = new Map<string, number>();
  let busy = 0;
  let overlaps = 0;
  const answer = (model: ModelNode, input: Record<string, Json>) => ({
    value: `${model.id}(${input.quote ?? ''})`,
  });
  const behave = (model: ModelNode) => async (call: Call) => {
    busy += 1;
    if (busy > 1) overlaps += 1;
    await Promise.resolve();
    busy -= 1;
    const { stepKey } = call.step;
    const called = calls.get(stepKey) ?? 0;
    calls.set(stepKey, called + 1);
    const results = resultsFor(model, call.input.item as number | null);
    const result = results[Math.min(called, results.length - 1)];
    if (result === 'retry' || result === 'terminal') return fail(result);
    if (result === 'unsent') return fail('uncertain');
    if (model.kind === 'once' || model.kind === 'reconcilable' || !acted.includes(stepKey))
      acted.push(stepKey);
    return result === 'lost' ? fail('uncertain') : answer(model, call.input);
  };
  const recover =
    (model: ModelNode) =>
    ({ step, input }: Call) =>
      acted.includes(step.stepKey)
        ? ({ happened: true, outcome: { kind: 'done', output: answer(model, input) } } as const)
        : ({ happened: false } as const);
  const options: RunOptions = {
    behaviour: Object.fromEntries(all.map((model) => [model.id, behave(model)])),
    recovery: Object.fromEntries(all.map((model) => [model.id, recover(model)])),
  };
  return { acted, options, overlaps: () => overlaps };
}

async function follow(workflow: WorkflowDefinition, { crashes }: Program, options: RunOptions) {
  const left = [...crashes];
  let steps: StepRecord[] = [];
  let now = Date.parse('2026-11-23T10:00:00Z');
  for (let leg = 0; leg < 500; leg += 1) {
    const crash = left.shift();
    const store = new CrashingStore(crash?.at ?? 0, crash?.when === 'before' ? 'before' : 'after', steps);
    let end: LegEnd | null = null;
    try {
      end = (await run(workflow, { ...options, store, clock: { now: () => now } })).end;
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
    }
    steps = await (await reopen(store)).load();
    if (end && end.status !== 'waiting') return { end, steps };
    if (end) now = Date.parse(end.wakeAt);
  }
  throw new Error('The run did not come to an end in 500 legs.');
}

const withoutErrors = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutErrors);
  if (value === null || typeof value !== 'object') return value;
  if ('error' in value) return ERROR;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, withoutErrors(child)]));
};

const factsOf = (steps: readonly StepRecord[]): Expected['steps'] =>
  new Map(
    steps.map(({ key, status, branch, output }) => [key, { status, branch, output: withoutErrors(output) }]),
  );

async function checkProgram(program: Program): Promise<void> {
  const laid = layOut(program);
  const expected = expectedRun(laid.root);
  const world = createWorld(laid.all);
  const { end, steps } = await follow(toDefinition(laid), program, world.options);
  expect(world.overlaps()).toBe(0);
  expect(steps.map(({ seq }) => seq)).toEqual(steps.map((_, index) => index));
  const mayAct = laid.all
    .filter(({ kind }) => kind === 'once' || kind === 'reconcilable')
    .map(({ id }) => id);
  const effects = world.acted.filter((key) => mayAct.includes(key.split('/').at(-1) ?? ''));
  expect(effects).toEqual([...new Set(effects)]);
  const actual = factsOf(steps);
  const doubtful = steps.filter(({ status, type }) => status === 'in_doubt' && type === 'test.once');
  const isDisturbed = program.crashes.length > 0 && end.status === 'needs_attention' && doubtful.length > 0;
  if (!isDisturbed) {
    expect({ end: end.status, steps: actual }).toEqual({ end: expected.end, steps: expected.steps });
    expect(world.acted.filter((key) => expected.acted.includes(key)).sort()).toEqual(
      [...expected.acted].sort(),
    );
    return;
  }
  // The crash met an effect nobody may repeat: what came before it stands as it would have, and nothing comes after it.
  expect(doubtful).toHaveLength(1);
  for (const [key, facts] of actual) {
    if (facts.status !== 'running' && facts.status !== 'in_doubt')
      expect([key, facts]).toEqual([key, expected.steps.get(key)]);
  }
}

describe('the interpreter', () => {
  it(`agrees with the reference over ${runs} workflows, failures and crashes (TRAMA_TEST_SEED=${seed})`, async () => {
    let checked = 0;
    await fc.assert(
      fc.asyncProperty(programArbitrary, async (program) => {
        checked += 1;
        await checkProgram(program as Program);
      }),
      { numRuns: runs, seed },
    );
    expect(checked).toBe(runs);
  });
});
