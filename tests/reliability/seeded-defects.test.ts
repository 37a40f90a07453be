import { defects, seededDefects, staleDefects } from './seeded-defects';

describe('defects seeded on purpose', () => {
  it('are at least 25 different ones, and the code still has what each takes out', async () => {
    expect(new Set(defects.map(({ name }) => name)).size).toBe(defects.length);
    expect(defects.length).toBeGreaterThanOrEqual(25);
    expect(await staleDefects()).toEqual([]);
  });

  it('are noticed: one of them here, all of them in the full tier', async () => {
    const one = defects.filter(({ tests }) => tests === 'tests/core/execute-run-loops.test.ts').slice(0, 1);
    expect(await seededDefects(one, 1)).toEqual({ seeded: 1, caught: 1, violations: [] });
  }, 60_000);
});
