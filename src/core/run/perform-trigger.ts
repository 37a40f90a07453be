import * as z from 'zod';
import { type AnyBlock, type BlockDefinition, field, type TriggerDefinition } from '../block/define';
import { passHandleOf } from '../definition/node';
import { type RetryPolicy, TRIGGER_ID, type WorkflowNode } from '../definition/schema';
import type { Json } from '../json';
import type { Scope } from '../template/resolve';
import type { Leg } from './leg';
import { performStep } from './perform-step';
import type { StepResult } from './settle-step';

/** Whoever announced it will not do so again, and nobody sets this up: half an hour of outages must not lose it. */
const patience: RetryPolicy = {
  maxAttempts: 10,
  backoff: 'exponential',
  delayMs: 5_000,
  maxDelayMs: 600_000,
};

/** Taken as it is: what comes from outside is never searched for references. */
const asGiven = z.unknown().meta(field({ label: { en: 'Given', it: 'Dato' }, deferred: true }));
const input = z.object({ announced: asGiven, config: asGiven });

/** Whether the run was started with what was announced only. */
export function isAnnounced(block: AnyBlock | undefined, payload: Json): block is TriggerDefinition {
  if (block?.kind !== 'trigger' || !block.announced) return false;
  return !block.output.safeParse(payload).success && block.announced.safeParse(payload).success;
}

/** Leaves the trigger with the run's payload; where that was only announced, with what the trigger's executor makes of it. */
export async function performTrigger(leg: Leg, node: WorkflowNode, scope: Scope): Promise<StepResult> {
  const block = leg.input.blocks.get(node.type);
  const { payload } = leg.input.run;
  if (!isAnnounced(block, payload))
    return { kind: 'left', handle: passHandleOf(node, block), output: payload };
  if (!leg.find(TRIGGER_ID)) leg.countStep();
  const { type, version, provider, label, description, icon, output, sample, handles, passHandle } = block;
  const described = {
    type,
    version,
    provider,
    label,
    description,
    icon,
    output,
    sample,
    handles,
    passHandle,
  };
  const asAction: BlockDefinition = { ...described, kind: 'action', input, sideEffect: 'none' };
  const config = { announced: payload, config: node.config };
  const asStep: WorkflowNode = { ...node, config, onError: 'fail', retry: node.retry ?? patience };
  const performed = await performStep(leg, asStep, TRIGGER_ID, scope, asAction);
  if (performed.kind !== 'loop') return performed;
  throw new Error(`The trigger "${node.type}" answered with a list to go through; only steps may.`);
}
