import { type SharedContext, sha256 } from '../context';
import { describeError } from '../log';
import { queueOnly } from '../runner/port';
import { scheduleOf } from '../workflows/schedules';
import { scheduledAt } from './check-payload';
import { insertRun } from './insert-run';
import { lastOccurrence, nextOccurrence, occurrencesOf } from './occurrences';

/** Milliseconds a start may be late. What a longer absence missed is passed over, and noted. */
const GRACE_MS = 3 * 86_400_000;
/** Milliseconds until a schedule that cannot be read here (a newer server wrote it) is looked at again. */
const RETRY_MS = 3_600_000;
const BATCH = 100;

interface Due {
  companyId: string;
  workflowId: string;
  name: string;
  version: number;
  nextAt: Date;
}

/**
 * Starts what the clock says. Of the times that passed while nobody was there only the last is made up for. The run comes first and the
 * row moves on after it: whoever dies in between, and whoever does the same at the same time, finds the run by its key, the instant.
 *
 * @returns how many workflows were due; their runs queue
 */
export async function startScheduled(context: SharedContext): Promise<number> {
  const now = context.clock.now();
  const { rows } = await context.database.pool.query(
    `select s.company_id as "companyId", s.workflow_id as "workflowId", s.next_at as "nextAt", w.name, w.published_version as version
     from workflow_schedule s join workflow w on w.company_id = s.company_id and w.id = s.workflow_id
     where s.next_at <= $1 order by s.next_at limit ${BATCH}`,
    [new Date(now)],
  );
  for (const due of rows as Due[]) {
    await serve(context, due, now).catch((error) =>
      context.log.error('a workflow could not be started on its schedule; it is tried again', {
        workflowId: due.workflowId,
        ...describeError(error),
      }),
    );
  }
  return rows.length;
}

async function serve(context: SharedContext, due: Due, now: number) {
  const { companyId, workflowId } = due;
  const definition = await context.versions.read(companyId, workflowId, due.version);
  const wanted = scheduleOf(context, definition);
  if (!wanted) return moveOn(context, due, now + RETRY_MS);
  const occurrences = occurrencesOf(wanted.cron, wanted.timeZone);
  const since = due.nextAt.getTime();
  const at = lastOccurrence(occurrences, Math.max(since, now - GRACE_MS), now);
  if (at !== null) {
    const payload = scheduledAt(at, wanted.timeZone);
    const triggerKey = `schedule:${new Date(at).toISOString()}`;
    await insertRun(
      { ...context, runner: queueOnly },
      {
        workflow: { companyId, id: workflowId, name: due.name },
        ...{ version: due.version, definition, payload, triggerKey },
        ...{ triggerHash: sha256(triggerKey), userId: null },
      },
    );
  } else if (since < now - GRACE_MS) await noteMissed(context, due);
  return moveOn(context, due, nextOccurrence(occurrences, now));
}

/** Only from where it was found: somebody else may have moved it, or changed the schedule. */
async function moveOn({ database }: SharedContext, due: Due, next: number): Promise<void> {
  await database.pool.query(
    'update workflow_schedule set next_at = $4 where company_id = $1 and workflow_id = $2 and next_at = $3',
    [due.companyId, due.workflowId, due.nextAt, new Date(next)],
  );
}

async function noteMissed(context: SharedContext, { companyId, workflowId, nextAt }: Due): Promise<void> {
  context.log.warn('a scheduled start was missed for too long and passed over', { workflowId, at: nextAt });
  await context.database.pool.query(
    `insert into workflow_audit (company_id, id, at, user_id, action, target_type, target_id)
     values ($1, $2, $3, null, 'schedule.miss', 'workflow', $4)`,
    [companyId, context.newId(), new Date(context.clock.now()), workflowId],
  );
}
