import type { Trace, TraceEntry } from '../../core/api/admin-shapes';
import type { Run } from '../../core/api/shapes';
import { isFinished } from '../../core/run/status';
import type { ServerContext } from '../context';
import { RunDataEntity, type RunEntity, RunStepEntity, WaitEntity } from '../db/entities';
import { stepRecord, withIntent } from '../db/step-rows';
import { eventIdOf } from '../runs/insert-run';
import { type Caller, findRun, toRuns } from '../runs/read-runs';
import { findStuck } from './stuck';
import { tellSteps, tellWait } from './trace-steps';

/** What people did with a run that its own record does not tell. */
const ACTIONS = `
select at, user_id as by, action from workflow_audit
where company_id = $1 and target_id = $2 and target_type = 'run' and action <> 'run.start' and action <> 'run.retry'`;

const RETRIES = `
select r.id as "runId", r.created_at as at, d.started_by as by from workflow_run r
join workflow_run_data d on d.company_id = r.company_id and d.run_id = r.id
where r.company_id = $1 and r.retry_of = $2 order by r.created_at`;

/** Everything that is known to have happened to a run, as it followed one another. */
export async function readTrace(context: ServerContext, caller: Caller, runId: string): Promise<Trace> {
  const { companyId } = caller;
  const row = await findRun(context, companyId, runId);
  const { pool, source } = context.database;
  const [[run], startedBy, steps, waits, actions, retries, stuck] = await Promise.all([
    toRuns(context, caller, [row]),
    readStarter(context, row),
    readSteps(context, row),
    source.getRepository(WaitEntity).findBy({ companyId, runId }),
    pool.query(ACTIONS, [companyId, runId]),
    pool.query(RETRIES, [companyId, runId]),
    findStuck(context, companyId, runId),
  ]);
  const reusedFrom = new Map(steps.map((step) => [step.stepKey, step.reusedFrom]));
  const between = [
    ...tellSteps(withIntent(steps.map(stepRecord), row.intent), reusedFrom, row),
    ...waits.flatMap(tellWait),
    ...actions.rows.map(({ at, by, action }) => ({ kind: 'action' as const, at: iso(at), by, action })),
  ].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  const [reason] = stuck.items;
  return {
    run: run as Run,
    stuck: reason ? { reason: reason.reason, since: reason.since } : null,
    ...{ claims: row.epoch, deaths: row.deaths, leaseUntil: row.leaseUntil && iso(row.leaseUntil) },
    causeDepth: row.causeDepth,
    entries: [
      beginning(row, startedBy),
      ...between.filter(isTakenOver),
      ...start(row),
      ...between.filter((entry) => !isTakenOver(entry)),
      ...ending(row),
      ...retries.rows.map((retry) => ({ ...retry, kind: 'retried' as const, at: iso(retry.at) })),
    ],
  };
}

const iso = (date: Date): string => date.toISOString();

async function readStarter(
  { database }: ServerContext,
  { companyId, id }: RunEntity,
): Promise<string | null> {
  const rows = database.source.getRepository(RunDataEntity).createQueryBuilder('data');
  const found = await rows
    .select(['data.companyId', 'data.runId', 'data.startedBy'])
    .where({ companyId, runId: id })
    .getOne();
  return found?.startedBy ?? null;
}

/** Without what they were given and gave: a run may hold megabytes of it. */
async function readSteps(
  { database }: ServerContext,
  { companyId, id }: RunEntity,
): Promise<RunStepEntity[]> {
  const repository = database.source.getRepository(RunStepEntity);
  const told = repository.metadata.columns
    .map(({ propertyName }) => propertyName)
    .filter((name) => name !== 'input' && name !== 'output');
  return repository
    .createQueryBuilder('step')
    .select(told.map((name) => `step.${name}`))
    .where({ companyId, runId: id })
    .orderBy('step.seq')
    .getMany();
}

function beginning(run: RunEntity, startedBy: string | null): TraceEntry {
  const { trigger, triggerKey, retryOf } = run;
  const eventId = eventIdOf(triggerKey);
  return { kind: 'created', at: iso(run.createdAt), trigger, by: startedBy, eventId, retryOf };
}

/** A retry is written together with the steps it takes over. */
const isTakenOver = ({ kind }: TraceEntry): boolean => kind === 'step_reused';

const start = ({ startedAt }: RunEntity): TraceEntry[] =>
  startedAt ? [{ kind: 'started', at: iso(startedAt) }] : [];

function ending({ status, finishedAt, error }: RunEntity): TraceEntry[] {
  if (!isFinished(status) || !finishedAt) return [];
  return [{ kind: 'ended', at: iso(finishedAt), status, error }];
}
