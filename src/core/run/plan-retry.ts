import type { BlockLookup } from '../block/define';
import { buildGraph, descendantsOf, enclosingLoops, type WorkflowGraph } from '../definition/graph';
import { TRIGGER_ID, type WorkflowDefinition } from '../definition/schema';
import { carryOver } from './carry-over';
import type { StepRecord } from './ports';

/** What a retry takes over from the run before; everything else is done again. */
export interface RetryPlan {
  /** Steps that are done. */
  keep: string[];
  /** Loops that go on: some of what they hold is done, some is to be done again. */
  reopen: string[];
  /** Steps that did not come to their end and whose effect has or may have happened, as the new run goes on with them, under their effect key. */
  carried: StepRecord[];
}

/** Where a step stands: its node, and the iteration it belongs to (`''`, or `loop_x[3]/`). */
interface Place {
  nodeId: string;
  prefix: string;
}

const placeOf = (key: string): Place => {
  const cut = key.lastIndexOf('/') + 1;
  return { prefix: key.slice(0, cut), nodeId: key.slice(cut) };
};

/**
 * Plans a retry.
 *
 * @param definition the version the new run will carry out
 * @param from `start`, `failed` (go on where it stopped), or the key of the step to begin with
 * @returns `null` when the run has no such step, or the definition no such node
 */
export function planRetry(
  definition: WorkflowDefinition,
  blocks: BlockLookup,
  steps: readonly StepRecord[],
  from: string,
): RetryPlan | null {
  // What was fetched at the start may be gone where it came from.
  const isFetched = ({ key, branch }: StepRecord) => key === TRIGGER_ID && branch !== null;
  if (from === 'start') return { keep: steps.some(isFetched) ? [TRIGGER_ID] : [], reopen: [], carried: [] };
  if (from === TRIGGER_ID) return { keep: [], reopen: [], carried: [] };
  const graph = buildGraph(definition, blocks);
  const byKey = new Map(steps.map((step) => [step.key, step]));
  const isKnown = ({ nodeId, type }: StepRecord) => graph.nodes.get(nodeId)?.type === type;
  if (from !== 'failed') {
    const step = byKey.get(from);
    if (!step || !isKnown(step)) return null;
  }
  const redone = new Set(from === 'failed' ? [] : [from]);
  for (const step of steps) {
    if (!isSettled(step) && !isWithinSettledLoop(step.key, byKey)) redone.add(step.key);
  }
  const mustRepeat = (key: string) => [...redone].some((root) => comesAfter(graph, root, key, root === from));
  const keep: string[] = [];
  const reopen: string[] = [];
  for (const step of steps) {
    if (!isKnown(step) || step.status === 'skipped' || step.key === from) continue;
    const holdsRedone = [...redone].some((root) => root.startsWith(`${step.key}[`));
    if (mustRepeat(step.key)) continue;
    if (holdsRedone || (redone.has(step.key) && holdsSettled(step.key, steps))) reopen.push(step.key);
    else if (!redone.has(step.key)) keep.push(step.key);
  }
  const isKept = new Set([...keep, ...reopen]);
  const carried = steps
    .filter((step) => isKnown(step) && !isKept.has(step.key))
    .flatMap((step) => carryOver(step, blocks.get(step.type), mustRepeat(step.key)) ?? []);
  return { keep, reopen, carried };
}

/** Came to its end, or failed in a way the workflow provides for. */
const isSettled = ({ status, branch }: StepRecord): boolean =>
  status === 'succeeded' || status === 'skipped' || (status === 'failed' && branch !== null);

/** An item's failure that its loop has counted and passed over. */
function isWithinSettledLoop(key: string, byKey: ReadonlyMap<string, StepRecord>): boolean {
  for (let { prefix } = placeOf(key); prefix !== ''; { prefix } = placeOf(prefix.replace(/\[\d+\]\/$/, ''))) {
    const loop = byKey.get(prefix.replace(/\[\d+\]\/$/, ''));
    if (loop && isSettled(loop)) return true;
  }
  return false;
}

const holdsSettled = (key: string, steps: readonly StepRecord[]): boolean =>
  steps.some((step) => step.key.startsWith(`${key}[`) && isSettled(step));

/** Whether the step `key` builds on the step `root`, so that it must be done again when `root` is. */
function comesAfter(graph: WorkflowGraph, root: string, key: string, isChosen: boolean): boolean {
  // A loop that is itself chosen begins anew; one that merely did not come to its end keeps what is done for its items.
  if (isChosen && key.startsWith(`${root}[`)) return true;
  for (let place: Place | null = placeOf(root); place; place = enclosing(place)) {
    if (!key.startsWith(place.prefix)) continue;
    const [head = ''] = key.slice(place.prefix.length).split(/[[/]/);
    const isBody = enclosingLoops(graph, head).includes(place.nodeId);
    if (head !== place.nodeId && !isBody && descendantsOf(graph, place.nodeId).has(head)) return true;
  }
  return false;
}

/** The loop around a step. */
function enclosing({ prefix }: Place): Place | null {
  return prefix === '' ? null : placeOf(prefix.replace(/\[\d+\]\/$/, ''));
}
