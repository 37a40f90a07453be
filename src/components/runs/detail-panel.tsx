import type { RunDetail } from '../../core';
import { useTexts } from '../shared/provider';
import { explainFailure, runLevelFailure } from './explain-failure';
import { FailureBox } from './failure-box';
import { IterationDetail } from './iteration-detail';
import { runsMessages } from './messages';
import type { RunRow } from './run-tree';
import { StepDetail } from './step-detail';
import { labelById, type Words } from './step-words';
import { UnreachedDetail } from './unreached-detail';
import type { RunActions } from './use-run-actions';

export interface DetailPanelProps {
  detail: RunDetail;
  row: RunRow | undefined;
  /** A node chosen on the canvas that has no row: the run did not reach it. */
  unreachedNodeId: string | null;
  words: Words;
  now: number;
  actions: RunActions;
  latestVersion: number | null;
  onOpenRun: (runId: string) => void;
}

/** What is known about the selected step, and about the run when it failed as a whole. */
export function DetailPanel(props: DetailPanelProps) {
  const { detail, row, unreachedNodeId, words, now, actions, latestVersion, onOpenRun } = props;
  const t = useTexts(runsMessages);
  const failure = runLevelFailure(detail);
  const stepLabel = labelById(failure?.nodeId ?? '', words);
  const context = { stepLabel, providerLabel: '', hasEffect: false, t, formats: words.formats };
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and may hold nothing else that takes the focus
    <section className="trama-detail" aria-label={t('run.details')} tabIndex={0}>
      {failure && <FailureBox explanation={explainFailure({ failure, ...context })} tone="bad" />}
      {row?.kind === 'step' && (
        <StepDetail
          key={row.id}
          run={detail.run}
          {...{ row, words, now, actions, latestVersion, onOpenRun }}
        />
      )}
      {row?.kind === 'iteration' && <IterationDetail row={row} words={words} />}
      {!row && unreachedNodeId !== null && <UnreachedDetail nodeId={unreachedNodeId} detail={detail} />}
      {!row && unreachedNodeId === null && <p className="trama-detail-note">{t('run.noSelection')}</p>}
    </section>
  );
}
