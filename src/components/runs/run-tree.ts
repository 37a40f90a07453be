import {
  type AnyBlock,
  type BlockLookup,
  buildGraph,
  getOwn,
  type Json,
  labelOf,
  type RunDetail,
  type Step,
  TRIGGER_ID,
  type WorkflowNode,
} from '../../core';

/** A line of the timeline: a step, or one iteration of a loop with its steps under it. */
export type RunRow = StepRow | IterationRow;

interface RowBase {
  /** Step key, or `loop_x[3]` for an iteration. */
  id: string;
  depth: number;
  children: RunRow[];
}

export interface StepRow extends RowBase {
  kind: 'step';
  node: WorkflowNode;
  block: AnyBlock | undefined;
  step: Step;
  label: string;
  /** Set when the row stands for a whole iteration of one step. */
  iteration?: Iteration;
}

export interface IterationRow extends RowBase {
  kind: 'iteration';
  iteration: Iteration;
  status: Step['status'];
}

export interface Iteration {
  /** From 0. */
  index: number;
  /** What the item is called, when it says so. */
  name: string | null;
}

/** The steps of a run in the order of its definition, a loop's iterations under the loop. */
export function buildRunTree(detail: RunDetail, blocks: BlockLookup, locale: 'en' | 'it'): RunRow[] {
  const graph = buildGraph(detail.definition, blocks);
  const steps = new Map(detail.steps.map((step) => [step.key, step]));

  const region = (loopId: string | null, prefix: string, depth: number): RunRow[] =>
    (graph.order.get(loopId) ?? []).flatMap((nodeId): RunRow[] => {
      const step = steps.get(`${prefix}${nodeId}`);
      const node = graph.nodes.get(nodeId);
      if (!step || !node) return [];
      const base = { id: step.key, kind: 'step' as const, node, block: blocks.get(node.type), step, depth };
      return [
        { ...base, label: labelOf(node, blocks, locale), children: iterations(step, nodeId, depth + 1) },
      ];
    });

  const iterations = (loop: Step, nodeId: string, depth: number): RunRow[] =>
    iterationIndexes(loop.key, steps.keys()).map((index) => {
      const id = `${loop.key}[${index}]`;
      const iteration = { index, name: nameOfItem(loop.input, index) };
      const children = region(nodeId, `${id}/`, depth + 1);
      const [only, ...others] = children;
      if (only?.kind === 'step' && others.length === 0) return { ...only, depth, iteration };
      return { id, kind: 'iteration', iteration, depth, children, status: worstStatus(children) };
    });

  return region(null, '', 0);
}

function iterationIndexes(key: string, keys: Iterable<string>): number[] {
  const found = new Set<number>();
  for (const candidate of keys) {
    if (!candidate.startsWith(`${key}[`)) continue;
    const index = Number(candidate.slice(key.length + 1, candidate.indexOf(']', key.length)));
    if (Number.isInteger(index)) found.add(index);
  }
  return [...found].sort((a, b) => a - b);
}

/** A loop's items are mostly people or documents: what they are called tells more than their position. */
function nameOfItem(input: Json, index: number): string | null {
  const item = getOwn(getOwn(input, 'items'), index);
  if (typeof item === 'string' || typeof item === 'number') return shorten(String(item));
  const name = ['name', 'title', 'label', 'email', 'id']
    .map((key) => getOwn(item, key))
    .find((value) => typeof value === 'string');
  return name === undefined ? null : shorten(name as string);
}

const shorten = (text: string): string => (text.length > 60 ? `${text.slice(0, 59)}…` : text);

/** What a group of rows comes to: what needs attention first. */
const severity: readonly Step['status'][] = [
  'failed',
  'in_doubt',
  'running',
  'waiting',
  'canceled',
  'succeeded',
  'skipped',
  'pending',
];

export function worstStatus(rows: readonly RunRow[]): Step['status'] {
  const statuses = rows.map(statusOf);
  return severity.find((status) => statuses.includes(status)) ?? 'pending';
}

export function statusOf(row: RunRow): Step['status'] {
  return row.kind === 'step' ? row.step.status : row.status;
}

/** Every row below and including these, in the order they are drawn. */
export function flattenRows(rows: readonly RunRow[]): RunRow[] {
  return rows.flatMap((row) => [row, ...flattenRows(row.children)]);
}

/**
 * The step to look at: the first that went wrong, else what is under way, else where the workflow stopped the run, else the one that was looked
 * at before, else the start.
 */
export function defaultRow(
  rows: readonly RunRow[],
  stoppedAt: string | null,
  before?: string,
): StepRow | undefined {
  const steps = flattenRows(rows).filter((row): row is StepRow => row.kind === 'step');
  const wanted: Step['status'][] = ['failed', 'in_doubt', 'waiting', 'running'];
  for (const status of wanted) {
    const hits = steps.filter((row) => row.step.status === status);
    const innermost = hits.find(
      (row) => !flattenRows(row.children).some((child) => statusOf(child) === status),
    );
    if (innermost) return innermost;
  }
  const rowOf = (id: string | null | undefined) => steps.find((row) => row.id === id);
  return rowOf(stoppedAt) ?? rowOf(before) ?? steps.find((row) => row.node.id === TRIGGER_ID) ?? steps[0];
}

/** Row of a node: the one that went wrong when a loop ran it several times. */
export function rowOfNode(rows: readonly RunRow[], nodeId: string): StepRow | undefined {
  const own = flattenRows(rows).filter(
    (row): row is StepRow => row.kind === 'step' && row.node.id === nodeId,
  );
  return severity.map((status) => own.find((row) => row.step.status === status)).find(Boolean);
}
