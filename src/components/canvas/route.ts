import type { BlockLookup, WorkflowDefinition } from '../../core';
import { type Arrangement, bodyHandleOf, branchHandles } from './arrange';
import { type Box, LOOP_HEAD, NODE_WIDTH, type Point } from './geometry';

export interface RoutedEdge {
  id: string;
  source: string;
  sourceHandle: string;
  /** A node, or the open exit itself. */
  target: string;
  isExit: boolean;
  points: Point[];
  /** Centre of its "+". */
  plus: Point;
  /** Centre of its pill; absent where the exit has no name worth showing. */
  pill: Point | undefined;
}

const BEND_BELOW = 34;
const BEND_ABOVE = 24;
const PLUS_BELOW = 23;
const PLUS_BELOW_BEND = 24;
/** Shortest horizontal stretch a pill sits on. */
const PILL_STRETCH = 56;

/** The ways of all connections, and of the stubs to open exits, between the given places. */
export function routeEdges(
  definition: WorkflowDefinition,
  arrangement: Arrangement,
  boxes: ReadonlyMap<string, Box>,
  blocks: BlockLookup,
): RoutedEdge[] {
  const { graph, exits, lanes } = arrangement;
  const all = [
    ...definition.edges.map((edge) => ({ ...edge, isExit: false })),
    ...exits.map((exit) => ({ ...exit, target: exit.id, isExit: true })),
  ];
  return all.flatMap((edge): RoutedEdge[] => {
    const [from, to] = [boxes.get(edge.source), boxes.get(edge.target)];
    const node = graph.nodes.get(edge.source);
    if (!from || !to || !node) return [];
    const isEntry = bodyHandleOf(node, blocks) === edge.sourceHandle;
    const isBranch = !isEntry && branchHandles(node, blocks).length > 1;
    const siblings = (graph.outgoing.get(edge.source) ?? []).filter(
      (other) => other.sourceHandle === edge.sourceHandle,
    );
    const start = { x: from.x + from.width / 2, y: from.y + (isEntry ? LOOP_HEAD : from.height) };
    const end = { x: to.x + to.width / 2, y: to.y };
    const isAsLaid = isInPlace(arrangement, boxes, edge.source) && isInPlace(arrangement, boxes, edge.target);
    const fallback = isBranch || siblings.length > 1 ? end.x : start.x;
    const lane = (isAsLaid ? lanes.get(edge.id) : undefined) ?? fallback;
    const way = end.y < start.y ? wayAround(start, end) : wayDown(start, end, lane);
    return [
      {
        ...edge,
        ...way,
        pill: isBranch ? pillOf(start, way.points) : undefined,
        plus: plusOf(start, way, isBranch),
      },
    ];
  });
}

/** A lane is free only between nodes that stand where the layout put them. */
function isInPlace({ boxes, graph }: Arrangement, now: ReadonlyMap<string, Box>, id: string): boolean {
  const [before, after] = [boxes.get(id), now.get(id)];
  return !graph.nodes.get(id)?.position && before?.x === after?.x && before?.y === after?.y;
}

interface Way {
  points: Point[];
  lane: number;
}

function wayDown(start: Point, end: Point, lane: number): Way {
  if (start.x === end.x && lane === start.x) return { points: [start, end], lane };
  const room = end.y - start.y;
  const below = start.y + Math.min(BEND_BELOW, Math.max(room / 2, room - 20));
  const above = end.y - Math.min(BEND_ABOVE, room / 2);
  const points = [
    start,
    { x: start.x, y: below },
    { x: lane, y: below },
    { x: lane, y: above },
    { x: end.x, y: above },
    end,
  ];
  // Where both bends fall on one height the way in between has no length.
  return { points: lane === start.x ? [start, ...points.slice(3)] : points, lane };
}

/** Back up to a node that was moved above its source: beside both of them. */
function wayAround(start: Point, end: Point): Way {
  const isNarrow = Math.abs(start.x - end.x) < NODE_WIDTH;
  const lane = isNarrow ? Math.max(start.x, end.x) + NODE_WIDTH / 2 + 40 : (start.x + end.x) / 2;
  const [below, above] = [start.y + BEND_BELOW, end.y - BEND_ABOVE];
  const points = [
    start,
    { x: start.x, y: below },
    { x: lane, y: below },
    { x: lane, y: above },
    { x: end.x, y: above },
    end,
  ];
  return { points, lane };
}

function pillOf(start: Point, points: readonly Point[]): Point {
  const [bend, turned] = [points[1], points[2]];
  // Straight down: at the height of the bends beside it.
  if (!bend || !turned || bend.y !== turned.y) return { x: start.x, y: start.y + BEND_BELOW };
  const isLong = Math.abs(turned.x - bend.x) >= PILL_STRETCH;
  return isLong ? { x: (bend.x + turned.x) / 2, y: bend.y } : { x: turned.x, y: bend.y };
}

function plusOf(start: Point, { lane, points }: Way, isBranch: boolean): Point {
  const last = points.at(-1) as Point;
  if (!isBranch && (points.length === 2 || lane === start.x)) {
    return { x: start.x, y: start.y + Math.min(PLUS_BELOW, (last.y - start.y) / 2) };
  }
  const bend = points[1]?.y ?? start.y;
  const reference = points.length === 2 || lane === start.x ? start.y + BEND_BELOW : bend;
  return { x: lane, y: reference + PLUS_BELOW_BEND };
}
