import type { TriggerDefinition } from '../../core/block/define';
import { TRIGGER_ID, type WorkflowDefinition } from '../../core/definition/schema';
import { WorkflowError } from '../../core/errors';
import type { Json } from '../../core/json';
import type { StepRecord } from '../../core/run/ports';
import type { ServerContext } from '../context';
import { hasCode } from '../db/database-error';
import type { WorkflowEntity } from '../db/entities';
import { inTransaction } from '../db/transaction';

/** The trigger key of a run that an event started begins with this; the event's id follows. */
export const EVENT_KEY = 'event:';

/** Id of the event that started a run; `null` when something else did. */
export const eventIdOf = (triggerKey: string): string | null =>
  triggerKey.startsWith(EVENT_KEY) ? triggerKey.slice(EVENT_KEY.length) : null;

export interface NewRun {
  workflow: Pick<WorkflowEntity, 'companyId' | 'id' | 'name'>;
  version: number | null;
  definition: WorkflowDefinition;
  payload: Json;
  /** The same key starts at most one run of the workflow. */
  triggerKey: string;
  triggerHash: string;
  userId: string | null;
  /** @default 0 */
  causeDepth?: number;
  /** The event that starts it; stored with it. */
  event?: { id: string; type: string; hash: string; data: Json } | undefined;
  /** What a retry takes over from the run before. */
  retry?: RetryOf | undefined;
}

export interface RetryOf {
  runId: string;
  /** Starts nothing when the run has been retried before. @default false */
  isFirst?: boolean | undefined;
  /** Keys of the steps that are done. */
  keep: readonly string[];
  /** Keys of loops that go on. */
  reopen: readonly string[];
  effectOrigins: Readonly<Record<string, string>>;
  /** Steps the run goes on with, by key. */
  carried: Readonly<Record<string, StepRecord>>;
  /** Ids of events that are nothing new to the run. */
  usedEvents: readonly string[];
}

/** Steps taken over, and the loops around what is to be done again set going. */
const COPY_STEPS = `
  insert into workflow_run_step (company_id, run_id, step_key, node_id, type, seq, status, attempt, input, output, error, branch,
    skipped_because, attempts, wait, reused_from, started_at, finished_at)
  select run.company_id, run.id, s.step_key, s.node_id, s.type, s.seq,
    case when is_open then 'running' else s.status end, s.attempt, s.input,
    case when is_open then null else s.output end, case when is_open then null else s.error end,
    case when is_open then null else s.branch end, s.skipped_because, case when is_open then null else s.attempts end, s.wait,
    case when is_open then null else coalesce(s.reused_from, s.run_id) end, s.started_at,
    case when is_open then null else s.finished_at end
  from run, workflow_run_step s cross join lateral (select s.step_key = any($23::text[]) as is_open) o
  where s.company_id = $1 and s.run_id = $21 and (is_open or s.step_key = any($22::text[]))`;

/** Retries of one run begin one after the other, until each is written: whoever must be the first can tell. */
const lockRetries = (runId: string): string =>
  `pg_advisory_xact_lock(hashtextextended(${runId}::uuid::text, 0))`;
const NEVER_RETRIED =
  'where not exists (select 1 from workflow_run where company_id = $1 and retry_of = $21::uuid)';

/**
 * Writes the run with all that belongs to it in one statement: its data, the event that starts it, the audit entry, the steps a retry takes
 * over. Where the runner has a place free, the same statement claims the run for it, and it is carried out at once; else it queues. A crash
 * in between leaves a run that is taken up when its lease runs out, or one that is found in the queue.
 *
 * An event that was told with other data, a moment ago perhaps, must start nothing: its hash cannot be null, so the whole statement is refused.
 */
function insertStatement({ event, retry }: NewRun): string {
  const row = `$1, $2, $3, $4, $5, case when $6 then 'running' else 'queued' end, $7, $8, $9, $10, $11, $12, $13, case when $6 then 1 else 0 end,
    case when $6 then now() + $14 * interval '1 millisecond' end, case when $6 then now() end, ${retry ? '$21::uuid' : 'null'}`;
  return `
with run as (
  insert into workflow_run (company_id, id, workflow_id, workflow_name, version, status, trigger, trigger_key, trigger_hash, title,
    business_keys, cause_depth, created_at, epoch, lease_until, started_at, retry_of)
  ${retry ? `select ${row} from (select ${lockRetries('$21')}) as turn ${retry.isFirst ? NEVER_RETRIED : ''}` : `values (${row})`}
  on conflict (company_id, workflow_id, trigger_key) do nothing returning company_id, id
), data as (
  insert into workflow_run_data (company_id, run_id, payload, definition, effect_origins, started_by, carried, used_events)
  select company_id, id, $15::jsonb, $16::jsonb, $17::jsonb, $19::text, ${retry ? '$24::jsonb, $25::text[]' : 'null, null'} from run
), noted as (
  insert into workflow_audit (company_id, id, at, user_id, action, target_type, target_id)
  select company_id, $18, $13, $19, $20, 'run', id from run
)${
    event
      ? `, told as (
  insert into workflow_event as e (company_id, id, type, at, hash, data) values ($1, $21, $22, $13, $23, $24::jsonb)
  on conflict (company_id, id) do update set hash = null where e.hash <> excluded.hash
)`
      : ''
  }${retry ? `, kept as (${COPY_STEPS})` : ''}
select id from run`;
}

