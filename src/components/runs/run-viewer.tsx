import { type KeyboardEvent, useCallback, useMemo, useRef, useState } from 'react';
import type { RunDetail } from '../../core';
import { useTrama } from '../shared/provider';
import { DetailPanel } from './detail-panel';
import { moveIndex, movementOf } from './list-keys';
import { RunCanvas } from './run-canvas';
import { RunHeader } from './run-header';
import { LoadingRun, RunProblem, StaleNote } from './run-states';
import { RunTimeline } from './run-timeline';
import { buildRunTree, defaultRow, flattenRows, rowOfNode } from './run-tree';
import { axisOf } from './step-bars';
import { useExpansion } from './use-expansion';
import { useNow } from './use-live-refresh';
import { isLive, useRun } from './use-run';
import { useWords } from './use-words';

export interface RunViewerProps {
  runId: string;
  /** Shows a way back to the list. */
  onBack?: () => void;
  /** Opens another run, such as the one this run repeats. */
  onOpenRun?: (runId: string) => void;
}

/** One run, live: on the canvas, over time, and step by step. Fills its parent, which must have a height. */
export function RunViewer({ runId, onBack, onOpenRun }: RunViewerProps) {
  const { t } = useTrama();
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
      <LoadedRun key={runId} {...{ detail, onBack, onOpenRun }} />
    </div>
  );
}

interface LoadedRunProps {
  detail: RunDetail;
  onBack: (() => void) | undefined;
  onOpenRun: ((runId: string) => void) | undefined;
}

/** `nodeId` is set when the choice was made on the canvas: the node may have no row. */
type Selection = { rowId: string | null; nodeId: string | null };

function LoadedRun({ detail, onBack, onOpenRun }: LoadedRunProps) {
  const { blocks, locale } = useTrama();
  const now = useNow(isLive(detail));
  const words = useWords(detail);
  const root = useRef<HTMLDivElement>(null);
  const rows = useMemo(() => buildRunTree(detail, blocks, locale), [detail, blocks, locale]);
  const axis = useMemo(() => axisOf(detail, rows, now), [detail, rows, now]);
  const expansion = useExpansion(rows);
  // Until the person chooses, the selection follows the run: the step under way, then the one that failed.
  const [chosen, setChosen] = useState<Selection | null>(null);
  const row = chosen
    ? flattenRows(rows).find((candidate) => candidate.id === chosen.rowId)
    : defaultRow(rows);
  const nodeId = row?.kind === 'step' ? row.node.id : (chosen?.nodeId ?? null);
  const selectRow = useCallback((id: string) => setChosen({ rowId: id, nodeId: null }), []);
  const selectNode = useCallback(
    (id: string) => setChosen({ rowId: rowOfNode(rows, id)?.id ?? null, nodeId: id }),
    [rows],
  );

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
    <div ref={root} className="trama-run-loaded" onKeyDown={move}>
      <RunHeader run={detail.run} {...{ now, onBack, onOpenRun }} />
      <div className="trama-run-body">
        <RunCanvas {...{ detail, rows, words }} selectedNodeId={nodeId} onSelectNode={selectNode} />
        <div className="trama-run-lower">
          <RunTimeline
            {...{ expansion, axis, now, words }}
            selectedId={row?.id ?? null}
            onSelect={selectRow}
          />
          <DetailPanel {...{ detail, row, words }} unreachedNodeId={chosen?.nodeId ?? null} />
        </div>
      </div>
    </div>
  );
}
