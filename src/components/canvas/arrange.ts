import {
  type BlockLookup,
  buildGraph,
  handlesOf,
  TRIGGER_ID,
  type WorkflowDefinition,
  type WorkflowEdge,
  type WorkflowGraph,
  type WorkflowNode,
} from '../../core';
import { type Box, EXIT_SIZE, LOOP_PAD, NODE_HEIGHT, NODE_WIDTH, type Point } from './geometry';
import { layoutRegion, type RegionEdge, type RegionItem } from './layout-region';

/** An exit that leads nowhere yet: the builder draws a "+" there. */
export interface OpenExit {
  id: string;
  source: string;
  sourceHandle: string;
}

const LOOP_MIN_WIDTH = NODE_WIDTH + 2 * LOOP_PAD.side;
const LOOP_EMPTY_HEIGHT = LOOP_PAD.top + 54;
/** Room a labelled exit with nothing behind it takes, so that its pill fits on the way there. */
const LABELLED_EXIT_WIDTH = 148;

/** Where everything stands, in canvas coordinates; the trigger's corner is the origin. */
export interface Arrangement {
  boxes: ReadonlyMap<string, Box>;
  exits: readonly OpenExit[];
  /** For connections that pass rows of other nodes: the free lane they run in. */
  lanes: ReadonlyMap<string, number>;
  /** Nodes in reading order: a loop, then its body, then what follows it. */
  order: readonly string[];
  graph: WorkflowGraph;
}

export interface ArrangeOptions {
  /** Whether open exits are drawn and take room. @default true */
  exits?: boolean;
}

interface Region {
  width: number;
  height: number;
  /** Boxes relative to the region's top centre. */
  boxes: Map<string, Box>;
  lanes: Map<string, number>;
  order: string[];
}

/** Lays a definition out from top to bottom, loops as containers around their bodies. The same definition gives the same places. */
export function arrange(
  definition: WorkflowDefinition,
  blocks: BlockLookup,
  options: ArrangeOptions = {},
): Arrangement {
  const graph = buildGraph(definition, blocks);
  const exits = options.exits === false ? [] : openExits(definition, graph, blocks);
  const context: Context = { definition, graph, blocks, exits, visited: new Set() };
  const root = arrangeRegion(null, context);
  // Loops tangled in each other belong to no region that starts at the root; they are shown too, or nobody could mend them.
  const lost = definition.nodes.filter((node) => !context.visited.has(node.id));
  lost.forEach((node, index) => {
    root.boxes.set(node.id, {
      x: root.width / 2 + 60,
      y: index * 110,
      width: NODE_WIDTH,
      height: NODE_HEIGHT,
    });
    root.order.push(node.id);
  });
  const trigger = root.boxes.get(root.order[0] ?? '');
  const boxes = shiftAll(root.boxes, -(trigger?.x ?? 0), -(trigger?.y ?? 0));
  const lanes = new Map([...root.lanes].map(([id, x]) => [id, x - (trigger?.x ?? 0)]));
  return { boxes, exits, lanes, order: root.order, graph };
}

interface Context {
  definition: WorkflowDefinition;
  graph: WorkflowGraph;
  blocks: BlockLookup;
  exits: readonly OpenExit[];
  visited: Set<string>;
}

function openExits(definition: WorkflowDefinition, graph: WorkflowGraph, blocks: BlockLookup): OpenExit[] {
  return definition.nodes.flatMap((node) =>
    handlesOf(node, blocks.get(node.type))
      .filter((handle) => !(graph.outgoing.get(node.id) ?? []).some((edge) => edge.sourceHandle === handle))
      .map((handle) => ({ id: `exit:${node.id}:${handle}`, source: node.id, sourceHandle: handle })),
  );
}

export function bodyHandleOf(node: WorkflowNode | undefined, blocks: BlockLookup): string | undefined {
  const block = node && blocks.get(node.type);
  return block?.kind === 'action' ? block.bodyHandle : undefined;
}

function arrangeRegion(loopId: string | null, context: Context): Region {
  const { definition, graph } = context;
  const ordered = graph.order.get(loopId) ?? [];
  const members = definition.nodes.filter((node) => (graph.loopOf.get(node.id) ?? null) === loopId);
  const ids = [...ordered, ...members.map((node) => node.id).filter((id) => !ordered.includes(id))];
  for (const id of ids) context.visited.add(id);
  const inner = new Map<string, Region>();
  for (const id of ids) {
    if (bodyHandleOf(graph.nodes.get(id), context.blocks)) inner.set(id, arrangeRegion(id, context));
  }
  const items = [...ids.map((id) => itemOf(id, inner)), ...exitItems(loopId, ids, context)];
  const edges = regionEdges(loopId, new Set(items.map((item) => item.id)), context);
  const laid = layoutRegion(items, edges, loopId === null ? null : ENTRY);
  placeByHand(laid.boxes, ids, context);
  return assemble(loopId, ids, laid, inner);
}

const ENTRY = 'entry:';

function itemOf(id: string, inner: ReadonlyMap<string, Region>): RegionItem {
  const body = inner.get(id);
  return { id, width: body?.width ?? NODE_WIDTH, height: body?.height ?? NODE_HEIGHT, isExit: false };
}

/** Exits of the region's own nodes, the entry of the loop's body among them when the body is empty. */
function exitItems(
  loopId: string | null,
  ids: readonly string[],
  { exits, graph, blocks }: Context,
): RegionItem[] {
  return exits
    .filter(({ source, sourceHandle }) => {
      const isEntry = bodyHandleOf(graph.nodes.get(source), blocks) === sourceHandle;
      return isEntry ? source === loopId : ids.includes(source);
    })
    .map(({ id, source }) => {
      const node = graph.nodes.get(source);
      const isLabelled = source !== loopId && node && branchHandles(node, blocks).length > 1;
      return { id, width: isLabelled ? LABELLED_EXIT_WIDTH : EXIT_SIZE, height: EXIT_SIZE, isExit: true };
    });
}

