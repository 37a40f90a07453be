import { createContext, useContext } from 'react';
import type { BlockLookup, ProviderDefinition } from '../../core';
import type { Naming } from '../shared/reference-label';
import type { Point } from './geometry';
import type { CanvasMessageKey } from './messages';
import type { CanvasEditing, FlowCanvasProps, NodeBadge, NodeState } from './types';

/** What the parts of the canvas share; they are drawn by xyflow, out of reach of props. */
export interface CanvasView {
  naming: Naming<CanvasMessageKey>;
  blocks: BlockLookup;
  providers: ReadonlyMap<string, ProviderDefinition>;
  selectedId: string | null;
  nodeState: ReadonlyMap<string, NodeState> | undefined;
  badges: ReadonlyMap<string, NodeBadge> | undefined;
  shownConfigs: FlowCanvasProps['shownConfigs'];
  onNodeClick: ((nodeId: string) => void) | undefined;
  /** Absent where the canvas only shows. */
  editing: CanvasEditing | undefined;
  /** Follows a step under the pointer, in canvas coordinates; `null` lets go of it where it is. */
  onDrag: (nodeId: string, place: Point | null) => void;
  /** The "+" a block dragged from the palette would go to, as its JSON. */
  dropPoint: string | null;
}

const CanvasContext = createContext<CanvasView | null>(null);

export const CanvasProvider = CanvasContext.Provider;

export function useCanvas(): CanvasView {
  const view = useContext(CanvasContext);
  if (!view)
    throw new Error('A part of the canvas was rendered outside <FlowCanvas>, which gives it its definition.');
  return view;
}
