import * as z from 'zod';
import { manual } from '../../src/blocks/flow/manual';
import {
  BlockError,
  defineBlock,
  done,
  executeRun,
  field,
  forEach,
  implementBlock,
  indexBlocks,
  type Json,
  MemoryRunStore,
} from '../../src/core';
import { MASK, maskSensitive } from '../../src/core/block/sensitive';
import { definition, node } from '../support/definitions';

const label = { en: 'PIN', it: 'PIN' };
const pin = () => z.string().meta(field({ label, sensitive: true }));

describe('sensitive values', () => {
  it.each<[string, z.ZodType, Json, Json]>([
    [
      'a field',
      z.object({ pin: pin(), name: z.string() }),
      { pin: '1', name: 'a' },
      { pin: MASK, name: 'a' },
    ],
    ['an optional field', z.object({ pin: pin().optional() }), { pin: '1' }, { pin: MASK }],
    ['a field with a default', z.object({ pin: pin().default('0') }), { pin: '0' }, { pin: MASK }],
    [
      'a number',
      z.object({ pin: z.number().meta(field({ label, sensitive: true })) }),
      { pin: 0 },
      { pin: MASK },
    ],
    [
      'a whole object',
      z.object({ card: z.object({ no: z.string() }).meta(field({ label, sensitive: true })) }),
      { card: { no: '1' } },
      { card: MASK },
    ],
    [
      'an object in an object',
      z.object({ a: z.object({ pin: pin() }) }),
      { a: { pin: '1' } },
      { a: { pin: MASK } },
    ],
    [
      'items of a list',
      z.array(z.object({ pin: pin() })),
      [{ pin: '1' }, { pin: '2' }],
      [{ pin: MASK }, { pin: MASK }],
    ],
    ['a list of values', z.object({ pins: z.array(pin()) }), { pins: ['1', '2'] }, { pins: [MASK, MASK] }],
    ['values of a record', z.record(z.string(), pin()), { a: '1' }, { a: MASK }],
    ['a place in a tuple', z.tuple([z.string(), pin()]), ['a', '1'], ['a', MASK]],
    [
      'a variant',
      z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('card'), pin: pin() }),
        z.object({ kind: z.literal('cash'), name: z.string() }),
      ]),
      { kind: 'card', pin: '1' },
      { kind: 'card', pin: MASK },
    ],
    [
      'both halves of an intersection',
      z.intersection(z.object({ pin: pin() }), z.object({ b: z.string() })),
      { pin: '1', b: '2' },
      { pin: MASK, b: '2' },
    ],
    ['what is absent', z.object({ pin: pin().optional(), name: z.string() }), { name: 'a' }, { name: 'a' }],
    [
      'what is empty',
      z.object({ pin: pin(), other: pin().nullable() }),
      { pin: '', other: null },
      { pin: '', other: null },
    ],
    [
      'another shape than the schema says',
      z.object({ a: z.array(z.object({ pin: pin() })) }),
      { a: { pin: '1' } },
      { a: { pin: '1' } },
    ],
  ])('are masked in %s', (_, schema, value, masked) => {
    expect(maskSensitive(schema, value)).toEqual(masked);
  });

  it('are masked at every depth of a schema that holds itself', () => {
    const tree: z.ZodType = z.object({ pin: pin(), children: z.array(z.lazy(() => tree)) });
    const leaf = { pin: '2', children: [] };
    expect(maskSensitive(tree, { pin: '1', children: [leaf] })).toEqual({
      pin: MASK,
      children: [{ pin: MASK, children: [] }],
    });
  });

  it('leave a value alone, the very object, where nothing is sensitive', () => {
    const value = { a: [1, { b: 'x' }] };
    expect(maskSensitive(z.object({ a: z.array(z.unknown()) }), value)).toBe(value);
  });

  describe('in a run', () => {
    const described = { provider: 'flow', label, description: label, icon: 't', sideEffect: 'none' } as const;
    const input = z.object({ pin: pin(), name: z.string() });
    const give = defineBlock({
      ...described,
      type: 'test.give',
      input,
      output: input,
      sample: { pin: '0', name: 'a' },
    });
    const each = defineBlock({
      ...described,
      type: 'test.each',
      input: z.object({ items: z.array(z.string()).meta(field({ label, sensitive: true })) }),
      output: z.unknown(),
      sample: null,
      handles: ['next', 'body'],
      bodyHandle: 'body',
    });
    const blocks = indexBlocks([manual, give, each]);

    it('reach the executor and nothing else, a later step neither', async () => {
      const received: unknown[] = [];
      const executor = implementBlock(give, {
        run: ({ input: given }) => {
          received.push(given);
          return done(given);
        },
      });
      const store = new MemoryRunStore();
      await executeRun({
        ...facts,
        store,
        blocks,
        executors: { [give.type]: executor },
        definition: definition(
          [
            node('a', give.type, { config: { pin: '4711', name: 'Rossi' } }),
            node('b', give.type, { config: { pin: '', name: '{{step.a.output.pin}}' } }),
          ],
          ['trigger -> a', 'a -> b'],
        ),
      });
      expect(received).toEqual([
        { pin: '4711', name: 'Rossi' },
        { pin: '', name: MASK },
      ]);
      expect(JSON.stringify(await store.load(0))).not.toContain('4711');
    });

    it('do not keep a loop that was interrupted from going on', async () => {
      const received: unknown[] = [];
      const store = new MemoryRunStore();
      const leg = () =>
        executeRun({
          ...facts,
          store,
          blocks,
          executors: {
            [each.type]: implementBlock(each, { run: ({ input: { items } }) => forEach(items, {}) }),
            [give.type]: implementBlock(give, {
              run: ({ input: given }) => {
                received.push(given.pin);
                if (received.length === 1) throw new BlockError({ kind: 'retry', code: 'busy', message: '' });
                return done(given);
              },
            }),
          },
          definition: definition(
            [
              node('loop', each.type, { config: { items: ['one', 'two'] } }),
              node('a', give.type, { config: { pin: '{{loop.item}}', name: 'x' } }),
            ],
            ['trigger -> loop', 'loop:body -> a'],
          ),
        });
      expect(await leg()).toMatchObject({ status: 'waiting' });
      now += 600_000;
      expect(await leg()).toEqual({ status: 'succeeded' });
      expect(received).toEqual(['one', 'one', 'two']);
      expect(JSON.stringify(await store.load(0))).not.toMatch(/one|two/);
    });
  });
});

let now = Date.parse('2026-11-23T10:00:00.000Z');
const facts = {
  run: { id: 'run', companyId: 'rossi', payload: {}, workflow: { id: 'w', name: 'W' } },
  clock: { now: () => now },
  connect: async () => null,
  effectKey: (key: string) => key,
};
