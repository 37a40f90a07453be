import type { Run } from '../../core/api/shapes';
import { passHandleOf } from '../../core/definition/node';
import { WorkflowError } from '../../core/errors';
import { isDeeperThan, type Json, jsonBytes } from '../../core/json';
import { isFinished } from '../../core/run/status';
import type { ServerContext } from '../context';
import type { Principal } from '../options';
import { findRun, readRun, readRunDetail } from './read-runs';
import { acceptPayload } from './start-run';

const CANCEL = `
with run as (
  update workflow_run set
    status = case when status = 'running' then status else 'canceled' end,
    wake_at = null,
    finished_at = case when status = 'running' then null else $3::timestamptz end,
    error = case when status = 'running' then error end,
    cancel_requested_at = coalesce(cancel_requested_at, $3)
  where company_id = $1 and id = $2 and status in ('queued', 'waiting', 'running', 'needs_attention')
  returning company_id, id
), noted as (
  insert into workflow_audit (company_id, id, at, user_id, action, target_type, target_id)
  select company_id, $4, $3, $5, 'run.cancel', 'run', id from run
)
select 1 from run`;

/**
 * A statement of its own, which begins when `CANCEL` has been committed: the run may have parked while `CANCEL` waited for its row, and one
 * statement sees one moment only. Until it is done, and should it never be, no wait of an ended run can be ended.
 */
const CLOSE_WAITS = `
update workflow_wait w set state = 'canceled', ended_at = $3 from workflow_run r
where w.company_id = $1 and w.run_id = $2 and w.state = 'open' and r.company_id = $1 and r.id = $2 and r.status = 'canceled'`;

/** Ends a run that is not under way at once, another one before its next step. Of a canceled run it is true already. */
export async function cancelRun(context: ServerContext, principal: Principal, runId: string): Promise<Run> {
  const { companyId, userId } = principal;
  const run = await findRun(context, companyId, runId);
  const target = [companyId, run.id, new Date(context.clock.now())];
  const { rows } = await context.database.pool.query(CANCEL, [...target, context.newId(), userId]);
  await context.database.pool.query(CLOSE_WAITS, target);
  const after = await readRun(context, principal, run.id);
  if (rows.length === 0 && after.status !== 'canceled') {
    const message = `The run has already ended (${after.status}), so there is nothing to cancel.`;
    throw new WorkflowError('run_finished', message);
  }
  // A run under way ends by itself, after its step; taken off in the middle of it, the step would be in doubt.
  if (after.status === 'canceled') await context.runner.forget({ companyId, id: run.id });
  context.changes.emit(run.id);
  return after;
}

/** The run first, and locked: who waited for a cancel to be written must see that the run has ended. */
const SETTLE = `
with run as (
  select company_id, id from workflow_run where company_id = $1 and id = $2 and status = 'needs_attention' for update
), step as (
  update workflow_run_step s set status = $4, output = $5, branch = $6, error = case when $4 = 'succeeded' then null else s.error end,
    finished_at = case when $4 = 'succeeded' then $7::timestamptz end
  from run
  where s.company_id = run.company_id and s.run_id = run.id and s.step_key = $3 and s.status = 'in_doubt'
  returning s.company_id, s.run_id
), resumed as (
  update workflow_run r set status = 'queued', error = null, intent = null from step
  where r.company_id = step.company_id and r.id = step.run_id
), noted as (
  insert into workflow_audit (company_id, id, at, user_id, action, target_type, target_id)
  select company_id, $8, $7, $9, $10, 'run', run_id from step
)
select 1 from step`;

/** A person's word on a step in doubt: it happened, with this output, or it did not and is run again under the same effect key. */
export async function settleStep(
  context: ServerContext,
  principal: Principal,
  runId: string,
  request: { stepKey: string; happened: boolean; output?: unknown },
): Promise<Run> {
  const { companyId, userId } = principal;
  const { run, steps, definition } = await readRunDetail(context, principal, runId);
  const step = steps.find(({ key }) => key === request.stepKey);
  if (!step) throw new WorkflowError('not_found', 'The run has no such step. Go back to the run.');
  if (isFinished(run.status)) {
    throw new WorkflowError(
      'run_finished',
      `The run has ended (${run.status}), so nothing is left to settle.`,
    );
  }
  const output = acceptOutput(context, request, step.type);
  const node = definition.nodes.find(({ id }) => id === step.nodeId);
  const handle = request.happened && node ? passHandleOf(node, context.blocks.get(node.type)) : null;
  const { rows } = await context.database.pool.query(SETTLE, [
    ...[companyId, run.id, step.key, request.happened ? 'succeeded' : 'pending'],
    ...[JSON.stringify(output), handle, new Date(context.clock.now())],
    ...[context.newId(), userId, request.happened ? 'run.settle_happened' : 'run.settle_repeat'],
  ]);
  if (rows.length === 0) {
    const message =
      'The step is not in doubt (any more): somebody settled it before, or the run went on or was canceled. Look at the run again.';
    throw new WorkflowError('step_not_in_doubt', message);
  }
  await context.runner.enqueue({ companyId, id: run.id });
  context.changes.emit(run.id);
  return readRun(context, principal, run.id);
}

/** What a person says the step gave, held to what the block gives: later steps read it. */
function acceptOutput(
  context: ServerContext,
  request: { happened: boolean; output?: unknown },
  type: string,
): Json {
  if (request.output === undefined || request.output === null) return null;
  if (!request.happened) {
    const message = 'An output belongs to a step that happened. Leave it out to run the step again.';
    throw new WorkflowError('invalid_request', message);
  }
  const { outputBytes, jsonDepth } = context.caps;
  if (isDeeperThan(request.output, jsonDepth) || jsonBytes(request.output) > outputBytes) {
    const message = `The output may have ${outputBytes} bytes and ${jsonDepth} levels at most. Nothing was changed.`;
    throw new WorkflowError('payload_too_large', message);
  }
  const parsed = context.blocks.get(type)?.output.safeParse(request.output);
  if (parsed?.success !== false) return acceptPayload(context, request.output);
  const [first] = parsed.error.issues;
  const message = `The output is not what this step gives: ${first?.path.join('.') || 'it'} ${first?.message}. Nothing was changed.`;
  throw new WorkflowError('invalid_request', message);
}
