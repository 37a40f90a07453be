import fc from 'fast-check';
import {
  cleanJson,
  formatPath,
  getOwn,
  isDeeperThan,
  type Json,
  jsonBytes,
  stableJson,
} from '../../src/core';

const LONE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

describe('cleaning a value for storage', () => {
  it.each<[string, unknown, Json]>([
    ['NUL in text and keys', { 'a\u0000b': 'x\u0000y' }, { ab: 'xy' }],
    ['lone surrogates', ['a\ud83dz', '\ude00', '\ud83d\ude00'], ['a\ufffdz', '\ufffd', '😀']],
    ['a pair that a NUL kept apart', '\ud83d\u0000\ude00', '😀'],
    ['numbers that are none', [Number.NaN, Number.POSITIVE_INFINITY, -0.5], [null, null, -0.5]],
    ['bigints', { n: 2n ** 70n }, { n: '1180591620717411303424' }],
    ['dates, possible or not', [new Date(0), new Date(Number.NaN)], ['1970-01-01T00:00:00.000Z', null]],
    ['undefined and functions', { a: undefined, b: () => 1, c: [undefined, () => 1] }, { c: [null, null] }],
    ['holes', Object.assign([], { 2: 'x' }), [null, null, 'x']],
    ['symbols', { a: Symbol('x') }, { a: null }],
    ['nothing', undefined, null],
  ])('mends %s', (_, value, expected) => {
    expect(cleanJson(value)).toEqual(expected);
  });

  it('drops keys that touch prototypes, also those a NUL was hiding', () => {
    const hostile = JSON.parse(
      '{"__proto__": {"isAdmin": true}, "__proto__\\u0000": {"isAdmin": true}, "constr\\u0000uctor": 1, "prototype": 2, "ok": {"constructor": 3}}',
    );
    const clean = cleanJson(hostile) as Record<string, Json>;
    expect(clean).toEqual({ ok: {} });
    expect(Object.getPrototypeOf(clean)).toBe(Object.prototype);
    expect(clean.isAdmin).toBeUndefined();
    expect(({} as { isAdmin?: unknown }).isAdmin).toBeUndefined();
  });

  it('of anything is storable, is its own cleaning, and leaves the value as it was', () => {
    const anything = fc.anything({
      maxDepth: 4,
      withBigInt: true,
      withDate: true,
      withSparseArray: true,
      withNullPrototype: true,
      key: fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.constantFrom('__proto__', 'constructor', '__proto__\u0000'),
      ),
      values: [
        fc.string({ unit: 'binary' }),
        fc.double(),
        fc.boolean(),
        fc.constant(null),
        fc.constantFrom('\u0000', '\ud800', '\udc00\ud800'),
      ],
    });
    fc.assert(
      fc.property(anything, (value) => {
        const clean = cleanJson(value);
        const text = JSON.stringify(clean);
        expect(text).not.toContain('\\u0000');
        expect(LONE.test(text) || /\\ud[89a-f]/i.test(text)).toBe(false);
        expect(text).not.toMatch(/"(__proto__|constructor|prototype)":/);
        expect(stableJson(cleanJson(clean))).toBe(stableJson(clean));
        expect(stableJson(JSON.parse(text))).toBe(stableJson(clean));
      }),
      { numRuns: 5000 },
    );
  });
});

describe('the depth of a value', () => {
  const nest = (depth: number, wrap: (inner: unknown) => unknown) => {
    let value: unknown = 1;
    for (let level = 0; level < depth; level += 1) value = wrap(value);
    return value;
  };

  it('counts arrays and objects, one inside the other', () => {
    for (const wrap of [(inner: unknown) => [inner], (inner: unknown) => ({ inner, more: 1 })]) {
      expect(isDeeperThan(nest(3, wrap), 3)).toBe(false);
      expect(isDeeperThan(nest(4, wrap), 3)).toBe(true);
    }
    expect(isDeeperThan('text', 0)).toBe(false);
    expect(isDeeperThan(null, 0)).toBe(false);
    expect(isDeeperThan([], 0)).toBe(true);
  });

  it('is found without recursion, in circles as well', () => {
    expect(
      isDeeperThan(
        nest(500_000, (inner) => [inner]),
        32,
      ),
    ).toBe(true);
    expect(
      isDeeperThan(
        nest(500_000, (inner) => [inner]),
        600_000,
      ),
    ).toBe(false);
    const circle: unknown[] = [];
    circle.push(circle, circle, circle);
    expect(isDeeperThan(circle, 1000)).toBe(true);
  });
});

describe('small tools on JSON', () => {
  it('measure bytes of UTF-8', () => {
    expect([
      jsonBytes('è'),
      jsonBytes({ a: [1] }),
      jsonBytes(undefined),
      jsonBytes('😀'),
      jsonBytes([10n]),
    ]).toEqual([4, 9, 0, 6, 6]);
  });

  it('read own properties only', () => {
    expect(getOwn({ a: 1 }, 'a')).toBe(1);
    expect(getOwn(['x'], 0)).toBe('x');
    for (const [value, key] of [
      [{}, 'toString'],
      [[], 'map'],
      ['text', 'length'],
      [null, 'a'],
      [() => 1, 'name'],
      [{}, '__proto__'],
    ] as const)
      expect(getOwn(value, key)).toBeUndefined();
  });

  it('write paths as a person would', () => {
    expect(formatPath(['conditions', 0, 'left'])).toBe('conditions[0].left');
    expect(formatPath([])).toBe('');
    expect(formatPath([1, 2])).toBe('[1][2]');
  });

  it('give equal text for equal values, whatever the order of their keys, and other text for others', () => {
    expect(stableJson({ b: [{ d: 1, c: 2 }], a: null })).toBe('{"a":null,"b":[{"c":2,"d":1}]}');
    expect(stableJson([1, 2])).not.toBe(stableJson([2, 1]));
  });
});
