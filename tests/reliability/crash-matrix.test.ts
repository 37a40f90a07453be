import { crashMatrix } from './crash-matrix';
import { killPoints } from './crash-matrix-trace';
import { keep, patience, scale, seed } from './tier';

const kills = scale(25, 1200);

it(
  `workers killed with SIGKILL at every crash point lose no run and repeat nothing that must not be (TRAMA_TEST_SEED=${seed})`,
  async () => {
    const facts = await crashMatrix({ kills, seed });
    await keep('crash-matrix', facts);
    expect(facts.violations).toEqual([]);
    expect(facts.kills).toBeGreaterThanOrEqual(kills);
    const exercised = Object.entries(facts.points).filter(([, count]) => count > 0);
    expect(exercised.map(([point]) => point).sort()).toEqual([...killPoints].sort());
    expect(facts.duplicateCalls.seen).toBe(facts.duplicateCalls.predicted);
    expect(facts.duplicateEffects).toMatchObject({ idempotent: 0, reconcilable: 0 });
    if (kills >= facts.instants.known * 2) expect(facts.instants.killedAt).toBe(facts.instants.known);
  },
  patience,
);
