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
/** Runs of a workflow among which its last success is looked for. */
const LOOK_BACK = 1000;

/** By PostgreSQL's clock, by which runs end. */
const NOW = `
select now() as at,
  (select count(*)::integer from workflow_run where company_id = $1 and status = 'queued') as queued,
  (select count(*)::integer from workflow_run where company_id = $1 and status = 'running' and started_at is not null) as running,
  (select count(*)::integer from workflow_run where company_id = $1 and status = 'waiting') as waiting,
  (select count(*)::integer from workflow_run where company_id = $1 and status = 'needs_attention') as needs_attention`;

const IN_DOUBT = `
select r.id, s.step_key as "stepKey", count(*) over ()::integer as total,
  coalesce((s.attempts -> -1 ->> 'finishedAt')::timestamptz, s.started_at, r.created_at) as since
from workflow_run r
left join workflow_run_step s on s.company_id = r.company_id and s.run_id = r.id and s.status = 'in_doubt'
where r.company_id = $1 and r.status = 'needs_attention'
order by since, r.id limit ${LIMIT}`;

/** What failed since, by workflow and code. When one last went well is looked for among its latest runs. */
const FAILING = `
with failed as (
  select workflow_id, id, finished_at, coalesce(error ->> 'code', 'unknown') as code,
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
  (select max(latest.finished_at) from (
    select r.status, r.finished_at from workflow_run r where r.company_id = $1 and r.workflow_id = f.workflow_id
    order by r.created_at desc limit ${LOOK_BACK}) latest
   where latest.status = 'succeeded') as "lastSucceededAt"
from workflows f join workflow w on w.company_id = $1 and w.id = f.workflow_id and w.deleted_at is null
order by f.failed desc, w.name limit ${LIMIT}`;

/** What of a company's runs needs somebody now. */
export async function readOverview(
  context: ServerContext,
  caller: Caller,
  from: string | undefined,
): Promise<Overview> {
  const { pool } = context.database;
  const { companyId } = caller;
  const {
    rows: [{ at, ...active }],
  } = await pool.query(NOW, [companyId]);
  const since = new Date(from ?? at.getTime() - DAY_MS);
  const [stuck, inDoubt, failing] = await Promise.all([
    findStuck(context, companyId),
    pool.query(IN_DOUBT, [companyId]),
    pool.query(FAILING, [companyId, since]),
  ]);
  const ids = [...stuck.items, ...inDoubt.rows].map(({ id }) => id as string);
  const runs = await readRuns(context, caller, [...ids, ...failing.rows.map(({ lastId }) => lastId)]);
  // As they are now: one may have gone on between two questions, and then says so itself.
  const withRun = <T extends { id: string }>(rows: readonly T[]) =>
    rows.flatMap(({ id, ...row }) => (runs.has(id) ? [{ ...row, run: runs.get(id) as Run }] : []));
  return {
    at: iso(at),
    active,
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
