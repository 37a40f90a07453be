import { centreJoins } from './centre-joins';
import { placeColumns } from './columns';
import type { Box } from './geometry';
import { buildLayers, type Layers, type Slot } from './layers';

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
const LANE_GAP = 40;

/**
 * Places the items of one region in rows, relative to the entry (or to the middle of the first item). A row aligns the tops of its
 * items and keeps its distance to the next one by what happens between them.
 */
export function layoutRegion(
  items: readonly RegionItem[],
  edges: readonly RegionEdge[],
  entry: string | null,
): { boxes: Map<string, Box>; lanes: Map<string, number> } {
  const start = entry === null ? [] : [{ id: entry, width: 1 }];
  const layers = buildLayers([...start, ...items], edges);
  const columns = placeColumns(layers.layers, { items: COLUMN_GAP, lanes: LANE_GAP });
  const centreOf = (slot: Slot | undefined): number => (slot && columns.get(slot)) ?? 0;
  const rows = rowsOf(layers, items);
  const tops = rowTops(rows, items, edges, entry);
  const origin = centreOf(layers.slots.get(entry ?? items[0]?.id ?? ''));
  const boxes = new Map<string, Box>();
  for (const item of items) {
    const x = Math.round(centreOf(layers.slots.get(item.id)) - origin - item.width / 2);
    boxes.set(item.id, { x, y: tops[rows.get(item.id) ?? 0] ?? 0, width: item.width, height: item.height });
  }
  raiseExits(boxes, items, edges, entry);
  const lanes = lanesOf(layers, edges, (lane) => Math.round(centreOf(lane) - origin));
  centreJoins({ boxes, lanes }, edges);
  return { boxes, lanes };
}

/** Row number by item; the entry of a loop takes no row. */
function rowsOf({ rows }: Layers, items: readonly RegionItem[]): Map<string, number> {
  const rowOf = (item: RegionItem) => rows.get(item.id) ?? 0;
  const taken = [...new Set(items.map(rowOf))].sort((a, b) => a - b);
  return new Map(items.map((item) => [item.id, taken.indexOf(rowOf(item))]));
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

/** The lane of a connection that passes rows in between: the middle of the way kept free for it. */
function lanesOf(
  { rows, lanes }: Layers,
  edges: readonly RegionEdge[],
  xOf: (lane: Slot) => number,
): Map<string, number> {
  const passing = edges.filter((edge) => (rows.get(edge.target) ?? 0) - (rows.get(edge.source) ?? 0) >= 2);
  return new Map(
    passing.flatMap(({ id }): [string, number][] => {
      const lane = lanes.get(id);
      return lane ? [[id, xOf(lane)]] : [];
    }),
  );
}
