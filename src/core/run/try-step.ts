/**
 * Tries one step of a workflow outside of any run: against values somebody gives, or the samples of the blocks before it. It resolves,
 * executes and fails as a run does, once; nothing is kept.
 */
import type { BlockDefinition, BlockLookup, LocalText } from '../block/define';
import { migrateDefinition } from '../block/migrate';
import { givenBy } from '../block/payload';
import { maskSensitive } from '../block/sensitive';
import { enclosingLoops } from '../definition/graph';
import { TRIGGER_ID, type WorkflowDefinition, type WorkflowNode } from '../definition/schema';
import type { StepFailure } from '../errors';
import { cleanJson, type Json } from '../json';
import { toFailure } from './failure';
import { Leg, RegionScope } from './leg';
import { MemoryRunStore } from './memory-store';
import { performStep } from './perform-step';
import type { ExecuteRunInput, StepRecord } from './ports';
import { resolveInput } from './resolve-input';
import type { Performed } from './settle-step';
import type { Wait } from './wait';

export interface TryStepInput extends Omit<ExecuteRunInput, 'store' | 'run'> {
  /** Without a payload, or with one that is `undefined`, the trigger's sample. */
  run: Omit<ExecuteRunInput['run'], 'payload'> & { payload: Json | undefined };
  nodeId: string;
  /** What steps before it gave, by node id. @default each block's sample */
  outputs: Readonly<Record<string, Json>>;
}

export interface StepTrial {
  /** The configuration resolved, sensitive fields masked; `null` when it could not be. */
  input: Json;
  /** What the block says it would do. */
  preview: LocalText | null;
  /** `null` when it failed, or was not carried out. */
  outcome: 'done' | 'branch' | 'forEach' | 'wait' | 'stop' | null;
  /** What it gave; the items of a loop. */
  output: Json;
  /** The exit it left by. */
  handle: string | null;
  wait: Wait | null;
  error: StepFailure | null;
}

const nothing: StepTrial = {
  ...{ input: null, preview: null, outcome: null, output: null, handle: null, wait: null, error: null },
};

/** What the step would do: nothing is called. */
export async function previewStep(given: TryStepInput): Promise<StepTrial> {
  const trial = await prepare(given);
  if ('error' in trial) return { ...nothing, error: trial.error };
  const { leg, node, block, scope } = trial;
  try {
    const argument = resolveInput(node, block, scope.toScope(), leg.formatting);
    const input = maskSensitive(block.input, cleanJson(argument));
    return { ...nothing, input, preview: block.preview?.(argument as never) ?? null };
  } catch (error) {
    return { ...nothing, error: toFailure(error) };
  }
}

/** Carries the step out, once: what it does is done. */
export async function tryStep(given: TryStepInput): Promise<StepTrial> {
  const trial = await prepare(given);
  if ('error' in trial) return { ...nothing, error: trial.error };
  const { leg, node, block, scope } = trial;
  const performed = await performStep(leg, node, node.id, scope.toScope());
  return { ...nothing, ...resultOf(performed, leg.find(node.id), block) };
}

function resultOf(
  performed: Performed,
  step: StepRecord | undefined,
  { handles }: BlockDefinition,
): Partial<StepTrial> {
  if (!step) return {};
  const { input, output, error, wait, branch } = step;
  if (error) return { input, error };
  if (performed.kind === 'loop') return { input, outcome: 'forEach', output: performed.plan.items };
  if (step.status === 'waiting') return { input, outcome: 'wait', output, wait };
  if (branch === null) return { input, outcome: 'stop', output };
  return { input, outcome: handles.length > 1 ? 'branch' : 'done', output, handle: branch };
}

interface Trial {
  leg: Leg;
  /** One attempt, and every failure is told. */
  node: WorkflowNode;
  block: BlockDefinition;
  scope: RegionScope;
}

async function prepare(given: TryStepInput): Promise<Trial | { error: StepFailure }> {
  const { nodeId, outputs, ...rest } = given;
  const definition = migrateDefinition(given.definition, given.blocks);
  const payload = given.run.payload ?? sampleOf(definition, TRIGGER_ID, given.blocks) ?? {};
  const leg = new Leg(
    { ...rest, definition, run: { ...given.run, payload }, store: new MemoryRunStore() },
    [],
  );
  const block = given.blocks.get(leg.graph.nodes.get(nodeId)?.type ?? '');
  if (block?.kind !== 'action') return { error: notAnAction };
  const root = new RegionScope(leg.input);
  for (const { id } of definition.nodes) {
    const output = Object.hasOwn(outputs, id) ? outputs[id] : sampleOf(definition, id, given.blocks);
    if (id !== TRIGGER_ID && id !== nodeId && output !== undefined) root.setOutput(id, output);
  }
  let scope = root;
  for (const loopId of [...enclosingLoops(leg.graph, nodeId)].reverse()) {
    const item = await firstItem(leg, once(leg, loopId), scope);
    if ('error' in item) return item;
    scope = new RegionScope(leg.input, scope, { nodeId: loopId, item: item.value, index: 0 });
  }
  return { leg, node: once(leg, nodeId), block, scope };
}

/** Inside a loop the step is tried with the first item of its list. */
async function firstItem(
  leg: Leg,
  loop: WorkflowNode,
  scope: RegionScope,
): Promise<{ value: Json } | { error: StepFailure }> {
  const performed = await performStep(leg, loop, loop.id, scope.toScope());
  const error = leg.find(loop.id)?.error;
  if (error) return { error };
  const [value] = performed.kind === 'loop' ? performed.plan.items : [];
  return value === undefined ? { error: emptyList } : { value };
}

const once = (leg: Leg, nodeId: string): WorkflowNode => ({
  ...(leg.graph.nodes.get(nodeId) as WorkflowNode),
  onError: 'fail',
  retry: { maxAttempts: 1, backoff: 'fixed', delayMs: 0, maxDelayMs: 0 },
});

function sampleOf({ nodes }: WorkflowDefinition, nodeId: string, blocks: BlockLookup): Json | undefined {
  const node = nodes.find(({ id }) => id === nodeId);
  const block = blocks.get(node?.type ?? '');
  return node && block ? cleanJson(givenBy(block, node.config).sample) : undefined;
}

const notAnAction: StepFailure = {
  kind: 'terminal',
  code: 'unknown_block',
  message: 'Only a step with a known action can be tried. Choose another step.',
  actor: 'customer',
};

const emptyList: StepFailure = {
  kind: 'terminal',
  code: 'loop_empty',
  message:
    'The loop around this step has no items with these values, so there is nothing to try it with. Give it a list.',
  actor: 'customer',
};
