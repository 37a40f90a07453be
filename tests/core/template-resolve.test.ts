import { BlockError, type Json, resolveConfig, resolveTemplate, type Scope } from '../../src/core';

const payload: Json = {
  title: 'Contratto Rossi',
  amount: 1200.5,
  zero: 0,
  no: false,
  nothing: null,
  blank: '',
  tags: ['a', 'b'],
  rows: [{ id: 'r1', n: 1 }],
  owner: { name: 'Mario', 'e-mail': 'm@r.it' },
  due: '2026-11-23T10:15:00Z',
  dollars: "$& $1 $$ $` $' {{trigger.payload.title}}",
};
const outputs: Record<string, Json> = { invoice_m3xa: { total: 12, list: [] }, empty_1: null };
const scope: Scope = {
  trigger: { payload },
  stepOutput: (id) => (Object.hasOwn(outputs, id) ? outputs[id] : undefined),
  loops: [
    { nodeId: 'inner', item: { v: 1 }, index: 4 },
    { nodeId: 'outer', item: ['x'], index: 2 },
  ],
  run: { id: 'run_1' },
  workflow: { id: 'wf_1', name: 'Contratti' },
};
const resolve = (template: string) => resolveTemplate(template, scope);

function failureOf(template: string, within: Scope = scope, at: PropertyKey[] = []) {
  try {
    resolveTemplate(template, within, undefined, at);
  } catch (error) {
    if (error instanceof BlockError) return error.failure;
    throw error;
  }
  throw new Error(`${template} resolved.`);
}

describe('a template that is one reference', () => {
  it.each<[string, Json]>([
    ['{{trigger.payload.amount}}', 1200.5],
    ['{{trigger.payload.zero}}', 0],
    ['{{trigger.payload.no}}', false],
    ['{{trigger.payload.nothing}}', null],
    ['{{trigger.payload.tags}}', ['a', 'b']],
    ['{{trigger.payload.rows[0]}}', { id: 'r1', n: 1 }],
    ['{{trigger.payload.rows["0"].id}}', 'r1'],
    ['{{trigger.payload.owner.e-mail}}', 'm@r.it'],
    ['{{trigger.payload}}', payload],
    ['{{step.invoice_m3xa.output.total}}', 12],
    ['{{step.invoice_m3xa.output}}', { total: 12, list: [] }],
    ['{{step.empty_1.output}}', null],
    ['{{loop.item.v}}', 1],
    ['{{loop.index}}', 4],
    ['{{loop.inner.index}}', 4],
    ['{{loop.outer.item[0]}}', 'x'],
    ['{{loop.outer.index}}', 2],
    ['{{run.id}}', 'run_1'],
    ['{{workflow.name}}', 'Contratti'],
  ])('%s keeps the type of its value', (template, value) => {
    expect(resolve(template)).toEqual(value);
  });

  it('gives a copy: changing it changes nothing of the scope', () => {
    const before = structuredClone(payload);
    const tags = resolve('{{trigger.payload.tags}}') as Json[];
    tags.push('spoiled');
    expect(payload).toEqual(before);
  });
});

describe('references inside text', () => {
  it.each([
    ['n. {{trigger.payload.amount}}!', 'n. 1200.5!'],
    ['{{trigger.payload.zero}}{{trigger.payload.no}}', '0false'],
    ['[{{trigger.payload.nothing}}]', '[]'],
    ['{{trigger.payload.tags}} {{trigger.payload.rows[0]}}', '["a","b"] {"id":"r1","n":1}'],
    [' {{trigger.payload.amount}}', ' 1200.5'],
    ['no braces at all', 'no braces at all'],
    ['', ''],
  ])('%s become text', (template, text) => {
    expect(resolve(template)).toBe(text);
  });

  it('are put in as they are: no pattern of theirs is read, no template of theirs resolved', () => {
    expect(resolve('> {{trigger.payload.dollars}} <')).toBe("> $& $1 $$ $` $' {{trigger.payload.title}} <");
    expect(resolve('{{trigger.payload.dollars}}')).toBe("$& $1 $$ $` $' {{trigger.payload.title}}");
  });

  it('leave braces that are not ours as written', () => {
    expect(resolve('{{allegati}} di {{trigger.payload.owner.name}} {{ x')).toBe('{{allegati}} di Mario {{ x');
    expect(resolve('{{allegati}}')).toBe('{{allegati}}');
  });

  it('that cannot be read are an error naming place and reason, never text', () => {
    expect(failureOf('a {{trigger.}} b', scope, ['rows', 2, 'text'])).toEqual({
      kind: 'terminal',
      code: 'template_invalid',
      message: '{{trigger.}} cannot be read: a name is missing after the dot.',
      actor: 'customer',
      path: 'rows[2].text',
    });
    expect(failureOf('{{trigger.}}').code).toBe('template_invalid');
  });
});