/** The exits that part ways below a node: all but a loop's way into its own body. */
export function branchHandles(node: WorkflowNode, blocks: BlockLookup): string[] {
  const body = bodyHandleOf(node, blocks);
  return handlesOf(node, blocks.get(node.type)).filter((handle) => handle !== body);
}

function regionEdges(loopId: string | null, inside: ReadonlySet<string>, context: Context): RegionEdge[] {
  const { definition, graph, blocks, exits } = context;
  const all: (Omit<WorkflowEdge, 'id'> & { id: string })[] = [
    ...definition.edges,
    ...exits.map((exit) => ({
      id: exit.id,
      source: exit.source,
      sourceHandle: exit.sourceHandle,
      target: exit.id,
    })),
  ];
  const rank = (edge: { source: string; sourceHandle: string }) => {
    const node = graph.nodes.get(edge.source);
    return node ? handlesOf(node, blocks.get(node.type)).indexOf(edge.sourceHandle) : 0;
  };
  return all
    .map((edge) => ({
      id: edge.id,
      source:
        edge.source === loopId && edge.sourceHandle === bodyHandleOf(graph.nodes.get(loopId), blocks)
          ? ENTRY
          : edge.source,
      target: edge.target,
      rank: rank(edge),
      isBranch: edge.source !== loopId && isBranching(graph.nodes.get(edge.source), blocks),
    }))
    .filter((edge) => (inside.has(edge.source) || edge.source === ENTRY) && inside.has(edge.target))
    .sort((a, b) => a.rank - b.rank);
}

const isBranching = (node: WorkflowNode | undefined, blocks: BlockLookup): boolean =>
  node !== undefined && branchHandles(node, blocks).length > 1;

/** A node moved by hand stands where it was put, measured from the trigger or from the top centre of its loop. */
function placeByHand(boxes: Map<string, Box>, ids: readonly string[], { definition, graph }: Context): void {
  const anchor = boxes.get(TRIGGER_ID);
  const origin = anchor ? originOf(definition) : { x: 0, y: 0 };
  for (const id of ids) {
    const position = graph.nodes.get(id)?.position;
    const box = boxes.get(id);
    if (!position || !box || id === TRIGGER_ID) continue;
    const [x, y] = [position.x - origin.x + (anchor?.x ?? 0), position.y - origin.y + (anchor?.y ?? 0)];
    boxes.set(id, { ...box, x, y });
  }
}

const originOf = ({ nodes }: WorkflowDefinition): Point =>
  nodes.find((node) => node.id === TRIGGER_ID)?.position ?? { x: 0, y: 0 };

/** What to store as a node's position when it stands at `place` on the canvas. */
export function positionFor(
  definition: WorkflowDefinition,
  { boxes, graph }: Arrangement,
  id: string,
  place: Point,
): Point {
  const loop = boxes.get(graph.loopOf.get(id) ?? '');
  const from = loop ? { x: loop.x + loop.width / 2, y: loop.y + LOOP_PAD.top } : { x: 0, y: 0 };
  const origin = loop ? { x: 0, y: 0 } : originOf(definition);
  return { x: Math.round(place.x - from.x + origin.x), y: Math.round(place.y - from.y + origin.y) };
}

function assemble(
  loopId: string | null,
  ids: readonly string[],
  laid: { boxes: Map<string, Box>; lanes: Map<string, number> },
  inner: ReadonlyMap<string, Region>,
): Region {
  const drop = loopId === null ? 0 : LOOP_PAD.top;
  const boxes = shiftAll(laid.boxes, 0, drop);
  const lanes = new Map(laid.lanes);
  const order: string[] = [];
  for (const id of ids) {
    order.push(id);
    const body = inner.get(id);
    const box = boxes.get(id);
    if (!body || !box) continue;
    const centre = box.x + box.width / 2;
    for (const [child, place] of shiftAll(body.boxes, centre, box.y)) boxes.set(child, place);
    for (const [edge, x] of body.lanes) lanes.set(edge, x + centre);
    order.push(...body.order);
  }
  return { ...sizeOf(loopId, boxes, lanes), boxes, lanes, order };
}

/** A loop is as wide to the left of its entry as to the right, so that the way in meets the way through. */
function sizeOf(
  loopId: string | null,
  boxes: ReadonlyMap<string, Box>,
  lanes: ReadonlyMap<string, number>,
): { width: number; height: number } {
  const all = [...boxes.values()];
  const reach = Math.max(
    0,
    ...all.map((box) => Math.max(-box.x, box.x + box.width)),
    ...[...lanes.values()].map((x) => Math.abs(x) + EXIT_SIZE / 2),
  );
  const bottom = Math.max(0, ...all.map((box) => box.y + box.height));
  if (loopId === null) return { width: 2 * reach, height: bottom };
  return {
    width: Math.max(LOOP_MIN_WIDTH, 2 * (reach + LOOP_PAD.side)),
    height: Math.max(LOOP_EMPTY_HEIGHT, bottom + LOOP_PAD.bottom),
  };
}

function shiftAll(boxes: ReadonlyMap<string, Box>, dx: number, dy: number): Map<string, Box> {
  return new Map([...boxes].map(([id, box]) => [id, { ...box, x: box.x + dx, y: box.y + dy }]));
}
