import { openDatabase } from '../../src/server/db/data-source';
import { createTestDatabase } from '../support/database';
import { keep, patience, scale, seed } from './tier';
import { silent } from './worker-engine';
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

  it('keeps its process when PostgreSQL ends a connection in the middle of a transaction', async () => {
    const { url, drop } = await createTestDatabase();
    const { pool, source } = await openDatabase(url, 2, silent);
    try {
      const clients = [await pool.connect(), await pool.connect()];
      // Without a listener the event would be thrown where nothing catches it.
      const listeners = clients.map((client) => client.listenerCount('error'));
      for (const client of clients) client.release(true);
      expect(Math.min(...listeners)).toBeGreaterThan(0);
    } finally {
      await source.destroy();
      await drop();
    }
  });
});
