import fc from 'fast-check';
import { blocks as builtIn } from '../../src/blocks';
import {
  defaultCaps,
  getOwn,
  type IssueCode,
  indexBlocks,
  issueTexts,
  jsonBytes,
  parseDefinition,
  validateDefinition,
  type WorkflowDefinition,
  workflowDefinitionSchema,
} from '../../src/core';
import { completedDocument, contractWorkflow, definition, node } from '../support/definitions';
import { run } from './run-harness';

const blocks = indexBlocks(builtIn);
const codes = (value: unknown, caps = {}) => [
  ...new Set(validateDefinition(value, { blocks, caps }).map(({ code }) => code)),
];
const message = (id: string, text = 'x') =>
  node(id, 'slack.send-message', { config: { channel: '#x', text } });
const many = (nodes: number, edges = nodes): WorkflowDefinition => {
  const list = Array.from({ length: nodes }, (_, index) => message(`n${index}`));
  const chain = definition(
    list,
    list.map(({ id }, index) => `${list[index - 1]?.id ?? 'trigger'} -> ${id}`),
  );
  const more = Array.from({ length: edges - nodes }, (_, index) => ({
    id: `more_${index}`,
    source: 'trigger',
    sourceHandle: 'next',
    target: `n${index % nodes}`,
  }));
  return { ...chain, edges: [...chain.edges, ...more] };
};
/** `depth` loops, one in the other, and a step inside. */
const nestedLoops = (depth: number) => {
  const loops = Array.from({ length: depth }, (_, index) =>
    node(`l${index}`, 'flow.loop', { config: { items: [1] } }),
  );
  const last = message('in');
  return definition(
    [...loops, last],
    [...loops, last].map(({ id }, index) =>
      index === 0 ? `trigger -> ${id}` : `l${index - 1}:each -> ${id}`,
    ),
  );
};
/** A definition whose root nests `depth` levels: the innermost four are the definition's own. */
const nestedConfig = (depth: number): WorkflowDefinition => {
  let value: unknown = 'x';
  for (let level = 4; level < depth; level += 1) value = { v: value };
  return definition([node('a', 'acme.any', { config: { v: value as never } })], []);
};
const ofSize = (bytes: number): WorkflowDefinition => {
  const filled = (text: string) => definition([node('a', 'acme.any', { config: { t: text } })], []);
  return filled('x'.repeat(bytes - jsonBytes(filled(''))));
};

const withText = (text: string) => definition([message('a', text)], ['trigger -> a']);
const long = (length: number) => withText(`{{run.id}}${'x'.repeat(length - '{{run.id}}'.length)}`);

describe('a definition at a limit is let through, and one over it is not', () => {
  it.each<[IssueCode, WorkflowDefinition, WorkflowDefinition]>([
    ['too_many_nodes', many(99), many(100)],
    ['too_many_edges', many(50, 200), many(50, 201)],
    ['loop_too_deep', nestedLoops(3), nestedLoops(4)],
    ['too_deep', nestedConfig(32), nestedConfig(33)],
    ['definition_too_large', ofSize(defaultCaps.definitionBytes), ofSize(defaultCaps.definitionBytes + 1)],
    ['template_too_long', long(defaultCaps.templateChars), long(defaultCaps.templateChars + 1)],
    ['too_many_references', withText('{{run.id}}'.repeat(200)), withText('{{run.id}}'.repeat(201))],
  ])('%s', (code, at, over) => {
    expect(codes(at)).not.toContain(code);
    expect(codes(over)).toContain(code);
  });

  it('by the caps of the host when it has its own', () => {
    expect(codes(many(3), { nodes: 4, edges: 3 })).toEqual([]);
    expect(codes(many(3), { nodes: 3 })).toEqual(['too_many_nodes']);
    expect(codes(many(3), { edges: 2 })).toEqual(['too_many_edges']);
    expect(codes(nestedLoops(2), { loopNesting: 1 })).toEqual(['loop_too_deep']);
  });

  it('counts bytes of UTF-8 and says both numbers', () => {
    const [issue] = validateDefinition(withText('è'.repeat(20)), { blocks, caps: { definitionBytes: 50 } });
    expect(issue).toMatchObject({
      code: 'definition_too_large',
      params: { actual: String(jsonBytes(withText('è'.repeat(20)))), limit: '50' },
    });
  });
});

describe('a definition far over the limits', () => {
  it('is refused for its size alone: the graph is not looked at', () => {
    const huge = { ...many(4000, 4000), edges: [] };
    expect(codes(huge, { definitionBytes: 10_000_000 })).toEqual(['too_many_nodes']);
  });
});

