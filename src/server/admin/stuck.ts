import type { Stuck } from '../../core/api/admin-shapes';
import type { ServerContext } from '../context';

/** Milliseconds after which a run that ought to have gone on counts as stuck: several times what recovery takes. */
const STUCK_AFTER_MS = 5 * 60_000;
/** Longest list; the oldest are shown. */
const LIMIT = 50;

/**
 * Runs of a company that ought to go on and do not, the longest first. How long one has been queued is told by what happened to it last: its
 * wait ended, a person settled its step, a server that was closing laid it down. Times are the server's clock, but a lease is PostgreSQL's to
 * measure, like everywhere.
 */
const STUCK = `
with stuck as (
  select id, 'not_started' as reason, since from (
    select r.id, greatest(r.created_at,
      (select max(w.ended_at) from workflow_wait w where w.company_id = r.company_id and w.run_id = r.id),
      (select max(s.finished_at) from workflow_run_step s where s.company_id = r.company_id and s.run_id = r.id),
      (select max(a.at) from workflow_audit a
       where a.company_id = r.company_id and a.target_id = r.id::text and a.target_type = 'run' and a.action <> 'run.start')) as since
    from workflow_run r where r.company_id = $1 and r.status = 'queued' and r.created_at <= $2
  ) queued where since <= $2
  union all
  select id, case when silent then 'runner_silent' else 'cancel_pending' end, case when silent then lease_until else cancel_requested_at end
  from (
    select id, lease_until, cancel_requested_at, lease_until <= now() - $3 * interval '1 millisecond' as silent from workflow_run
    where company_id = $1 and status = 'running' and started_at is not null
  ) running where silent or cancel_requested_at <= $2
  union all
  select id, 'overdue', wake_at from workflow_run where company_id = $1 and status = 'waiting' and wake_at <= $2
  union all
  select r.id, 'connection', w.created_at from workflow_wait w join workflow_run r on r.company_id = w.company_id and r.id = w.run_id
  where w.company_id = $1 and w.state = 'open' and w.kind = 'connection' and r.status = 'waiting' and r.wake_at > $2
)
select id, reason, since, count(*) over ()::integer as total from stuck
where $4::uuid is null or id = $4
order by since, id limit ${LIMIT}`;

export interface StuckRun extends Stuck {
  id: string;
}

export async function findStuck(
  context: ServerContext,
  companyId: string,
  runId: string | null = null,
): Promise<{ total: number; items: StuckRun[] }> {
  const before = new Date(context.clock.now() - STUCK_AFTER_MS);
  const { rows } = await context.database.pool.query(STUCK, [companyId, before, STUCK_AFTER_MS, runId]);
  return {
    total: rows[0]?.total ?? 0,
    items: rows.map(({ id, reason, since }) => ({ id, reason, since: since.toISOString() })),
  };
}
