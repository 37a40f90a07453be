import * as z from 'zod';
import { blocks as builtIn } from '../../src/blocks';
import { defineBlock, indexBlocks, type Json, listVariables, type Variable } from '../../src/core';
import { definition, node } from '../support/definitions';

const rich = defineBlock({
  type: 'test.rich',
  provider: 'flow',
  label: { en: 'Rich', it: 'Ricco' },
  description: { en: 'Gives much', it: 'Dà molto' },
  icon: 'r',
  sideEffect: 'none',
  input: z.looseObject({}),
  output: z.object({
    total: z.number().meta({ label: { en: 'Total', it: 'Totale' } }),
    rows: z.array(z.object({ unitPrice: z.number() })),
    byKey: z.record(z.string(), z.object({ n: z.number() })),
    maybe: z.string().optional(),
  }),
  sample: { total: 12, rows: [{ unitPrice: 3 }], byKey: { 'a b': { n: 1 } } },
});
const blocks = indexBlocks([...builtIn, rich]);
const message = (id: string) => node(id, 'slack.send-message');
const flat = (variables: readonly Variable[]): string[] =>
  variables.flatMap(({ reference, children }) => [reference, ...flat(children)]);
const find = (variables: readonly Variable[], reference: string): Variable | undefined =>
  variables.reduce<Variable | undefined>(
    (found, variable) =>
      found ?? (variable.reference === reference ? variable : find(variable.children, reference)),
    undefined,
  );

const workflow = definition(
  [
    node('rich_1', 'test.rich', { label: 'Fattura' }),
    node('l', 'flow.loop', { config: { items: [{ name: 'x' }] } }),
    message('in'),
    node('deep', 'flow.loop', { config: { items: [1] } }),
    message('leaf'),
    message('out'),
    message('other'),
  ],
  [
    'trigger -> rich_1',
    'rich_1 -> l',
    'l:each -> in',
    'in -> deep',
    'deep:each -> leaf',
    'l:done -> out',
    'trigger -> other',
  ],
);
const list = (nodeId: string, values: Record<string, Json> = {}) =>
  listVariables(workflow, nodeId, blocks, values);
const sources = (nodeId: string) =>
  list(nodeId, { trigger: { a: 1 } }).map(({ kind, nodeId: id }) => `${kind} ${id}`);

describe('the variables of a node', () => {
  it('are the loops around it, nearest first, the trigger, the steps before it that it can see, and the run', () => {
    expect(sources('out')).toEqual(['trigger trigger', 'step rich_1', 'step l', 'run null']);
    expect(sources('other')).toEqual(['trigger trigger', 'run null']);
    expect(sources('leaf')).toEqual([
      'loop deep',
      'loop l',
      'trigger trigger',
      'step rich_1',
      'step in',
      'run null',
    ]);
    expect(list('trigger').map(({ kind }) => kind)).toEqual(['run']);
  });

  it('of a step come from its output schema, each with a reference, a label and a sample', () => {
    const group = list('l').find(({ nodeId }) => nodeId === 'rich_1');
    expect(group?.label).toEqual({ en: 'Fattura', it: 'Fattura' });
    expect(flat(group?.variables ?? [])).toEqual([
      'step.rich_1.output.total',
      'step.rich_1.output.rows',
      'step.rich_1.output.rows[0]',
      'step.rich_1.output.rows[0].unitPrice',
      'step.rich_1.output.byKey',
      'step.rich_1.output.byKey["a b"]',
      'step.rich_1.output.byKey["a b"].n',
      'step.rich_1.output.maybe',
    ]);
    expect(find(group?.variables ?? [], 'step.rich_1.output.total')).toEqual({
      reference: 'step.rich_1.output.total',
      label: { en: 'Total', it: 'Totale' },
      sample: 12,
      children: [],
    });
    expect(find(group?.variables ?? [], 'step.rich_1.output.rows[0].unitPrice')?.label.en).toBe('Unit price');
  });

  it('show real values before samples, with what the schema does not know', () => {
    const [trigger, rich_] = list('l', {
      trigger: { document: { id: 'd1' } },
      rich_1: { total: 99, extra: true },
    });
    expect(find(trigger?.variables ?? [], 'trigger.payload.document.id')?.sample).toBe('d1');
    expect(find(rich_?.variables ?? [], 'step.rich_1.output.total')?.sample).toBe(99);
    expect(find(rich_?.variables ?? [], 'step.rich_1.output.extra')?.sample).toBe(true);
  });

  it('of the nearest loop are short, of an outer one by name', () => {
    const groups = list('leaf').filter(({ kind }) => kind === 'loop');
    expect(groups.map(({ variables }) => flat(variables))).toEqual([
      ['loop.item', 'loop.index'],
      ['loop.l.item', 'loop.l.item.name', 'loop.l.index'],
    ]);
  });

  it('of a loop over a referenced list have the labels and the example of its items, an outer loop’s item included', () => {
    const signers = definition(
      [
        node('trigger', 'doc-manager.document-completed'),
        node('each', 'flow.loop', { config: { items: '{{trigger.payload.signers}}' } }),
        node('inner', 'flow.if'),
      ],
      ['trigger -> each', 'each:each -> inner'],
    );
    const [loop] = listVariables(signers, 'inner', blocks, {
      trigger: { signers: [{ name: 'Anna Neri', email: 'anna@neri.example' }] },
    });
    const item = loop?.variables[0];
    expect(
      item?.children.map(({ reference, label, sample }) => [reference, label.it, sample]).slice(0, 2),
    ).toEqual([
      ['loop.item.name', 'Nome', 'Anna Neri'],
      ['loop.item.email', 'Email', 'anna@neri.example'],
    ]);
  });

  it('have names of their own when a payload or a node is called like something every object has', () => {
    const payload = JSON.parse(
      '{"toString": 1, "constructor": {"x": 2}, "__proto__": 3, "valueOf": {"y": 4}}',
    ) as Json;
    const [trigger] = list('l', { trigger: payload });
    expect(flat(trigger?.variables ?? []).sort()).toEqual([
      'trigger.payload.__proto__',
      'trigger.payload.constructor',
      'trigger.payload.constructor.x',
      'trigger.payload.toString',
      'trigger.payload.valueOf',
      'trigger.payload.valueOf.y',
    ]);
    const odd = definition(
      [node('constructor', 'test.rich'), message('b')],
      ['trigger -> constructor', 'constructor -> b'],
    );
    const group = listVariables(odd, 'b', blocks).find(({ nodeId }) => nodeId === 'constructor');
    expect(find(group?.variables ?? [], 'step.constructor.output.total')?.sample).toBe(12);
  });

  it('are bounded in depth and number, however large the value', () => {
    let deep: Json = 1;
    for (let level = 0; level < 30; level += 1) deep = { v: deep };
    const wide = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`k${index}`, index]));
    const [trigger] = list('l', { trigger: { deep, wide } });
    expect(flat(trigger?.variables ?? []).length).toBeLessThan(100);
  });
});
