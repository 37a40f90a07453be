import { In } from 'typeorm';
import type { Overview } from '../../core/api/admin-shapes';
import type { Run } from '../../core/api/shapes';
import type { ServerContext } from '../context';
import { RunEntity } from '../db/entities';
import { type Caller, toRuns } from '../runs/read-runs';
import { findStuck } from './stuck';

const DAY_MS = 86_400_000;
/** Longest list; `total` says how many there are. */
const LIMIT = 50;

/** Each status has an index of its own; a list of them has none. */
const ACTIVE = `
select
  (select count(*)::integer from workflow_run where company_id = $1 and status = 'queued') as queued,
  (select count(*)::integer from workflow_run where company_id = $1 and status = 'running' and started_at is not null) as running,
  (select count(*)::integer from workflow_run where company_id = $1 and status = 'waiting') as waiting,
  (select count(*)::integer from workflow_run where company_id = $1 and status = 'needs_attention') as needs_attention`;

const IN_DOUBT = `
select r.id, s.step_key as "stepKey", coalesce(s.started_at, r.created_at) as since, count(*) over ()::integer as total
from workflow_run r
left join workflow_run_step s on s.company_id = r.company_id and s.run_id = r.id and s.status = 'in_doubt'
where r.company_id = $1 and r.status = 'needs_attention'
order by since, r.id limit ${LIMIT}`;

/** What failed since, by workflow and code; a workflow that was deleted keeps its name. */
const FAILING = `
with failed as (
  select workflow_id, id, finished_at, coalesce(error ->> 'code', '') as code,
    not exists (select 1 from workflow_run later where later.company_id = $1 and later.retry_of = r.id) as unretried
  from workflow_run r
  where company_id = $1 and status = 'failed' and finished_at >= $2
), codes as (
  select workflow_id, code, count(*)::integer as count from failed group by workflow_id, code
), workflows as (
  select workflow_id, count(*)::integer as failed, count(*) filter (where unretried)::integer as unretried,
    (array_agg(id order by finished_at desc, id desc))[1] as last_id
  from failed group by workflow_id
)
select f.workflow_id as "workflowId", w.name as "workflowName", f.failed, f.unretried, f.last_id as "lastId",
  (select jsonb_agg(jsonb_build_object('code', c.code, 'count', c.count) order by c.count desc, c.code)
   from codes c where c.workflow_id = f.workflow_id) as codes,
  (select r.finished_at from workflow_run r where r.company_id = $1 and r.workflow_id = f.workflow_id and r.status = 'succeeded'
   order by r.created_at desc limit 1) as "lastSucceededAt"
from workflows f join workflow w on w.company_id = $1 and w.id = f.workflow_id
order by f.failed desc, w.name limit ${LIMIT}`;

/** What of a company's runs needs somebody now. */
export async function readOverview(
  context: ServerContext,
  caller: Caller,
  from: string | undefined,
): Promise<Overview> {
  const { pool } = context.database;
  const { companyId } = caller;
  const now = context.clock.now();
  const since = new Date(from ?? now - DAY_MS);
  const [active, stuck, inDoubt, failing] = await Promise.all([
    pool.query(ACTIVE, [companyId]),
    findStuck(context, companyId),
    pool.query(IN_DOUBT, [companyId]),
    pool.query(FAILING, [companyId, since]),
  ]);
  const ids = [...stuck.items, ...inDoubt.rows].map(({ id }) => id as string);
  const runs = await readRuns(context, caller, [...ids, ...failing.rows.map(({ lastId }) => lastId)]);
  // One that ended for good between two questions is no longer anybody's concern.
  const withRun = <T extends { id: string }>(rows: readonly T[]) =>
    rows.flatMap(({ id, ...row }) => (runs.has(id) ? [{ ...row, run: runs.get(id) as Run }] : []));
  return {
    at: iso(new Date(now)),
    active: active.rows[0],
    stuck: { total: stuck.total, items: withRun(stuck.items) },
    inDoubt: {
      total: inDoubt.rows[0]?.total ?? 0,
      items: withRun(inDoubt.rows.map(({ id, stepKey, since }) => ({ id, stepKey, since: iso(since) }))),
    },
    from: iso(since),
    failing: failing.rows.map(({ lastId, lastSucceededAt, ...workflow }) => ({
      ...workflow,
      lastFailed: runs.get(lastId) as Run,
      lastSucceededAt: lastSucceededAt && iso(lastSucceededAt),
    })),
  };
}

const iso = (date: Date): string => date.toISOString();

async function readRuns(
  context: ServerContext,
  caller: Caller,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Run>> {
  if (ids.length === 0) return new Map();
  const rows = await context.database.source
    .getRepository(RunEntity)
    .findBy({ companyId: caller.companyId, id: In([...new Set(ids)]) });
  return new Map((await toRuns(context, caller, rows)).map((run) => [run.id, run]));
}
