import fc from 'fast-check';
import { BlockError, filterNames, type Json, resolveTemplate, type Scope } from '../../src/core';

const scope: Scope = {
  trigger: {
    payload: { title: 'T', amount: 1, tags: ['a'], rows: [{ id: 'r1' }], owner: { name: 'Mario' } },
  },
  stepOutput: (id) => (id === 'invoice_m3xa' ? { total: 12 } : undefined),
  loops: [{ nodeId: 'inner', item: { v: 1 }, index: 4 }],
  run: { id: 'run_1' },
  workflow: { id: 'wf_1', name: 'Contratti' },
};
const resolve = (template: string) => resolveTemplate(template, scope);

function codeOf(template: string): string {
  try {
    resolve(template);
  } catch (error) {
    if (error instanceof BlockError) return error.failure.code;
    throw error;
  }
  throw new Error(`${template} resolved.`);
}

/** Ways out of a template language that other products have had. */
const escapes = [
  'constructor',
  'constructor.constructor',
  '__proto__',
  '__proto__.polluted',
  'prototype',
  'toString',
  'hasOwnProperty',
  'valueOf',
  '["constructor"]["prototype"]',
  '["__proto__"]',
  'title.constructor',
  'tags.map',
  'tags.constructor.constructor',
  'rows[0].__proto__.x',
  'owner["\\u005f\\u005fproto__"]',
  '__lookupGetter__',
  'amount.toFixed',
];

describe('what a reference can reach', () => {
  const roots = [
    'trigger',
    'trigger.payload',
    'step',
    'step.invoice_m3xa.output',
    'loop',
    'loop.item',
    'run',
    'workflow',
  ];
  it.each(escapes)('is own data only: %s is missing behind every root', (wayOut) => {
    const snapshot = Object.getOwnPropertyNames(Object.prototype);
    for (const root of roots) {
      const path = wayOut.startsWith('[') ? wayOut : `.${wayOut}`;
      expect(codeOf(`{{${root}${path}}}`)).toBe('reference_missing');
      expect(resolve(`{{${root}${path}?}}`)).toBeNull();
    }
    expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(snapshot);
  });

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('is no step or loop named %s', (id) => {
    expect(codeOf(`{{step.${id}.output}}`)).toBe('reference_missing');
    expect(codeOf(`{{loop.${id}.item}}`)).toBe('reference_missing');
  });

  it('is an own value of such a name when the payload has one', () => {
    const own = JSON.parse('{"__proto__": {"x": 1}, "constructor": 2}') as Json;
    const within = { ...scope, trigger: { payload: own } };
    expect(resolveTemplate('{{trigger.payload.__proto__.x}}', within)).toBe(1);
    expect(resolveTemplate('{{trigger.payload.constructor}}', within)).toBe(2);
  });

  it('never is code: of 100,000 hostile templates each gives JSON or a BlockError', () => {
    const word = fc.constantFrom(
      ...[
        'trigger',
        'step',
        'loop',
        'run',
        'workflow',
        'payload',
        'output',
        'item',
        'title',
        'tags',
        'invoice_m3xa',
      ],
      ...[
        'constructor',
        '__proto__',
        'prototype',
        'toString',
        'return process',
        // biome-ignore lint/suspicious/noTemplateCurlyInString: hostile on purpose
        '${1}',
        '`',
        '\\u0063',
        '\u0000',
        '\ud800',
      ],
    );
    const glue = fc.constantFrom(
      '{{',
      '}}',
      '.',
      '[',
      ']',
      '["',
      '"]',
      "'",
      '|',
      ':',
      ',',
      '?',
      ' ',
      '(',
      ')',
      '$&',
      '0',
      '-1',
      '1e9',
    );
    const filter = fc.constantFrom(
      ...filterNames.map((name) => `|${name}`),
      '|constructor',
      '|number: 999',
      '|currency:"?"',
      '|date:"yyyy"',
    );
    const hostile = fc.array(
      fc.oneof({ weight: 4, arbitrary: word }, { weight: 4, arbitrary: glue }, filter),
      { maxLength: 14 },
    );
    const template = fc
      .tuple(hostile, fc.boolean())
      .map(([pieces, wrap]) => (wrap ? `{{${pieces.join('')}}}` : pieces.join('')));
    let resolved = 0;
    const before = [
      Object.getOwnPropertyNames(Object.prototype),
      Object.getOwnPropertyNames(Array.prototype),
    ];
    fc.assert(
      fc.property(template, (text) => {
        try {
          const value = resolve(text);
          if (typeof value === 'function' || value === undefined)
            throw new Error(`${text} gave ${typeof value}`);
          if (typeof value === 'object') JSON.stringify(value);
          resolved += 1;
        } catch (error) {
          if (!(error instanceof BlockError)) throw error;
        }
      }),
      { numRuns: 100_000 },
    );
    expect(resolved).toBeGreaterThan(1000);
    expect([
      Object.getOwnPropertyNames(Object.prototype),
      Object.getOwnPropertyNames(Array.prototype),
    ]).toEqual(before);
  });
});
