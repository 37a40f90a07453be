import { defects, seededDefects, staleDefects } from './seeded-defects';
import { isFull, keep, patience } from './tier';

const MILLISECONDS_EACH = 30_000;

describe('defects seeded on purpose', () => {
  it('are at least 25 different ones, and the code still has what each takes out', async () => {
    expect(new Set(defects.map(({ name }) => name)).size).toBe(defects.length);
    expect(defects.length).toBeGreaterThanOrEqual(25);
    expect(await staleDefects()).toEqual([]);
  });

  it(
    'are noticed: one of them here, all of them in the full tier',
    async () => {
      const one = defects.filter(({ tests }) => tests === 'tests/core/execute-run-loops.test.ts').slice(0, 1);
      const chosen = isFull ? defects : one;
      const facts = await seededDefects(chosen, isFull ? 2 : 1);
      await keep('seeded-defects', facts);
      expect(facts).toEqual({ seeded: chosen.length, caught: chosen.length, violations: [] });
    },
    // Each runs a file of tests, and there are more of them every month.
    isFull ? defects.length * MILLISECONDS_EACH : patience,
  );
});
