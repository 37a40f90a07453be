import type { ReactNode } from 'react';
import type { InsertionPoint, StepStatus, WorkflowDefinition, WorkflowNode } from '../../core';
import type { Tone } from '../shared/ui';

/** What a run says about a node. */
export interface NodeState {
  /** Draws the card: its border, the mark at the right; `skipped` dims it. */
  status: StepStatus;
  /** The status in words, read with the node's name. */
  label: string;
  /** Stands in place of the one-line summary. */
  detail?: string;
  /** Rides on the card's top edge. */
  badge?: { text: string; tone: Tone };
}

/** What a run says about an edge; edges without one are drawn as in the builder. */
export type EdgeState = 'done' | 'dead' | 'failed' | 'running';

/** What stands on a node's card in the builder: its issues. */
export interface NodeBadge {
  text: string;
  tone: Tone;
}

/** A definition drawn on the canvas, without editing. `FlowCanvas` fills its parent, which must have a height. */
export interface FlowCanvasProps {
  definition: WorkflowDefinition;
  /** @default false */
  readOnly?: boolean;
  selectedId?: string | null;
  onNodeClick?: (nodeId: string) => void;
  /** By node id. */
  nodeState?: ReadonlyMap<string, NodeState>;
  /** By edge id. */
  edgeState?: ReadonlyMap<string, EdgeState>;
  /** What the builder adds: without it the canvas only shows. */
  editing?: CanvasEditing;
  /** By node id. */
  badges?: ReadonlyMap<string, NodeBadge>;
  /** What a card shows in place of a configuration, by that configuration: names for ids. */
  shownConfigs?: ReadonlyMap<WorkflowNode['config'], WorkflowNode['config']> | undefined;
  /** More buttons in the tool bar. */
  tools?: ReactNode;
}

export interface Connection {
  source: string;
  sourceHandle: string;
  target: string;
}

/** What a person may do on the canvas; the owner of the definition carries it out. */
export interface CanvasEditing {
  selectedEdgeId: string | null;
  onSelectEdge: (edgeId: string | null) => void;
  /** A "+" was pressed; `anchor` is the button, for the menu to stand by. */
  onInsert: (point: InsertionPoint, anchor: HTMLElement) => void;
  /** A block was dropped; on the "+" nearest to the pointer. */
  onDropBlock: (blockType: string, point: InsertionPoint) => void;
  onMove: (nodeId: string, position: { x: number; y: number }) => void;
  onConnect: (connection: Connection) => void;
  canConnect: (connection: Connection) => boolean;
  onNodeMenu: (nodeId: string, anchor: HTMLElement) => void;
  onTidy: () => void;
}

export interface FlowCanvasHandle {
  /** Shows the whole flow, or as much as stays readable. */
  fitView: () => void;
  /** Moves the focus to a node and brings it into view. */
  focusNode: (nodeId: string) => void;
}

/** Type of the data a block dragged from the palette carries. */
export const BLOCK_DRAG_TYPE = 'application/x-trama-block';
