import { useId, useState } from 'react';
import type { Approval } from '../../core';
import { useNow } from '../runs/use-live-refresh';
import { useTrama } from '../shared/provider';
import { StatusMark } from '../shared/status-mark';
import { Button, ErrorState } from '../shared/ui';
import {
  type ApprovalWords,
  approvalLooks,
  approverText,
  decisionProblem,
  dueText,
  isUrgent,
} from './approval-words';
import { DecisionForm, type DecisionWord } from './decision-form';

export interface ApprovalCardProps {
  approval: Approval;
  words: ApprovalWords;
  onDecided: (approval: Approval, decision: DecisionWord) => void;
  /** It is no longer as it is shown. */
  onStale: () => void;
  onOpenRun: ((runId: string) => void) | undefined;
}

/** One decision: what it is about, who asks, until when; and the answer. */
export function ApprovalCard({ approval, words, onDecided, onStale, onOpenRun }: ApprovalCardProps) {
  const { t, formats, userName } = words;
  const titleId = useId();
  const { message, workflowName, title, startedBy, createdAt, until, required, decisions } = approval;
  const facts = [
    workflowName,
    ...(title ? [title] : []),
    ...(startedBy ? [t('approvals.askedBy', { who: userName(startedBy) })] : []),
    t('approvals.askedAt', { when: formats.day(createdAt) }),
  ];
  return (
    <article className="trama-card trama-approval" aria-labelledby={titleId}>
      <header className="trama-approval-head">
        <div>
          <h3 id={titleId}>{message}</h3>
          <p>{facts.join(' · ')}</p>
        </div>
        {until && <DuePill until={until} words={words} />}
      </header>
      {required > 1 && (
        <p>
          <b>{t('approvals.progress', { given: decisions.length, needed: required })}</b>
          {decisions.map(({ decidedBy, decidedAt }) => (
            <span key={decidedBy}>
              {' · '}
              {t('approvals.approvedBy', { who: userName(decidedBy), time: formats.day(decidedAt) })}
            </span>
          ))}
        </p>
      )}
      {approval.canDecide ? (
        <AnswerForm {...{ approval, words, onDecided, onStale, onOpenRun }} />
      ) : (
        <>
          <p>{t('approvals.waitsFor', { who: approverText(missing(approval), words) })}</p>
          {onOpenRun && (
            <div className="trama-actions">
              <Button variant="ghost" onClick={() => onOpenRun(approval.runId)}>
                {t('approvals.openRun')}
              </Button>
            </div>
          )}
        </>
      )}
    </article>
  );
}

/** Those asked who have not answered yet. */
function missing({ approvers, decisions }: Approval): string[] {
  const answered = new Set(decisions.map(({ decidedBy }) => decidedBy));
  return approvers.filter((approver) => !answered.has(approver));
}

function DuePill({ until, words }: { until: string; words: ApprovalWords }) {
  const now = useNow(true);
  return (
    <span className="trama-pill" data-tone={isUrgent(until, now) ? 'warn' : 'neutral'}>
      <StatusMark look={{ ...approvalLooks.pending, tone: 'neutral' }} />
      {dueText(until, now, words)}
    </span>
  );
}

function AnswerForm({ approval, words, onDecided, onStale, onOpenRun }: ApprovalCardProps) {
  const { t } = words;
  const { client } = useTrama();
  const [sending, setSending] = useState<DecisionWord | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const decide = async (decision: DecisionWord, comment: string) => {
    if (sending) return;
    setSending(decision);
    setProblem(null);
    try {
      const body = { decision, ...(comment.trim() ? { comment: comment.trim() } : {}) };
      await client.decideApproval({ params: { id: approval.id }, body });
      onDecided(approval, decision);
    } catch (error) {
      setProblem(decisionProblem(error, words));
      onStale();
    }
    setSending(null);
  };
  const toRun = onOpenRun && (
    <>
      <span className="trama-grow" />
      <Button variant="ghost" onClick={() => onOpenRun(approval.runId)}>
        {t('approvals.openRun')}
      </Button>
    </>
  );
  return (
    <DecisionForm
      onDecide={(decision, comment) => void decide(decision, comment)}
      isBusy={sending !== null}
      sending={sending}
      problem={problem && <ErrorState title={t('approvals.failed')}>{problem}</ErrorState>}
      more={toRun}
    />
  );
}
