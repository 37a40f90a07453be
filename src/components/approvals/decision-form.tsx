import { type FormEvent, type ReactNode, useId, useState } from 'react';
import { useTexts } from '../shared/provider';
import { Button } from '../shared/ui';
import { approvalsMessages } from './messages';

export type DecisionWord = 'approved' | 'rejected';

export interface DecisionFormProps {
  onDecide: (decision: DecisionWord, comment: string) => void;
  isBusy: boolean;
  /** The decision under way, said on its button. */
  sending?: DecisionWord | null;
  /** Why the last one came to nothing. */
  problem?: ReactNode;
  /** Beside the two answers. */
  more?: ReactNode;
}

/** Yes or no, with a comment; in the inbox and at the step of a run. */
export function DecisionForm({ onDecide, isBusy, sending, problem, more }: DecisionFormProps) {
  const t = useTexts(approvalsMessages);
  const id = useId();
  const [comment, setComment] = useState('');
  const approve = (event: FormEvent) => {
    event.preventDefault();
    onDecide('approved', comment);
  };
  return (
    <form className="trama-answer" onSubmit={approve}>
      <label htmlFor={id}>
        {t('approvals.comment')} <span className="trama-field-optional">· {t('common.optional')}</span>
      </label>
      <textarea
        id={id}
        className="trama-field-box"
        rows={2}
        maxLength={MAX_COMMENT}
        value={comment}
        onChange={(event) => setComment(event.target.value)}
      />
      {problem}
      <div className="trama-actions">
        <Button type="submit" variant="primary" disabled={isBusy}>
          {t(sending === 'approved' ? 'approvals.sending' : 'approvals.approve')}
        </Button>
        <Button variant="danger" disabled={isBusy} onClick={() => onDecide('rejected', comment)}>
          {t(sending === 'rejected' ? 'approvals.sending' : 'approvals.reject')}
        </Button>
        {more}
      </div>
    </form>
  );
}

const MAX_COMMENT = 2000;
