/**
 * Runs a workflow definition. Start, resume and recovery are this one function.
 *
 * 1. The walk begins at the trigger and goes through each region in its fixed order. A recorded step is read back instead of
 *    executed.
 * 2. Dead-path elimination: a node runs once when one of its incoming edges is live, and is skipped when all are dead; a
 *    skipped node's outgoing edges are dead. A join therefore waits for every live parent and runs once.
 * 3. A loop runs its body once per item, in order; step keys inside are `loop_x[3]/node`.
 * 4. A step that fails for good fails the run, or goes on with `{ error }` as output (`continue`), or leaves by its `error`
 *    handle (`branch`).
 * 5. The leg ends when the run ends, must wait, is in doubt, or the runner is closing. The end is part of the last commit.
 */
import type { WorkflowEdge, WorkflowNode } from '../definition/schema';
import { TRIGGER_ID } from '../definition/schema';
import type { StepFailure } from '../errors';
import { cleanJson, type Json } from '../json';
import { resolveTemplate } from '../template/resolve';
import { toFailure } from './failure';
import { Leg, RegionScope } from './leg';
import { performStep } from './perform-step';
import type { ExecuteRunInput, LegEnd, RunError, SkipReason } from './ports';
import { failNode, type LoopPlan, type StepResult } from './settle-step';

export async function executeRun(input: ExecuteRunInput): Promise<LegEnd> {
  const leg = new Leg(input, await input.store.load());
  const region = await runRegion(leg, null, '', new RegionScope(input));
  const end: LegEnd = region.halt ?? { status: 'succeeded' };
  await leg.commit(end);
  return end;
}

interface RegionResult {
  /** Set when the region did not come to its end. */
  halt: LegEnd | null;
  /** Output of the last step that ran. */
  lastOutput: Json;
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
  for (const nodeId of leg.graph.order.get(loopId) ?? []) {
    const node = leg.graph.nodes.get(nodeId) as WorkflowNode;
    const skip = nodeId === TRIGGER_ID ? null : skipReason(leg, nodeId, loopId, taken);
    const key = `${prefix}${nodeId}`;
    const result = skip ? skipNode(leg, node, key, skip) : await runNode(leg, node, key, scope);
    if (result.kind === 'halt') return { halt: result.end, lastOutput };
    if (result.output !== undefined) {
      scope.setOutput(nodeId, result.output);
      if (nodeId !== TRIGGER_ID) lastOutput = result.output;
    }
    for (const edge of leg.graph.outgoing.get(nodeId) ?? []) taken.set(edge, edgeState(edge, result));
  }
  return { halt: null, lastOutput };
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
  if (!leg.find(key)) leg.record({ ...emptyStep(node, key), status: 'skipped', skippedBecause: reason });
  return { kind: 'dead', output: undefined };
}

async function runNode(leg: Leg, node: WorkflowNode, key: string, scope: RegionScope): Promise<StepResult> {
  const block = leg.input.blocks.get(node.type);
  if (node.id === TRIGGER_ID)
    return { kind: 'left', handle: block?.passHandle ?? 'next', output: leg.input.run.payload };
  if (node.disabled) {
    const skipped: SkipReason = { code: 'disabled' };
    if (!leg.find(key)) leg.record({ ...emptyStep(node, key), status: 'skipped', skippedBecause: skipped });
    return { kind: 'left', handle: block?.passHandle ?? 'next', output: undefined };
  }
  if (!leg.find(key) && !leg.countStep()) {
    const limit = leg.caps.stepsPerRun;
    const message = `The run was stopped after ${limit} steps, the most a run may have. Split the workflow or shorten its loops.`;
    return {
      kind: 'halt',
      end: { status: 'failed', error: runError('steps_exceeded', message, node.id, key) },
    };
  }
  const performed = await performStep(leg, node, key, scope.toScope());
  return performed.kind === 'loop' ? runLoop(leg, node, key, scope, performed.plan) : performed;
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
    const { halt, lastOutput } = await runRegion(leg, node.id, `${key}[${index}]/`, iteration);
    if (halt && halt.status !== 'failed') return { kind: 'halt', end: halt };
    // The run's own limit is no item's failure: neither the loop nor its `onError` may pass over it.
    if (halt?.error.code === 'steps_exceeded')
      return failNode(leg, { ...node, onError: 'fail' }, key, halt.error);
    const kept = halt ? { error: halt.error } : collectItem(leg, plan, iteration, lastOutput);
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

function emptyStep(node: WorkflowNode, key: string) {
  return {
    key,
    nodeId: node.id,
    type: node.type,
    attempt: 0,
    input: null,
    output: null,
    error: null,
    branch: null,
    attempts: [],
    wakeAt: null,
    startedAt: null,
    finishedAt: null,
  };
}

function runError(code: string, message: string, nodeId: string, stepKey: string): RunError {
  return { kind: 'terminal', code, message, actor: 'customer', nodeId, stepKey };
}
