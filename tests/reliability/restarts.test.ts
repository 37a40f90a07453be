import { fullRestarts, quickRestarts, restarts } from './restarts';
import { keep, patience, scale } from './tier';

const options = scale(quickRestarts, fullRestarts);

it(
  'runs come to their end while PostgreSQL is restarted, hard and kindly',
  async () => {
    const facts = await restarts(options);
    await keep('restarts', facts);
    expect(facts.violations).toEqual([]);
    const { runs, runsPerRestart } = options;
    expect(facts).toMatchObject({ runs, finished: runs });
    expect(facts.restarts).toBeGreaterThanOrEqual(Math.max(1, Math.floor(runs / runsPerRestart / 2)));
    expect(facts.refused_while_down).toBeGreaterThan(0);
    // Three effects in a line, four around a loop, two around a wait.
    expect(facts.effects).toBe(
      Array.from({ length: runs }, (_, n) => [3, 4, 2][n % 3]).reduce((a, b = 0) => (a ?? 0) + b, 0),
    );
  },
  patience,
);
