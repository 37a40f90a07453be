import type { ReactNode } from 'react';
import type { Run, Step } from '../../core';
import { useTexts, useTrama } from '../shared/provider';
import { plural } from '../shared/translate';
import { useFormats } from '../shared/use-formats';
import { runsMessages } from './messages';
import { durationOf } from './step-bars';

export interface StepFactsProps {
  step: Step;
  providerLabel: string;
  /** The exit it left by, when there was a choice. */
  branch: string | null;
  /** Set for the trigger, which takes no time: what the run is about. */
  run?: Run | undefined;
  onOpenRun: (runId: string) => void;
}

/** The plain facts of a step, for support: times, attempts, what the provider answered. */
export function StepFacts({ step, providerLabel, branch, run, onOpenRun }: StepFactsProps) {
  const t = useTexts(runsMessages);
  const formats = useFormats();
  const { error, attempts, reusedFrom } = step;
  const duration = run ? null : durationOf(step);
  // The pauses that led to another attempt; the one under way is told as the next attempt.
  const delays = attempts
    .slice(0, step.attempt - 1)
    .flatMap((attempt) => (attempt.delayMs === null ? [] : [formats.duration(attempt.delayMs)]));
  const count = t(`step.attempts.${plural(step.attempt)}`, { count: step.attempt });
  return (
    <dl className="trama-facts">
      {reusedFrom !== null && (
        <Fact name={t('detail.reused')}>
          <button type="button" className="trama-link" onClick={() => onOpenRun(reusedFrom)}>
            {t('detail.reusedLink')}
          </button>
        </Fact>
      )}
      <DecisionFacts step={step} />
      {run && run.title !== null && <Fact name={t('detail.title')}>{run.title}</Fact>}
      {run && run.businessKeys.length > 0 && (
        <Fact name={t('detail.keys')} isCode>
          {run.businessKeys.join(', ')}
        </Fact>
      )}
      {branch !== null && <Fact name={t('detail.branch')}>{branch}</Fact>}
      {step.startedAt && (
        <Fact name={t('detail.started')}>{formats.dateTime(attempts[0]?.startedAt ?? step.startedAt)}</Fact>
      )}
      {duration !== null && <Fact name={t('detail.duration')}>{formats.duration(duration)}</Fact>}
      {delays.length > 0 && (
        <Fact name={t('detail.attempts')}>
          {t('detail.attemptsAfter', { count, delays: formats.list(delays) })}
        </Fact>
      )}
      {step.status === 'waiting' && step.wakeAt && !step.wait && (
        <Fact name={t('detail.nextAttempt')}>{formats.day(step.wakeAt)}</Fact>
      )}
      {error?.providerStatus !== undefined && (
        <Fact name={t('detail.providerStatus', { provider: providerLabel })}>{error.providerStatus}</Fact>
      )}
      {error?.providerRequestId !== undefined && (
        <Fact name={t('detail.providerRequest', { provider: providerLabel })} isCode>
          {error.providerRequestId}
        </Fact>
      )}
      {error?.path !== undefined && (
        <Fact name={t('detail.path')} isCode>
          {error.path}
        </Fact>
      )}
      {error && (
        <Fact name={t('detail.code')} isCode>
          {error.code}
        </Fact>
      )}
      {error && <Fact name={t('detail.message')}>{error.message}</Fact>}
    </dl>
  );
}

/** Who decided what and when, of a step that waited for it. */
function DecisionFacts({ step: { wait, output } }: Pick<StepFactsProps, 'step'>) {
  const t = useTexts(runsMessages);
  const formats = useFormats();
  const { userName } = useTrama();
  if (wait?.kind !== 'decision') return null;
  const { decision, decidedBy, decidedAt, comment } = (output ?? {}) as Record<string, unknown>;
  const isMade = (decision === 'approved' || decision === 'rejected') && typeof decidedAt === 'string';
  if (!isMade) return null;
  const words = {
    decision: t(`detail.decision.${decision}`),
    who: userName(String(decidedBy)),
    time: formats.day(decidedAt),
  };
  return (
    <>
      <Fact name={t('detail.decision')}>{t('detail.decidedBy', words)}</Fact>
      {typeof comment === 'string' && <Fact name={t('detail.comment')}>{comment}</Fact>}
    </>
  );
}

function Fact({ name, isCode = false, children }: { name: string; isCode?: boolean; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd className="trama-num">{isCode ? <code>{children}</code> : children}</dd>
    </>
  );
}
