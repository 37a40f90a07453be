import { keep, patience, scale, seed } from './tier';
import { renewals, zombies } from './zombies';

const wanted = scale(30, 200);

describe('a worker whose lease has been taken over', () => {
  it(
    `changes nothing when it comes to itself (TRAMA_TEST_SEED=${seed})`,
    async () => {
      const facts = await zombies({ zombies: wanted, seed });
      await keep('zombies', facts);
      expect(facts.violations).toEqual([]);
      expect(facts).toMatchObject({ zombies: wanted, staleWrites: 0 });
      expect(facts.refused + facts.nothingToDo).toBe(wanted);
      expect(facts.metRunUnderWay).toBeGreaterThan(0);
      expect(facts.refused).toBeGreaterThan(0);
      expect(facts.lateCalls.seen).toBe(facts.lateCalls.predicted);
    },
    patience,
  );

  it('cannot prolong it', async () => {
    expect(await renewals()).toEqual({
      first: true,
      afterTakeOver: false,
      ofNewHolder: true,
      leaseIsUntouched: true,
    });
  });
});
