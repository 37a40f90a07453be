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
  type Recovery,
  type RunArgument,
  type WorkflowDefinition,
  type WorkflowNode,
} from '../../src/core';
import { node } from '../support/definitions';
import { outsideServer, refusedConnection, type TokenClient } from './world-provider';

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
  /** What it is believed by; `null` for blocks that need no connection. */
  token: string | null;
}

export type Refusal = { failure: 'reconnect' };
export type Answer = { value: string } | { failure: 'retry' | 'terminal' } | Refusal;

/** The world outside, as a worker reaches it. */
export interface World {
  act: (call: Call) => Promise<Answer>;
  /** What became of an effect; `null` when it did not happen. */
  ask: (call: Call) => Promise<{ value: string } | Refusal | null>;
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
  /** Whether the company has connected the provider of the blocks that need it, by a token that was taken back since. */
  isRevoked: boolean;
}

/** Steps that succeeded, by the handle they left by. */
export const completedWith = (handles: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(handles).map(([key, handle]) => [key, `succeeded ${handle}`]));

export const effect = (id: string, kind: EffectClass, config: Record<string, Json> = {}): WorkflowNode =>
  node(id, `test.${kind}`, { config });

/** An effect that needs a connection. */
export const connectedEffect = (
  id: string,
  kind: EffectClass,
  config: Record<string, Json> = {},
): WorkflowNode => node(id, `test.connected-${kind}`, { config });

const text = (value: string) => ({ en: value, it: value });
const described = (type: string) => ({
  ...{ type, provider: 'flow', label: text(type), description: text(type), icon: 't', sample: {} },
});
const trigger = (type: string) =>
  defineTrigger({ ...described(type), event: type, input: z.looseObject({}), output: z.looseObject({}) });
const output = z.object({ value: z.string() });
const effectBlock = (type: string, provider: string, kind: EffectClass) =>
  defineBlock({
    ...{ ...described(type), provider },
    sideEffect: kind === 'once' ? 'at-most-once' : kind,
    input: z.strictObject({ quote: z.coerce.string().default('') }),
    output,
    sample: { value: '' },
  });
const effectBlocks = effectClasses.flatMap((kind) => [
  { kind, isConnected: false, block: effectBlock(`test.${kind}`, 'flow', kind) },
  { kind, isConnected: true, block: effectBlock(`test.connected-${kind}`, 'outside', kind) },
]);

export const blocks = [
  ...builtInBlocks,
  trigger('test.started'),
  trigger('test.signed'),
  ...effectBlocks.map(({ block }) => block),
];

export function createExecutors(world: World): Record<string, AnyExecutor> {
  const own = effectBlocks.map(({ kind, isConnected, block }) => {
    type Argument = RunArgument<{ quote: string }, unknown>;
    const callOf = async ({ step, input, client }: Argument): Promise<Call> => ({
      ...{ effectKey: step.effectKey, runId: step.runId, stepKey: step.stepKey, effectClass: kind },
      ...{ quote: input.quote, token: isConnected ? await (client as TokenClient)() : null },
    });
    const run = async (argument: Argument) => {
      const answer = await world.act(await callOf(argument));
      if ('value' in answer) return done(answer);
      if (answer.failure === 'reconnect') throw refusedConnection();
      throw new BlockError({ kind: answer.failure, code: 'told_to_fail', message: 'The world said no.' });
    };
    const recover = async (argument: Argument): Promise<Recovery> => {
      const known = await world.ask(await callOf(argument));
      if (known && 'failure' in known) throw refusedConnection();
      return known ? { happened: true, outcome: done(known) } : { happened: false };
    };
    const implementation = kind === 'reconcilable' ? { run, recover } : { run };
    const executor: AnyExecutor = isConnected
      ? implementBlock(block, { provider: outsideServer, ...implementation })
      : implementBlock(block, implementation);
    return [block.type, executor] as const;
  });
  return { ...builtInExecutors, ...Object.fromEntries(own) };
}
