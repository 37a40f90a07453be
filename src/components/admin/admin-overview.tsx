import { useMemo } from 'react';
import type { Overview, Run } from '../../core';
import { RunListItem } from '../runs/run-list-item';
import { StaleNote } from '../runs/run-states';
import { useFailedSteps } from '../runs/use-failed-steps';
import { problemText } from '../shared/problem-text';
import { useTexts } from '../shared/provider';
import { Button, EmptyState, ErrorState, Pill, Skeleton } from '../shared/ui';
import { useFormats } from '../shared/use-formats';
import { useProviderLabel } from '../shared/use-provider-label';
import { FailingWorkflow } from './failing-workflow';
import { overviewMessages } from './messages';
import { useOverview } from './use-overview';
import { useRetryAll } from './use-retry-all';

export interface AdminOverviewProps {
  onOpenRun: (runId: string) => void;
}

/** What of the company's runs needs somebody: those in doubt, those that do not go on, and what failed lately. For administrators. */
export function AdminOverview({ onOpenRun }: AdminOverviewProps) {
  const t = useTexts(overviewMessages);
  const { overview, error, reload } = useOverview();
  return (
    <section
      className="trama-surface trama-overview"
      aria-label={t('overview.title')}
      aria-busy={!overview && !error}
    >
      {error && overview && <StaleNote text={t('overview.refreshFailed')} onRetry={reload} />}
      {error && !overview && (
        <ErrorState
          title={t('overview.errorTitle')}
          actions={<Button onClick={reload}>{t('overview.tryAgain')}</Button>}
        >
          {problemText(error, t)}
        </ErrorState>
      )}
      {!error && !overview && <LoadingOverview />}
      {overview && <LoadedOverview {...{ overview, onOpenRun, reload }} />}
    </section>
  );
}

interface LoadedOverviewProps extends AdminOverviewProps {
  overview: Overview;
  reload: () => void;
}

function LoadedOverview({ overview, onOpenRun, reload }: LoadedOverviewProps) {
  const t = useTexts(overviewMessages);
  const providerLabel = useProviderLabel();
  const { inDoubt, stuck, failing } = overview;
  const runs = useMemo(
    () => [...inDoubt.items.map(({ run }) => run), ...failing.map(({ lastFailed }) => lastFailed)],
    [inDoubt, failing],
  );
  const steps = useFailedSteps(runs);
  const { nameOf } = steps;
  const { retryAll, isBusy, said } = useRetryAll(reload);
  const reasonOf = ({ reason, run }: Overview['stuck']['items'][number]) => {
    const provider = providerLabel(run.waitingFor?.provider ?? '');
    return t(`overview.reason.${reason}`, { provider });
  };
  const isFine = inDoubt.total + stuck.total + failing.length === 0;
  return (
    <>
      <ActiveRuns active={overview.active} />
      <p className={said ? 'trama-overview-said' : 'trama-visually-hidden'} role="status">
        {said}
      </p>
      {isFine && <EmptyState title={t('overview.fineTitle')}>{t('overview.fineText')}</EmptyState>}
      <RunSection
        title={t('overview.inDoubt', { count: inDoubt.total })}
        text={t('overview.inDoubtText')}
        list={inDoubt}
        describe={({ stepKey, run }) => t('overview.doubtAt', { step: nameOf(run) ?? stepKey ?? '' })}
        {...{ onOpenRun, nameOf }}
      />
      <RunSection
        title={t('overview.stuck', { count: stuck.total })}
        text={t('overview.stuckText')}
        list={stuck}
        describe={reasonOf}
        {...{ onOpenRun, nameOf }}
      />
      {failing.length > 0 && (
        <>
          <h2>{t('overview.failing')}</h2>
          <ul className="trama-failing-list">
            {failing.map((workflow) => (
              <FailingWorkflow
                key={workflow.workflowId}
                {...{ workflow, steps, onOpenRun, isBusy }}
                onRetryAll={(version) => void retryAll(workflow.workflowId, version, overview)}
              />
            ))}
          </ul>
        </>
      )}
    </>
  );
}

function ActiveRuns({ active }: { active: Overview['active'] }) {
  const t = useTexts(overviewMessages);
  return (
    <p className="trama-overview-active">
      <span className="trama-muted">{t('overview.active')}</span>
      <Pill tone="run">{t('overview.running', { count: active.running })}</Pill>
      <Pill>{t('overview.queued', { count: active.queued })}</Pill>
      <Pill tone="wait">{t('overview.waiting', { count: active.waiting })}</Pill>
    </p>
  );
}

interface RunSectionProps<T> extends AdminOverviewProps {
  title: string;
  text: string;
  list: { total: number; items: readonly T[] };
  describe: (item: T) => string;
  nameOf: (run: Run) => string | null;
}

function RunSection<T extends { run: Run; since: string }>(props: RunSectionProps<T>) {
  const t = useTexts(overviewMessages);
  const formats = useFormats();
  const { title, text, list, describe, nameOf, onOpenRun } = props;
  if (list.items.length === 0) return null;
  return (
    <>
      <h2>{title}</h2>
      <p className="trama-muted">{text}</p>
      <ul className="trama-overview-runs">
        {list.items.map((item) => (
          <li key={item.run.id}>
            <RunListItem
              run={item.run}
              isSelected={false}
              isTabStop
              stepLabel={nameOf(item.run)}
              showsWorkflow
              onOpen={onOpenRun}
            />
            <p className="trama-overview-why">
              {t('overview.since', { what: describe(item), ago: formats.relative(item.since) })}
            </p>
          </li>
        ))}
      </ul>
      {list.total > list.items.length && (
        <p className="trama-muted">{t('overview.more', { shown: list.items.length, count: list.total })}</p>
      )}
    </>
  );
}

function LoadingOverview() {
  const t = useTexts(overviewMessages);
  return (
    <div className="trama-failing-list" role="status">
      <span className="trama-visually-hidden">{t('overview.loading')}</span>
      {['58%', '44%'].map((width) => (
        <div key={width} className="trama-card">
          <Skeleton width={width} height="18px" />
          <Skeleton width="40%" height="12px" />
        </div>
      ))}
    </div>
  );
}
