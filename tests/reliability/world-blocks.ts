import * as z from 'zod';
import { blocks as builtInBlocks } from '../../src/blocks';
import { executors as builtInExecutors } from '../../src/blocks/server';
import {
  type AnyExecutor,
  BlockError,
  defineBlock,
  defineTrigger,
  done,
  implementBlock,
  type Json,
  type StepContext,
  type WorkflowDefinition,
  type WorkflowNode,
} from '../../src/core';
import { node } from '../support/definitions';

/** What a block's effect is, as the engine must treat it after a crash. */
export const effectClasses = ['idempotent', 'reconcilable', 'once'] as const;
export type EffectClass = (typeof effectClasses)[number];

/** One call that leaves the engine. */
export interface Call {
  effectKey: string;
  runId: string;
  stepKey: string;
  effectClass: EffectClass;
  quote: string;
}

export type Answer = { value: string } | { failure: 'retry' | 'terminal' };

/** The world outside, as a worker reaches it. */
export interface World {
  act: (call: Call) => Promise<Answer>;
  /** What became of an effect; `null` when it did not happen. */
  ask: (call: Call) => Promise<{ value: string } | null>;
}

export interface Graph {
  name: string;
  definition: WorkflowDefinition;
  payload: Record<string, Json>;
  /** Whether the worker that stores the run has a place free for it; else it queues. */
  startsAtOnce: boolean;
  /** `status` or `status handle` of every step, by key. */
  steps: Record<string, string>;
  /** How often the step with this key is told to try again. */
  failures: Record<string, number>;
  /** Keys of the steps the world refuses for good. */
  refused: string[];
  /** When the run's event is told. */
  told: 'never' | 'when it waits' | 'before it waits';
}

/** Steps that succeeded, by the handle they left by. */
export const completedWith = (handles: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(handles).map(([key, handle]) => [key, `succeeded ${handle}`]));

export const effect = (id: string, kind: EffectClass, config: Record<string, Json> = {}): WorkflowNode =>
  node(id, `test.${kind}`, { config });

export const effectClassOf = (type: string): EffectClass | undefined =>
  effectClasses.find((kind) => type === `test.${kind}`);

const text = (value: string) => ({ en: value, it: value });
const described = (type: string) => ({
  ...{ type, provider: 'flow', label: text(type), description: text(type), icon: 't', sample: {} },
});
const trigger = (type: string) =>
  defineTrigger({ ...described(type), event: type, input: z.looseObject({}), output: z.looseObject({}) });
const output = z.object({ value: z.string() });
const effectBlocks = effectClasses.map((kind) =>
  defineBlock({
    ...described(`test.${kind}`),
    sideEffect: kind === 'once' ? 'at-most-once' : kind,
    input: z.strictObject({ quote: z.coerce.string().default('') }),
    output,
    sample: { value: '' },
  }),
);

export const blocks = [...builtInBlocks, trigger('test.started'), trigger('test.signed'), ...effectBlocks];

export function createExecutors(world: World): Record<string, AnyExecutor> {
  const own = effectBlocks.map((block) => {
    const effectClass = effectClassOf(block.type) as EffectClass;
    const callOf = (step: StepContext, { quote }: { quote: string }): Call => ({
      ...{ effectKey: step.effectKey, runId: step.runId, stepKey: step.stepKey, effectClass, quote },
    });
    const executor = implementBlock(block, {
      run: async ({ step, input }) => {
        const answer = await world.act(callOf(step, input));
        if ('value' in answer) return done(answer);
        throw new BlockError({ kind: answer.failure, code: 'told_to_fail', message: 'The world said no.' });
      },
      ...(effectClass === 'reconcilable'
        ? {
            recover: async ({ step, input }) => {
              const known = await world.ask(callOf(step, input));
              return known ? { happened: true, outcome: done(known) } : { happened: false };
            },
          }
        : {}),
    });
    return [block.type, executor] as const;
  });
  return { ...builtInExecutors, ...Object.fromEntries(own) };
}
