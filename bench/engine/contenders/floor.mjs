/** What PostgreSQL and `pg` allow at best: one insert and commit a step, and nothing else. */
import pg from 'pg';
import { v7 } from 'uuid';
import { OUTPUT, POOL_SIZE } from '../workload.mjs';

const COMPANY = 'bench';

export async function open({ databaseUrl }) {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: POOL_SIZE });
  await pool.query(`create table step (company_id text not null, run_id uuid not null, step_key text not null,
    output jsonb not null, primary key (company_id, run_id, step_key))`);
  const insert = (runId, key) =>
    pool.query({
      name: 'insert-step',
      text: 'insert into step (company_id, run_id, step_key, output) values ($1, $2, $3, $4)',
      values: [COMPANY, runId, key, JSON.stringify(OUTPUT)],
    });
  return {
    prepare:
      async ({ steps }) =>
      async () => {
        const runId = v7();
        for (let number = 1; number <= steps; number += 1) await insert(runId, `step_${number}`);
      },
    close: () => pool.end(),
  };
}
