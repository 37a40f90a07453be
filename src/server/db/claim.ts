import type pg from 'pg';
import type { SharedContext } from '../context';
import type { EngineRun, RunKey } from './engine';
import type { Intent } from './entities';

/** A run as a runner holds it: `epoch` is the proof that it still does. */
export interface ClaimedRun {
  companyId: string;
  id: string;
  workflowId: string;
  workflowName: string;
  version: number | null;
  epoch: number;
  /** Runners that went down with it since its last commit. */
  deaths: number;
  createdAt: Date;
  /** The effect that was under way when its last runner fell silent. */
  intent: Intent | null;
  /** Never carried out before: there are no steps to load. */
  isNew: boolean;
}

/** Takes the candidate: the epoch it raises is the proof, and whoever held the run before can write no more. */
const take = (more = ''): string => `
update workflow_run r set
  status = 'running', epoch = r.epoch + 1, wake_at = null, ${more}
  lease_until = now() + $1 * interval '1 millisecond', started_at = coalesce(r.started_at, now()),
  deaths = case when c.status = 'running' then r.deaths + 1 else r.deaths end
from candidate c where r.company_id = c.company_id and r.id = c.id
returning r.company_id, r.id, r.workflow_id, r.workflow_name, r.version, r.epoch, r.deaths, r.created_at, r.intent,
  c.started_at is null and r.retry_of is null as is_new`;

/**
 * Takes the next run that is due: queued, parked and due by `now`, or left behind by a runner whose lease ran out. The company with the
 * fewest runs under way goes first, then the one that waits longest. One statement; runs that others are claiming are passed over. It reads
 * one queued run per company (`queue` leaps from company to company through the index) and no run that is parked for later, so a long
 * backlog costs nothing. (A running run has a `started_at`; saying so is what lets the statement use the index of the running ones.)
 */
const CLAIM = `
with recursive queue as (
  (select company_id, created_at from workflow_run where status = 'queued' order by company_id, created_at limit 1)
  union all
  select next.company_id, next.created_at from queue cross join lateral (
    select company_id, created_at from workflow_run r where status = 'queued' and r.company_id > queue.company_id
    order by company_id, created_at limit 1) next
), ready as (
  select company_id, min(at) as since from (
    select company_id, created_at as at from queue
    union all (select company_id, wake_at from workflow_run where status = 'waiting' and wake_at <= $2 order by wake_at limit 1000)
    union all select company_id, lease_until from workflow_run where status = 'running' and started_at is not null and lease_until <= now()
  ) due group by company_id
), busy as (
  select company_id, count(*) as running from workflow_run
  where status = 'running' and started_at is not null and lease_until > now() group by company_id
), candidate as (
  select picked.* from (
    select company_id from ready left join busy using (company_id) order by coalesce(running, 0), since
  ) company cross join lateral (
    (select * from (
      select r.company_id, r.id, r.status, r.started_at from workflow_run r
      where r.company_id = company.company_id and r.status = 'running' and r.started_at is not null and r.lease_until <= now()
      limit 1 for update skip locked) abandoned)
    union all (select * from (
      select r.company_id, r.id, r.status, r.started_at from workflow_run r
      where r.company_id = company.company_id and r.status = 'waiting' and r.wake_at <= $2
      order by r.wake_at limit 1 for update skip locked) parked)
    union all (select * from (
      select r.company_id, r.id, r.status, r.started_at from workflow_run r
      where r.company_id = company.company_id and r.status = 'queued'
      order by r.created_at limit 1 for update skip locked) queued)
  ) picked limit 1
)
${take()}`;

export async function claimNextRun(context: SharedContext): Promise<ClaimedRun | null> {
  const now = new Date(context.clock.now());
  const { rows } = await context.crash.around('claim', () =>
    context.database.pool.query({ name: 'trama-claim', text: CLAIM, values: [context.leaseMs, now] }),
  );
  return rows[0] ? toClaimed(rows[0]) : null;
}

/**
 * Takes this run, if it is due. Unlike `CLAIM` it waits for whoever holds the row at the moment: nobody else comes for the run that
 * somebody was sent for.
 */
const CLAIM_ONE = `
with candidate as (
  select company_id, id, status, started_at from workflow_run
  where company_id = $3 and id = $4 and (status = 'queued' or (status = 'waiting' and wake_at <= $2) or (status = 'running' and lease_until <= now()))
  for update
)
${take('engine = $5,')}`;

/** Takes one run for the platform's run that was started for it; `null` when it is not due (any more) or another has it. */
export async function claimRun(
  context: SharedContext,
  run: RunKey,
  engine: EngineRun,
): Promise<ClaimedRun | null> {
  const now = new Date(context.clock.now());
  const values = [context.leaseMs, now, run.companyId, run.id, JSON.stringify(engine)];
  const { rows } = await context.crash.around('claim', () =>
    context.database.pool.query({ name: 'trama-claim-one', text: CLAIM_ONE, values }),
  );
  return rows[0] ? toClaimed(rows[0]) : null;
}

function toClaimed(row: pg.QueryResultRow): ClaimedRun {
  return {
    companyId: row.company_id,
    id: row.id,
    workflowId: row.workflow_id,
    workflowName: row.workflow_name,
    version: row.version,
    epoch: row.epoch,
    deaths: row.deaths,
    createdAt: row.created_at,
    intent: row.intent,
    isNew: row.is_new,
  };
}

/** Prolongs a lease; false when the run is no longer ours. */
export async function renewLease(pool: pg.Pool, run: ClaimedRun, leaseMs: number): Promise<boolean> {
  const { rowCount } = await pool.query({
    name: 'trama-renew',
    text: `update workflow_run set lease_until = now() + $4 * interval '1 millisecond'
           where company_id = $1 and id = $2 and epoch = $3 and status = 'running'`,
    values: [run.companyId, run.id, run.epoch, leaseMs],
  });
  return rowCount === 1;
}

/** When the next parked run is due, and the next start by the clock, if any is. */
export async function nextTimes(pool: pg.Pool): Promise<{ wakeUp: Date | null; scheduled: Date | null }> {
  const { rows } = await pool.query(
    `select min(wake_at) as "wakeUp", (select min(next_at) from workflow_schedule) as scheduled
     from workflow_run where status = 'waiting'`,
  );
  return rows[0];
}
