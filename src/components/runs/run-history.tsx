import { type KeyboardEvent, useCallback, useMemo, useRef, useState } from 'react';
import type { Run, RunStatus } from '../../core';
import { problemText } from '../shared/problem-text';
import { useTexts } from '../shared/provider';
import { Button, EmptyState, ErrorState, Skeleton } from '../shared/ui';
import { moveIndex, movementOf } from './list-keys';
import { runsMessages } from './messages';
import { RowMenu } from './row-menu';
import { RunFilters } from './run-filters';
import { RunListItem } from './run-list-item';
import { ActionProblem, StaleNote } from './run-states';
import { useFailedSteps } from './use-failed-steps';
import { type RunActions, useRunActions } from './use-run-actions';
import { useRuns } from './use-runs';

export interface RunHistoryProps {
  /** Only runs of this workflow. @default every workflow of the company */
  workflowId?: string;
  /** Only runs about this document, invoice or customer id. @default a search field */
  businessKey?: string;
  /** Also called with the new run when one is retried from the list. */
  onOpenRun: (runId: string) => void;
  /** The run that is open beside the list. */
  selectedRunId?: string;
}

/** The runs of a workflow or of the whole company, newest first and kept up to date. */
export function RunHistory({ workflowId, businessKey, onOpenRun, selectedRunId }: RunHistoryProps) {
  const t = useTexts(runsMessages);
  const [search, setSearch] = useState('');
  const [statuses, setStatuses] = useState<readonly RunStatus[]>([]);
  const key = businessKey ?? (search || undefined);
  const { runs, error, hasMore, loadMore, reload } = useRuns({ workflowId, key, statuses });
  const actions = useRunActions({ onChanged: reload, onRetried: onOpenRun });
  const isFiltered = search !== '' || statuses.length > 0;
  const showAll = useCallback(() => {
    setSearch('');
    setStatuses([]);
  }, []);
  return (
    <section className="trama-surface trama-history" aria-label={t('runs.title')}>
      <RunFilters
        hasSearch={businessKey === undefined}
        search={search}
        onSearch={setSearch}
        statuses={statuses}
        onStatuses={setStatuses}
      />
      <div className="trama-history-body" aria-busy={runs === undefined && !error}>
        {error && runs && <StaleNote text={t('runs.refreshFailed')} onRetry={reload} />}
        {error && !runs && (
          <div className="trama-history-note">
            <ErrorState
              title={t('runs.errorTitle')}
              actions={<Button onClick={reload}>{t('runs.tryAgain')}</Button>}
            >
              {problemText(error, t)}
            </ErrorState>
          </div>
        )}
        {!error && !runs && <LoadingRuns />}
        {actions.problem && <ActionProblem problem={actions.problem} onClose={actions.dismiss} />}
        {runs?.length === 0 && <NoRuns isFiltered={isFiltered} onShowAll={showAll} />}
        {runs && runs.length > 0 && (
          <RunList
            runs={runs}
            selectedRunId={selectedRunId}
            onOpenRun={onOpenRun}
            actions={actions}
            showsWorkflow={workflowId === undefined}
          />
        )}
        {hasMore && (
          <div className="trama-history-more">
            <Button onClick={loadMore}>{t('runs.loadMore')}</Button>
          </div>
        )}
      </div>
    </section>
  );
}

interface RunListProps {
  runs: readonly Run[];
  selectedRunId: string | undefined;
  onOpenRun: (runId: string) => void;
  actions: RunActions;
  showsWorkflow: boolean;
}

function RunList({ runs, selectedRunId, onOpenRun, actions, showsWorkflow }: RunListProps) {
  const t = useTexts(runsMessages);
  const list = useRef<HTMLUListElement>(null);
  const { nameOf: stepLabelOf } = useFailedSteps(runs);
  const ids = useMemo(() => new Set(runs.map((run) => run.id)), [runs]);
  const [focusedId, setFocusedId] = useState<string>();
  const move = (event: KeyboardEvent) => {
    const movement = movementOf(event);
    const buttons = [...(list.current?.querySelectorAll<HTMLButtonElement>('.trama-run-item') ?? [])];
    const index = buttons.indexOf(event.target as HTMLButtonElement);
    if (!movement || index < 0) return;
    event.preventDefault();
    buttons[moveIndex(movement, index, buttons.length)]?.focus();
  };
  // One row for the Tab key: where the person was, else the open run, else the first.
  const tabStop = [focusedId, selectedRunId].find((id) => id !== undefined && ids.has(id)) ?? runs[0]?.id;
  return (
    <ul ref={list} className="trama-run-list" aria-label={t('runs.list')} onKeyDown={move}>
      {runs.map((run) => (
        <li key={run.id} className="trama-run-row" onFocus={() => setFocusedId(run.id)}>
          <RunListItem
            run={run}
            isSelected={run.id === selectedRunId}
            isTabStop={run.id === tabStop}
            stepLabel={stepLabelOf(run)}
            showsWorkflow={showsWorkflow}
            onOpen={onOpenRun}
          />
          <RowMenu
            {...{ run, actions }}
            isTabStop={run.id === tabStop}
            stepLabel={stepLabelOf(run)}
            onOpen={onOpenRun}
          />
        </li>
      ))}
    </ul>
  );
}

function NoRuns({ isFiltered, onShowAll }: { isFiltered: boolean; onShowAll: () => void }) {
  const t = useTexts(runsMessages);
  if (!isFiltered) return <EmptyState title={t('runs.emptyTitle')}>{t('runs.emptyText')}</EmptyState>;
  return (
    <EmptyState
      title={t('runs.noMatchTitle')}
      actions={<Button onClick={onShowAll}>{t('runs.showAll')}</Button>}
    >
      {t('runs.noMatchText')}
    </EmptyState>
  );
}

function LoadingRuns() {
  const t = useTexts(runsMessages);
  return (
    <div className="trama-run-list" role="status">
      <span className="trama-visually-hidden">{t('runs.loading')}</span>
      {['58%', '46%', '64%', '52%', '60%'].map((width) => (
        <div key={width} className="trama-run-item" data-loading="">
          <Skeleton width={width} />
          <Skeleton width="40%" height="12px" />
        </div>
      ))}
    </div>
  );
}
