import { hasRole } from '../../core/api/route';
import type { Approval, approvalStatuses } from '../../core/api/shapes';
import { approverNames, isAsked } from '../../core/approvers';
import { WorkflowError } from '../../core/errors';
import { isFinished } from '../../core/run/status';
import { isUuid, type ServerContext, type SharedContext } from '../context';
import { decide } from '../db/decisions';
import { RunDataEntity, RunEntity, WaitEntity } from '../db/entities';
import { keysetPage, type Page } from '../db/paging';
import type { Principal } from '../options';

type ApprovalStatus = (typeof approvalStatuses)[number];

/** A run that ended without closing its wait: nobody is asked any more. */
const hasEnded = `exists (
  select 1 from workflow_run ended where ended.company_id = wait.company_id and ended.id = wait.run_id
    and ended.status in ('succeeded', 'failed', 'canceled'))`;
const isOpen = `wait.state = 'open' and not ${hasEnded}`;

/** How a status reads in the row of the wait; `toApproval` says the same of a row at hand. */
const conditions: Record<ApprovalStatus, string> = {
  pending: `${isOpen} and wait.until > :now`,
  expired: `(wait.state = 'timed_out' or (${isOpen} and wait.until <= :now))`,
  approved: `wait.state = 'woken' and wait.wake_up -> 'decision' ->> 'decision' = 'approved'`,
  rejected: `wait.state = 'woken' and wait.wake_up -> 'decision' ->> 'decision' = 'rejected'`,
  canceled: `(wait.state = 'canceled' or (wait.state = 'open' and ${hasEnded}))`,
};

export async function listApprovals(
  context: ServerContext,
  principal: Principal,
  filter: {
    status?: ApprovalStatus[] | undefined;
    mine?: 'true' | 'false' | undefined;
    cursor?: string | undefined;
    limit: number;
  },
): Promise<Page<Approval>> {
  const query = context.database.source
    .getRepository(WaitEntity)
    .createQueryBuilder('wait')
    .where({ companyId: principal.companyId, kind: 'decision' });
  if (filter.status) {
    const anyOf = filter.status.map((status) => `(${conditions[status]})`).join(' or ');
    query.andWhere(`(${anyOf})`, { now: new Date(context.clock.now()) });
  }
  if (filter.mine === 'true') {
    const isMine = `(wait.wait -> 'approvers' = '[]' or jsonb_exists_any(wait.wait -> 'approvers', array[:...names]))`;
    query.andWhere(isMine, { names: approverNames(principal) });
  }
  const page = await keysetPage(query, 'wait', 'createdAt', filter);
  return { ...page, items: await toApprovals(context, principal, page.items) };
}

interface Answer {
  decision: 'approved' | 'rejected';
  comment?: string | undefined;
}

/** Decides, for those who are asked. */
export async function decideApproval(
  context: ServerContext,
  principal: Principal,
  id: string,
  request: Answer,
): Promise<Approval> {
  const { approvers } = await readApproval(context, principal, id);
  if (!isAsked(approvers, principal)) {
    const message =
      'This decision was asked of other people. Ask one of them, or an editor to change the workflow.';
    throw new WorkflowError('forbidden', message);
  }
  return answerApproval(context, principal, id, request);
}

/** Adds a person's decision, once: whoever comes when it is over, or a second time, is told who decided and when. */
export async function answerApproval(
  context: ServerContext,
  principal: Principal,
  id: string,
  request: Answer,
): Promise<Approval> {
  const { companyId, userId } = principal;
  const decision = {
    ...{ decision: request.decision, comment: request.comment ?? null },
    ...{ decidedBy: userId, decidedAt: new Date(context.clock.now()).toISOString() },
  };
  const decided = await decide(context, companyId, id, decision);
  if (decided?.isOver) await context.runner.enqueue({ companyId, id: decided.runId });
  const after = await readApproval(context, principal, id);
  if (!decided) throw tooLate(after, userId);
  return after;
}

