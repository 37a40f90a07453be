import { randomBytes } from 'node:crypto';
import type { Approval } from '../../core/api/shapes';
import { approverRole } from '../../core/approvers';
import { WorkflowError } from '../../core/errors';
import { type SharedContext, sha256 } from '../context';
import { ApprovalLinkEntity } from '../db/entities';
import { answerApproval, readApproval } from './approvals';

/** What a link leads to: the approval as its person sees it. */
export interface LinkedApproval {
  companyId: string;
  userId: string;
  approval: Approval;
}

/** A new address at which this person, and whoever has it, decides the approval. Only a digest of its token is kept. */
export async function createApprovalLink(
  context: SharedContext,
  { companyId, approval }: Pick<LinkedApproval, 'companyId' | 'approval'>,
  userId: string,
): Promise<string> {
  const { approvers } = approval;
  // Who has a role the host knows; who is named it need not say.
  if (
    approvers.length > 0 &&
    !approvers.includes(userId) &&
    approvers.every((name) => approverRole(name) === null)
  ) {
    throw new Error(
      `The approval ${approval.id} was not asked of "${userId}", so there is no link for them.`,
    );
  }
  const token = randomBytes(32).toString('base64url');
  await context.database.source.getRepository(ApprovalLinkEntity).insert({
    ...{ tokenHash: sha256(token), companyId, waitId: approval.id, userId },
    createdAt: new Date(context.clock.now()),
  });
  return `${context.baseUrl}/approve/${token}`;
}

const TOKEN = /^[A-Za-z0-9_-]{43}$/;

export async function findLinkedApproval(context: SharedContext, token: string): Promise<LinkedApproval> {
  const links = context.database.source.getRepository(ApprovalLinkEntity);
  const link = TOKEN.test(token) ? await links.findOneBy({ tokenHash: sha256(token) }) : null;
  if (!link)
    throw new WorkflowError('not_found', 'There is no such link. Ask whoever sent it for a new one.');
  const { companyId, userId, waitId } = link;
  // The link is what the person was asked by, whatever role they have.
  const approval = await readApproval(context, { companyId, userId, role: 'editor' }, waitId);
  const hasDecided = approval.decisions.some(({ decidedBy }) => decidedBy === userId);
  return {
    companyId,
    userId,
    approval: { ...approval, canDecide: approval.status === 'pending' && !hasDecided },
  };
}

/** Decides as the person the link was made for. */
export async function decideByLink(
  context: Parameters<typeof answerApproval>[0],
  token: string,
  request: { decision: 'approved' | 'rejected'; comment?: string | undefined },
): Promise<Approval> {
  const { companyId, userId, approval } = await findLinkedApproval(context, token);
  return answerApproval(context, { companyId, userId, role: 'editor' }, approval.id, request);
}
