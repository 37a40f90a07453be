import * as z from 'zod';
import { blocks as builtIn } from '../../src/blocks';
import {
  defineBlock,
  type Issue,
  type IssueCode,
  indexBlocks,
  issueTexts,
  type Json,
  type ValidateOptions,
  validateDefinition,
  type WorkflowDefinition,
} from '../../src/core';
import { condition, contractWorkflow, definition, node } from '../support/definitions';

const plain = defineBlock({
  type: 'test.plain',
  provider: 'acme',
  label: { en: 'Plain', it: 'Semplice' },
  description: { en: 'Anything', it: 'Qualsiasi' },
  icon: 'p',
  sideEffect: 'none',
  input: z.looseObject({}),
  output: z.json(),
  sample: {},
});
const blocks = indexBlocks([...builtIn, plain]);
const validate = (value: unknown, options: Partial<ValidateOptions> = {}) =>
  validateDefinition(value, { blocks, ...options });
const step = (id: string, config: Record<string, Json> = {}, rest = {}) =>
  node(id, 'test.plain', { config, ...rest });
const loop = (id: string, items: Json = [1]) => node(id, 'flow.loop', { config: { items } });
const chain = (...nodes: ReturnType<typeof node>[]) =>
  definition(
    nodes,
    nodes.map(({ id }, index) => `${nodes[index - 1]?.id ?? 'trigger'} -> ${id}`),
  );
const brief = (issues: Issue[]) =>
  issues.map(({ severity, code, nodeId, edgeId, path }) =>
    [severity, code, nodeId ?? '', path ?? '', edgeId ?? ''].join(' ').trimEnd(),
  );
const withEdges = (edges: WorkflowDefinition['edges']): WorkflowDefinition => ({
  ...chain(step('a')),
  edges,
});

describe('a valid definition', () => {
  it.each<[string, WorkflowDefinition]>([
    ['the contract workflow', contractWorkflow],
    ['a trigger alone', definition([], [])],
    [
      'a diamond',
      definition(
        ['a', 'b', 'c'].map((id) => step(id)),
        ['trigger -> a', 'trigger -> b', 'a -> c', 'b -> c'],
      ),
    ],
    [
      'loops in loops with references out of them',
      definition(
        [
          loop('l1', '{{trigger.payload.rows}}'),
          loop('l2', '{{loop.item}}'),
          loop('l3', '{{loop.item}}'),
          step('leaf', { a: '{{loop.l1.index}}', b: '{{loop.item}}', c: '{{trigger.payload}}' }),
          step('end', { all: '{{step.l1.output.results}}' }),
        ],
        ['trigger -> l1', 'l1:each -> l2', 'l2:each -> l3', 'l3:each -> leaf', 'l1:done -> end'],
      ),
    ],
    [
      'an error branch that leads on',
      definition([step('a', {}, { onError: 'branch' }), step('b')], ['trigger -> a', 'a:error -> b']),
    ],
  ])('has no issues: %s', (_, value) => {
    const before = structuredClone(value);
    expect(validate(value)).toEqual([]);
    expect(value).toEqual(before);
  });
});

