/** JSON texts that have broken parsers, databases and prototypes, by name: they come as the body of a request does. */
export const poisonTexts: Readonly<Record<string, string>> = {
  nul: '{"a":"x\\u0000y"}',
  'nul in a key': '{"a\\u0000b":1}',
  'a lone surrogate': '{"a":"x\\ud800y"}',
  'surrogates the wrong way round': '{"a":"\\udc00\\ud800"}',
  'a lone surrogate in a key': '{"\\ud800":1}',
  'a number beyond all numbers': '{"a":1e400,"b":-1e400}',
  'a number of thirty digits': '{"a":123456789012345678901234567890}',
  'minus zero': '{"a":-0}',
  'arrays 10,000 deep': `{"a":${'['.repeat(10_000)}${']'.repeat(10_000)}}`,
  'objects 10,000 deep': `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`,
  'five megabytes of text': `{"a":"${'x'.repeat(5 * 1024 * 1024)}"}`,
  'a hundred thousand keys': `{${Array.from({ length: 100_000 }, (_, index) => `"k${index}":1`).join()}}`,
  'a prototype': '{"__proto__":{"polluted":true},"a":{"__proto__":{"polluted":true}}}',
  'a constructor': '{"constructor":{"prototype":{"polluted":true}}}',
  'a prototype behind a nul': '{"__pro\\u0000to__":{"polluted":true}}',
  'an empty key': '{"":{"":1}}',
  'a key twice': '{"a":1,"a":2}',
  'text that turns around': '{"a":"\\u202egnp.exe"}',
  'a template': '{"a":"{{trigger.payload.a}} {{step.probe_1.output}}"}',
};

/** What a block may give though no JSON can say it. */
export const poisonOutputs: Readonly<Record<string, () => unknown>> = {
  undefined: () => undefined,
  'a function': () => ({ a: () => 1 }),
  'a symbol': () => ({ a: Symbol('x') }),
  'a bigint': () => ({ a: 10n ** 40n }),
  'no number': () => ({ a: Number.NaN, b: Number.POSITIVE_INFINITY }),
  'no date': () => ({ a: new Date(Number.NaN) }),
  'a map': () => ({ a: new Map([['x', 1]]), b: new Set([1]) }),
  itself: () => {
    const value: Record<string, unknown> = {};
    value.itself = value;
    return value;
  },
  'itself, twice at every level': () => {
    const value: unknown[] = [];
    value.push(value, value);
    return { value };
  },
  'a property that throws': () =>
    Object.defineProperty({}, 'a', {
      enumerable: true,
      get: () => {
        throw new Error('No.');
      },
    }),
  'a toJSON that throws': () => ({
    toJSON: () => {
      throw new Error('No.');
    },
  }),
  'a proxy that throws': () =>
    new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error('No.');
        },
      },
    ),
  'sparse arrays': () => ({ a: new Array(5) }),
  'a typed array': () => ({ a: new Uint8Array([1, 2]) }),
  'a promise': () => ({ a: Promise.resolve(1) }),
};

/** What a block may throw. */
export const poisonErrors: Readonly<Record<string, () => unknown>> = {
  nothing: () => undefined,
  null: () => null,
  'a text': () => 'No.\u0000\ud800',
  'a number': () => 7,
  'an error with nul': () => new Error('a\u0000b\ud800'),
  'an error of megabytes': () => new Error('x'.repeat(5 * 1024 * 1024)),
  'an error whose message throws': () =>
    Object.defineProperty(new Error(), 'message', {
      get: () => {
        throw new Error('No.');
      },
    }),
  'what looks like a failure': () => ({ kind: 'retry', code: { $ne: 1 }, message: null }),
  'a code of the database': () => Object.assign(new Error('No.'), { code: '57P01' }),
};
