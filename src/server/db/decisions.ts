import type { Decision } from '../../core/run/wait';
import type { SharedContext } from '../context';
import { RUN_IS_ALIVE } from './waits';

/** Whether this decision is the last that is needed: a rejection always is. */
const IS_LAST = `($7::boolean or jsonb_array_length(decisions) + 1 >= coalesce((wait ->> 'required')::integer, 1))`;

/** One statement: who comes at the same time waits for the row, and then counts what is in it. The audit entry is part of it. */
const DECIDE = `
with decided as (
  update workflow_wait set
    decisions = decisions || $3::jsonb,
    state = case when ${IS_LAST} then 'woken' else state end,
    wake_up = case when ${IS_LAST} then jsonb_build_object('kind', 'decision', 'decision', $3::jsonb, 'decisions', decisions || $3::jsonb) end,
    ended_at = case when ${IS_LAST} then $4::timestamptz end
  where company_id = $1 and id = $2 and kind = 'decision' and state = 'open' and until > $4 and ${RUN_IS_ALIVE}
    and not decisions @> jsonb_build_array(jsonb_build_object('decidedBy', $6::text))
  returning company_id, run_id, state
), resumed as (
  update workflow_run r set status = 'queued', wake_at = null from decided d
  where r.company_id = d.company_id and r.id = d.run_id and r.status = 'waiting' and d.state = 'woken'
), noted as (
  insert into workflow_audit (company_id, id, at, user_id, action, target_type, target_id)
  select company_id, $5, $4, $6, $8, 'approval', $2 from decided
)
select run_id, state from decided`;

/** Adds a person's decision to an open approval; `null` when it is not open (any more), or that person has decided before. */
export async function decide(
  context: SharedContext,
  companyId: string,
  waitId: string,
  decision: Decision,
): Promise<{ runId: string; isOver: boolean } | null> {
  const isRejection = decision.decision === 'rejected';
  const { rows } = await context.crash.around('wake', () =>
    context.database.pool.query(DECIDE, [
      ...[
        companyId,
        waitId,
        JSON.stringify(decision),
        decision.decidedAt,
        context.newId(),
        decision.decidedBy,
      ],
      ...[isRejection, isRejection ? 'approval.reject' : 'approval.approve'],
    ]),
  );
  if (!rows[0]) return null;
  context.changes.emit(rows[0].run_id);
  return { runId: rows[0].run_id, isOver: rows[0].state === 'woken' };
}