describe('a missing value', () => {
  const none: Scope = { ...scope, loops: [] };
  it.each<[string, Scope, string]>([
    ['{{trigger.payload.owner.phone}}', scope, 'trigger.payload.owner is an object with name, e-mail'],
    ['{{trigger.payload.tags[7]}}', scope, 'trigger.payload.tags is a list of 2'],
    ['{{trigger.payload.title.length}}', scope, 'trigger.payload.title is text'],
    ['{{trigger.payload.amount.x}}', scope, 'trigger.payload.amount is a number'],
    ['{{trigger.payload.nothing.x}}', scope, 'trigger.payload.nothing is nothing'],
    ['{{step.gone.output.x}}', scope, 'step gone has no output in this run'],
    [
      '{{step.invoice_m3xa.input}}',
      scope,
      'of a step only the output can be read, as step.invoice_m3xa.output',
    ],
    ['{{loop.item}}', none, 'this step is not inside a loop'],
    ['{{loop.item.w}}', scope, 'loop.item is an object with v'],
    ['{{workflow.owner}}', scope, 'workflow is an object with id, name'],
  ])('%s is an error that says what was there', (template, within, there) => {
    const reference = template.slice(2, -2);
    expect(failureOf(template, within)).toMatchObject({
      code: 'reference_missing',
      message: `{{${reference}}} has no value: ${there}. Choose another value, or write {{${reference}?}} to leave it empty.`,
    });
  });

  it('is empty when it is optional: null alone, nothing inside text', () => {
    expect(resolve('{{trigger.payload.gone?}}')).toBeNull();
    expect(resolve('a{{trigger.payload.gone.deep[3]?}}b')).toBe('ab');
    expect(resolve('{{trigger.payload.amount?}}')).toBe(1200.5);
    expect(resolve('{{step.gone.output.x?}}')).toBeNull();
  });

  it('takes its default, which replaces null and empty text too but neither 0 nor false', () => {
    expect(resolve('{{trigger.payload.gone | default: "x"}}')).toBe('x');
    expect(resolve('{{trigger.payload.gone | default: 3}}')).toBe(3);
    expect(resolve('{{trigger.payload.nothing | default: "x"}}')).toBe('x');
    expect(resolve('{{trigger.payload.blank | default: "x"}}')).toBe('x');
    expect(resolve('{{trigger.payload.zero | default: "x"}}')).toBe(0);
    expect(resolve('{{trigger.payload.no | default: "x"}}')).toBe(false);
    expect(resolve('{{trigger.payload.gone | default}}')).toBe('');
  });

  it('is still an error when the default comes after another filter', () => {
    expect(failureOf('{{trigger.payload.gone | upper | default: "x"}}').code).toBe('reference_missing');
  });
});

describe('a configuration', () => {
  it('is resolved at every depth into a copy; keys and what is not text stay as they are', () => {
    const config: Json = {
      a: ['{{trigger.payload.amount}}', { b: 'n {{run.id}}' }],
      '{{run.id}}': 1,
      c: null,
    };
    const before = structuredClone(config);
    expect(resolveConfig(config, scope)).toEqual({ a: [1200.5, { b: 'n run_1' }], '{{run.id}}': 1, c: null });
    expect(config).toEqual(before);
  });

  it('names the place of what is missing', () => {
    const broken = () => resolveConfig({ rows: [{ text: '{{run.gone}}' }] }, scope, undefined, ['config']);
    expect(broken).toThrow(
      expect.objectContaining({ failure: expect.objectContaining({ path: 'config.rows[0].text' }) }),
    );
  });
});
