import type { Slot } from './layers';

type Layering = readonly (readonly Slot[])[];
type Columns = ReadonlyMap<Slot, number>;

export interface Spacing {
  /** Between two items. */
  items: number;
  /** Between two lanes; between an item and a lane it is half of each. */
  lanes: number;
}

/**
 * The middle of each slot, after Brandes and Köpf, "Fast and Simple Horizontal Coordinate Assignment" (2002): lines up what is
 * connected, as far to the left and to the right as it goes, once from above and once from below, and takes the mean of the two
 * middle ones of these four. Long connections run straight; lines that would cross them give way.
 */
export function placeColumns(layers: Layering, spacing: Spacing): Map<Slot, number> {
  const crossed = findCrossed(layers);
  const four = [false, true].flatMap((isFromBelow) =>
    [false, true].map((isFromRight): Columns => {
      const ordered = orderFrom(layers, isFromBelow, isFromRight);
      const xs = compact(ordered, alignBlocks(ordered, isFromBelow, crossed), spacing);
      return isFromRight ? new Map([...xs].map(([slot, x]) => [slot, -x])) : xs;
    }),
  );
  const shifts = shiftsTo(narrowestOf(four), four);
  const middle = (slot: Slot): number => {
    const xs = four.map((columns, index) => (columns.get(slot) ?? 0) + (shifts[index] ?? 0));
    const [, second = 0, third = 0] = xs.sort((a, b) => a - b);
    return (second + third) / 2;
  };
  return new Map(layers.flat().map((slot) => [slot, middle(slot)]));
}

function orderFrom(layers: Layering, isFromBelow: boolean, isFromRight: boolean): Layering {
  const rows = isFromBelow ? [...layers].reverse() : layers;
  return isFromRight ? rows.map((row) => [...row].reverse()) : rows;
}

/** By slot what above it must not stand in line with it: the line between them crosses a connection that passes both layers. */
function findCrossed(layers: Layering): Map<Slot, Set<Slot>> {
  const crossed = new Map<Slot, Set<Slot>>();
  layers.slice(1).forEach((layer, index) => {
    let [left, scanned] = [0, 0];
    layer.forEach((slot, at) => {
      const passing = slot.isLane ? slot.above.find((above) => above.isLane) : undefined;
      if (!passing && at < layer.length - 1) return;
      const right = passing ? passing.at : (layers[index]?.length ?? 0);
      for (const candidate of layer.slice(scanned, at + 1)) {
        const out = candidate.above.filter(
          (above) => (above.at < left || above.at > right) && !(above.isLane && candidate.isLane),
        );
        if (out.length > 0) crossed.set(candidate, new Set([...(crossed.get(candidate) ?? []), ...out]));
      }
      [left, scanned] = [right, at + 1];
    });
  });
  return crossed;
}

/** Joins each slot with the middle one of those it is connected with in the layer before. Gives the first of its block by slot. */
function alignBlocks(
  layers: Layering,
  isFromBelow: boolean,
  crossed: ReadonlyMap<Slot, ReadonlySet<Slot>>,
): Map<Slot, Slot> {
  const first = new Map(layers.flat().map((slot) => [slot, slot]));
  const place = new Map(layers.flatMap((layer) => layer.map((slot, index) => [slot, index])));
  const placeOf = (slot: Slot) => place.get(slot) ?? 0;
  const taken = new Set<Slot>();
  for (const layer of layers) {
    let last = -1;
    for (const slot of layer) {
      const before = [...(isFromBelow ? slot.below : slot.above)].sort((a, b) => placeOf(a) - placeOf(b));
      const middle = (before.length - 1) / 2;
      for (const other of before.slice(Math.floor(middle), Math.ceil(middle) + 1)) {
        const [upper, lower] = isFromBelow ? [slot, other] : [other, slot];
        if (taken.has(slot) || placeOf(other) <= last || crossed.get(lower)?.has(upper)) continue;
        taken.add(slot);
        first.set(slot, first.get(other) ?? other);
        last = placeOf(other);
      }
    }
  }
  return first;
}

type Gaps = Map<Slot, Map<Slot, number>>;

/** Moves every block as far to the left as its neighbours let it, then to the right until it meets the next one. */
function compact(layers: Layering, blocks: ReadonlyMap<Slot, Slot>, spacing: Spacing): Map<Slot, number> {
  const { leftOf, rightOf } = gapsOf(layers, blocks, spacing);
  const xs = new Map<Slot, number>();
  const pushLeft = (block: Slot): number => {
    const known = xs.get(block);
    if (known !== undefined) return known;
    // Stands while neighbours are asked: blocks that are entangled with each other must not ask for ever.
    xs.set(block, 0);
    const x = Math.max(0, ...[...(leftOf.get(block) ?? [])].map(([left, gap]) => pushLeft(left) + gap));
    xs.set(block, x);
    return x;
  };
  const settled = new Set<Slot>();
  const pushRight = (block: Slot): number => {
    const x = xs.get(block) ?? 0;
    const neighbours = [...(rightOf.get(block) ?? [])];
    if (settled.has(block) || neighbours.length === 0) return x;
    settled.add(block);
    const limit = Math.min(...neighbours.map(([right, gap]) => pushRight(right) - gap));
    xs.set(block, Math.max(x, limit));
    return Math.max(x, limit);
  };
  const all = new Set(blocks.values());
  for (const block of all) pushLeft(block);
  for (const block of all) pushRight(block);
  return new Map([...blocks].map(([slot, block]) => [slot, xs.get(block) ?? 0]));
}

/** How far apart the middles of neighbouring blocks must be, from either side. */
function gapsOf(
  layers: Layering,
  blocks: ReadonlyMap<Slot, Slot>,
  spacing: Spacing,
): { leftOf: Gaps; rightOf: Gaps } {
  const [leftOf, rightOf]: [Gaps, Gaps] = [new Map(), new Map()];
  const widen = (gaps: Gaps, from: Slot, to: Slot, gap: number) => {
    const known = gaps.get(from) ?? new Map<Slot, number>();
    gaps.set(from, known.set(to, Math.max(gap, known.get(to) ?? 0)));
  };
  for (const layer of layers) {
    layer.forEach((slot, index) => {
      const neighbour = layer[index - 1];
      if (!neighbour) return;
      const [left, right] = [blocks.get(neighbour) ?? neighbour, blocks.get(slot) ?? slot];
      const gap = gapBetween(neighbour, slot, spacing);
      widen(leftOf, right, left, gap);
      widen(rightOf, left, right, gap);
    });
  }
  return { leftOf, rightOf };
}

function gapBetween(left: Slot, right: Slot, { items, lanes }: Spacing): number {
  const share = (slot: Slot) => slot.width / 2 + (slot.isLane ? lanes : items) / 2;
  return share(left) + share(right);
}

function narrowestOf(four: readonly Columns[]): Columns {
  const widthOf = (columns: Columns) => {
    const all = [...columns];
    return (
      Math.max(...all.map(([slot, x]) => x + slot.width / 2)) -
      Math.min(...all.map(([slot, x]) => x - slot.width / 2))
    );
  };
  return four.reduce((best, columns) => (widthOf(columns) < widthOf(best) ? columns : best));
}

/** What brings each of the four in line with the narrowest: those pushed to the left at their left side, the others at their right. */
function shiftsTo(narrowest: Columns, four: readonly Columns[]): number[] {
  return four.map((columns, index) => {
    const edge = index % 2 === 0 ? Math.min : Math.max;
    return edge(...narrowest.values()) - edge(...columns.values());
  });
}
