/** A place in a layer: of an item, or the one a connection keeps free where it passes by. */
export interface Slot {
  width: number;
  isLane: boolean;
  /** From the top, from 0. */
  layer: number;
  /** From the left within its layer, from 0. */
  at: number;
  above: Slot[];
  below: Slot[];
}

export interface LayerItem {
  id: string;
  width: number;
}

export interface LayerEdge {
  id: string;
  source: string;
  target: string;
}

export interface Layers {
  /** Layers of slots from top to bottom. Between two rows of items lies one of lanes, so that ways keep apart there as well. */
  layers: readonly (readonly Slot[])[];
  slots: ReadonlyMap<string, Slot>;
  /** Row by item: one below the lowest item that leads to it. */
  rows: ReadonlyMap<string, number>;
  /** The lane half way, by connection. */
  lanes: ReadonlyMap<string, Slot>;
}

/**
 * Sorts items into rows and their connections into the lanes between them. First come, left: branches stay in the order of their
 * exits, where a search for fewer crossings would mirror them at will. A connection that closes a circle counts the other way round.
 */
export function buildLayers(items: readonly LayerItem[], edges: readonly LayerEdge[]): Layers {
  const ids = items.map((item) => item.id);
  const ways = withoutCircles(ids, edges);
  const rows = findRows(ids, ways);
  const slots = new Map(items.map(({ id, width }) => [id, slotIn(2 * (rows.get(id) ?? 0), width)]));
  const lanes = new Map<string, Slot>();
  const passed: Slot[] = [];
  for (const { id, source, target } of ways) {
    const [from, to] = [slots.get(source), slots.get(target)];
    if (!from || !to) continue;
    const way = connect(from, to);
    passed.push(...way);
    const middle = way[Math.floor(way.length / 2)];
    if (middle) lanes.set(id, middle);
  }
  return { layers: sortIntoLayers([...slots.values(), ...passed]), slots, rows, lanes };
}

const slotIn = (layer: number, width?: number): Slot => ({
  width: width ?? 0,
  isLane: width === undefined,
  layer,
  at: -1,
  above: [],
  below: [],
});

/** Links two slots by a lane in every layer between them. */
function connect(from: Slot, to: Slot): Slot[] {
  const lanes = Array.from({ length: to.layer - from.layer - 1 }, (_, index) =>
    slotIn(from.layer + 1 + index),
  );
  [...lanes, to].forEach((below, index) => {
    const above = lanes[index - 1] ?? from;
    above.below.push(below);
    below.above.push(above);
  });
  return lanes;
}

/** From the top down, and from each slot at once to what is below it. */
function sortIntoLayers(slots: readonly Slot[]): Slot[][] {
  const layers = Array.from({ length: Math.max(...slots.map(({ layer }) => layer)) + 1 }, (): Slot[] => []);
  const place = (slot: Slot) => {
    if (slot.at >= 0) return;
    slot.at = (layers[slot.layer]?.push(slot) ?? 0) - 1;
    slot.below.forEach(place);
  };
  [...slots].sort((a, b) => a.layer - b.layer).forEach(place);
  return layers;
}

/** The connections with those turned round that lead back to where they come from; they stand last. */
function withoutCircles(ids: readonly string[], edges: readonly LayerEdge[]): LayerEdge[] {
  const proper = edges.filter((edge) => edge.source !== edge.target);
  const state = new Map<string, 'open' | 'done'>();
  const back = new Set<LayerEdge>();
  const visit = (id: string) => {
    if (state.has(id)) return;
    state.set(id, 'open');
    for (const edge of proper.filter((candidate) => candidate.source === id)) {
      if (state.get(edge.target) === 'open') back.add(edge);
      else visit(edge.target);
    }
    state.set(id, 'done');
  };
  const isSource = (id: string) => proper.every((edge) => edge.target !== id);
  for (const id of [...ids.filter(isSource), ...ids]) visit(id);
  const turned = [...back].map((edge) => ({ id: edge.id, source: edge.target, target: edge.source }));
  return [...proper.filter((edge) => !back.has(edge)), ...turned];
}

function findRows(ids: readonly string[], ways: readonly LayerEdge[]): Map<string, number> {
  const rows = new Map<string, number>();
  const rowOf = (id: string): number => {
    const known = rows.get(id);
    if (known !== undefined) return known;
    const sources = ways.filter((edge) => edge.target === id).map((edge) => rowOf(edge.source));
    const row = Math.max(-1, ...sources) + 1;
    rows.set(id, row);
    return row;
  };
  for (const id of ids) rowOf(id);
  return rows;
}
