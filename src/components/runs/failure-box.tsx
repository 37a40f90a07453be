import type { ReactNode } from 'react';
import { useTexts } from '../shared/provider';
import type { FailureExplanation } from './explain-failure';
import { runsMessages } from './messages';

export interface FailureBoxProps {
  explanation: FailureExplanation;
  /** `wait` while the step is still tried again, `warn` when nobody knows, `bad` when it is over. */
  tone: 'bad' | 'wait' | 'warn';
  /** What can be done about it right here. */
  children?: ReactNode;
}

/** What went wrong, and who must act. */
export function FailureBox({ explanation, tone, children }: FailureBoxProps) {
  const t = useTexts(runsMessages);
  return (
    <div className="trama-step-failure" data-tone={tone}>
      <h3>{explanation.title}</h3>
      <p>{explanation.text}</p>
      <p>
        <strong>{t('failure.who')}</strong> {explanation.who}
      </p>
      {children}
    </div>
  );
}
