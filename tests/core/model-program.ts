import fc from 'fast-check';
import { defaultCaps, type Json, type Wait, type WorkflowDefinition } from '../../src/core';
import { definition, node } from '../support/definitions';
import { arrivals, type CallResult, effects, type ModelNode } from './model-reference';
import { START } from './run-harness';

const HOUR = 3_600_000;

/** What happens to one leg: its process dies at its nth commit, or is told to close once that is written. */
export interface Disturbance {
  at: number;
  when: 'before' | 'after' | 'closing';
}

interface Shape {
  kind: ModelNode['kind'];
  /** Choices reduced to what is possible where the node stands. */
  dice: number[];
  calls: [CallResult[], CallResult];
  goesWell: number;
}

/** A workflow and what happens while it runs. */
export interface Program {
  shapes: Shape[];
  /** One for each leg, from the first. */
  disturbances: Disturbance[];
  /** The commit, counted over all legs, before which somebody asks to cancel. */
  cancelAt: number | null;
  /** Whether parked runs are also taken up before their time. */
  isWokenEarly: boolean;
}

const shapes = fc.record<Shape>({
  kind: fc.constantFrom(
    ...effects,
    ...effects,
    ...effects,
    'if',
    'loop',
    'loop',
    'loop',
    'loop',
    'wait',
    'wait',
    'stop',
  ),
  dice: fc.array(fc.nat(1000), { minLength: 18, maxLength: 18 }),
  calls: fc.tuple(
    fc.array(fc.constantFrom<CallResult>('retry', 'unsent', 'lost', 'refused'), { maxLength: 3 }),
    fc.constantFrom<CallResult>('ok', 'ok', 'ok', 'terminal', 'retry', 'unsent'),
  ),
  goesWell: fc.integer({ min: 0, max: 9 }),
});

const anyProgram = fc.record<Program>({
  shapes: fc.array(shapes, { minLength: 1, maxLength: 16, size: 'max' }),
  disturbances: fc.array(
    fc.record({
      at: fc.integer({ min: 1, max: 9 }),
      when: fc.constantFrom<Disturbance['when']>('before', 'after', 'closing'),
    }),
    { maxLength: 3 },
  ),
  cancelAt: fc.option(fc.integer({ min: 1, max: 12 }), { freq: 2 }),
  isWokenEarly: fc.boolean(),
});

/** Without bias towards the small: it would make most workflows end after a step or two. */
export const programs = fc.noBias(anyProgram);

export interface Layout {
  root: ModelNode[];
  all: ModelNode[];
  edges: string[];
}

const times = ['set', 'set', 'set', 'set'] as const;

