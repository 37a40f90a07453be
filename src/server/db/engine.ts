/** What is noted of the platform's run that carries out one of ours: one JSON column, empty where this server runs workflows itself. */
import type pg from 'pg';
import type { RunStatus } from '../../core/run/status';

export interface EngineRun {
  kind: 'trigger';
  /** The platform's id of its latest run for ours. */
  id: string;
  /** Where the platform shows it; `null` when the project is not known. */
  url: string | null;
  /** The waitpoint our run is parked at, in a platform's run that stays. */
  token: string | null;
  /** When it is to start, where that is later than at once. ISO 8601 UTC. */
  startsAt: string | null;
  /** When the platform was last told that the run is due. ISO 8601 UTC. */
  toldAt: string;
  /** When it was last told or asked. */
  askedAt: string;
}

export interface RunKey {
  companyId: string;
  id: string;
}

/** Where a run stands, for whoever decides whether a leg is needed. */
export interface Standing {
  workflowId: string;
  status: RunStatus;
  epoch: number;
  wakeAt: Date | null;
  leaseUntil: Date | null;
  /** Step and code of the failure that ended it. */
  failure: { stepKey: string | null; code: string } | null;
  engine: EngineRun | null;
}

export async function readStanding(pool: pg.Pool, run: RunKey): Promise<Standing | null> {
  const { rows } = await pool.query({
    name: 'trama-standing',
    text: `select workflow_id, status, epoch, wake_at, lease_until, error ->> 'stepKey' as step_key, error ->> 'code' as code, engine
           from workflow_run where company_id = $1 and id = $2`,
    values: [run.companyId, run.id],
  });
  const row = rows[0];
  if (!row) return null;
  return {
    workflowId: row.workflow_id,
    status: row.status,
    epoch: row.epoch,
    wakeAt: row.wake_at,
    leaseUntil: row.lease_until,
    failure: row.code === null ? null : { stepKey: row.step_key, code: row.code },
    engine: row.engine,
  };
}

/** Notes the platform's run that comes after `before`; false when another one has been noted in the meantime. */
export async function noteEngine(
  pool: pg.Pool,
  run: RunKey,
  before: string | null,
  engine: EngineRun,
): Promise<boolean> {
  const { rowCount } = await pool.query(
    `update workflow_run set engine = $4 where company_id = $1 and id = $2 and engine ->> 'id' is not distinct from $3`,
    [run.companyId, run.id, before, JSON.stringify(engine)],
  );
  return rowCount === 1;
}

/** Notes the waitpoint a leg is about to wait at; false when the run has been woken or taken over since it was parked. */
export async function noteToken(
  pool: pg.Pool,
  run: RunKey,
  parked: { epoch: number; engineId: string },
  token: string,
): Promise<boolean> {
  const { rowCount } = await pool.query(
    `update workflow_run set engine = engine || jsonb_build_object('token', $5::text)
     where company_id = $1 and id = $2 and epoch = $3 and engine ->> 'id' = $4 and status = 'waiting'`,
    [run.companyId, run.id, parked.epoch, parked.engineId, token],
  );
  return rowCount === 1;
}
