import type { SharedContext } from '../context';

interface Woken {
  companyId: string;
  id: string;
}

/** Waits ended at a time. */
const PAGE = 200;

/** Open waits whose connection can be used. */
const READY = `
select w.company_id, w.id from workflow_wait w
join workflow_connection c
  on c.company_id = w.company_id and c.provider = w.wait ->> 'provider' and c.state in ('active', 'error')
join workflow_run r on r.company_id = w.company_id and r.id = w.run_id and r.status in ('waiting', 'running', 'queued')
where w.state = 'open' and w.kind = 'connection' and w.until > $1
  and ($2::text is null or (w.company_id = $2 and c.provider = $3))
limit ${PAGE}`;

/** Ends them and sets their runs going again. Rows that another is ending are passed over, so that two never wait for each other. */
const WAKE = `
with ready as (
  select w.company_id, w.id from unnest($1::text[], $2::uuid[]) key (company_id, id)
  join workflow_wait w on w.company_id = key.company_id and w.id = key.id and w.state = 'open' and w.kind = 'connection'
  for update of w skip locked
), woken as (
  update workflow_wait w set state = 'woken', wake_up = '{"kind":"connection"}', ended_at = $3 from ready
  where w.company_id = ready.company_id and w.id = ready.id
  returning w.company_id, w.run_id
), resumed as (
  update workflow_run r set status = 'queued', wake_at = null from woken
  where r.company_id = woken.company_id and r.id = woken.run_id and r.status = 'waiting'
)
select company_id, run_id from woken`;

/**
 * Wakes the runs that wait for connections which can be used, of one provider or of all; those woken. Asked when somebody has connected a
 * provider, by a run that has just parked, and by the sweeper.
 */
export async function wakeConnected(
  context: SharedContext,
  only: { companyId: string; provider: string } | null,
): Promise<Woken[]> {
  const { pool } = context.database;
  const woken: Woken[] = [];
  for (;;) {
    const now = new Date(context.clock.now());
    const ready = await pool.query(READY, [now, only?.companyId, only?.provider]);
    if (ready.rows.length === 0) return woken;
    const keys = [ready.rows.map((row) => row.company_id), ready.rows.map(({ id }) => id)];
    const { rows } = await context.crash.around('wake', () => pool.query(WAKE, [...keys, now]));
    for (const row of rows) {
      woken.push({ companyId: row.company_id, id: row.run_id });
      context.changes.emit(row.run_id);
    }
    // Fewer than were ready: another process wakes the rest.
    if (rows.length < PAGE) return woken;
  }
}
