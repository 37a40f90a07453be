import { Graph, layout } from '@dagrejs/dagre';
import * as fc from 'fast-check';
import { placeColumns } from '../../src/components/canvas/columns';
import { buildLayers, type LayerEdge, type LayerItem, type Layers } from '../../src/components/canvas/layers';

const spacing = { items: 56, lanes: 40 };
const item = (id: string): LayerItem => ({ id, width: 264 });
const edge = (source: string, target: string): LayerEdge => ({ id: `${source}-${target}`, source, target });

/** Items of any width, each below any of those before it. */
const flows = fc
  .array(
    fc.record({
      width: fc.constantFrom(1, 30, 148, 264, 320),
      sources: fc.array(fc.nat({ max: 100 }), { maxLength: 3 }),
    }),
    { minLength: 1, maxLength: 16 },
  )
  .map((drawn) => {
    const items = drawn.map(({ width }, index) => ({ id: `n${index}`, width }));
    const edges = drawn.flatMap(({ sources }, index) =>
      index === 0 ? [] : sources.map((source): [number, number] => [source % index, index]),
    );
    return {
      items,
      edges: edges.map(([source, target], index) => ({
        id: `e${index}`,
        source: `n${source}`,
        target: `n${target}`,
      })),
    };
  });

/** The same rows given to dagre, whose columns are known to be good. */
function dagreColumns(
  items: readonly LayerItem[],
  edges: readonly LayerEdge[],
  rows: Layers['rows'],
): number[] {
  const graph = new Graph({ multigraph: true });
  graph.setGraph({
    rankdir: 'TB',
    nodesep: spacing.items,
    edgesep: spacing.lanes,
    // Two ranks a row, and dagre's own root above all.
    ranker: (given: Graph) => {
      for (const id of given.nodes()) {
        const row = rows.get(id);
        Object.assign(given.node(id), { rank: row === undefined ? -1 : 2 * row });
      }
    },
  });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id, width } of items) graph.setNode(id, { width, height: 64 });
  for (const { id, source, target } of edges) graph.setEdge(source, target, {}, id);
  layout(graph, { disableOptimalOrderHeuristic: true });
  return items.map(({ id }) => graph.node(id).x);
}

const fromFirst = (xs: readonly number[]): number[] => xs.map((x) => x - (xs[0] ?? 0));

describe('the columns of a region', () => {
  it('are those dagre finds for the same rows', () => {
    fc.assert(
      fc.property(flows, ({ items, edges }) => {
        const { layers, slots, rows } = buildLayers(items, edges);
        const columns = placeColumns(layers, spacing);
        const ours = items.map(({ id }) => columns.get(slots.get(id) as never) as number);
        expect(fromFirst(ours)).toEqual(
          fromFirst(dagreColumns(items, edges, rows)).map((x) => expect.closeTo(x, 6)),
        );
      }),
      { numRuns: 300 },
    );
  });

  it('keep every two of a layer apart', () => {
    fc.assert(
      fc.property(flows, ({ items, edges }) => {
        const { layers } = buildLayers(items, edges);
        const columns = placeColumns(layers, spacing);
        for (const layer of layers) {
          layer.slice(1).forEach((slot, index) => {
            const left = layer[index] as (typeof layer)[number];
            const gap =
              (columns.get(slot) ?? 0) - slot.width / 2 - ((columns.get(left) ?? 0) + left.width / 2);
            expect(gap).toBeGreaterThanOrEqual(Math.min(spacing.items, spacing.lanes) - 1e-6);
          });
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('the rows of a region', () => {
  it('put an item one below the lowest that leads to it, so that no branch is passed by', () => {
    const { rows } = buildLayers(['fork', 'left', 'longer', 'right', 'join'].map(item), [
      edge('fork', 'left'),
      edge('left', 'longer'),
      edge('longer', 'join'),
      edge('fork', 'right'),
      edge('right', 'join'),
    ]);
    expect(Object.fromEntries(rows)).toEqual({ fork: 0, left: 1, longer: 2, right: 1, join: 3 });
  });

  it('come out of a circle and of an item that leads to itself as well', () => {
    const { rows, layers } = buildLayers(['a', 'b', 'c'].map(item), [
      edge('a', 'b'),
      edge('b', 'c'),
      edge('c', 'a'),
      edge('b', 'b'),
    ]);
    expect(Object.fromEntries(rows)).toEqual({ a: 0, b: 1, c: 2 });
    expect(layers.flat()).toHaveLength(3 + 2 + 3);
  });
});
