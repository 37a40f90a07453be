import { condition, definition, node } from '../support/definitions';
import {
  completedWith,
  connectedEffect,
  type EffectClass,
  effect,
  effectClasses,
  type Graph,
} from './world-blocks';

const start = node('trigger', 'test.started');
const quoting = (id: string) => ({ quote: `{{step.${id}.output.value}}` });

/** Three effects of three classes, each quoting the one before. */
const line = definition(
  [
    start,
    effect('a', 'idempotent'),
    effect('b', 'reconcilable', quoting('a')),
    effect('c', 'once', quoting('b')),
  ],
  ['trigger -> a', 'a -> b', 'b -> c'],
);
const lineSteps = completedWith({ a: 'next', b: 'next', c: 'next' });

/** Two ways, of which one is taken, and a join. */
const fork = definition(
  [
    start,
    effect('a', 'idempotent'),
    node('is_large', 'flow.if', { config: condition('{{trigger.payload.amount}}', 'gt', 10) }),
    effect('yes', 'reconcilable'),
    effect('no', 'once'),
    effect('join', 'once', quoting('a')),
  ],
  [
    'trigger -> a',
    'a -> is_large',
    'is_large:true -> yes',
    'is_large:false -> no',
    'yes -> join',
    'no -> join',
  ],
);

/** A loop in a loop; one item of the inner one fails and is passed over. */
const rounds = definition(
  [
    start,
    node('outer', 'flow.loop', { config: { items: [0, 1, 2] } }),
    effect('note', 'once', { quote: '{{loop.item}}' }),
    node('inner', 'flow.loop', { config: { items: ['x', 'y', 'z'], onItemError: 'continue' } }),
    effect('mark', 'idempotent', { quote: '{{loop.item}}' }),
    effect('end', 'reconcilable', { quote: '{{step.outer.output.count}}' }),
  ],
  ['trigger -> outer', 'outer:each -> note', 'note -> inner', 'inner:each -> mark', 'outer:done -> end'],
);
const roundSteps: Record<string, string> = { outer: 'succeeded done', end: 'succeeded next' };
for (const round of [0, 1, 2]) {
  roundSteps[`outer[${round}]/note`] = 'succeeded next';
  roundSteps[`outer[${round}]/inner`] = 'succeeded done';
  for (const item of [0, 1, 2]) roundSteps[`outer[${round}]/inner[${item}]/mark`] = 'succeeded next';
}
roundSteps['outer[1]/inner[0]/mark'] = 'failed';

/** A time, an event, a time-out, a decision, with effects between them. */
const pauses = definition(
  [
    start,
    effect('a', 'idempotent'),
    node('sleep', 'flow.wait', { config: { for: 'duration', amount: 2, unit: 'hours' } }),
    effect('b', 'once'),
    node('signed', 'flow.wait', {
      config: {
        for: 'event',
        event: 'test.signed',
        where: [{ path: 'id', equals: '{{trigger.payload.id}}' }],
      },
    }),
    effect('c', 'reconcilable'),
    node('unsigned', 'flow.wait', {
      config: {
        ...{ for: 'event', event: 'test.signed', where: [{ path: 'id', equals: 'another' }] },
        ...{ timeoutAmount: 3, timeoutUnit: 'hours' },
      },
    }),
    effect('never', 'once'),
    node('approve', 'flow.approval', { config: { message: 'Pay it?' } }),
    effect('d', 'once'),
  ],
  [
    ...['trigger -> a', 'a -> sleep', 'sleep -> b', 'b -> signed', 'signed:resumed -> c', 'c -> unsigned'],
    ...['unsigned:resumed -> never', 'unsigned:timed_out -> approve', 'approve:approved -> d'],
  ],
);
const pauseSteps = {
  ...completedWith({ a: 'next', sleep: 'next', b: 'next', signed: 'resumed', c: 'next', d: 'next' }),
  ...{ unsigned: 'succeeded timed_out', approve: 'succeeded approved', never: 'skipped' },
};

const patient = { retry: { maxAttempts: 9, backoff: 'fixed', delayMs: 60_000, maxDelayMs: 60_000 } } as const;

/** Steps that fail twice and once before they succeed. */
const again = definition(
  [start, { ...effect('a', 'idempotent'), ...patient }, { ...effect('b', 'once', quoting('a')), ...patient }],
  ['trigger -> a', 'a -> b'],
);

/** An effect whose connection is refused until a person connects again, between two that need none. */
const refused = (kind: EffectClass) =>
  definition(
    [
      start,
      effect('a', 'idempotent'),
      connectedEffect('post', kind, quoting('a')),
      effect('end', 'reconcilable', quoting('post')),
    ],
    ['trigger -> a', 'a -> post', 'post -> end'],
  );

const graph = (name: string, facts: Pick<Graph, 'definition' | 'steps'> & Partial<Graph>): Graph => ({
  name,
  payload: {},
  startsAtOnce: false,
  failures: {},
  refused: [],
  told: 'never',
  isRevoked: false,
  ...facts,
});

/** The workflows that are run, each with what it must come to when nothing disturbs it. */
export const graphs: readonly Graph[] = [
  graph('linear', { definition: line, steps: lineSteps, startsAtOnce: true }),
  graph('linear, queued', { definition: line, steps: lineSteps }),
  graph('if, yes', {
    ...{ definition: fork, payload: { amount: 50 } },
    steps: { ...completedWith({ a: 'next', is_large: 'true', yes: 'next', join: 'next' }), no: 'skipped' },
  }),
  graph('if, no', {
    ...{ definition: fork, payload: { amount: 5 }, startsAtOnce: true },
    steps: { ...completedWith({ a: 'next', is_large: 'false', no: 'next', join: 'next' }), yes: 'skipped' },
  }),
  graph('loop', { definition: rounds, steps: roundSteps, refused: ['outer[1]/inner[0]/mark'] }),
  graph('retry', {
    ...{ definition: again, steps: completedWith({ a: 'next', b: 'next' }) },
    ...{ failures: { a: 2, b: 1 }, startsAtOnce: true },
  }),
  graph('wait', { definition: pauses, steps: pauseSteps, told: 'when it waits', startsAtOnce: true }),
  graph('wait, told early', { definition: pauses, steps: pauseSteps, told: 'before it waits' }),
  ...effectClasses.map((kind, index) =>
    graph(`connection, ${kind}`, {
      ...{ definition: refused(kind), isRevoked: true, startsAtOnce: index > 0 },
      steps: completedWith({ a: 'next', post: 'next', end: 'next' }),
    }),
  ),
];
