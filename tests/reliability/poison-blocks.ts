import * as z from 'zod';
import {
  type AnyExecutor,
  branch,
  defineBlock,
  done,
  implementBlock,
  type Outcome,
  stop,
  wait,
} from '../../src/core';
import { poisonErrors, poisonOutputs, poisonTexts } from './poison-values';
import { createExecutors, blocks as worldBlocks } from './world-blocks';

const text = (value: string) => ({ en: value, it: value });
const described = { provider: 'flow', icon: 'p', sample: {} };
const input = z.strictObject({ how: z.string() });

const classes = ['none', 'idempotent', 'at-most-once'] as const;
export type PoisonClass = (typeof classes)[number];

/** `test.poison-none`, `test.poison-idempotent`, …: give, throw or do what their `how` names. */
const poisonBlocks = classes.map((sideEffect) =>
  defineBlock({
    ...described,
    type: `test.poison-${sideEffect}`,
    label: text(sideEffect),
    description: text(sideEffect),
    sideEffect,
    handles: ['next'],
    input,
    output: z.any(),
  }),
);

export const blocks = [...worldBlocks, ...poisonBlocks];

const far = '2999-01-01T00:00:00.000Z';
/** Outcomes that are wrong in themselves. */
export const poisonOutcomes: Readonly<Record<string, () => Outcome>> = {
  'a wait until nonsense': () => wait({ kind: 'time', until: 'tomorrow' }),
  'a wait until nul': () => wait({ kind: 'time', until: '2027\u0000' }),
  'a wait beyond all time': () => wait({ kind: 'time', until: far }),
  'a decision about nul': () =>
    wait({ kind: 'decision', message: 'a\u0000b\ud800', approvers: ['c\u0000'], until: null }),
  'an event of nul': () =>
    wait({ kind: 'event', type: 'test\u0000', where: [{ path: 'a\u0000', equals: '\ud800' }], until: null }),
  'a handle of nul': () => branch('next\u0000', {}),
  'a handle of prototypes': () => branch('__proto__', {}),
  'a stop for nul': () => stop('failed', 'a\u0000b\ud800'),
  'a stop for megabytes': () => stop('failed', 'x'.repeat(5 * 1024 * 1024)),
  'no outcome': () => undefined as never,
  'an unknown outcome': () => ({ kind: 'explode' }) as never,
  'a loop over nothing': () => ({ kind: 'forEach', items: undefined, onItemError: 'fail' }) as never,
};

function perform(how: string): Outcome {
  if (how === 'exit') process.exit(1);
  const [kind = '', name = ''] = how.split(': ');
  if (kind === 'throws') throw poisonErrors[name]?.();
  if (kind === 'outcome') return poisonOutcomes[name]?.() as Outcome;
  if (kind === 'text') return done(JSON.parse(poisonTexts[name] ?? ''));
  return done(poisonOutputs[name]?.());
}

export const executors: Record<string, AnyExecutor> = {
  ...createExecutors({ act: async ({ stepKey }) => ({ value: stepKey }), ask: async () => null }),
  ...Object.fromEntries(
    poisonBlocks.map((block) => [
      block.type,
      implementBlock(block, { run: ({ input: { how } }) => perform(how) }),
    ]),
  ),
};
