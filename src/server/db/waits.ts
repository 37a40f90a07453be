/**
 * Waits for an event, a decision or a connection, as rows. A run parks in one transaction with the row of what it waits for; the row leaves
 * `open` once, by whoever comes first: the event, the decision, the connection, the time-out (which the next leg asks for on load), a cancel.
 *
 * An event and a wait that begin together cannot miss each other: each is written first and looks for the other afterwards. Should the
 * process die in between, the sweeper looks again. So it is with connections.
 */
import type pg from 'pg';
import type { Json } from '../../core/json';
import type { StepRecord } from '../../core/run/ports';
import { matchesEvent, type Wait, type WakeUp } from '../../core/run/wait';
import type { SharedContext } from '../context';
import type { ClaimedRun } from './claim';
import { wakeConnected } from './connection-waits';
import { inTransaction } from './transaction';

type Signal = Exclude<Wait, { kind: 'time' }>;
type Client = Pick<pg.Pool, 'query'>;

/** Events examined at a time for one wait. */
const PAGE = 200;
/** Milliseconds an event's row may become visible after its time: looks overlap by as much. */
const OVERLAP_MS = 5 * 60_000;

/** Stores the park and its wait together; then looks for what it waits for: it may have come before. */
export async function park(
  context: SharedContext,
  run: ClaimedRun,
  step: StepRecord,
  commit: (client: Client) => Promise<'written' | 'canceled'>,
): Promise<'written' | 'canceled'> {
  const wait = step.wait as Signal;
  const since = new Date(lookFrom(run, step));
  const now = new Date(context.clock.now());
  const status = await context.crash.around('park', () =>
    inTransaction(context.database.pool, async (client) => {
      const committed = await commit(client);
      // A canceled run waits for nothing, but its retry does; the end of the wait before must not be taken for the end of this one.
      const isOpen = committed === 'written';
      await client.query(
        `insert into workflow_wait (company_id, id, run_id, step_key, kind, event_type, wait, state, created_at, until, looked_at, notify_at, ended_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ${WAIT_AGAIN}`,
        [
          ...[run.companyId, context.newId(), run.id, step.key, wait.kind],
          ...[wait.kind === 'event' ? wait.type : null, JSON.stringify(wait), isOpen ? 'open' : 'canceled'],
          ...[now, step.wakeAt],
          // Events have not been searched yet; should this process die before it does, the sweeper begins where it would have.
          since,
          // Whoever can tell the host of it does: it need not be this process.
          isOpen && wait.kind === 'decision' ? now : null,
          isOpen ? null : now,
        ],
      );
      return committed;
    }),
  );
  if (status === 'written' && wait.kind === 'event') {
    await lookForEvent(context, { companyId: run.companyId, runId: run.id, stepKey: step.key, wait }, since);
  }
  if (status === 'written' && wait.kind === 'connection')
    await wakeConnected(context, { companyId: run.companyId, provider: wait.provider });
  return status;
}

/**
 * Milliseconds from which on an event may be what a step waits for: from the start of the run, or, where a retry goes on with a step, from its
 * first attempt in the run before. What started a run may bear the very time at which its first step began; what comes of a step is later.
 */
const lookFrom = (run: ClaimedRun, { attempts, startedAt }: StepRecord): number => {
  const began = attempts[0]?.startedAt ?? startedAt;
  return Math.min(run.createdAt.getTime(), began === null ? Infinity : Date.parse(began) + 1);
};

/** The same in SQL, of a run `r` and its step `s`. */
const LOOK_FROM = `least(r.created_at, coalesce((s.attempts -> 0 ->> 'startedAt')::timestamptz, s.started_at) + interval '1 millisecond')`;

/** Ids of the events that have ended waits of a step, this one and those before it. */
const USED_BY_STEP = `
select jsonb_array_elements_text(workflow_wait.wait -> 'used')
union select workflow_wait.wake_up -> 'event' ->> 'id'
union select workflow_wait.wait -> 'after' -> 'wakeUp' -> 'event' ->> 'id'`;

/**
 * The row of a wait of the same step that is over: a step may wait more than once, for its connection or for what it is about. The events it
 * has used stay known, or the first of them would end each of its waits at once.
 */
const WAIT_AGAIN = `
on conflict (company_id, run_id, step_key) do update set
  id = excluded.id, kind = excluded.kind, event_type = excluded.event_type, state = excluded.state,
  wait = excluded.wait || (
    select case when count(*) = 0 then '{}' else jsonb_build_object('used', jsonb_agg(used.id)) end
    from (${USED_BY_STEP}) used (id) where used.id is not null),
  created_at = excluded.created_at, until = excluded.until, looked_at = excluded.looked_at, notify_at = excluded.notify_at,
  decisions = '[]', wake_up = null, ended_at = excluded.ended_at`;

/** How a wait ended; one whose time has come by `now` is ended by this question, so that nothing can wake it any more. */
export async function readWakeUp(
  pool: pg.Pool,
  run: { companyId: string; id: string },
  stepKey: string,
  now: Date,
): Promise<WakeUp | null> {
  const key = [run.companyId, run.id, stepKey];
  await pool.query(
    `update workflow_wait set state = 'timed_out', ended_at = $4, wake_up =
       case kind when 'decision' then jsonb_build_object('kind', 'time', 'decisions', decisions) else '{"kind":"time"}' end
     where company_id = $1 and run_id = $2 and step_key = $3 and state = 'open' and until <= $4`,
    [...key, now],
  );
  const { rows } = await pool.query(
    'select wake_up from workflow_wait where company_id = $1 and run_id = $2 and step_key = $3',
    key,
  );
  return rows[0]?.wake_up ?? null;
}

