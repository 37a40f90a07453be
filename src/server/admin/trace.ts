import type { Trace, TraceEntry } from '../../core/api/admin-shapes';
import type { StepRecord } from '../../core/run/ports';
import { isFinished } from '../../core/run/status';
import type { Wait } from '../../core/run/wait';
import type { ServerContext } from '../context';
import { type RunDataEntity, type RunEntity, WaitEntity } from '../db/entities';
import { stepRecord, withIntent } from '../db/step-rows';
import { EVENT_KEY } from '../runs/insert-run';
import { type Caller, findRun, readRecords, readRun } from '../runs/read-runs';
import { findStuck } from './stuck';

/** What people did with a run that its own record does not tell. */
const ACTIONS = `
select at, user_id as by, action from workflow_audit
where company_id = $1 and target_id = $2 and target_type = 'run' and action <> 'run.start' and action <> 'run.retry'`;

const RETRIES = `
select r.id as "runId", r.created_at as at, d.started_by as by from workflow_run r
join workflow_run_data d on d.company_id = r.company_id and d.run_id = r.id
where r.company_id = $1 and r.retry_of = $2`;

/** Everything that is known to have happened to a run, in the order of time. */
export async function readTrace(context: ServerContext, caller: Caller, runId: string): Promise<Trace> {
  const { companyId } = caller;
  const row = await findRun(context, companyId, runId);
  const { pool, source } = context.database;
  const [run, { data, rows }, waits, actions, retries, stuck] = await Promise.all([
    readRun(context, caller, runId),
    readRecords(context, companyId, runId),
    source.getRepository(WaitEntity).findBy({ companyId, runId }),
    pool.query(ACTIONS, [companyId, runId]),
    pool.query(RETRIES, [companyId, runId]),
    findStuck(context, companyId, runId),
  ]);
  const reusedFrom = new Map(rows.map((step) => [step.stepKey, step.reusedFrom]));
  const steps = withIntent(rows.map(stepRecord), row.intent);
  const entries = [
    ...beginning(row, data),
    ...stepEntries(steps, reusedFrom, row),
    ...waits.flatMap((wait) => waitEntries(wait)),
    ...actions.rows.map(({ at, by, action }) => ({ kind: 'action' as const, at: iso(at), by, action })),
    ...retries.rows.map((retry) => ({ ...retry, kind: 'retried' as const, at: iso(retry.at) })),
    ...ending(row),
  ];
  const [reason] = stuck.items;
  return {
    run,
    stuck: reason ? { reason: reason.reason, since: reason.since } : null,
    ...{ claims: row.epoch, deaths: row.deaths, leaseUntil: row.leaseUntil && iso(row.leaseUntil) },
    causeDepth: row.causeDepth,
    // Of one moment, in the order they stand in: a step ends before the next begins.
    entries: entries.sort((a, b) => Date.parse(a.at) - Date.parse(b.at)),
  };
}

const iso = (date: Date): string => date.toISOString();

function beginning(run: RunEntity, { startedBy }: RunDataEntity): TraceEntry[] {
  const { trigger, triggerKey, retryOf } = run;
  const eventId = triggerKey.startsWith(EVENT_KEY) ? triggerKey.slice(EVENT_KEY.length) : null;
  const created = { trigger, by: startedBy, eventId, retryOf };
  return [
    { kind: 'created', at: iso(run.createdAt), ...created },
    ...(run.startedAt ? [{ kind: 'started' as const, at: iso(run.startedAt) }] : []),
  ];
}

function ending({ status, finishedAt, error }: RunEntity): TraceEntry[] {
  if (!isFinished(status) || !finishedAt) return [];
  return [{ kind: 'ended', at: iso(finishedAt), status, error }];
}

/** Steps stand in the order the run reached them. One that was skipped has no time; it is told with what came before it. */
function stepEntries(
  steps: readonly StepRecord[],
  reusedFrom: ReadonlyMap<string, string | null>,
  run: RunEntity,
): TraceEntry[] {
  let reached = iso(run.startedAt ?? run.createdAt);
  return steps.flatMap((step): TraceEntry[] => {
    const { key: stepKey, nodeId, type, status, branch, skippedBecause, startedAt, finishedAt } = step;
    const earlier = reusedFrom.get(stepKey);
    if (earlier) return [{ kind: 'step_reused', at: iso(run.createdAt), stepKey, reusedFrom: earlier }];
    if (skippedBecause) return [{ kind: 'step_skipped', at: reached, stepKey, because: skippedBecause }];
    const entries: TraceEntry[] = [];
    const began = step.attempts[0]?.startedAt ?? startedAt;
    if (began) {
      entries.push({ kind: 'step_began', at: began, stepKey, nodeId, type });
      reached = began;
    }
    for (const { attempt, finishedAt: at, error, delayMs } of step.attempts)
      entries.push({ kind: 'attempt_failed', at, stepKey, attempt, error, delayMs });
    // The others have a row that tells when they began.
    if (startedAt && step.wait?.kind === 'time') entries.push(waitBegan(startedAt, stepKey, step.wait));
    if (finishedAt) {
      entries.push({ kind: 'step_ended', at: finishedAt, stepKey, status, branch, error: step.error });
      reached = finishedAt;
    }
    return entries;
  });
}

/** Of a step that has waited several times, the last wait: its row is used again. */
function waitEntries({
  stepKey,
  wait,
  createdAt,
  endedAt,
  state,
  wakeUp,
  decisions,
}: WaitEntity): TraceEntry[] {
  const decided = decisions.map(
    ({ decidedAt, decidedBy, decision, comment }): TraceEntry => ({
      ...{ kind: 'decided', at: decidedAt, stepKey, by: decidedBy, decision, comment },
    }),
  );
  const wokenBy = state === 'canceled' ? 'cancel' : state === 'timed_out' ? 'time' : wakeUp?.kind;
  const eventId = wakeUp?.kind === 'event' ? wakeUp.event.id : null;
  const entries: TraceEntry[] = [waitBegan(iso(createdAt), stepKey, wait), ...decided];
  if (endedAt && wokenBy) entries.push({ kind: 'wait_ended', at: iso(endedAt), stepKey, wokenBy, eventId });
  return entries;
}

/** Not what people are asked, nor which event exactly: both are made of the run's data. */
const waitBegan = (at: string, stepKey: string, wait: Wait): TraceEntry => ({
  ...{ kind: 'wait_began', at, stepKey, waitsFor: wait.kind, until: wait.until },
  eventType: wait.kind === 'event' ? wait.type : null,
  provider: wait.kind === 'connection' ? wait.provider : null,
  approvers: wait.kind === 'decision' ? wait.approvers : [],
});
