import { useMemo } from 'react';
import type { RunDetail } from '../../core';
import { FlowCanvas } from '../canvas/flow-canvas';
import { useTexts } from '../shared/provider';
import { buildCanvasState } from './canvas-state';
import { runsMessages } from './messages';
import { RevealSelected } from './reveal-selected';
import type { RunRow } from './run-tree';
import type { Words } from './step-words';

export interface RunCanvasProps {
  detail: RunDetail;
  rows: readonly RunRow[];
  words: Words;
  selectedNodeId: string | null;
  onSelectNode: (nodeId: string) => void;
}

/** The workflow as it ran: what was done, what failed, what was passed by. */
export function RunCanvas({ detail, rows, words, selectedNodeId, onSelectNode }: RunCanvasProps) {
  const t = useTexts(runsMessages);
  const state = useMemo(() => buildCanvasState(detail, rows, words), [detail, rows, words]);
  return (
    <section className="trama-run-canvas" aria-label={t('run.canvas')}>
      <FlowCanvas
        definition={detail.definition}
        readOnly
        selectedId={selectedNodeId}
        onNodeClick={onSelectNode}
        nodeState={state.nodes}
        edgeState={state.edges}
        tools={<RevealSelected nodeId={selectedNodeId} />}
      />
    </section>
  );
}
