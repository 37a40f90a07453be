import type { SharedContext } from '../context';
import { wakeConnected } from '../db/connection-waits';
import { sweepWaits } from '../db/waits';
import { startScheduled } from './start-scheduled';

/** Milliseconds after which an open wait is compared with the stored events once more. */
const WAIT_LOOK_MS = 30_000;
const BATCH = 500;
/** Milliseconds an event is kept, to be recognised when it is told again. */
const EVENT_RETENTION_MS = 40 * 86_400_000;

/**
 * Picks up what nobody announced: schedules that come round, runs whose runner fell silent, waits that are due, queued runs, events and
 * connections a wait has missed. Idempotent, and
 * reachable from the runner's own loop, a schedule, `POST /internal/sweep` and after writes of the API.
 *
 * @param announce told of every run that is due
 * @returns how many were due
 */
export async function sweep(
  context: SharedContext,
  announce: (run: { companyId: string; id: string }) => void,
): Promise<number> {
  await startScheduled(context, announce);
  await sweepWaits(context, WAIT_LOOK_MS, BATCH);
  await wakeConnected(context, null);
  const now = new Date(context.clock.now());
  const { rows } = await context.database.pool.query(
    `(select company_id, id from workflow_run where status = 'running' and started_at is not null and lease_until <= now() limit $2)
     union all (select company_id, id from workflow_run where status = 'waiting' and wake_at <= $1 order by wake_at limit $2)
     union all (select company_id, id from workflow_run where status = 'queued' limit $2)`,
    [now, BATCH],
  );
  for (const row of rows) announce({ companyId: row.company_id, id: row.id });
  await forget(context, now);
  return rows.length;
}

/** Deletes what has served its purpose, a batch at a time. */
async function forget({ database }: SharedContext, now: Date): Promise<void> {
  await database.pool.query(
    `delete from workflow_event where (company_id, id) in (
       select company_id, id from workflow_event where at < $1 order by at limit $2)`,
    [new Date(now.getTime() - EVENT_RETENTION_MS), BATCH],
  );
}
