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
import type { SharedContext } from '../context';
import type { ClaimedRun } from './claim';
import { stepColumns, stepFromRow, stepToRow, toIntent, withIntent } from './step-rows';
import { park, readWakeUp } from './waits';

const names = Object.keys(stepColumns);
const columns = names.join(', ');
const typed = Object.entries(stepColumns).map(([name, type]) => `${name} ${type}`);
const replaced = names.filter((name) => name !== 'step_key').map((name) => `${name} = excluded.${name}`);

/**
 * One commit of a leg: steps, the effect about to begin and, with the last one, the end of the leg. The update of the run row is the guard:
 * it finds nothing when another runner has raised the epoch, and then no step is written either. Where somebody asked to cancel, the same
 * update ends the run unless it ends anyway; a loop or a wait that begins with it is written as canceled, an effect not at all.
 */
const COMMIT = `
with lease as (
  update workflow_run set
    status = case when cancel_requested_at is null or $4 in ('succeeded', 'failed') then $4 else 'canceled' end,
    wake_at = case when cancel_requested_at is null then $5::timestamptz end,
    error = case when cancel_requested_at is null or $4 in ('succeeded', 'failed') then $6::jsonb end,
    intent = case when cancel_requested_at is null then $9::jsonb end,
    deaths = 0,
    lease_until = case when $4 = 'running' and cancel_requested_at is null then now() + $7 * interval '1 millisecond' end,
    finished_at = case when $4 in ('succeeded', 'failed') or cancel_requested_at is not null then now() end
  where company_id = $1 and id = $2 and epoch = $3 and status = 'running'
  returning company_id, id, status
), written as (
  insert into workflow_run_step (company_id, run_id, ${columns})
  select lease.company_id, lease.id, ${names
    .map((name) =>
      name === 'status'
        ? `case when lease.status = 'canceled' and s.status in ('running', 'waiting') then 'canceled' else s.status end`
        : `s.${name}`,
    )
    .join(', ')}
  from lease, jsonb_to_recordset($8::jsonb) as s (${typed.join(', ')})
  on conflict (company_id, run_id, step_key) do update set ${replaced.join(', ')}
)
select status from lease`;

/**
 * The same for what most commits are: one step that succeeded at once and has no row yet, and with it the effect about to begin or the run's
 * success. A third of the work for PostgreSQL. It passes over a run that somebody wants canceled; `COMMIT` then says what became of it.
 */
const COMMIT_ONE = `
with lease as (
  update workflow_run set status = $4, intent = $5, deaths = 0,
    lease_until = case when $4 = 'running' then now() + $6 * interval '1 millisecond' end,
    finished_at = case when $4 = 'succeeded' then now() end
  where company_id = $1 and id = $2 and epoch = $3 and status = 'running' and (cancel_requested_at is null or $4 = 'succeeded')
  returning company_id, id
)
insert into workflow_run_step (company_id, run_id, status, step_key, node_id, type, seq, attempt, input, output, branch, started_at, finished_at)
select company_id, id, 'succeeded', $7, $8, $9, $10::integer, $11::integer, $12::jsonb, $13::jsonb, $14, $15::timestamptz, $16::timestamptz
from lease`;

/** What a run runs: its payload and its definition, the published version or the draft it was started from. */
export interface RunData {
  payload: Json;
  definition: WorkflowDefinition;
  /** Steps that keep the effect key they had in an earlier run, by step key. */
  effectOrigins: Readonly<Record<string, string>> | null;
}

export async function loadRunData(
  { database, versions, crash }: SharedContext,
  run: ClaimedRun,
): Promise<RunData> {
  const { rows } = await crash.around('load', () =>
    database.pool.query({
      name: 'trama-run-data',
      text: 'select payload, definition, effect_origins from workflow_run_data where company_id = $1 and run_id = $2',
      values: [run.companyId, run.id],
    }),
  );
  const { payload, definition, effect_origins: effectOrigins } = rows[0];
  return {
    payload,
    definition: definition ?? (await versions.read(run.companyId, run.workflowId, run.version ?? 0)),
    effectOrigins,
  };
}

