import type { Approval } from '../../core';
import { StatusMark } from '../shared/status-mark';
import { Button } from '../shared/ui';
import { type ApprovalWords, approvalLooks } from './approval-words';

export interface DoneApprovalsProps {
  done: readonly Approval[];
  words: ApprovalWords;
  onOpenRun: ((runId: string) => void) | undefined;
}

/** What became of the decisions before, a line each. */
export function DoneApprovals({ done, words, onOpenRun }: DoneApprovalsProps) {
  const { t } = words;
  return (
    <>
      <h2>{t('approvals.done')}</h2>
      <ul className="trama-approval-done">
        {done.map((approval) => (
          <li key={approval.id}>
            <StatusMark look={approvalLooks[approval.status]} disc />
            <div>
              <p>
                <b>{t(`approvals.status.${approval.status}`)}</b> · {approval.message}
              </p>
              <p className="trama-muted">{[endText(approval, words), approval.workflowName].join(' · ')}</p>
              {approval.comment && <blockquote>{approval.comment}</blockquote>}
            </div>
            {onOpenRun && (
              <Button
                variant="ghost"
                aria-label={`${t('approvals.openRun')}: ${approval.message}`}
                onClick={() => onOpenRun(approval.runId)}
              >
                {t('approvals.openRun')}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}

function endText(
  { decidedBy, decidedAt, until, createdAt }: Approval,
  { t, formats, userName }: ApprovalWords,
) {
  if (decidedBy && decidedAt)
    return t('approvals.doneBy', { who: userName(decidedBy), time: formats.day(decidedAt) });
  return formats.day(until && Date.parse(until) < Date.now() ? until : createdAt);
}
