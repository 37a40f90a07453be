/**
 * Runs a workflow definition. Start, resume and recovery are this one function.
 *
 * 1. The walk begins at the trigger and goes through each region in its fixed order. A recorded step is read back instead of
 *    executed. Where less was known at the start than the trigger gives, its executor makes the payload whole first.
 * 2. Dead-path elimination: a node runs once when one of its incoming edges is live, and is skipped when all are dead; a
 *    skipped node's outgoing edges are dead. A join therefore waits for every live parent and runs once.
 * 3. A loop runs its body once per item, in order; step keys inside are `loop_x[3]/node`.
 * 4. A step that fails for good fails the run, or goes on with `{ error }` as output (`continue`), or leaves by its `error`
 *    handle (`branch`).
 * 5. The leg ends when the run ends, must wait, is in doubt, is canceled, or the runner is closing. The end is part of the last commit.
 * 6. A run that goes over one of its limits ends with an error that says which; nothing passes over it.
 */
import { migrateDefinition } from '../block/migrate';
import { passHandleOf } from '../definition/node';
import type { WorkflowEdge, WorkflowNode } from '../definition/schema';
import { TRIGGER_ID } from '../definition/schema';
import type { StepFailure } from '../errors';
import { cleanJson, type Json } from '../json';
import { resolveTemplate } from '../template/resolve';
import { overLimit, toFailure } from './failure';
import { CanceledError, Leg, RegionScope } from './leg';
import { performStep } from './perform-step';
import { performTrigger } from './perform-trigger';
import { endPoisoned, isPoisoned } from './poison';
import type { ExecuteRunInput, LegEnd, RunError, SkipReason } from './ports';
import { emptyStep, endRun, failNode, type LoopPlan, type StepResult } from './settle-step';

export async function executeRun(given: ExecuteRunInput): Promise<LegEnd> {
  const input = { ...given, definition: migrateDefinition(given.definition, given.blocks) };
  const now = (input.clock ?? Date).now();
  const leg = new Leg(input, await input.store.load(now));
  try {
    const end = isPoisoned(input) ? endPoisoned(leg) : await walk(leg);
    await leg.commit(end);
    return end;
  } catch (error) {
    if (error instanceof CanceledError) return { status: 'canceled' };
    throw error;
  }
}

async function walk(leg: Leg): Promise<LegEnd> {
  const { halt } = await runRegion(leg, null, '', new RegionScope(leg.input));
  return halt?.end ?? { status: 'succeeded' };
}

interface RegionResult {
  /** Set when the region did not come to its end. */
  halt: Extract<StepResult, { kind: 'halt' }> | null;
  /** Output of the last step that ran. */
  lastOutput: Json;
  /** Whether no step ran. */
  isIdle: boolean;
}

/** Walks one region: the whole workflow (`loopId` null) or one iteration of a loop's body. */
async function runRegion(
  leg: Leg,
  loopId: string | null,
  prefix: string,
  scope: RegionScope,
): Promise<RegionResult> {
  const taken = new Map<WorkflowEdge, SkipReason | 'live'>();
  let lastOutput: Json = null;
  let isIdle = true;
  for (const nodeId of leg.graph.order.get(loopId) ?? []) {
    const node = leg.graph.nodes.get(nodeId) as WorkflowNode;
    const skip = nodeId === TRIGGER_ID ? null : skipReason(leg, nodeId, loopId, taken);
    const key = `${prefix}${nodeId}`;
    const result = skip ? skipNode(leg, node, key, skip) : await runNode(leg, node, key, scope);
    if (result.kind === 'halt') return { halt: result, lastOutput, isIdle: false };
    await leg.relieve();
    if (result.output !== undefined) {
      scope.setOutput(nodeId, result.output);
      if (nodeId !== TRIGGER_ID) lastOutput = result.output;
      isIdle = false;
    }
    for (const edge of leg.graph.outgoing.get(nodeId) ?? []) taken.set(edge, edgeState(edge, result));
  }
  return { halt: null, lastOutput, isIdle };
}

/** `null` when an incoming edge is live; otherwise why the node is skipped. */
function skipReason(
  leg: Leg,
  nodeId: string,
  loopId: string | null,
  taken: ReadonlyMap<WorkflowEdge, SkipReason | 'live'>,
): SkipReason | null {
  let reason: SkipReason = { code: 'not_connected' };
  for (const edge of leg.graph.incoming.get(nodeId) ?? []) {
    const state = edge.source === loopId ? 'live' : taken.get(edge);
    if (state === 'live') return null;
    if (state) reason = state;
  }
  return reason;
}

