import type pg from 'pg';
import type { WorkflowDefinition } from '../../core/definition/schema';
import { cleanJson, type Json } from '../../core/json';
import {
  type JournalWrite,
  LeaseLostError,
  type LegEnd,
  type RunStore,
  type StepRecord,
} from '../../core/run/ports';
import type { RunStepEntity } from './entities';

/** A run as a runner holds it: `epoch` is the proof that it still does. */
export interface ClaimedRun {
  companyId: string;
  id: string;
  workflowId: string;
  workflowName: string;
  version: number | null;
  epoch: number;
}

/**
 * Takes the next run that is due: queued, parked and due by `now`, or left behind by a runner whose lease ran out. The company with the
 * fewest runs under way goes first, then the one that waits longest. One statement; runs that others are claiming are passed over. It reads
 * one queued run per company (`queue` leaps from company to company through the index) and no run that is parked for later, so a long
 * backlog costs nothing.
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
    union all select company_id, lease_until from workflow_run where status = 'running' and lease_until <= now()
  ) due group by company_id
), busy as (
  select company_id, count(*) as running from workflow_run
  where status = 'running' and lease_until > now() group by company_id
), candidate as (
  select picked.* from (
    select company_id from ready left join busy using (company_id) order by coalesce(running, 0), since
  ) company cross join lateral (
    (select * from (
      select r.company_id, r.id from workflow_run r
      where r.company_id = company.company_id and r.status = 'running' and r.lease_until <= now()
      limit 1 for update skip locked) abandoned)
    union all (select * from (
      select r.company_id, r.id from workflow_run r
      where r.company_id = company.company_id and r.status = 'waiting' and r.wake_at <= $2
      order by r.wake_at limit 1 for update skip locked) parked)
    union all (select * from (
      select r.company_id, r.id from workflow_run r
      where r.company_id = company.company_id and r.status = 'queued'
      order by r.created_at limit 1 for update skip locked) queued)
  ) picked limit 1
)
update workflow_run r set
  status = 'running', epoch = r.epoch + 1, wake_at = null,
  lease_until = now() + $1 * interval '1 millisecond', started_at = coalesce(r.started_at, now())
from candidate c where r.company_id = c.company_id and r.id = c.id
returning r.company_id, r.id, r.workflow_id, r.workflow_name, r.version, r.epoch`;

export async function claimNextRun(pool: pg.Pool, leaseMs: number, now: Date): Promise<ClaimedRun | null> {
  const { rows } = await pool.query({ name: 'trama-claim', text: CLAIM, values: [leaseMs, now] });
  const row = rows[0];
  if (!row) return null;
  return {
    companyId: row.company_id,
    id: row.id,
    workflowId: row.workflow_id,
    workflowName: row.workflow_name,
    version: row.version,
    epoch: row.epoch,
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

/** When the next parked run is due, if any is. */
export async function nextWakeUp(pool: pg.Pool): Promise<Date | null> {
  const { rows } = await pool.query(`select min(wake_at) as at from workflow_run where status = 'waiting'`);
  return rows[0]?.at ?? null;
}

/** What a run runs: its payload and its definition, the published version or the draft it was started from. */
export async function loadRunData(
  pool: pg.Pool,
  run: ClaimedRun,
): Promise<{ payload: Json; definition: WorkflowDefinition }> {
  const { rows } = await pool.query({
    name: 'trama-run-data',
    text: `select d.payload, coalesce(d.definition, v.definition) as definition
           from workflow_run_data d
           left join workflow_version v on v.company_id = d.company_id and v.workflow_id = $3 and v.version = $4
           where d.company_id = $1 and d.run_id = $2`,
    values: [run.companyId, run.id, run.workflowId, run.version],
  });
  return rows[0];
}

/**
 * One commit of a leg: steps and, with the last one, the end of the leg. The update of the run row is the guard: it finds nothing when
 * another runner has raised the epoch, and then no step is written either.
 */
