import { passHandleOf, type RunDetail, type Step, type WorkflowEdge } from '../../core';
import type { EdgeState, NodeState } from '../canvas/types';
import { plural } from '../shared/translate';
import { flattenRows, type RunRow, type StepRow, worstStatus } from './run-tree';
import { describeStep, type Words } from './step-words';

/** What the canvas shows of a run: the state of each node, and the way the run took. */
export function buildCanvasState(
  detail: RunDetail,
  rows: readonly RunRow[],
  words: Words,
): { nodes: Map<string, NodeState>; edges: Map<string, EdgeState> } {
  const byNode = new Map<string, StepRow[]>();
  for (const row of flattenRows(rows)) {
    if (row.kind === 'step') byNode.set(row.node.id, [...(byNode.get(row.node.id) ?? []), row]);
  }
  const nodes = detail.definition.nodes.map(
    (node) => [node.id, nodeState(byNode.get(node.id) ?? [], words)] as const,
  );
  const edges = detail.definition.edges.flatMap((edge) => {
    const state = edgeState(edge, byNode);
    return state ? [[edge.id, state] as const] : [];
  });
  return { nodes: new Map(nodes), edges: new Map(edges) };
}

function nodeState(rows: readonly StepRow[], words: Words): NodeState {
  const { t } = words;
  const [first] = rows;
  if (!first) return { status: 'pending', label: t('step.status.pending'), detail: t('step.status.pending') };
  const status = worstStatus(rows.map((row) => ({ ...row, children: [] })));
  const shown = status === 'canceled' ? 'skipped' : status;
  const label = t(`step.status.${status}`);
  if (rows.length === 1) return { status: shown, label, detail: describeStep(first, words) };
  const ran = rows.filter((row) => row.step.status !== 'skipped').length;
  const failed = rows.filter((row) => row.step.status === 'failed').length;
  const detail =
    failed > 0
      ? t('step.iterationsFailed', { failed, count: ran })
      : t(`step.iterations.${plural(ran)}`, { count: ran });
  return { status: shown, label, detail };
}

/** Done when the run went along it, dead when it went another way; nothing where it never came to a decision. */
function edgeState(edge: WorkflowEdge, byNode: ReadonlyMap<string, StepRow[]>): EdgeState | null {
  const sources = byNode.get(edge.source) ?? [];
  if (sources.length === 0) return null;
  if (sources.some((row) => leftBy(row, edge.sourceHandle))) {
    const targets = byNode.get(edge.target) ?? [];
    return targets.some((row) => row.step.status === 'running') ? 'running' : 'done';
  }
  return sources.every((row) => isSettled(row.step)) ? 'dead' : null;
}

function leftBy(row: StepRow, handle: string): boolean {
  const { step, block, node } = row;
  if (block?.kind === 'action' && block.bodyHandle === handle) return row.children.length > 0;
  if (step.skippedBecause?.code === 'disabled') return handle === passHandleOf(node, block);
  return step.branch === handle;
}

const isSettled = (step: Step): boolean => step.status === 'skipped' || step.branch !== null;
