import type { ReactNode } from 'react';
import { isFinished, type Run } from '../../core';
import { useTexts } from '../shared/provider';
import { Button } from '../shared/ui';
import { useFormats } from '../shared/use-formats';
import { runsMessages } from './messages';
import { RunStatusPill } from './run-list-item';

export interface RunHeaderProps {
  run: Run;
  now: number;
  onBack?: (() => void) | undefined;
  onOpenRun: (runId: string) => void;
  /** What can be done with the run. */
  children: ReactNode;
}

/** What ran, how it stands, which version, what it was about, when and how long. */
export function RunHeader({ run, now, onBack, onOpenRun, children }: RunHeaderProps) {
  const t = useTexts(runsMessages);
  const formats = useFormats();
  const version = run.version === null ? t('run.draft') : t('run.version', { version: run.version });
  const { retryOf } = run;
  return (
    <header className="trama-run-head">
      {onBack && (
        <Button variant="ghost" icon="‹" onClick={onBack}>
          {t('run.back')}
        </Button>
      )}
      <h2 className="trama-run-name">{run.workflowName}</h2>
      <span role="status">
        <RunStatusPill run={run} />
      </span>
      <span className="trama-pill trama-run-about">{[version, run.title].filter(Boolean).join(' · ')}</span>
      <span className="trama-grow" />
      {retryOf !== null && (
        <button type="button" className="trama-link" onClick={() => onOpenRun(retryOf)}>
          {t('run.retryOf')}
        </button>
      )}
      {run.engine?.url && (
        <a className="trama-link" href={run.engine.url} target="_blank" rel="noopener noreferrer">
          {t('run.openEngine')}
        </a>
      )}
      <span className="trama-run-when trama-muted trama-num">
        {[t('run.started', { time: formats.day(run.startedAt ?? run.createdAt) }), durationText()]
          .filter(Boolean)
          .join(' · ')}
      </span>
      {children}
    </header>
  );

  function durationText(): string | null {
    if (run.startedAt === null) return null;
    if (run.finishedAt === null && (isFinished(run.status) || run.status !== 'running')) return null;
    const end = run.finishedAt === null ? now : Date.parse(run.finishedAt);
    return formats.duration(Math.max(0, end - Date.parse(run.startedAt)));
  }
}
