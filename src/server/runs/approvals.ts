import type { Approval, approvalStatuses } from '../../core/api/shapes';
import { WorkflowError } from '../../core/errors';
import { isFinished } from '../../core/run/status';
import { isUuid, type ServerContext } from '../context';
import { RunEntity, WaitEntity } from '../db/entities';
import { keysetPage, type Page } from '../db/paging';
import { decide } from '../db/waits';
import type { Principal } from '../options';

type ApprovalStatus = (typeof approvalStatuses)[number];

/** How a status reads in the row of the wait. */
const conditions: Record<ApprovalStatus, string> = {
  pending: `wait.state = 'open' and wait.until > :now`,
  expired: `(wait.state = 'timed_out' or (wait.state = 'open' and wait.until <= :now))`,
  approved: `wait.state = 'woken' and wait.wake_up -> 'decision' ->> 'decision' = 'approved'`,
  rejected: `wait.state = 'woken' and wait.wake_up -> 'decision' ->> 'decision' = 'rejected'`,
  canceled: `wait.state = 'canceled'`,
};

export async function listApprovals(
  context: ServerContext,
  companyId: string,
  filter: { status?: ApprovalStatus | undefined; cursor?: string | undefined; limit: number },
): Promise<Page<Approval>> {
  const query = context.database.source
    .getRepository(WaitEntity)
    .createQueryBuilder('wait')
    .where({ companyId, kind: 'decision' });
  if (filter.status) query.andWhere(conditions[filter.status], { now: new Date(context.clock.now()) });
  const page = await keysetPage(query, 'wait', 'createdAt', filter);
  return { ...page, items: await toApprovals(context, companyId, page.items) };
}

/** Decides, once: whoever comes second is told who was first and when. */
export async function decideApproval(
  context: ServerContext,
  principal: Principal,
  id: string,
  request: { decision: 'approved' | 'rejected'; comment?: string | undefined },
): Promise<Approval> {
  const { companyId, userId } = principal;
  const approval = await readApproval(context, companyId, id);
  if (approval.approvers.length > 0 && !approval.approvers.includes(userId)) {
    const message =
      'This decision was asked of other people. Ask one of them, or an editor to change the workflow.';
    throw new WorkflowError('forbidden', message);
  }
  const decision = {
    ...{ decision: request.decision, comment: request.comment ?? null },
    ...{ decidedBy: userId, decidedAt: new Date(context.clock.now()).toISOString() },
  };
  const decided = await decide(context, companyId, id, decision);
  if (decided) await context.runner.enqueue({ companyId, id: decided.runId });
  const after = await readApproval(context, companyId, id);
  if (!decided) throw tooLate(after);
  return after;
}

function tooLate(approval: Approval): WorkflowError {
  const { status, decidedBy, decidedAt, until } = approval;
  const what =
    status === 'expired'
      ? `Its time ended at ${until}.`
      : status === 'canceled'
        ? 'The run was canceled.'
        : `${decidedBy} ${status} it at ${decidedAt}.`;
  return new WorkflowError(
    'already_decided',
    `This is no longer to be decided. ${what} Nothing was changed.`,
    {
      details: { approval },
    },
  );
}

async function readApproval(context: ServerContext, companyId: string, id: string): Promise<Approval> {
  const row = isUuid(id)
    ? await context.database.source.getRepository(WaitEntity).findOneBy({ companyId, id, kind: 'decision' })
    : null;
  if (!row) throw new WorkflowError('not_found', 'There is no such approval. Go back to the list.');
  const [approval] = await toApprovals(context, companyId, [row]);
  return approval as Approval;
}

async function toApprovals(
  context: ServerContext,
  companyId: string,
  rows: readonly WaitEntity[],
): Promise<Approval[]> {
  if (rows.length === 0) return [];
  const runs = await context.database.source
    .getRepository(RunEntity)
    .createQueryBuilder('run')
    .where({ companyId })
    .andWhere('run.id in (:...ids)', { ids: rows.map(({ runId }) => runId) })
    .getMany();
  const byId = new Map(runs.map((run) => [run.id, run]));
  return rows.map((row) => toApproval(row, byId.get(row.runId) as RunEntity, context.clock.now()));
}

function toApproval(row: WaitEntity, run: RunEntity, now: number): Approval {
  const decision = row.wakeUp?.kind === 'decision' ? row.wakeUp.decision : null;
  const wait = row.wait as Extract<WaitEntity['wait'], { kind: 'decision' }>;
  const isCanceled = row.state === 'canceled' || (row.state === 'open' && isFinished(run.status));
  const isOver = row.state === 'timed_out' || row.until.getTime() <= now;
  return {
    id: row.id,
    status: isCanceled ? 'canceled' : (decision?.decision ?? (isOver ? 'expired' : 'pending')),
    message: wait.message,
    runId: row.runId,
    stepKey: row.stepKey,
    workflowId: run.workflowId,
    workflowName: run.workflowName,
    title: run.title,
    approvers: wait.approvers,
    createdAt: row.createdAt.toISOString(),
    until: row.until.toISOString(),
    decidedBy: decision?.decidedBy ?? null,
    decidedAt: decision?.decidedAt ?? null,
    comment: decision?.comment ?? null,
  };
}