/** The journal of a claimed run in PostgreSQL. */
export class PostgresRunStore implements RunStore {
  private readonly pool: pg.Pool;
  /** Keys of the steps that have a row. */
  private readonly stored = new Set<string>();

  constructor(
    private readonly context: SharedContext,
    private readonly run: ClaimedRun,
    private readonly onCommit: () => void = () => {},
  ) {
    this.pool = context.database.pool;
  }

  async load(now: number): Promise<StepRecord[]> {
    if (this.run.isNew) return withIntent([], this.run.intent);
    const { rows } = await this.pool.query({
      name: 'trama-steps',
      text: 'select * from workflow_run_step where company_id = $1 and run_id = $2 order by seq',
      values: [this.run.companyId, this.run.id],
    });
    for (const row of rows) this.stored.add(row.step_key);
    const steps = withIntent(rows.map(stepFromRow), this.run.intent);
    for (const step of steps) {
      if (step.status === 'waiting' && step.wait && step.wait.kind !== 'time')
        step.wakeUp = await readWakeUp(this.pool, this.run, step.key, new Date(now));
    }
    return steps;
  }

  async commit(write: JournalWrite): Promise<'written' | 'canceled'> {
    const parked = write.steps.find(
      ({ status, wait }) => status === 'waiting' && wait && wait.kind !== 'time',
    );
    const status = parked
      ? await park(this.context, this.run, parked, (client) => this.write(client, write))
      : await this.context.crash.around('commit', () => this.write(this.pool, write));
    for (const { key } of write.steps) if (key !== write.intent) this.stored.add(key);
    this.onCommit();
    return status;
  }

  private async write(client: Pick<pg.Pool, 'query'>, write: JournalWrite): Promise<'written' | 'canceled'> {
    const begun = write.steps.find(({ key }) => key === write.intent);
    const steps = write.steps.filter((step) => step !== begun);
    if (await this.writeOne(client, steps, begun, write.end)) return 'written';
    const { companyId, id, epoch } = this.run;
    const { rows } = await client.query({
      name: 'trama-commit',
      text: COMMIT,
      values: [
        ...[companyId, id, epoch, ...endColumns(write.end), this.context.leaseMs],
        ...[JSON.stringify(steps.map(stepToRow)), begun ? JSON.stringify(toIntent(begun)) : null],
      ],
    });
    if (rows.length === 0) throw new LeaseLostError();
    return rows[0].status === 'canceled' ? 'canceled' : 'written';
  }

  /** False when the commit is not of the kind this is for, or the run is not ours to go on with. */
  private async writeOne(
    client: Pick<pg.Pool, 'query'>,
    [step, ...others]: readonly StepRecord[],
    begun: StepRecord | undefined,
    end: LegEnd | null,
  ): Promise<boolean> {
    const goesOn = end === null && begun !== undefined;
    const isLast = end?.status === 'succeeded';
    if (!step || others.length > 0 || this.stored.has(step.key) || !isPlain(step) || !(goesOn || isLast))
      return false;
    const { companyId, id, epoch } = this.run;
    const { rowCount } = await client.query({
      name: 'trama-commit-one',
      text: COMMIT_ONE,
      values: [
        ...[companyId, id, epoch, goesOn ? 'running' : 'succeeded'],
        ...[goesOn ? JSON.stringify(toIntent(begun)) : null, this.context.leaseMs],
        ...[step.key, step.nodeId, step.type, step.seq, step.attempt, asText(step.input)],
        ...[asText(step.output), step.branch, step.startedAt, step.finishedAt],
      ],
    });
    return rowCount === 1;
  }
}

const asText = (value: Json): string | null => (value === null ? null : JSON.stringify(value));

/** Succeeded at its first attempt, without a wait: the other columns are empty. */
const isPlain = ({ status, attempts, wait }: StepRecord): boolean =>
  status === 'succeeded' && attempts.length === 0 && wait === null;

function endColumns(end: LegEnd | null): [status: string, wakeAt: string | null, error: string | null] {
  const error = end && 'error' in end ? JSON.stringify(cleanJson(end.error)) : null;
  return [end?.status ?? 'running', end?.status === 'waiting' ? end.wakeAt : null, error];
}
