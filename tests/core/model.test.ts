import fc from 'fast-check';
import type { StepRecord } from '../../src/core';
import { keep } from '../reliability/tier';
import { layOut, type Program, programs, toDefinition } from './model-program';
import { ERROR, type Expected, expectedRun } from './model-reference';
import { follow, World } from './model-world';

const seed = Number(process.env.TRAMA_TEST_SEED) || Date.now() % 2_147_483_647;
const runs = Number(process.env.TRAMA_MODEL_RUNS) || 2000;

type Facts = Expected['steps'];

const withoutErrors = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutErrors);
  if (value === null || typeof value !== 'object') return value;
  if ('error' in value) return ERROR;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, withoutErrors(child)]));
};

const factsOf = (steps: readonly StepRecord[]): Facts =>
  new Map(
    steps.map(({ key, status, branch, output }) => [key, { status, branch, output: withoutErrors(output) }]),
  );

/** How often each way of ending was met, of runs and of steps, so that none is missing unnoticed. */
const met = new Map<string, number>();
const tell = (what: string) => met.set(what, (met.get(what) ?? 0) + 1);

const mustBeMet = [
  ...['succeeded', 'failed', 'needs_attention', 'canceled early', 'needs_attention early'],
  ...['pure', 'idempotent', 'reconcilable', 'once'].map((type) => `test.${type} succeeded`),
  ...['test.reconcilable in_doubt', 'test.once in_doubt', 'test.once canceled', 'test.stop succeeded'],
  ...['connection succeeded', 'connection failed', 'connection canceled'],
  ...['gone on again succeeded', 'gone on again failed'],
  ...['succeeded', 'failed', 'canceled'].flatMap((status) => [`test.wait ${status}`, `flow.loop ${status}`]),
];

async function checkProgram(program: Program): Promise<void> {
  const layout = layOut(program);
  const expected = expectedRun(layout.root);
  const world = new World(layout.all);
  const { end, steps } = await follow(toDefinition(layout), program, world);
  expect(world.faults).toEqual([]);
  expect(steps.map(({ seq }) => seq)).toEqual(steps.map((_, index) => index));
  const actual = factsOf(steps);
  // A crash may leave in doubt, with nobody to settle it, what would have gone well.
  const isCut =
    end.status === 'canceled' || (end.status === 'needs_attention' && program.disturbances.length > 0);
  tell(isCut ? `${end.status} early` : end.status);
  for (const { type, status, wait } of steps) {
    tell(`${type} ${status}`);
    if (wait?.kind === 'connection') tell(`connection ${status}`);
    else if (wait?.after) tell(`gone on again ${status}`);
  }
  if (isCut) {
    expectPrefix(actual, expected.steps, end.status === 'canceled' ? 'canceled' : 'running');
    expect(expected.acted.slice(0, world.acted.length)).toEqual(world.acted);
    return;
  }
  expect({ end: end.status, steps: [...actual] }).toEqual({ end: expected.end, steps: [...expected.steps] });
  expect(world.acted).toEqual(expected.acted);
}

/** The run went the expected way as far as it came: what it finished stands, at most its last step and the loops around it do not. */
function expectPrefix(actual: Facts, expected: Facts, loopStatus: string): void {
  const reached = [...actual];
  const keys = reached.map(([key]) => key);
  expect(keys).toEqual([...expected.keys()].slice(0, keys.length));
  const last = keys.at(-1) ?? '';
  for (const [key, facts] of reached) {
    const isUnfinished = last.startsWith(`${key}[`)
      ? facts.status === loopStatus
      : key === last && ['canceled', 'in_doubt'].includes(facts.status);
    if (!isUnfinished) expect([key, facts]).toEqual([key, expected.get(key)]);
  }
}

describe('the interpreter', () => {
  it(`agrees with the reference over ${runs} workflows and what may befall them (TRAMA_TEST_SEED=${seed})`, async () => {
    let checked = 0;
    await fc.assert(
      fc.asyncProperty(programs, async (program) => {
        checked += 1;
        await checkProgram(program);
      }),
      { numRuns: runs, seed },
    );
    expect(checked).toBe(runs);
    await keep('model', { sequences: checked, violations: [] });
    // What is rare is only sure to be met in so many.
    if (runs >= 2000) expect([...met.keys()]).toEqual(expect.arrayContaining(mustBeMet));
  }, 600_000);
});