function edgeState(edge: WorkflowEdge, result: Exclude<StepResult, { kind: 'halt' }>): SkipReason | 'live' {
  if (result.kind === 'dead') return { code: 'upstream_skipped', nodeId: edge.source };
  if (edge.sourceHandle === result.handle) return 'live';
  return { code: 'branch_not_taken', nodeId: edge.source, handle: edge.sourceHandle };
}

function skipNode(leg: Leg, node: WorkflowNode, key: string, reason: SkipReason): StepResult {
  if (!leg.find(key)) leg.record(emptyStep(node, key, { status: 'skipped', skippedBecause: reason }));
  return { kind: 'dead', output: undefined };
}

async function runNode(leg: Leg, node: WorkflowNode, key: string, scope: RegionScope): Promise<StepResult> {
  const block = leg.input.blocks.get(node.type);
  if (node.id === TRIGGER_ID) return performTrigger(leg, node, scope.toScope());
  if (node.disabled) {
    const skipped: SkipReason = { code: 'disabled' };
    if (!leg.find(key)) leg.record(emptyStep(node, key, { status: 'skipped', skippedBecause: skipped }));
    return { kind: 'left', handle: passHandleOf(node, block), output: undefined };
  }
  const error = exceeded(leg, node, key);
  if (error) return { kind: 'halt', isFinal: true, end: { status: 'failed', error } };
  const performed = await performStep(leg, node, key, scope.toScope());
  return performed.kind === 'loop' ? runLoop(leg, node, key, scope, performed.plan) : performed;
}

/** The limit a run would go over with its next step. */
function exceeded(leg: Leg, node: WorkflowNode, key: string): RunError | null {
  if (leg.find(key)) return null;
  if (leg.now() >= leg.deadline()) return overLimit('run_expired', leg.expiryMessage(), node, key);
  if (leg.isOverfull) {
    const message = `The inputs and outputs of the run's steps have more than ${leg.caps.stateBytes} bytes together, the most a run may hold. Keep less from each item of its loops, and go through shorter lists.`;
    return overLimit('state_exceeded', message, node, key);
  }
  if (leg.countStep()) return null;
  return stepsExceeded(leg, node, key);
}

function stepsExceeded(leg: Leg, node: WorkflowNode, key: string): RunError {
  const message = `The run was stopped after ${leg.caps.stepsPerRun} steps, the most a run may have. Split the workflow or shorten its loops.`;
  return overLimit('steps_exceeded', message, node, key);
}

/** One iteration after the other; the loop's own record is written before the first and after the last. */
async function runLoop(
  leg: Leg,
  node: WorkflowNode,
  key: string,
  scope: RegionScope,
  plan: LoopPlan,
): Promise<StepResult> {
  const results: Json[] = [];
  let failed = 0;
  for (const [index, item] of plan.items.entries()) {
    const iteration = new RegionScope(leg.input, scope, { nodeId: node.id, item, index });
    const { halt, lastOutput, isIdle } = await runRegion(leg, node.id, `${key}[${index}]/`, iteration);
    if (halt?.isFinal) return plan.abandon(halt);
    // Loops within loops whose bodies are switched off would otherwise go round as good as for ever.
    if (isIdle && !leg.countStep()) return endRun(leg, node, key, stepsExceeded(leg, node, key));
    if (halt && halt.end.status !== 'failed') return halt;
    const kept =
      halt?.end.status === 'failed'
        ? { error: halt.end.error }
        : collectItem(leg, plan, iteration, lastOutput);
    if ('value' in kept) {
      results.push(kept.value);
      continue;
    }
    if (plan.onItemError === 'fail') return failNode(leg, node, key, kept.error);
    failed += 1;
    results.push({ error: cleanJson(kept.error) });
  }
  return plan.finish({ count: plan.items.length, results, failed });
}

/** What a loop keeps of one item that went well: its `collect` template, or what the last step inside gave. */
function collectItem(
  leg: Leg,
  plan: LoopPlan,
  iteration: RegionScope,
  lastOutput: Json,
): { value: Json } | { error: StepFailure } {
  if (plan.collect === undefined) return { value: lastOutput };
  try {
    return { value: resolveTemplate(plan.collect, iteration.toScope(), leg.formatting, ['collect']) };
  } catch (error) {
    return { error: toFailure(error) };
  }
}
