import fc from 'fast-check';
import { ancestorsOf, buildGraph, descendantsOf, enclosingLoops } from '../../src/core';
import { definition, node } from '../support/definitions';
import { blocks } from './run-harness';

const step = (id: string) => node(id, 'test.pure');
const loop = (id: string) => node(id, 'flow.loop');
const graphOf = (nodes: ReturnType<typeof node>[], edges: string[]) =>
  buildGraph(definition(nodes, edges), blocks);

describe('the graph of a definition', () => {
  it('orders each region topologically, then by edges, then by nodes', () => {
    const graph = graphOf(
      [step('island'), step('c'), step('b'), step('a'), step('join')],
      ['trigger -> a', 'trigger -> b', 'b -> join', 'a -> join', 'trigger -> c'],
    );
    expect(graph.order.get(null)).toEqual(['trigger', 'a', 'b', 'join', 'c', 'island']);
  });

  it('gives every node to the innermost loop whose body holds it, the loop itself to the region around', () => {
    const graph = graphOf(
      [loop('outer'), step('x'), loop('inner'), step('y'), step('z'), step('after')],
      [
        'trigger -> outer',
        'outer:each -> x',
        'x -> inner',
        'inner:each -> y',
        'inner:done -> z',
        'outer:done -> after',
      ],
    );
    expect(Object.fromEntries(graph.loopOf)).toEqual({
      trigger: null,
      outer: null,
      x: 'outer',
      inner: 'outer',
      y: 'inner',
      z: 'outer',
      after: null,
    });
    expect(graph.order.get(null)).toEqual(['trigger', 'outer', 'after']);
    expect(graph.order.get('outer')).toEqual(['x', 'inner', 'z']);
    expect(graph.order.get('inner')).toEqual(['y']);
    expect(enclosingLoops(graph, 'y')).toEqual(['inner', 'outer']);
    expect(enclosingLoops(graph, 'after')).toEqual([]);
    expect(graph.crossing).toEqual([]);
  });

  it('finds the edges that enter a body from outside, and no others', () => {
    const graph = graphOf(
      [loop('l'), step('a'), step('b'), step('out')],
      ['trigger -> l', 'l:each -> a', 'a -> b', 'trigger -> b', 'l:done -> b', 'l:done -> out'],
    );
    expect(graph.crossing.map(({ id }) => id)).toEqual(['trigger____b', 'l_done____b']);
  });

  it('finds what can never run because of a circle, and orders the rest as if it were not there', () => {
    const graph = graphOf(
      [step('a'), step('b'), step('behind'), step('free')],
      ['trigger -> a', 'a -> b', 'b -> a', 'b -> behind', 'trigger -> free'],
    );
    expect([...graph.cyclic]).toEqual(['a', 'b', 'behind']);
    expect(graph.order.get(null)).toEqual(['trigger', 'free']);
    expect([...descendantsOf(graph, 'a')].sort()).toEqual(['a', 'b', 'behind']);
  });

  it('survives loops whose bodies lead back into each other', () => {
    const graph = graphOf([loop('l'), loop('m')], ['trigger -> l', 'l:each -> m', 'm:each -> l']);
    expect([...graph.cyclic].sort()).toEqual(['l', 'm']);
    expect(enclosingLoops(graph, 'l').length).toBeLessThanOrEqual(2);
  });

  it('leaves out edges whose ends do not exist', () => {
    const graph = graphOf([step('a')], ['trigger -> a', 'a -> gone', 'gone -> a']);
    expect(graph.incoming.get('a')?.map(({ source }) => source)).toEqual(['trigger']);
    expect(graph.outgoing.get('a')).toEqual([]);
  });

  it('has ancestors and descendants that mirror each other, and an order that respects them', () => {
    const ids = ['trigger', 'a', 'b', 'c', 'd', 'e', 'f'];
    const pair = fc.tuple(fc.nat(6), fc.nat(6)).filter(([from, to]) => from < to);
    fc.assert(
      fc.property(fc.uniqueArray(pair, { maxLength: 12, selector: String }), (pairs) => {
        const graph = graphOf(
          ids.slice(1).map(step),
          pairs.map(([from, to]) => `${ids[from]} -> ${ids[to]}`),
        );
        const order = graph.order.get(null) ?? [];
        expect([...order].sort()).toEqual([...ids].sort());
        for (const id of ids) {
          for (const other of ancestorsOf(graph, id)) {
            expect(descendantsOf(graph, other).has(id)).toBe(true);
            expect(order.indexOf(other)).toBeLessThan(order.indexOf(id));
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});
