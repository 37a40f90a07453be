import type pg from 'pg';

/** Does the work in one transaction: all of it is written, or nothing. */
export async function inTransaction<T>(
  pool: pg.Pool,
  work: (client: Pick<pg.Pool, 'query'>) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const result = await work(client);
    await client.query('commit');
    client.release();
    return result;
  } catch (error) {
    // A connection whose state is unknown is not given to others; its end is the rollback.
    client.release(true);
    throw error;
  }
}
