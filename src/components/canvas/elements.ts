import type { Edge, Node } from '@xyflow/react';
import {
  type BlockLookup,
  type InsertionPoint,
  labelOf,
  type WorkflowDefinition,
  type WorkflowNode,
} from '../../core';
import type { Naming } from '../shared/reference-label';
import { type Arrangement, bodyHandleOf } from './arrange';
import { exitLabel } from './exit-label';
import { type Box, EXIT_SIZE, type Point } from './geometry';
import type { CanvasMessageKey } from './messages';
import type { RoutedEdge } from './route';
import type { EdgeState } from './types';

/** xyflow lets a node that can neither be dragged nor selected through to the pane; ours all hold buttons. */
const clickable = { pointerEvents: 'all' } as const;

export type StepElement = Node<{ node: WorkflowNode }, 'step' | 'loop'>;
export type PlusElement = Node<PlusData, 'plus'>;
export type CanvasElement = StepElement | PlusElement;

export interface PlusData extends Record<string, unknown> {
  point: InsertionPoint;
  source: string;
  sourceHandle: string;
  /** The step behind it, or `null` at an open exit. */
  target: string | null;
  /** Nothing stands in the loop yet. */
  isEmptyLoop: boolean;
}

export type FlowEdge = Edge<
  {
    points: Point[];
    pill: Point | undefined;
    sourceHandle: string;
    nodeId: string;
    state: EdgeState | undefined;
    isExit: boolean;
  },
  'flow'
>;

/** Nodes for xyflow in reading order, each "+" right behind the step it follows, so that Tab walks down the flow. */
export function toElements(
  definition: WorkflowDefinition,
  arrangement: Arrangement,
  boxes: ReadonlyMap<string, Box>,
  routes: readonly RoutedEdge[],
  blocks: BlockLookup,
  isEditable: boolean,
): CanvasElement[] {
  const nodes = new Map(definition.nodes.map((node) => [node.id, node]));
  return arrangement.order.flatMap((id): CanvasElement[] => {
    const node = nodes.get(id);
    const box = boxes.get(id);
    if (!node || !box) return [];
    const own = stepElement(node, box, blocks);
    if (!isEditable) return [own];
    return [
      own,
      ...routes
        .filter((route) => route.source === id)
        .map((route) => plusElement(route, node, boxes, blocks)),
    ];
  });
}

function stepElement(node: WorkflowNode, box: Box, blocks: BlockLookup): StepElement {
  const isLoop = bodyHandleOf(node, blocks) !== undefined;
  return {
    id: node.id,
    type: isLoop ? 'loop' : 'step',
    position: { x: box.x, y: box.y },
    width: box.width,
    height: box.height,
    // A loop lies below the connections of its body.
    zIndex: isLoop ? -1 : 1,
    // Steps are dragged by our own handlers, on their cards and on the titles of loops.
    draggable: false,
    style: clickable,
    data: { node },
  } as StepElement;
}

function plusElement(
  route: RoutedEdge,
  node: WorkflowNode,
  boxes: ReadonlyMap<string, Box>,
  blocks: BlockLookup,
): PlusElement {
  const exit = route.isExit ? boxes.get(route.target) : undefined;
  const centre = exit ? { x: exit.x + exit.width / 2, y: exit.y + exit.height / 2 } : route.plus;
  const { source, sourceHandle } = route;
  return {
    id: route.isExit ? route.target : `plus:${route.id}`,
    type: 'plus',
    position: { x: centre.x - EXIT_SIZE / 2, y: centre.y - EXIT_SIZE / 2 },
    width: EXIT_SIZE,
    height: EXIT_SIZE,
    zIndex: 2,
    draggable: false,
    style: clickable,
    data: {
      point: route.isExit ? { source, sourceHandle } : { edgeId: route.id },
      source,
      sourceHandle,
      target: route.isExit ? null : route.target,
      isEmptyLoop: route.isExit && bodyHandleOf(node, blocks) === sourceHandle,
    },
  };
}

export function toEdges(
  routes: readonly RoutedEdge[],
  edgeState: ReadonlyMap<string, EdgeState> | undefined,
  selectedEdgeId: string | null,
  naming: Naming<CanvasMessageKey>,
): FlowEdge[] {
  return routes.map((route) => ({
    id: route.id,
    // The "+" at an open exit says itself where it stands.
    ...(route.isExit ? { domAttributes: { 'aria-hidden': true } } : { ariaLabel: edgeText(route, naming) }),
    type: 'flow',
    source: route.source,
    target: route.target,
    // The way is drawn from `points`; xyflow only needs ends it knows.
    sourceHandle: route.sourceHandle,
    targetHandle: 'in',
    selected: route.id === selectedEdgeId,
    focusable: false,
    interactionWidth: route.isExit ? 0 : 16,
    data: {
      points: route.points,
      pill: route.pill,
      sourceHandle: route.sourceHandle,
      nodeId: route.source,
      state: edgeState?.get(route.id),
      isExit: route.isExit,
    },
  }));
}

/** `da «A» a «B»`; without it xyflow would read out ids. */
function edgeText({ source, sourceHandle, target }: RoutedEdge, naming: Naming<CanvasMessageKey>): string {
  const { definition, blocks, locale, t } = naming;
  const find = (id: string) => definition.nodes.find((node) => node.id === id);
  const [from, to] = [find(source), find(target)];
  if (!from || !to) return '';
  const params = { source: labelOf(from, blocks, locale), target: labelOf(to, blocks, locale) };
  const exit = exitLabel(from, sourceHandle, naming);
  return exit ? t('canvas.edgeExit', { ...params, exit }) : t('canvas.edge', params);
}