export async function insertRun(
  context: ServerContext,
  run: NewRun,
): Promise<{ id: string; isNew: boolean }> {
  const id = context.newId();
  const { companyId } = run.workflow;
  const { triggerKey, event, retry } = run;
  const createdAt = new Date(context.clock.now());
  const trigger = run.definition.nodes.find((node) => node.id === TRIGGER_ID)?.type ?? '';
  const about = describePayload(context, trigger, run.payload);
  const place = context.runner.reserve();
  const values = [
    ...[companyId, id, run.workflow.id, run.workflow.name, run.version, place !== null, trigger],
    ...[triggerKey, run.triggerHash, about.title, about.businessKeys, run.causeDepth ?? 0, createdAt],
    ...[
      context.leaseMs,
      JSON.stringify(run.payload),
      run.version === null ? JSON.stringify(run.definition) : null,
    ],
    ...[retry ? JSON.stringify(retry.effectOrigins) : null, context.newId(), run.userId],
    retry ? 'run.retry' : 'run.start',
    ...(event ? [event.id, event.type, event.hash, JSON.stringify(event.data)] : []),
    ...(retry
      ? [retry.runId, retry.keep, retry.reopen, JSON.stringify(retry.carried), retry.usedEvents]
      : []),
  ];
  const kind = [event && 'event', retry?.isFirst && 'first', retry && 'retry'].filter(Boolean);
  const statement = { name: ['trama-start', ...kind].join('-'), text: insertStatement(run), values };
  const { pool } = context.database;
  const send = () =>
    retry?.isFirst
      ? inTransaction(pool, async (client) => {
          // A statement of its own: one statement sees what was there when it began to wait.
          await client.query(`select ${lockRetries('$1')}`, [retry.runId]);
          return client.query(statement);
        })
      : pool.query(statement);
  try {
    const { rows } = await context.crash.around('start', send);
    if (rows.length === 0) {
      place?.giveBack();
      if (retry?.isFirst) throw retriedBefore();
      return { id: await findRepeated(context, run), isNew: false };
    }
  } catch (error) {
    // The run may stand in the database all the same; whoever finds it carries it out.
    place?.giveBack();
    if (event && isToldDifferently(error)) throw toldDifferently(event.id);
    throw error;
  }
  if (!place) await context.runner.enqueue({ companyId, id });
  else {
    const { id: workflowId, name: workflowName } = run.workflow;
    const claimed = {
      companyId,
      id,
      workflowId,
      workflowName,
      version: run.version,
      epoch: 1,
      deaths: 0,
      createdAt,
      intent: null,
    };
    place.use(
      { ...claimed, isNew: !retry },
      {
        ...{ payload: run.payload, definition: run.definition },
        ...{ effectOrigins: retry?.effectOrigins ?? null, carried: retry?.carried ?? null },
      },
    );
  }
  return { id, isNew: true };
}

function retriedBefore(): WorkflowError {
  const message =
    'The run has been retried before, so it was not retried with the others. Open it to retry it once more.';
  return new WorkflowError('already_retried', message);
}

const isToldDifferently = (error: unknown): boolean =>
  hasCode(error, /^23502$/) && (error as { table?: unknown }).table === 'workflow_event';

/** The run the key has started before; a different request under the same key is refused. */
async function findRepeated(context: ServerContext, run: NewRun): Promise<string> {
  const { rows } = await context.database.pool.query(
    'select id, trigger_hash from workflow_run where company_id = $1 and workflow_id = $2 and trigger_key = $3',
    [run.workflow.companyId, run.workflow.id, run.triggerKey],
  );
  if (rows[0].trigger_hash === run.triggerHash) return rows[0].id;
  const details = { runId: rows[0].id };
  if (run.event) throw toldDifferently(run.event.id, details);
  const message =
    'This Idempotency-Key was used before with another request, so no run was started. Use a new key for a new request.';
  throw new WorkflowError('idempotency_conflict', message, { details });
}

export function toldDifferently(eventId: string, details?: { runId: string }): WorkflowError {
  const message = `The event "${eventId}" was told before with other data, so nothing was started. Give every event an id of its own.`;
  return new WorkflowError('idempotency_conflict', message, { details });
}

/** What lists call the run and find it by; nothing when the payload is not what the trigger gives. */
function describePayload(
  context: ServerContext,
  type: string,
  payload: Json,
): { title: string | null; businessKeys: string[] } {
  const trigger = context.blocks.get(type) as TriggerDefinition | undefined;
  const whole = trigger?.output.safeParse(payload);
  const parsed = whole?.success ? whole : trigger?.announced?.safeParse(payload);
  if (!parsed?.success) return { title: null, businessKeys: [] };
  const title = trigger?.title?.(parsed.data)?.slice(0, 200) ?? null;
  return {
    title,
    businessKeys: (trigger?.businessKeys?.(parsed.data) ?? []).map((key) => key.slice(0, 200)),
  };
}