/** The run of a wait has not ended in the meantime. */
export const RUN_IS_ALIVE = `exists (
  select 1 from workflow_run a where a.company_id = $1 and a.id = workflow_wait.run_id and a.status in ('waiting', 'running', 'queued'))`;

/** The event has not served this run before: neither to start it, nor for another of its waits, nor in a run it retries. */
const IS_NEW_TO_RUN = (event: string, run: string) => `
  not exists (select 1 from workflow_wait u where u.company_id = $1 and u.run_id = ${run}
    and (${event} in (u.wake_up -> 'event' ->> 'id', u.wait -> 'after' -> 'wakeUp' -> 'event' ->> 'id')
      or jsonb_exists(u.wait -> 'used', ${event})))
  and not exists (select 1 from workflow_run_data d where d.company_id = $1 and d.run_id = ${run} and ${event} = any(d.used_events))
  and not exists (select 1 from workflow_run o where o.company_id = $1 and o.id = ${run} and o.trigger_key = 'event:' || ${event})`;

/** Ends an open wait by an event and sets its run going again; nothing is returned when something else ended it first. */
const WAKE = `
with woken as (
  update workflow_wait set state = 'woken', wake_up = $4, ended_at = $5
  where company_id = $1 and run_id = $2 and step_key = $3 and state = 'open' and until > $5 and ${RUN_IS_ALIVE} and ${IS_NEW_TO_RUN('$6::text', '$2')}
  returning company_id, run_id
), resumed as (
  update workflow_run r set status = 'queued', wake_at = null from woken w
  where r.company_id = w.company_id and r.id = w.run_id and r.status = 'waiting'
)
select run_id from woken`;

interface OpenWait {
  companyId: string;
  runId: string;
  stepKey: string;
  wait: Signal;
}

interface StoredEvent {
  id: string;
  type: string;
  at: string;
  data: Json;
}

async function wake(
  context: SharedContext,
  { companyId, runId, stepKey }: OpenWait,
  event: StoredEvent,
): Promise<boolean> {
  const wakeUp: WakeUp = { kind: 'event', event };
  const { rows } = await context.crash.around('wake', () =>
    context.database.pool.query(WAKE, [
      ...[companyId, runId, stepKey],
      ...[JSON.stringify(wakeUp), new Date(context.clock.now()), event.id],
    ]),
  );
  if (rows.length > 0) context.changes.emit(runId);
  return rows.length > 0;
}

/** Wakes every run of the company that waits for this event; their ids. */
export async function wakeByEvent(
  context: SharedContext,
  companyId: string,
  event: StoredEvent,
): Promise<string[]> {
  const { rows } = await context.database.pool.query({
    name: 'trama-waits-for-event',
    text: `select run_id, step_key, wait from workflow_wait
           where company_id = $1 and event_type = $2 and state = 'open' and kind = 'event'`,
    values: [companyId, event.type],
  });
  const woken: string[] = [];
  for (const row of rows) {
    const open: OpenWait = { companyId, runId: row.run_id, stepKey: row.step_key, wait: row.wait };
    if (open.wait.kind !== 'event' || !matchesEvent(open.wait.where, event.data)) continue;
    if (await wake(context, open, event)) woken.push(open.runId);
  }
  return woken;
}

/** Wakes a wait by the first event since `since` that matches and that its run has not used yet, not even to start. */
async function lookForEvent(context: SharedContext, open: OpenWait, since: Date): Promise<boolean> {
  const { companyId, runId, wait } = open;
  if (wait.kind !== 'event') return false;
  let after: [Date, string] = [since, ''];
  for (;;) {
    const { rows } = await context.database.pool.query(
      `select id, type, at, data from workflow_event e
       where company_id = $1 and type = $2 and (at, id) > ($3, $4)
         and ${IS_NEW_TO_RUN('e.id', '$5')}
       order by at, id limit ${PAGE}`,
      [companyId, wait.type, ...after, runId],
    );
    for (const row of rows) {
      if (!matchesEvent(wait.where, row.data)) continue;
      return wake(context, open, { id: row.id, type: row.type, at: row.at.toISOString(), data: row.data });
    }
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return false;
    after = [last.at, last.id];
  }
}

/** Looks again for events that open waits may have missed; the runs woken. Waits looked at longest ago go first. */
export async function sweepWaits(
  context: SharedContext,
  olderThanMs: number,
  limit: number,
): Promise<string[]> {
  const now = new Date(context.clock.now());
  const { rows } = await context.database.pool.query(
    `with stale as (
       select company_id, id, looked_at from workflow_wait
       where state = 'open' and kind = 'event' and looked_at <= $1 order by looked_at limit $2 for update skip locked
     )
     update workflow_wait w set looked_at = $3 from stale, workflow_run r, workflow_run_step s
     where w.company_id = stale.company_id and w.id = stale.id and r.company_id = w.company_id and r.id = w.run_id
       and s.company_id = w.company_id and s.run_id = w.run_id and s.step_key = w.step_key
     returning w.company_id, w.run_id, w.step_key, w.wait, greatest(${LOOK_FROM}, stale.looked_at - $4 * interval '1 millisecond') as since`,
    [new Date(now.getTime() - olderThanMs), limit, now, OVERLAP_MS],
  );
  const woken: string[] = [];
  for (const row of rows) {
    const open: OpenWait = {
      companyId: row.company_id,
      runId: row.run_id,
      stepKey: row.step_key,
      wait: row.wait,
    };
    if (await lookForEvent(context, open, row.since)) woken.push(open.runId);
  }
  return woken;
}
