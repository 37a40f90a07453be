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
import type { PlainCommit } from './group-commit';
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

/** What a run runs: its payload and its definition, the published version or the draft it was started from. */
export interface RunData {
  payload: Json;
  definition: WorkflowDefinition;
  /** Steps that keep the effect key they had in an earlier run, by step key. */
  effectOrigins: Readonly<Record<string, string>> | null;
  /** Steps of an earlier run that it goes on with, by step key. */
  carried: Readonly<Record<string, StepRecord>> | null;
}

export async function loadRunData(
  { database, versions, crash }: SharedContext,
  run: ClaimedRun,
): Promise<RunData> {
  const { rows } = await crash.around('load', () =>
    database.pool.query({
      name: 'trama-run-data',
      text: 'select payload, definition, effect_origins, carried from workflow_run_data where company_id = $1 and run_id = $2',
      values: [run.companyId, run.id],
    }),
  );
  const { payload, definition, effect_origins: effectOrigins, carried } = rows[0];
  return {
    payload,
    definition: definition ?? (await versions.read(run.companyId, run.workflowId, run.version ?? 0)),
    effectOrigins,
    carried,
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
    const { crash, commits } = this.context;
    const status = parked
      ? await park(this.context, this.run, parked, (client) => this.write(client, write))
      : await crash.around('commit', () => this.writeTogether(write), commits.departure);
    for (const { key } of write.steps) if (key !== write.intent) this.stored.add(key);
    this.onCommit();
    return status;
  }

  /** Most commits are plain ones, which share a transaction with those of other runs; `write` takes the others, and says why one was refused. */
  private async writeTogether(write: JournalWrite): Promise<'written' | 'canceled'> {
    const plain = this.asPlain(write);
    if (plain && (await this.context.commits.write(plain))) return 'written';
    return this.write(this.pool, write);
  }

  private async write(client: Pick<pg.Pool, 'query'>, write: JournalWrite): Promise<'written' | 'canceled'> {
    const { companyId, id, epoch } = this.run;
    const begun = write.steps.find(({ key }) => key === write.intent);
    const steps = write.steps.filter((step) => step !== begun);
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

  /** `null` when the commit is of another kind. */
  private asPlain({ steps, intent, end }: JournalWrite): PlainCommit | null {
    const [step, begun, ...others] = steps;
    const goesOn = end === null && begun !== undefined && begun.key === intent;
    const isLast = end?.status === 'succeeded' && begun === undefined;
    if (!step || others.length > 0 || !(goesOn || isLast)) return null;
    if (this.stored.has(step.key) || !isPlain(step)) return null;
    const { companyId, id, epoch } = this.run;
    return [
      ...([companyId, id, epoch, goesOn ? 'running' : 'succeeded'] as const),
      ...([goesOn ? JSON.stringify(toIntent(begun)) : null, this.context.leaseMs] as const),
      ...([step.key, step.nodeId, step.type, step.seq, step.attempt, asText(step.input)] as const),
      ...([asText(step.output), step.branch, step.startedAt, step.finishedAt] as const),
    ];
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
