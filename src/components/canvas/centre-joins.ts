import type { Box } from './geometry';
import type { RegionEdge } from './layout-region';

/** Free space kept around a step that is moved, and around a lane. */
const MARGIN = 24;

export interface Columns {
  boxes: Map<string, Box>;
  /** Lanes of connections that pass other rows, by connection. */
  lanes: Map<string, number>;
}

/**
 * Puts each step where branches meet under the step they parted from, along with everything that only follows it: what belongs
 * together then stands in one line. Where something is in the way the column stays as it was found.
 */
export function centreJoins(columns: Columns, edges: readonly RegionEdge[]): void {
  const order = [...columns.boxes.keys()].sort((a, b) => topOf(columns, a) - topOf(columns, b));
  const incoming = new Map(
    order.map((id) => [id, edges.filter((edge) => edge.target === id).map((edge) => edge.source)]),
  );
  const dominators = findDominators(order, incoming);
  for (const id of order) {
    if (new Set(incoming.get(id)).size < 2) continue;
    const fork = columns.boxes.get(dominators.get(id) ?? '');
    const box = columns.boxes.get(id);
    if (!fork || !box) continue;
    const distance = fork.x + fork.width / 2 - (box.x + box.width / 2);
    const followers = order.filter((other) => isDominated(other, id, dominators));
    if (distance !== 0 && isFree(columns, edges, followers, distance))
      shift(columns, edges, followers, distance);
  }
}

const topOf = ({ boxes }: Columns, id: string): number => boxes.get(id)?.y ?? 0;

/** For each item the last one that every way to it passes; sources stand before targets in `order`. */
function findDominators(
  order: readonly string[],
  incoming: ReadonlyMap<string, readonly string[]>,
): Map<string, string> {
  const dominators = new Map<string, string>();
  const depth = new Map<string, number>();
  const meet = (a: string | undefined, b: string | undefined): string | undefined => {
    let [left, right] = [a, b];
    while (left !== right && left !== undefined && right !== undefined) {
      if ((depth.get(left) ?? 0) >= (depth.get(right) ?? 0)) left = dominators.get(left);
      else right = dominators.get(right);
    }
    return left === right ? left : undefined;
  };
  for (const id of order) {
    const sources = incoming.get(id) ?? [];
    const dominator = sources.slice(1).reduce<string | undefined>(meet, sources[0]);
    depth.set(id, dominator === undefined ? 0 : (depth.get(dominator) ?? 0) + 1);
    if (dominator !== undefined) dominators.set(id, dominator);
  }
  return dominators;
}

function isDominated(id: string, by: string, dominators: ReadonlyMap<string, string>): boolean {
  for (let current: string | undefined = id; current !== undefined; current = dominators.get(current)) {
    if (current === by) return true;
  }
  return false;
}

function isFree(
  { boxes, lanes }: Columns,
  edges: readonly RegionEdge[],
  ids: readonly string[],
  distance: number,
): boolean {
  const moving = new Set(ids);
  const resting = [...boxes].filter(([id]) => !moving.has(id)).map(([, box]) => box);
  const passing = edges.flatMap((edge) => {
    const [from, to, x] = [boxes.get(edge.source), boxes.get(edge.target), lanes.get(edge.id)];
    if (!from || !to || x === undefined || (moving.has(edge.source) && moving.has(edge.target))) return [];
    return [{ x, y: from.y + from.height, width: 0, height: to.y - from.y - from.height }];
  });
  return ids.every((id) => {
    const box = boxes.get(id) as Box;
    const place = {
      x: box.x + distance - MARGIN,
      y: box.y,
      width: box.width + 2 * MARGIN,
      height: box.height,
    };
    return ![...resting, ...passing].some((other) => meets(place, other));
  });
}

const meets = (a: Box, b: Box): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

function shift(
  { boxes, lanes }: Columns,
  edges: readonly RegionEdge[],
  ids: readonly string[],
  distance: number,
): void {
  for (const id of ids) {
    const box = boxes.get(id) as Box;
    boxes.set(id, { ...box, x: box.x + distance });
  }
  for (const { id, source, target } of edges) {
    const lane = lanes.get(id);
    if (lane !== undefined && ids.includes(source) && ids.includes(target)) lanes.set(id, lane + distance);
  }
}
