import { type Approval, approverRole, WorkflowError } from '../../core';
import type { Formats, StatusLook } from '../shared/format';
import type { ProblemMessageKey } from '../shared/problem-messages';
import { problemText } from '../shared/problem-text';
import type { Translate } from '../shared/translate';
import type { ApprovalsMessageKey } from './messages';

/** What the words of an approval are made with. */
export interface ApprovalWords<Key extends string = ApprovalsMessageKey> {
  t: Translate<Key>;
  formats: Formats;
  /** What a user is called. */
  userName: (userId: string) => string;
}

/** Who is asked: names of people, and what roles mean. */
export const approverText = (approvers: readonly string[], { t, formats, userName }: ApprovalWords): string =>
  formats.list(
    (approvers.length > 0 ? approvers : ['role:editor']).map((approver) => {
      const role = approverRole(approver);
      return role ? t(`approvals.role.${role}`) : userName(approver);
    }),
  );

/** `scade domani, 09:00`, `scade il 12/12/2026, 09:00`. */
export function dueText(until: string, now: number, { t, formats }: ApprovalWords): string {
  if (Date.parse(until) <= now) return t('approvals.overdue', { ago: formats.relative(until) });
  const time = formats.day(until);
  return t(time.startsWith(formats.date(until)) ? 'approvals.dueOn' : 'approvals.due', { time });
}

const DAY_MS = 86_400_000;

export const isUrgent = (until: string, now: number): boolean => Date.parse(until) - now < DAY_MS;

export const approvalLooks: Record<Approval['status'], Pick<StatusLook, 'tone' | 'symbol'>> = {
  pending: { tone: 'wait', symbol: 'clock' },
  approved: { tone: 'ok', symbol: 'check' },
  rejected: { tone: 'bad', symbol: 'cross' },
  expired: { tone: 'warn', symbol: 'clock' },
  canceled: { tone: 'neutral', symbol: 'stop' },
};

/** Why a decision came to nothing: who was quicker, or that it is not this person's to make. */
export function decisionProblem(
  error: unknown,
  { t, formats, userName }: ApprovalWords<ProblemMessageKey>,
): string {
  if (!(error instanceof WorkflowError)) return problemText(error, t);
  if (error.code === 'forbidden') return t('problem.forbidden_decision');
  const { approval } = (error.details ?? {}) as { approval?: Partial<Approval> };
  if (error.code !== 'already_decided' || !approval?.decidedBy || !approval.decidedAt)
    return problemText(error, t);
  const decision = t(
    approval.status === 'rejected' ? 'detail.decision.rejected' : 'detail.decision.approved',
  ).toLocaleLowerCase();
  const time = formats.day(approval.decidedAt);
  return t('problem.already_decided_by', { who: userName(approval.decidedBy), time, decision });
}
