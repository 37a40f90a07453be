import { In, type SelectQueryBuilder } from 'typeorm';
import { contract } from '../../core/api/contract';
import { hasRole } from '../../core/api/route';
import type { RunFilter } from '../../core/api/run-filter';
import type { Run, RunDetail, Step } from '../../core/api/shapes';
import { TRIGGER_ID } from '../../core/definition/schema';
import { WorkflowError } from '../../core/errors';
import { isPutOff } from '../../core/run/ended-wait';
import type { StepRecord } from '../../core/run/ports';
import { isFinished } from '../../core/run/status';
import { isUuid, type ServerContext } from '../context';
import { RunDataEntity, RunEntity, RunStepEntity, WaitEntity } from '../db/entities';
import { keysetPage, type Page, type PageRequest } from '../db/paging';
import { stepRecord, withIntent } from '../db/step-rows';
import type { Principal } from '../options';

export type Caller = Pick<Principal, 'companyId' | 'role'>;

export async function listRuns(
  context: ServerContext,
  caller: Caller,
  filter: RunFilter & PageRequest,
): Promise<Page<Run>> {
  const page = await findRuns(context, caller.companyId, filter);
  return { ...page, items: await toRuns(context, caller, page.items) };
}

/** The runs of the company a filter finds, newest first. */
export async function findRuns(
  context: ServerContext,
  companyId: string,
  filter: RunFilter & PageRequest,
  narrow: (query: SelectQueryBuilder<RunEntity>) => void = () => {},
): Promise<Page<RunEntity>> {
  const query = context.database.source
    .getRepository(RunEntity)
    .createQueryBuilder('run')
    .where({ companyId });
  if (filter.workflowId !== undefined) {
    if (!isUuid(filter.workflowId)) return { items: [], nextCursor: null };
    query.andWhere('run.workflow_id = :workflowId', { workflowId: filter.workflowId });
  }
  if (filter.status) query.andWhere('run.status in (:...status)', { status: filter.status });
  if (filter.trigger) query.andWhere('run.trigger = :trigger', { trigger: filter.trigger });
  if (filter.key)
    query.andWhere(`run.business_keys @> array[:key]::text[] and run.business_keys <> '{}'`, {
      key: filter.key,
    });
  if (filter.from) query.andWhere('run.created_at >= :from', { from: filter.from });
  if (filter.to) query.andWhere('run.created_at < :to', { to: filter.to });
  if (filter.finishedFrom)
    query.andWhere('run.finished_at >= :finishedFrom', { finishedFrom: filter.finishedFrom });
  if (filter.finishedTo) query.andWhere('run.finished_at < :finishedTo', { finishedTo: filter.finishedTo });
  narrow(query);
  // A workflow's runs stand in an index by their time, a company's in the primary key.
  return keysetPage(query, 'run', filter.workflowId === undefined ? null : 'createdAt', filter);
}

export async function readRun(context: ServerContext, caller: Caller, id: string): Promise<Run> {
  return toRun(context, caller, await findRun(context, caller.companyId, id));
}

/** A run with its steps in the order it reached them, the trigger first, and the definition it ran. */
export async function readRunDetail(context: ServerContext, caller: Caller, id: string): Promise<RunDetail> {
  const { companyId } = caller;
  const row = await findRun(context, companyId, id);
  const { data, rows } = await readRecords(context, companyId, id);
  const definition =
    data.definition ?? (await context.versions.read(companyId, row.workflowId, row.version ?? 0));
  const reusedFrom = new Map(rows.map((step) => [step.stepKey, step.reusedFrom]));
  const recorded = withIntent(rows.map(stepRecord), row.intent).map((step) => toStep(step, row, reusedFrom));
  const isRecorded = recorded.some(({ key }) => key === TRIGGER_ID);
  return {
    run: await toRun(context, caller, row),
    steps: isRecorded ? recorded : [triggerStep(row, data), ...recorded],
    definition,
  };
}