/** Every code but `reference_*` and fields, which have their own file, with the smallest definition that has it. */
const cases: [IssueCode, unknown, string[], Partial<ValidateOptions>?][] = [
  [
    'definition_malformed',
    { schemaVersion: 2, nodes: [], edges: [] },
    ['error definition_malformed  schemaVersion'],
  ],
  ['trigger_missing', { schemaVersion: 1, nodes: [step('a')], edges: [] }, ['error trigger_missing']],
  ['trigger_extra', chain(node('a', 'flow.manual')), ['error trigger_extra a']],
  [
    'trigger_not_a_trigger',
    definition([node('trigger', 'test.plain')], []),
    ['error trigger_not_a_trigger trigger'],
  ],
  ['node_duplicate', chain(step('a'), step('a')), ['error node_duplicate a', 'error cycle a']],
  [
    'edge_duplicate',
    withEdges([
      { id: 'e', source: 'trigger', sourceHandle: 'next', target: 'a' },
      { id: 'e', source: 'trigger', sourceHandle: 'next', target: 'a' },
    ]),
    ['error edge_duplicate   e'],
  ],
  ['unknown_block', chain(node('a', 'acme.gone')), ['error unknown_block a']],
  [
    'edge_unknown_node',
    definition([step('a')], ['trigger -> a', 'a -> gone', 'gone -> a']),
    ['error edge_unknown_node   a____gone', 'error edge_unknown_node   gone____a'],
  ],
  [
    'edge_unknown_handle',
    definition([step('a'), step('b')], ['trigger -> a', 'a:maybe -> b']),
    ['error edge_unknown_handle a  a_maybe____b'],
  ],
  [
    'edge_into_trigger',
    {
      ...chain(step('a')),
      edges: [
        ...chain(step('a')).edges,
        { id: 'back', source: 'a', sourceHandle: 'next', target: 'trigger' },
      ],
    },
    ['error edge_into_trigger a  back', 'error cycle trigger', 'error cycle a'],
  ],
  [
    'cycle',
    definition([step('a'), step('b'), step('c')], ['trigger -> a', 'a -> b', 'b -> a', 'b -> c']),
    ['error cycle a', 'error cycle b'],
  ],
  ['cycle', definition([step('a')], ['trigger -> a', 'a -> a']), ['error cycle a']],
  [
    'edge_into_loop',
    definition([loop('l'), step('in')], ['trigger -> l', 'l:each -> in', 'trigger -> in']),
    ['error edge_into_loop in  trigger____in'],
  ],
  [
    'edge_into_loop',
    definition(
      [loop('l'), step('in'), step('out')],
      ['trigger -> l', 'l:each -> in', 'l:done -> out', 'in -> out'],
    ),
    ['error edge_into_loop out  l_done____out'],
  ],
  ['node_unreachable', definition([step('a')], []), ['warning node_unreachable a']],
  [
    'on_error_branch_unused',
    chain(step('a', {}, { onError: 'branch' })),
    ['warning on_error_branch_unused a'],
  ],
  [
    'provider_not_connected',
    chain(step('a'), step('off', {}, { disabled: true })),
    ['warning provider_not_connected a'],
    { connections: new Set(['slack']), providerLabels: new Map([['acme', 'Acme']]) },
  ],
  ['template_invalid', chain(step('a', { t: ['x {{trigger.}}'] })), ['error template_invalid a t[0]']],
  ['filter_unknown', chain(step('a', { t: '{{run.id | shout | upper}}' })), ['error filter_unknown a t']],
  ['braces_foreign', chain(step('a', { t: '{{allegati}}' })), ['warning braces_foreign a t']],
];

describe('validation', () => {
  it.each(cases.map(([code, ...rest]) => ({ code, rest })))(
    'reports $code where it is, and nothing else',
    ({ rest }) => {
      const [value, expected, options] = rest;
      expect(brief(validate(value, options))).toEqual(expected);
    },
  );

  it('fills every placeholder of its messages', () => {
    const issues = cases.flatMap(([, value, , options]) => validate(value, options));
    for (const { message, code, params } of issues) {
      expect(message).not.toMatch(
        /\{(label|id|type|handle|path|reason|field|limit|actual|filter|known|provider)\}/,
      );
      expect(Object.keys(params).sort()).toEqual(
        [...new Set([...issueTexts[code].matchAll(/\{(\w+)\}/g)].map((match) => match[1]))].sort(),
      );
    }
  });

  it('names a node by its own label when it has one', () => {
    const [issue] = validate(definition([step('a', {}, { label: 'Avvisa Mario' })], []));
    expect(issue).toEqual({
      severity: 'warning',
      code: 'node_unreachable',
      nodeId: 'a',
      message: '"Avvisa Mario" is not connected to the trigger and will never run.',
      params: { label: 'Avvisa Mario' },
    });
  });

  it('names only the nodes on a circle, not those stuck behind it', () => {
    const behind = definition(
      [step('a'), step('b'), step('c')],
      ['trigger -> c', 'a -> b', 'b -> a', 'b -> c'],
    );
    expect(
      validate(behind)
        .filter(({ code }) => code === 'cycle')
        .map(({ nodeId }) => nodeId),
    ).toEqual(['a', 'b']);
  });

  it('does not look at connections unless it is told of them', () => {
    expect(validate(chain(step('a')), { providerLabels: new Map([['acme', 'Acme']]) })).toEqual([]);
    expect(validate(chain(step('a')), { connections: new Set() })).toEqual([]);
  });

  it('lets unary conditions stand without a right side', () => {
    const value = chain(node('a', 'flow.if', { config: condition('{{trigger.payload.x?}}', 'is_empty') }));
    expect(validate(value)).toEqual([]);
  });
});
