import { Graph, layout } from '@dagrejs/dagre';
import { centreJoins } from './centre-joins';
import type { Box } from './geometry';

export interface RegionItem {
  id: string;
  width: number;
  height: number;
  /** Drawn right under its source instead of in its row. */
  isExit: boolean;
}

export interface RegionEdge {
  id: string;
  source: string;
  target: string;
  /** Its source has several exits. */
  isBranch: boolean;
}

/** Between rows joined by straight lines: room for a "+". */
const GAP = 46;
/** Between rows where lines part or meet: room for a bend, a pill and a "+". */
const WIDE_GAP = 80;
const EXIT_DROP = 20;
const COLUMN_GAP = 56;

/**
 * Places the items of one region in rows, relative to the entry (or to the middle of the first row). Columns come from dagre;
 * rows are ours, because dagre centres a row where we align its tops, and keeps one distance where a fork needs more room.
 */
export function layoutRegion(
  items: readonly RegionItem[],
  edges: readonly RegionEdge[],
  entry: string | null,
): { boxes: Map<string, Box>; lanes: Map<string, number> } {
  const graph = new Graph({ multigraph: true });
  graph.setGraph({ rankdir: 'TB', nodesep: COLUMN_GAP, ranksep: 40, edgesep: 40 });
  graph.setDefaultEdgeLabel(() => ({}));
  if (entry !== null) graph.setNode(entry, { width: 1, height: 1 });
  for (const { id, width, height } of items) graph.setNode(id, { width, height });
  for (const edge of edges)
    graph.setEdge(edge.source, edge.target, { weight: edge.isBranch ? 2 : 1 }, edge.id);
  // dagre's search for fewer crossings mirrors branches at will; first come, left stays steady and reads Yes before No.
  layout(graph, { disableOptimalOrderHeuristic: true });
  const rows = rowsOf(graph, items);
  const tops = rowTops(rows, items, edges, entry);
  const origin = entry === null ? centreOf(graph, items[0]?.id) : centreOf(graph, entry);
  const boxes = new Map<string, Box>();
  for (const item of items) {
    const x = Math.round(centreOf(graph, item.id) - origin - item.width / 2);
    boxes.set(item.id, { x, y: tops[rows.get(item.id) ?? 0] ?? 0, width: item.width, height: item.height });
  }
  raiseExits(boxes, items, edges, entry);
  const lanes = lanesOf(graph, edges, rows, origin);
  centreJoins({ boxes, lanes }, edges);
  return { boxes, lanes };
}

const centreOf = (graph: Graph, id: string | undefined): number =>
  id === undefined ? 0 : (graph.node(id)?.x ?? 0);

/** Row number by item: dagre puts every item of a row at the same height. */
function rowsOf(graph: Graph, items: readonly RegionItem[]): Map<string, number> {
  const heightOf = (id: string) => Math.round(graph.node(id)?.y ?? 0);
  const heights = [...new Set(items.map((item) => heightOf(item.id)))].sort((a, b) => a - b);
  return new Map(items.map((item) => [item.id, heights.indexOf(heightOf(item.id))]));
}

function rowTops(
  rows: ReadonlyMap<string, number>,
  items: readonly RegionItem[],
  edges: readonly RegionEdge[],
  entry: string | null,
): number[] {
  const tops: number[] = [];
  let top = 0;
  for (let row = 0; row < new Set(rows.values()).size; row += 1) {
    tops.push(top);
    const tallest = Math.max(
      0,
      ...items.filter((item) => rows.get(item.id) === row).map((item) => item.height),
    );
    top += tallest + (needsRoom(row, rows, edges, entry) ? WIDE_GAP : GAP);
  }
  return tops;
}

/** Whether lines part below a row, or meet above the next one. */
function needsRoom(
  row: number,
  rows: ReadonlyMap<string, number>,
  edges: readonly RegionEdge[],
  entry: string | null,
): boolean {
  const below = edges.filter((edge) => rows.get(edge.source) === row);
  const into = edges.filter((edge) => rows.get(edge.target) === row + 1 && edge.source !== entry);
  const hasTwice = (ids: string[]) => new Set(ids).size < ids.length;
  return (
    below.some((edge) => edge.isBranch) ||
    hasTwice(below.map((edge) => edge.source)) ||
    hasTwice(into.map((edge) => edge.target))
  );
}

function raiseExits(
  boxes: Map<string, Box>,
  items: readonly RegionItem[],
  edges: readonly RegionEdge[],
  entry: string | null,
): void {
  for (const item of items) {
    const edge = item.isExit ? edges.find((candidate) => candidate.target === item.id) : undefined;
    const box = boxes.get(item.id);
    if (!edge || !box || edge.source === entry) continue;
    const source = boxes.get(edge.source);
    if (source)
      boxes.set(item.id, { ...box, y: source.y + source.height + (edge.isBranch ? 54 : EXIT_DROP) });
  }
}

/** The lane of a connection that passes rows in between: the middle of the way dagre kept free for it. */
function lanesOf(
  graph: Graph,
  edges: readonly RegionEdge[],
  rows: ReadonlyMap<string, number>,
  origin: number,
): Map<string, number> {
  const lanes = new Map<string, number>();
  for (const edge of edges) {
    const span = (rows.get(edge.target) ?? 0) - (rows.get(edge.source) ?? 0);
    if (span < 2) continue;
    const points = graph.edge({ v: edge.source, w: edge.target, name: edge.id })?.points ?? [];
    const between = points.slice(2, -2).map((point: { x: number }) => point.x);
    const lane = between[Math.floor(between.length / 2)];
    if (lane !== undefined) lanes.set(edge.id, Math.round(lane - origin));
  }
  return lanes;
}