/** Lays the shapes out as a graph: each in the root or in the body of a loop before it, behind earlier ones of its region. */
export function layOut({ shapes, disturbances }: Program): Layout {
  const edges: string[] = [];
  const all: ModelNode[] = [];
  const regions: { nodes: ModelNode[]; loop: string | null; depth: number }[] = [
    { nodes: [], loop: null, depth: 0 },
  ];
  for (const [number, { kind, dice, calls, goesWell }] of shapes.entries()) {
    const die = (index: number, sides: number) => (dice[index] ?? 0) % sides;
    const pick = <T>(index: number, values: readonly [T, ...T[]]): T =>
      values[die(index, values.length)] ?? values[0];
    const region = regions[
      Math.min(die(0, regions.length + 2), regions.length - 1)
    ] as (typeof regions)[number];
    const isCalm = disturbances.length === 0;
    const waitsFor = pick(12, ['time', 'event', 'event', 'decision'] as const);
    const added: ModelNode = {
      id: `n${number}`,
      kind: kind === 'loop' && region.depth === 3 ? 'pure' : kind,
      incoming: [],
      onError: pick(1, ['fail', 'continue', 'branch'] as const),
      disabled: die(2, 10) === 0,
      // A crash costs attempts, and brings doubts: with one in play there are enough for every planned failure as well.
      maxAttempts: isCalm ? 1 + die(3, 4) : 9,
      answers: pick(16, isCalm ? [0, 1, 2, 3] : [0, 9]),
      calls: goesWell > 3 ? ['ok'] : [...calls[0], calls[1]],
      onlyItem: die(4, 2) === 0 ? null : die(5, 3),
      quotes: all.length > 0 && die(6, 2) === 0 ? (all[die(7, all.length)]?.id ?? null) : null,
      items: die(8, 4),
      onItemError: pick(9, ['fail', 'continue'] as const),
      collects: die(10, 3) === 0,
      body: [],
      waitsFor,
      until: pick(13, [...times, ...times, waitsFor === 'time' ? 'set' : 'open', 'beyond']),
      arrival: pick(14, arrivals),
      resumeFailures: pick(15, [0, 0, 0, 0, 0, 0, 1, 2, 3, Number.POSITIVE_INFINITY]),
      stopsAs: pick(17, ['succeeded', 'failed'] as const),
    };
    const parents = region.nodes.filter((_, index) => ((dice[11] ?? 0) >> index) % 2 === 1);
    for (const parent of parents) {
      const handles = handlesOf(parent);
      connect(added, parent.id, handles[die(1, handles.length)] ?? 'next');
    }
    if (parents.length === 0 && (region.loop !== null || die(3, 8) > 0)) {
      connect(added, null, region.loop === null ? 'next' : 'each', region.loop ?? 'trigger');
    }
    region.nodes.push(added);
    all.push(added);
    if (added.kind === 'loop') regions.push({ nodes: added.body, loop: added.id, depth: region.depth + 1 });
  }
  return { root: regions[0]?.nodes ?? [], all, edges };

  function connect(target: ModelNode, from: string | null, handle: string, source = from ?? 'trigger') {
    target.incoming.push({ from, handle, index: edges.length });
    edges.push(`${source}:${handle} -> ${target.id}`);
  }
}

const ownHandles: Partial<Record<ModelNode['kind'], string[]>> = {
  if: ['true', 'false'],
  loop: ['done'],
  wait: ['next', 'late'],
  stop: [],
};

const handlesOf = ({ kind, onError }: ModelNode) => [
  ...(ownHandles[kind] ?? ['next']),
  ...(onError === 'branch' ? ['error'] : []),
];

export function toDefinition({ all, edges }: Layout): WorkflowDefinition {
  return definition(
    all.map((model) => {
      const { id, onError, disabled } = model;
      const retry = {
        maxAttempts: model.maxAttempts,
        backoff: 'fixed',
        delayMs: 10,
        maxDelayMs: 10,
      } as const;
      const type = { if: 'flow.if', loop: 'flow.loop' }[model.kind as string] ?? `test.${model.kind}`;
      return node(id, type, { config: configOf(model), retry, onError, disabled });
    }),
    edges,
  );
}

function configOf(model: ModelNode): Record<string, Json> {
  switch (model.kind) {
    case 'if':
      return { conditions: [{ left: '{{loop.item?}}', op: 'eq', right: 1 }] };
    case 'loop': {
      const items = Array.from({ length: model.items }, (_, item) => item);
      const config = { items, onItemError: model.onItemError };
      return model.collects ? { ...config, collect: 'item {{loop.item}}' } : config;
    }
    case 'wait':
      return { for: waitOf(model) };
    case 'stop':
      return { status: model.stopsAs };
    default: {
      const quote = model.quotes === null ? '' : `{{step.${model.quotes}.output.value?}}`;
      return { quote, item: '{{loop.item?}}' };
    }
  }
}

function waitOf({ id, waitsFor, until }: ModelNode): Wait {
  const latest = START + defaultCaps.runAgeMs;
  // Those further down are over already when those before them have waited.
  const at = until === 'beyond' ? latest + 1 : START + (1 + (Number(id.slice(1)) % 3)) * HOUR;
  const time = new Date(at).toISOString();
  const orOpen = until === 'open' ? null : time;
  if (waitsFor === 'time') return { kind: 'time', until: time };
  if (waitsFor === 'decision') return { kind: 'decision', message: id, approvers: [], until: orOpen };
  return { kind: 'event', type: 'signed', where: [{ path: 'id', equals: id }], until: orOpen };
}