const COMMIT = `
with lease as (
  update workflow_run set
    status = $4, wake_at = $5, error = $6,
    lease_until = case when $4 = 'running' then now() + $7 * interval '1 millisecond' end,
    finished_at = case when $4 in ('succeeded', 'failed', 'canceled') then now() end
  where company_id = $1 and id = $2 and epoch = $3 and status = 'running'
  returning company_id, id
), written as (
  insert into workflow_run_step (company_id, run_id, step_key, node_id, type, seq, status, attempt, input, output, error, branch,
    skipped_because, attempts, wake_at, started_at, finished_at)
  select lease.company_id, lease.id, s.* from lease, jsonb_to_recordset($8::jsonb) as s (step_key text, node_id text, type text,
    seq integer, status text, attempt integer, input jsonb, output jsonb, error jsonb, branch text, skipped_because jsonb,
    attempts jsonb, wake_at timestamptz, started_at timestamptz, finished_at timestamptz)
  on conflict (company_id, run_id, step_key) do update set
    status = excluded.status, attempt = excluded.attempt, input = excluded.input, output = excluded.output, error = excluded.error,
    branch = excluded.branch, skipped_because = excluded.skipped_because, attempts = excluded.attempts, wake_at = excluded.wake_at,
    started_at = excluded.started_at, finished_at = excluded.finished_at
)
select 1 from lease`;

/** The journal of a claimed run in PostgreSQL. */
export class PostgresRunStore implements RunStore {
  constructor(
    private readonly pool: pg.Pool,
    private readonly run: ClaimedRun,
    private readonly leaseMs: number,
    private readonly onCommit: () => void = () => {},
  ) {}

  async load(): Promise<StepRecord[]> {
    const { rows } = await this.pool.query({
      name: 'trama-steps',
      text: 'select * from workflow_run_step where company_id = $1 and run_id = $2 order by seq',
      values: [this.run.companyId, this.run.id],
    });
    return rows.map(stepFromRow);
  }

  async commit({ steps, end }: JournalWrite): Promise<void> {
    const { companyId, id, epoch } = this.run;
    const { rowCount } = await this.pool.query({
      name: 'trama-commit',
      text: COMMIT,
      values: [companyId, id, epoch, ...endColumns(end), this.leaseMs, JSON.stringify(steps.map(stepToRow))],
    });
    if (rowCount !== 1) throw new LeaseLostError();
    this.onCommit();
  }
}

function endColumns(end: LegEnd | null): [status: string, wakeAt: string | null, error: string | null] {
  const error = end && 'error' in end ? JSON.stringify(cleanJson(end.error)) : null;
  return [end?.status ?? 'running', end?.status === 'waiting' ? end.wakeAt : null, error];
}

function stepToRow(step: StepRecord) {
  return {
    step_key: step.key,
    node_id: step.nodeId,
    type: step.type,
    seq: step.seq,
    status: step.status,
    attempt: step.attempt,
    input: step.input,
    output: step.output,
    error: step.error && cleanJson(step.error),
    branch: step.branch,
    skipped_because: step.skippedBecause,
    attempts: step.attempts.length > 0 ? cleanJson(step.attempts) : null,
    wake_at: step.wakeAt,
    started_at: step.startedAt,
    finished_at: step.finishedAt,
  };
}

/** A row as `pg` gives it, with column names of the table. */
function stepFromRow(row: Record<string, unknown>): StepRecord {
  return stepRecord({
    stepKey: row.step_key,
    nodeId: row.node_id,
    type: row.type,
    seq: row.seq,
    status: row.status,
    attempt: row.attempt,
    input: row.input,
    output: row.output,
    error: row.error,
    branch: row.branch,
    skippedBecause: row.skipped_because,
    attempts: row.attempts,
    wakeAt: row.wake_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
  } as RunStepEntity);
}

export function stepRecord(row: RunStepEntity): StepRecord {
  return {
    key: row.stepKey,
    nodeId: row.nodeId,
    type: row.type,
    seq: row.seq,
    status: row.status,
    attempt: row.attempt,
    input: row.input,
    output: row.output,
    error: row.error,
    branch: row.branch,
    skippedBecause: row.skippedBecause,
    attempts: row.attempts ?? [],
    wakeAt: row.wakeAt?.toISOString() ?? null,
    startedAt: row.startedAt?.toISOString() ?? null,
    finishedAt: row.finishedAt?.toISOString() ?? null,
  };
}
