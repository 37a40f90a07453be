import type { SharedContext } from '../context';
import { wakeConnected } from '../db/connection-waits';
import type { RunKey } from '../db/engine';
import { sweepWaits } from '../db/waits';
import { notifyApprovals } from './notify-approvals';
import { startScheduled } from './start-scheduled';

/** Milliseconds after which an open wait is compared with the stored events once more. */
const WAIT_LOOK_MS = 30_000;
const BATCH = 500;
/** Milliseconds until a platform is asked about a run once more. */
const ASK_AGAIN_MS = 30_000;
/** Milliseconds an event, and an email, is kept, to be recognised when it is told again. */
const EVENT_RETENTION_MS = 40 * 86_400_000;

const UNASKED = `(engine is null or (engine ->> 'askedAt')::timestamptz <= $3)`;
const DUE = `
(select company_id, id from workflow_run
  where status = 'running' and started_at is not null and lease_until <= now() and ${UNASKED} limit $2)
union all (select company_id, id from workflow_run where status = 'waiting' and wake_at <= $1 and ${UNASKED} order by wake_at limit $2)
union all (select company_id, id from workflow_run where status = 'queued' and ${UNASKED} limit $2)`;

/**
 * Picks up what nobody announced, and tells of approvals nobody has told of. Idempotent, and reachable from a schedule, `POST
 * /internal/sweep` and after writes of the API.
 *
 * @param revive given every run that is due and about which no platform was asked a moment ago
 * @returns how many were due
 */
export async function sweep(context: SharedContext, revive: Revive): Promise<number> {
  const due = await sweepRuns(context, revive);
  // Last: the host may take its time.
  await notifyApprovals(context, null);
  return due;
}

type Revive = (runs: readonly RunKey[]) => Promise<void>;

/**
 * Of a sweep, what concerns runs: schedules that come round, runs whose runner fell silent, waits that are due, queued runs, events and
 * connections a wait has missed. All that the loop of a runner has to wait for.
 */
export async function sweepRuns(context: SharedContext, revive: Revive): Promise<number> {
  await startScheduled(context);
  await sweepWaits(context, WAIT_LOOK_MS, BATCH);
  await wakeConnected(context, null);
  const now = new Date(context.clock.now());
  const { rows } = await context.database.pool.query(DUE, [
    now,
    BATCH,
    new Date(now.getTime() - ASK_AGAIN_MS),
  ]);
  await revive(rows.map((row) => ({ companyId: row.company_id, id: row.id })));
  await forget(context, now);
  return rows.length;
}

/** Deletes what has served its purpose, a batch at a time. */
async function forget({ database }: SharedContext, now: Date): Promise<void> {
  const values = [new Date(now.getTime() - EVENT_RETENTION_MS), BATCH];
  await database.pool.query(
    `delete from workflow_event where (company_id, id) in (
       select company_id, id from workflow_event where at < $1 order by at limit $2)`,
    values,
  );
  await database.pool.query(
    `delete from workflow_inbound_email where (company_id, workflow_id, email_id) in (
       select company_id, workflow_id, email_id from workflow_inbound_email where at < $1 order by at limit $2)`,
    values,
  );
}
