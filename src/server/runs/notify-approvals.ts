import type { Approval } from '../../core/api/shapes';
import type { SharedContext } from '../context';
import { describeError } from '../log';
import { createApprovalLink } from './approval-links';
import { readApproval } from './approvals';

/** A decision that people are to be told of. */
export interface ApprovalNotice {
  companyId: string;
  approval: Approval;
  /**
   * A new address for one person: whoever opens it sees what is to be decided, and decides in that person's name. Hand it to nobody else.
   * Each call makes another; all of them end with the approval.
   */
  linkFor: (userId: string) => Promise<string>;
}

/** Milliseconds the host has to pass a notice on; it is told again later. */
const PATIENCE_MS = 10_000;
const BATCH = 20;

/**
 * Takes the notices that are due, of one run or of all, and puts them off at once: should this process die, or the host fail, they come
 * again, each time after as long as the approval has been waiting already.
 */
const TAKE = `
with due as (
  select company_id, id from workflow_wait
  where state = 'open' and notify_at <= $1 and ($2::text is null or (company_id = $2 and run_id = $3)) order by notify_at limit ${BATCH}
  for update skip locked
)
update workflow_wait w set notify_at = $1::timestamptz + greatest(interval '1 minute', least($1 - w.created_at, interval '1 day'))
from due where w.company_id = due.company_id and w.id = due.id
returning w.company_id as "companyId", w.id, w.notify_at as "notifyAt"`;

/**
 * Tells the host of approvals it has not been told of, whichever process parked them. One that cannot tell leaves them alone. Never throws for
 * what the host does.
 */
export async function notifyApprovals(
  context: SharedContext,
  run: { companyId: string; id: string } | null,
): Promise<void> {
  if (!context.notifyApproval) return;
  const values = [new Date(context.clock.now()), run?.companyId ?? null, run?.id ?? null];
  const { rows } = await context.database.pool.query(TAKE, values);
  await Promise.all((rows as Taken[]).map((taken) => tell(context, taken)));
}

interface Taken {
  companyId: string;
  id: string;
  notifyAt: Date;
}

async function tell(context: SharedContext, { companyId, id, notifyAt }: Taken): Promise<void> {
  try {
    const approval = await readApproval(context, { companyId, userId: '', role: 'viewer' }, id);
    const linkFor = (userId: string) => createApprovalLink(context, { companyId, approval }, userId);
    // It may have been over before anybody who can tell came by.
    if (approval.status === 'pending')
      await inTime(context.notifyApproval?.({ companyId, approval, linkFor }));
    await context.database.pool.query(
      'update workflow_wait set notify_at = null where company_id = $1 and id = $2 and notify_at = $3',
      [companyId, id, notifyAt],
    );
  } catch (error) {
    context.log.warn('notifyApproval failed; it is called again later', {
      approvalId: id,
      ...describeError(error),
    });
  }
}

async function inTime(work: void | Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${PATIENCE_MS} ms`)), PATIENCE_MS);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