function tooLate(approval: Approval, userId: string): WorkflowError {
  const { status, decidedBy, decidedAt, until } = approval;
  const own = approval.decisions.find((decision) => decision.decidedBy === userId);
  const what = {
    expired: until ? `Its time ended at ${until}.` : 'The run has lasted as long as a run may.',
    canceled: 'The run was canceled.',
    approved: `${decidedBy} approved it at ${decidedAt}.`,
    rejected: `${decidedBy} rejected it at ${decidedAt}.`,
    pending: `You (${userId}) ${own?.decision} it at ${own?.decidedAt}; ${approval.required} people must approve.`,
  }[status];
  return new WorkflowError(
    'already_decided',
    `This is no longer for you to decide. ${what} Nothing was changed.`,
    {
      details: { approval },
    },
  );
}

export async function readApproval(
  context: SharedContext,
  principal: Principal,
  id: string,
): Promise<Approval> {
  const { companyId } = principal;
  const row = isUuid(id)
    ? await context.database.source.getRepository(WaitEntity).findOneBy({ companyId, id, kind: 'decision' })
    : null;
  if (!row) throw new WorkflowError('not_found', 'There is no such approval. Go back to the list.');
  const [approval] = await toApprovals(context, principal, [row]);
  return approval as Approval;
}

/** What an approval says of the run that waits for it. */
type AskingRun = Pick<RunEntity, 'id' | 'workflowId' | 'workflowName' | 'title' | 'status'> &
  Pick<RunDataEntity, 'startedBy'>;

async function toApprovals(
  context: SharedContext,
  principal: Principal,
  rows: readonly WaitEntity[],
): Promise<Approval[]> {
  if (rows.length === 0) return [];
  const runs = await context.database.source
    .getRepository(RunEntity)
    .createQueryBuilder('run')
    .innerJoin(RunDataEntity, 'data', 'data.company_id = run.company_id and data.run_id = run.id')
    .select(['run.id as id', 'run.workflow_id as "workflowId"', 'run.workflow_name as "workflowName"'])
    .addSelect(['run.title as title', 'run.status as status', 'data.started_by as "startedBy"'])
    .where({ companyId: principal.companyId })
    .andWhere('run.id in (:...ids)', { ids: rows.map(({ runId }) => runId) })
    .getRawMany<AskingRun>();
  const byId = new Map(runs.map((run) => [run.id, run]));
  const now = context.clock.now();
  return rows.map((row) => toApproval(row, byId.get(row.runId) as AskingRun, principal, now));
}

function toApproval(row: WaitEntity, run: AskingRun, principal: Principal, now: number): Approval {
  const last = row.wakeUp?.kind === 'decision' ? row.wakeUp.decision : null;
  const { message, approvers, required = 1 } = row.wait as Extract<WaitEntity['wait'], { kind: 'decision' }>;
  const isCanceled = row.state === 'canceled' || (row.state === 'open' && isFinished(run.status));
  const isOver = row.state === 'timed_out' || row.until.getTime() <= now;
  const status = isCanceled ? 'canceled' : (last?.decision ?? (isOver ? 'expired' : 'pending'));
  const { workflowId, workflowName, title, startedBy } = run;
  const mayDecide = hasRole(principal.role, 'editor') && isAsked(approvers, principal);
  const hasDecided = row.decisions.some(({ decidedBy }) => decidedBy === principal.userId);
  return {
    ...{ id: row.id, status, message, runId: row.runId, stepKey: row.stepKey },
    ...{ workflowId, workflowName, title, startedBy, approvers, required },
    canDecide: status === 'pending' && mayDecide && !hasDecided,
    decisions: row.decisions,
    createdAt: row.createdAt.toISOString(),
    // Without a deadline of its own it ends with the run, which is no date to show.
    until: row.wait.until === null ? null : row.until.toISOString(),
    decidedBy: last?.decidedBy ?? null,
    decidedAt: last?.decidedAt ?? null,
    comment: last?.comment ?? null,
  };
}