describe('whatever comes in', () => {
  const isKnown = (code: string) => Object.hasOwn(issueTexts, code);

  it('is answered with issues, never thrown at: of any value', () => {
    const any = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSparseArray: true,
      withNullPrototype: true,
    });
    fc.assert(
      fc.property(any, (value) => {
        const issues = validateDefinition(value, { blocks });
        expect(issues.length).toBeGreaterThan(0);
        expect(issues.every(({ code }) => isKnown(code))).toBe(true);
      }),
      { numRuns: 3000 },
    );
    const circle: Record<string, unknown> = {};
    circle.nodes = [circle, circle];
    expect(codes(circle)).toEqual(['too_deep']);
    for (const value of [undefined, null, 10n, Symbol('x'), () => 1, { nodes: [{ x: 10n }] }])
      expect(codes(value)).toEqual(['definition_malformed']);
  });

  it('is answered with issues, never thrown at: of broken definitions; what has no errors parses to itself', () => {
    const id = fc.constantFrom(
      'trigger',
      'a',
      'b',
      'l',
      'm',
      'constructor',
      '__proto__',
      'toString',
      'item',
      'Bad Id',
      '',
    );
    const type = fc.constantFrom(...blocks.keys(), 'acme.gone', '__proto__', 'constructor');
    const text = fc.constantFrom(
      ...[
        '{{trigger.payload.x}}',
        '{{step.a.output}}',
        '{{step.constructor.output}}',
        '{{loop.item}}',
        '{{loop.__proto__.item}}',
      ],
      ...['{{x}}', '{{run.', '{{run.id|}}', '', 'text', '{{step}}', '{{loop.l.item}}'],
    );
    const value = fc.oneof(text, fc.jsonValue({ maxDepth: 3 }), fc.record({ conditions: fc.jsonValue() }));
    const key = fc.constantFrom(
      'channel',
      'text',
      'items',
      'collect',
      'match',
      'conditions',
      'documentId',
      'status',
      '__proto__',
      'x',
    );
    const config = fc.dictionary(key, value, { maxKeys: 4 });
    const nodes = fc.array(
      fc.record(
        { id, type, config, onError: fc.constantFrom('branch', 'fail'), disabled: fc.boolean() },
        { requiredKeys: ['id', 'type'] },
      ),
      { maxLength: 7 },
    );
    const handle = fc.constantFrom('next', 'each', 'done', 'true', 'false', 'error', 'constructor');
    const edges = fc.array(
      fc.record({
        id: fc.constantFrom('e1', 'e2', 'e3', 'e4', 'e5'),
        source: id,
        sourceHandle: handle,
        target: id,
      }),
      { maxLength: 10 },
    );
    fc.assert(
      fc.property(fc.record({ schemaVersion: fc.constant(1), nodes, edges }), (broken) => {
        const before = JSON.stringify(broken);
        expect(validateDefinition(broken, { blocks }).every(({ code }) => isKnown(code))).toBe(true);
        expect(JSON.stringify(broken)).toBe(before);
      }),
      { numRuns: 5000 },
    );
  });

  it('and has no errors can be stored and run: one value of a good definition replaced by another', async () => {
    const places = leavesOf(contractWorkflow);
    let accepted = 0;
    const mutation = fc.tuple(
      fc.constantFrom(...places),
      fc.oneof(fc.string(), fc.jsonValue({ maxDepth: 2 })),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(mutation, { minLength: 1, maxLength: 2 }), async (mutations) => {
        const value: unknown = structuredClone(contractWorkflow);
        for (const [place, replacement] of mutations) replaceAt(value, place, replacement);
        if (validateDefinition(value, { blocks }).some(({ severity }) => severity === 'error')) return;
        accepted += 1;
        const parsed = parseDefinition(JSON.parse(JSON.stringify(value)));
        if (!('definition' in parsed)) throw new Error('An accepted definition does not parse.');
        expect(workflowDefinitionSchema.parse(parsed.definition)).toEqual(parsed.definition);
        const { end } = await run(parsed.definition, { payload: completedDocument(1200), blocks });
        expect(['succeeded', 'failed']).toContain(end.status);
      }),
      { numRuns: 2000 },
    );
    // About 240; chance alone never brings it so low.
    expect(accepted).toBeGreaterThan(100);
  });

  it('that is a saved definition survives being stored and read: the issues are the same', () => {
    const stored = JSON.parse(JSON.stringify(contractWorkflow));
    expect(validateDefinition(stored, { blocks })).toEqual(validateDefinition(contractWorkflow, { blocks }));
    expect(parseDefinition(stored)).toEqual({ definition: contractWorkflow });
  });
});

type Place = readonly (string | number)[];

function leavesOf(value: unknown, at: Place = []): Place[] {
  if (value === null || typeof value !== 'object') return [at];
  return Object.entries(value).flatMap(([key, child]) =>
    leavesOf(child, [...at, Array.isArray(value) ? Number(key) : key]),
  );
}

function replaceAt(value: unknown, place: Place, replacement: unknown): void {
  const parent = place.slice(0, -1).reduce<unknown>((inner, key) => getOwn(inner, key), value);
  const key = place.at(-1);
  if (parent !== null && typeof parent === 'object' && key !== undefined)
    Object.assign(parent, { [key]: replacement });
}
