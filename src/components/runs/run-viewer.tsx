import { type KeyboardEvent, useCallback, useMemo, useRef, useState } from 'react';
import type { RunDetail } from '../../core';
import { useTexts, useTrama } from '../shared/provider';
import { DetailPanel } from './detail-panel';
import { isShortcut, moveIndex, movementOf } from './list-keys';
import { runsMessages } from './messages';
import { RunCanvas } from './run-canvas';
import { RunHeader } from './run-header';
import { ActionProblem, LoadingRun, RunProblem, StaleNote } from './run-states';
import { RunTimeline } from './run-timeline';
import { RunToolbar } from './run-toolbar';
import { buildRunTree, defaultRow, flattenRows, rowOfNode } from './run-tree';
import { axisOf } from './step-bars';
import { labelById } from './step-words';
import { useExpansion } from './use-expansion';
import { useLatestVersion } from './use-latest-version';
import { useNow } from './use-live-refresh';
import { isLive, useRun } from './use-run';
import { useRunActions } from './use-run-actions';
import { useWords } from './use-words';

export interface RunViewerProps {
  runId: string;
  /** Shows a way back to the list. */
  onBack?: () => void;
  /** Another run is to be shown: a retry that has begun, or the run this one repeats. @default shown in place of this one */
  onOpenRun?: (runId: string) => void;
}

/** One run, live: on the canvas, over time, and step by step. Fills its parent, which must have a height. */
export function RunViewer(props: RunViewerProps) {
  const { onBack } = props;
  const t = useTexts(runsMessages);
  // Without a host that follows, the viewer itself goes over to the run it was led to.
  const [followed, setFollowed] = useState({ from: props.runId, runId: props.runId });
  const runId = followed.from === props.runId ? followed.runId : props.runId;
  const onOpenRun = props.onOpenRun ?? ((id: string) => setFollowed({ from: props.runId, runId: id }));
  const { detail, error, reload } = useRun(runId);
  if (!detail) {
    return (
      <div className="trama-surface trama-run" aria-busy={!error}>
        {error ? <RunProblem error={error} onRetry={reload} onBack={onBack} /> : <LoadingRun />}
      </div>
    );
  }
  return (
    <div className="trama-surface trama-run">
      {error && <StaleNote text={t('run.interrupted')} onRetry={reload} />}
      <LoadedRun key={runId} {...{ detail, reload, onBack, onOpenRun }} />
    </div>
  );
}

interface LoadedRunProps {
  detail: RunDetail;
  reload: () => void;
  onBack: (() => void) | undefined;
  onOpenRun: (runId: string) => void;
}

/** `nodeId` is set when the choice was made on the canvas: the node may have no row. */
type Selection = { rowId: string | null; nodeId: string | null };

function LoadedRun({ detail, reload, onBack, onOpenRun }: LoadedRunProps) {
  const { blocks, locale } = useTrama();
  const now = useNow(isLive(detail));
  const words = useWords(detail);
  const actions = useRunActions({ onChanged: reload, onRetried: onOpenRun });
  const latestVersion = useLatestVersion(detail.run);
  const root = useRef<HTMLDivElement>(null);
  const failedNodeId = detail.run.error?.nodeId ?? null;
  const rows = useMemo(() => buildRunTree(detail, blocks, locale), [detail, blocks, locale]);
  const axis = useMemo(() => axisOf(detail, rows, now), [detail, rows, now]);
  const expansion = useExpansion(rows);
  // Until the person chooses, the selection follows the run: the step under way, then the one that failed, else it stays where it was.
  const [chosen, setChosen] = useState<Selection | null>(null);
  const followed = useRef<string>(undefined);
  const row = chosen
    ? flattenRows(rows).find((candidate) => candidate.id === chosen.rowId)
    : defaultRow(rows, detail.run.error?.stepKey ?? null, followed.current);
  followed.current = row?.id;
  const nodeId = row?.kind === 'step' ? row.node.id : (chosen?.nodeId ?? null);
  const selectRow = useCallback((id: string) => setChosen({ rowId: id, nodeId: null }), []);
  const selectNode = useCallback(
    (id: string) => setChosen({ rowId: rowOfNode(rows, id)?.id ?? null, nodeId: id }),
    [rows],
  );

  const press = (event: KeyboardEvent<HTMLElement>) => {
    const button =
      isShortcut(event) && root.current?.querySelector<HTMLElement>(`[aria-keyshortcuts="${event.key}"]`);
    if (!button) return move(event);
    event.preventDefault();
    button.focus();
    button.click();
  };
  const move = (event: KeyboardEvent<HTMLElement>) => {
    const movement = movementOf(event);
    const isLetter = event.key === 'j' || event.key === 'k';
    // The canvas and the page have their own use for the arrows.
    if (!movement || (!isLetter && !(event.target as HTMLElement).closest('.trama-tl'))) return;
    const ids = expansion.lines.flatMap((line) => (line.kind === 'row' ? [line.row.id] : []));
    const next = ids[moveIndex(movement, ids.indexOf(row?.id ?? ''), ids.length)];
    if (next === undefined) return;
    event.preventDefault();
    selectRow(next);
    root.current?.querySelector<HTMLElement>(`[data-row-id="${CSS.escape(next)}"]`)?.focus();
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: shortcuts of the controls inside
    <div ref={root} className="trama-run-loaded" onKeyDown={press}>
      <RunHeader run={detail.run} {...{ now, onBack, onOpenRun }}>
        <RunToolbar
          run={detail.run}
          failedLabel={failedNodeId === null ? null : labelById(failedNodeId, words)}
          {...{ actions, latestVersion }}
        />
      </RunHeader>
      {actions.problem && <ActionProblem problem={actions.problem} onClose={actions.dismiss} />}
      <div className="trama-run-body">
        <RunCanvas {...{ detail, rows, words }} selectedNodeId={nodeId} onSelectNode={selectNode} />
        <div className="trama-run-lower">
          <RunTimeline
            {...{ expansion, axis, now, words }}
            selectedId={row?.id ?? null}
            onSelect={selectRow}
          />
          <DetailPanel
            {...{ detail, row, words, now, actions, latestVersion, onOpenRun }}
            unreachedNodeId={chosen?.nodeId ?? null}
          />
        </div>
      </div>
    </div>
  );
}
