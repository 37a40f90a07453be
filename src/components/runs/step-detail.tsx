import { type Run, type Step, TRIGGER_ID } from '../../core';
import { stepStatusLook } from '../shared/format';
import { useTrama } from '../shared/provider';
import { StatusMark } from '../shared/status-mark';
import { Tile } from '../shared/ui';
import { AttemptList } from './attempt-list';
import { explainFailure } from './explain-failure';
import { FailureBox, type FailureBoxProps } from './failure-box';
import { JsonSection } from './json-section';
import type { StepRow } from './run-tree';
import { isDecision, StepConditions } from './step-conditions';
import { StepFacts } from './step-facts';
import { branchLabel, explainSkip, type Words } from './step-words';

export interface StepDetailProps {
  row: StepRow;
  run: Run;
  words: Words;
}

/** All there is to know about one step: the cause first, then the facts, then its values. */
export function StepDetail({ row, run, words }: StepDetailProps) {
  const { t } = useTrama();
  const { step, block, node } = row;
  const isTrigger = node.id === TRIGGER_ID;
  const hasRun = step.startedAt !== null;
  const providerLabel = words.providerLabel(block?.provider ?? '');
  const hasChoice = (block?.handles.length ?? 0) > 1 && block?.kind === 'action' && !block.bodyHandle;
  return (
    <>
      <StepHeading row={row} />
      <StepFailureBox row={row} words={words} providerLabel={providerLabel} />
      {step.skippedBecause && <p className="trama-detail-note">{explainSkip(step.skippedBecause, words)}</p>}
      {hasRun && (
        <StepFacts
          step={step}
          providerLabel={providerLabel}
          run={isTrigger ? run : undefined}
          branch={hasChoice && step.branch ? branchLabel(step.branch, block, words) : null}
        />
      )}
      {isDecision(step.input) && <StepConditions input={step.input} block={block} />}
      {step.attempts.length > 1 && <AttemptList attempts={step.attempts} />}
      {hasRun && !isTrigger && (
        <JsonSection title={t('detail.input')} copyLabel={t('detail.copyInput')} value={step.input} />
      )}
      {hasRun && step.output !== null && (
        <JsonSection title={t('detail.output')} copyLabel={t('detail.copyOutput')} value={step.output} />
      )}
    </>
  );
}

function StepHeading({ row: { block, label, step, iteration } }: { row: StepRow }) {
  const { t, providers, locale } = useTrama();
  const look = stepStatusLook(step.status);
  const provider = providers.get(block?.provider ?? '');
  const position = iteration && t('step.iteration', { number: iteration.index + 1 });
  const kind = [provider?.label[locale], block?.label[locale], position].filter(Boolean).join(' · ');
  return (
    <header className="trama-detail-head">
      <Tile provider={provider} icon={block?.icon} />
      <div className="trama-detail-name">
        <h3>{label}</h3>
        <p className="trama-muted">{kind}</p>
      </div>
      <span className="trama-pill" data-tone={look.tone}>
        <StatusMark look={look} />
        {t(look.label)}
      </span>
    </header>
  );
}

const tones: Partial<Record<Step['status'], FailureBoxProps['tone']>> = {
  failed: 'bad',
  waiting: 'wait',
  in_doubt: 'warn',
};

function StepFailureBox({
  row,
  words,
  providerLabel,
}: {
  row: StepRow;
  words: Words;
  providerLabel: string;
}) {
  const { step, block, label } = row;
  const tone = tones[step.status];
  if (!step.error || !tone) return null;
  const { t, formats } = words;
  const hasEffect = block?.kind === 'action' && block.sideEffect !== 'none';
  const explanation = explainFailure({
    failure: step.error,
    step,
    stepLabel: label,
    providerLabel,
    hasEffect,
    t,
    formats,
  });
  return <FailureBox explanation={explanation} tone={tone} />;
}
