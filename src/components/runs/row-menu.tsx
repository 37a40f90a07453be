import { useState } from 'react';
import { isFinished, type Run } from '../../core';
import { Icon } from '../shared/icons';
import { Menu, type MenuItem } from '../shared/menu';
import { useTexts } from '../shared/provider';
import { IconButton } from '../shared/ui';
import { LazyCancelDialog } from './lazy-cancel-dialog';
import { runsMessages } from './messages';
import { retryPoints } from './run-toolbar';
import type { RunActions } from './use-run-actions';

export interface RowMenuProps {
  run: Run;
  isTabStop: boolean;
  /** Where it failed. */
  stepLabel: string | null;
  actions: RunActions;
  onOpen: (runId: string) => void;
}

/** What can be done with a run from the list. Another version is chosen in the run itself. */
export function RowMenu({ run, isTabStop, stepLabel, actions, onOpen }: RowMenuProps) {
  const t = useTexts(runsMessages);
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const [isAsking, setAsking] = useState(false);
  const label = t('runs.menu', { title: run.title ?? run.workflowName });
  const retry = retryPoints(run, stepLabel, t).map(
    (point): MenuItem => ({
      label: `${t(run.status === 'succeeded' ? 'run.again' : 'run.retry')}: ${lowerFirst(point.label)}`,
      detail: point.detail,
      onChoose: () => void actions.retry(run.id, { from: point.from, version: 'same' }),
    }),
  );
  const cancel: MenuItem = { label: t('run.cancel'), isDanger: true, onChoose: () => setAsking(true) };
  const possible = isFinished(run.status) ? retry : run.cancelRequested ? [] : [cancel];
  const items = [{ label: t('runs.open'), onChoose: () => onOpen(run.id) }, ...(run.canAct ? possible : [])];
  return (
    <>
      <IconButton
        className="trama-run-menu"
        label={label}
        aria-haspopup="menu"
        tabIndex={isTabStop ? 0 : -1}
        onClick={(event) => setAnchor(event.currentTarget)}
      >
        <Icon name="more" />
      </IconButton>
      {anchor && <Menu {...{ anchor, label }} groups={[{ items }]} onClose={() => setAnchor(null)} />}
      {isAsking && (
        <LazyCancelDialog
          run={run}
          onCancel={() => void actions.cancel(run.id)}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}

const lowerFirst = (text: string): string => text.charAt(0).toLocaleLowerCase() + text.slice(1);
