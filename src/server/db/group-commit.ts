import type pg from 'pg';
import { wasRefused } from './database-error';

/**
 * What most commits are: one step that succeeded at once and has no row yet, and with it the effect about to begin or the run's success.
 * In the order of the statements' parameters; JSON as text, times in ISO 8601.
 */
export type PlainCommit = readonly [
  companyId: string,
  runId: string,
  epoch: number,
  status: 'running' | 'succeeded',
  intent: string | null,
  leaseMs: number,
  stepKey: string,
  nodeId: string,
  type: string,
  seq: number,
  attempt: number,
  input: string | null,
  output: string | null,
  branch: string | null,
  startedAt: string | null,
  finishedAt: string | null,
];

/** As `COMMIT` in `run-store.ts`, for a third of its work. It passes over a run that somebody wants canceled; `COMMIT` then says what became of it. */
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

/**
 * The same for several runs: each has its own guard, and what comes back are the leases that were written. The planner takes a limit it does not
 * know for one row in ten, so that a plan made while the table is small looks each run up by its key all the same and never reads the table.
 */
const COMMIT_GROUP = `
with input as (
  select * from unnest($1::text[], $2::uuid[], $3::integer[], $4::text[], $5::jsonb[], $6::integer[], $7::text[], $8::text[], $9::text[],
    $10::integer[], $11::integer[], $12::jsonb[], $13::jsonb[], $14::text[], $15::timestamptz[], $16::timestamptz[])
    as i (company_id, run_id, epoch, run_status, intent, lease_ms, step_key, node_id, type, seq, attempt, input, output, branch, started_at, finished_at)
  limit cardinality($1::text[])
), lease as (
  update workflow_run r set status = i.run_status, intent = i.intent, deaths = 0,
    lease_until = case when i.run_status = 'running' then now() + i.lease_ms * interval '1 millisecond' end,
    finished_at = case when i.run_status = 'succeeded' then now() end
  from input i
  where r.company_id = i.company_id and r.id = i.run_id and r.epoch = i.epoch and r.status = 'running'
    and (r.cancel_requested_at is null or i.run_status = 'succeeded')
  returning i.*
), step as (
  insert into workflow_run_step (company_id, run_id, status, step_key, node_id, type, seq, attempt, input, output, branch, started_at, finished_at)
  select company_id, run_id, 'succeeded', step_key, node_id, type, seq, attempt, input, output, branch, started_at, finished_at from lease
)
select run_id, epoch from lease`;

/**
 * Statements under way at a time. With two, PostgreSQL has one to work on while this process takes up the answer of the other and makes the
 * next; with more, groups become smaller and each costs more.
 */
const AT_ONCE = 2;
/** A group stays a small statement: rows, and characters of JSON. */
const GROUP_ROWS = 32;
const GROUP_CHARACTERS = 1024 * 1024;

/** Commits of the runs of one process, written together when they become ready together. */
export interface GroupCommit {
  /** Resolves when it is durable. False when the run is not the committer's to go on with. A leg has one commit under way at most. */
  write: (commit: PlainCommit) => Promise<boolean>;
  /** Resolves when whatever was handed in so far is on its way. */
  departure: () => Promise<void>;
}

interface Member {
  commit: PlainCommit;
  resolve: (isWritten: boolean) => void;
  reject: (error: unknown) => void;
}

/**
 * Commits that become ready at the same instant, such as those of runs whose last commits were one statement, leave together: one
 * statement, one transaction, one wait for the disk. Those that become ready while enough statements are under way leave when one returns.
 * So nobody waits for company, and the busier the process, the less a commit costs.
 */
export function createGroupCommit(pool: Pick<pg.Pool, 'query'>): GroupCommit {
  const gathered: Member[] = [];
  const onDeparture: (() => void)[] = [];
  let underWay = 0;
  let isLeaving = false;

  const leave = () => {
    isLeaving = false;
    while (gathered.length > 0 && underWay < AT_ONCE) {
      underWay += 1;
      void send(pool, takeGroup(gathered)).finally(() => {
        underWay -= 1;
        leaveSoon();
      });
    }
    if (gathered.length === 0) for (const tell of onDeparture.splice(0)) tell();
  };
  const leaveSoon = () => {
    // Not at the end of the turn: two answers that arrive in one turn would merge their groups for good, and PostgreSQL and this process
    // would wait for each other from then on.
    if (!isLeaving) process.nextTick(leave);
    isLeaving = true;
  };

  return {
    write: (commit) =>
      new Promise((resolve, reject) => {
        gathered.push({ commit, resolve, reject });
        leaveSoon();
      }),
    departure: () =>
      new Promise((resolve) => {
        if (gathered.length === 0) resolve();
        else onDeparture.push(resolve);
      }),
  };
}

/** Takes out those that leave together, at least one. */
function takeGroup(gathered: Member[]): Member[] {
  let count = 0;
  let characters = 0;
  while (count < Math.min(gathered.length, GROUP_ROWS) && characters < GROUP_CHARACTERS) {
    for (const value of (gathered[count] as Member).commit)
      characters += typeof value === 'string' ? value.length : 0;
    count += 1;
  }
  return gathered.splice(0, count);
}

/** Sends a group and tells its members. Never rejects. */
async function send(pool: Pick<pg.Pool, 'query'>, group: readonly Member[]): Promise<void> {
  if (group.length === 1) return sendAlone(pool, group);
  try {
    const written = await writeGroup(pool, group);
    // Of two legs of one run, one of which has lost its lease, the other is the one that was written.
    for (const { commit, resolve } of group) resolve(written.get(commit[1]) === commit[2]);
  } catch (error) {
    // One of them cannot be stored, or met a lock: nothing was written, and the others must not suffer for it.
    if (wasRefused(error)) return sendAlone(pool, group);
    // What became of the statement is not known. Sent again it could meet itself.
    for (const { reject } of group) reject(error);
  }
}

async function sendAlone(pool: Pick<pg.Pool, 'query'>, members: readonly Member[]): Promise<void> {
  await Promise.all(
    members.map(({ commit, resolve, reject }) =>
      pool
        .query({ name: 'trama-commit-one', text: COMMIT_ONE, values: [...commit] })
        .then(({ rowCount }) => resolve(rowCount === 1), reject),
    ),
  );
}

/** The runs that were written, each with the epoch it was written under. */
async function writeGroup(
  pool: Pick<pg.Pool, 'query'>,
  group: readonly Member[],
): Promise<Map<string, number>> {
  // In one order wherever they come from, so that two groups that want the same rows (one of them in vain) seldom lock each other out.
  const commits = group.map(({ commit }) => commit).sort(([, a], [, b]) => (a < b ? -1 : 1));
  const [first] = commits as [PlainCommit];
  const values = first.map((_, parameter) => commits.map((commit) => commit[parameter]));
  const { rows } = await pool.query({ name: 'trama-commit-group', text: COMMIT_GROUP, values });
  return new Map(rows.map(({ run_id: id, epoch }) => [id, epoch]));
}