/** The data of a run and its steps in the order it reached them. */
export async function readRecords(
  { database }: ServerContext,
  companyId: string,
  runId: string,
): Promise<{ data: RunDataEntity; rows: RunStepEntity[] }> {
  const where = { companyId, runId };
  const [data, rows] = await Promise.all([
    database.source.getRepository(RunDataEntity).createQueryBuilder('data').where(where).getOne(),
    database.source
      .getRepository(RunStepEntity)
      .createQueryBuilder('step')
      .where(where)
      .orderBy('step.seq')
      .getMany(),
  ]);
  if (!data) throw new Error(`Run ${runId} has no data.`);
  return { data, rows };
}

export const runNotFound = (): WorkflowError =>
  new WorkflowError('not_found', 'There is no such run. Go back to the list of runs.');

export async function findRun(context: ServerContext, companyId: string, id: string): Promise<RunEntity> {
  const row = isUuid(id)
    ? await context.database.source.getRepository(RunEntity).findOneBy({ companyId, id })
    : null;
  if (!row) throw runNotFound();
  return row;
}

const toRun = async (context: ServerContext, caller: Caller, row: RunEntity): Promise<Run> =>
  (await toRuns(context, caller, [row]))[0] as Run;

export async function toRuns(
  { database }: ServerContext,
  { companyId, role }: Caller,
  rows: RunEntity[],
): Promise<Run[]> {
  const waiting = rows.filter(({ status }) => status === 'waiting');
  const waits =
    waiting.length === 0
      ? []
      : await database.source
          .getRepository(WaitEntity)
          .findBy({ companyId, runId: In(waiting.map(({ id }) => id)), state: 'open' });
  const canAct = hasRole(role, contract.retryRun.role);
  return rows.map((row) => ({
    ...describeRun(row, waits.find(({ runId }) => runId === row.id)?.wait),
    canAct,
  }));
}

function describeRun(row: RunEntity, wait: WaitEntity['wait'] | undefined): Omit<Run, 'canAct'> {
  return {
    id: row.id,
    workflowId: row.workflowId,
    workflowName: row.workflowName,
    version: row.version,
    status: row.status,
    trigger: row.trigger,
    title: row.title,
    businessKeys: row.businessKeys,
    retryOf: row.retryOf,
    error: row.error as Run['error'],
    wakeAt: row.wakeAt?.toISOString() ?? null,
    waitingFor: wait
      ? { kind: wait.kind, until: wait.until, provider: wait.kind === 'connection' ? wait.provider : null }
      : null,
    cancelRequested: row.cancelRequestedAt !== null,
    engine: row.engine && { kind: row.engine.kind, id: row.engine.id, url: row.engine.url },
    createdAt: row.createdAt.toISOString(),
    startedAt: row.startedAt?.toISOString() ?? null,
    finishedAt: row.finishedAt?.toISOString() ?? null,
  };
}

function toStep(record: StepRecord, run: RunEntity, reusedFrom: ReadonlyMap<string, string | null>): Step {
  const { seq: _, wakeUp: __, wait, ...step } = record;
  // In a run that has ended nothing goes on: what was still open is what the end cut off.
  const isCutOff = isFinished(run.status) && ['running', 'waiting', 'pending'].includes(step.status);
  const status = isCutOff ? 'canceled' : step.status;
  return {
    ...step,
    wait: toWait(wait, status),
    status,
    reusedFrom: reusedFrom.get(step.key) ?? null,
  } as Step;
}

/** What the engine keeps with a wait is its own; the time of a next attempt is `wakeAt`, and what is over was a wait for what the step is about. */
function toWait(wait: StepRecord['wait'], status: StepRecord['status']): Step['wait'] {
  if (!wait) return null;
  if (status !== 'waiting') return wait.after?.wait ?? wait;
  return isPutOff(wait) ? null : { ...wait, ...{ after: undefined } };
}

/** A trigger with nothing to fetch is not journaled: its output is the payload, its time the run's. */
function triggerStep(run: RunEntity, data: RunDataEntity): Step {
  const at = run.createdAt.toISOString();
  return {
    key: TRIGGER_ID,
    nodeId: TRIGGER_ID,
    type: run.trigger,
    status: 'succeeded',
    attempt: 1,
    input: null,
    output: data.payload,
    error: null,
    branch: 'next',
    skippedBecause: null,
    attempts: [],
    wakeAt: null,
    wait: null,
    reusedFrom: null,
    startedAt: at,
    finishedAt: at,
  };
}
