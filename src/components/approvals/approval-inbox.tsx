import { useId, useMemo, useRef, useState } from 'react';
import type { Approval } from '../../core';
import { problemText } from '../shared/problem-text';
import { useTexts, useTrama } from '../shared/provider';
import { Button, EmptyState, ErrorState, Skeleton } from '../shared/ui';
import { useFormats } from '../shared/use-formats';
import { ApprovalCard } from './approval-card';
import type { ApprovalWords } from './approval-words';
import { DoneApprovals } from './done-approvals';
import { approvalsMessages } from './messages';
import { useApprovals } from './use-approvals';

export interface ApprovalInboxProps {
  /** What a user is called. @default the provider's `userName` */
  userName?: (userId: string) => string;
  /** Called by "Open the run". @default no such button */
  onOpenRun?: (runId: string) => void;
}

/** The decisions workflows wait for, to be made here, and those that were made. */
export function ApprovalInbox({ onOpenRun, ...props }: ApprovalInboxProps) {
  const t = useTexts(approvalsMessages);
  const trama = useTrama();
  const userName = props.userName ?? trama.userName;
  const formats = useFormats();
  const words = useMemo<ApprovalWords>(() => ({ t, formats, userName }), [t, formats, userName]);
  const [isMine, setIsMine] = useState(true);
  const approvals = useApprovals({ mine: isMine });
  const { pending, done, error, reload } = approvals;
  const [said, setSaid] = useState('');
  const heading = useRef<HTMLHeadingElement>(null);
  const onDecided = ({ message }: Approval, decision: 'approved' | 'rejected') => {
    setSaid(t(`approvals.said.${decision}`, { message }));
    // Its card goes; the focus must not go with it.
    heading.current?.focus();
    reload();
  };
  return (
    <section
      className="trama-surface trama-approvals"
      aria-label={t('approvals.title')}
      aria-busy={!pending && !error}
    >
      <div className="trama-approvals-head">
        <h2 ref={heading} tabIndex={-1}>
          {pending?.length
            ? t('approvals.pendingCount', { count: countText(pending.length, approvals.hasMorePending) })
            : t('approvals.pending')}
        </h2>
        <WhoseChoice isMine={isMine} onMine={setIsMine} />
      </div>
      <p className="trama-visually-hidden" role="status">
        {said}
      </p>
      {error && pending && (
        <p className="trama-approvals-stale">
          {t('approvals.refreshFailed')} <Button onClick={reload}>{t('approvals.tryAgain')}</Button>
        </p>
      )}
      {error && !pending && (
        <ErrorState
          title={t('approvals.errorTitle')}
          actions={<Button onClick={reload}>{t('approvals.tryAgain')}</Button>}
        >
          {problemText(error, t)}
        </ErrorState>
      )}
      {!error && !pending && <LoadingApprovals />}
      {pending?.length === 0 && (
        <EmptyState title={t('approvals.emptyTitle')}>
          {t(isMine ? 'approvals.emptyText' : 'approvals.emptyAllText')}
        </EmptyState>
      )}
      {pending && pending.length > 0 && (
        <ul className="trama-approval-list">
          {pending.map((approval) => (
            <li key={approval.id}>
              <ApprovalCard {...{ approval, words, onDecided, onOpenRun }} onStale={reload} />
            </li>
          ))}
        </ul>
      )}
      {approvals.hasMorePending && (
        <Button onClick={approvals.loadMorePending}>{t('approvals.loadMore')}</Button>
      )}
      {done.length > 0 && <DoneApprovals {...{ done, words, onOpenRun }} />}
      {approvals.hasMoreDone && <Button onClick={approvals.loadMoreDone}>{t('approvals.loadMore')}</Button>}
    </section>
  );
}

/** The list may go on where it was cut. */
const countText = (count: number, hasMore: boolean): string => (hasMore ? `${count}+` : String(count));

function WhoseChoice({ isMine, onMine }: { isMine: boolean; onMine: (isMine: boolean) => void }) {
  const t = useTexts(approvalsMessages);
  const name = useId();
  return (
    <div className="trama-segments" role="radiogroup" aria-label={t('approvals.whose')}>
      {([true, false] as const).map((choice) => (
        <label key={String(choice)} data-checked={choice === isMine || undefined}>
          <input type="radio" name={name} checked={choice === isMine} onChange={() => onMine(choice)} />
          {t(choice ? 'approvals.mine' : 'approvals.all')}
        </label>
      ))}
    </div>
  );
}

function LoadingApprovals() {
  const t = useTexts(approvalsMessages);
  return (
    <div className="trama-approval-list" role="status">
      <span className="trama-visually-hidden">{t('approvals.loading')}</span>
      {['62%', '48%'].map((width) => (
        <div key={width} className="trama-card">
          <Skeleton width={width} height="18px" />
          <Skeleton width="40%" height="12px" />
          <Skeleton width="220px" height="32px" />
        </div>
      ))}
    </div>
  );
}
