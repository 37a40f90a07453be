import {
  type Approval,
  buildGraph,
  descendantsOf,
  enclosingLoops,
  isFinished,
  type Json,
  passHandleOf,
  type RouteCalls,
  type RunDetail,
  type Step,
  TRIGGER_ID,
  WorkflowError,
  type WorkflowNode,
} from '../../src/core';
import { announce, performRun } from './fake-performance';
import { startOnce } from './fake-runs';
import { type FakeState, findRun, notFound, paginate } from './fake-state';

type PeopleCalls = Pick<
  RouteCalls,
  'cancelRun' | 'retryRun' | 'settleStep' | 'listApprovals' | 'decideApproval'
>;

/** What people do with runs. */
export function peopleCalls(state: FakeState): PeopleCalls {
  return {
    cancelRun: async ({ params }) => {
      const detail = findUnfinished(state, params.id);
      requestCancel(state, detail);
      announce(state, detail);
      return { run: structuredClone(detail.run) };
    },
    retryRun: async ({ params, body, headers }) => {
      const { from = 'failed', version = 'same', payload } = body;
      const before = findRun(state, params.id);
      return startOnce(state, headers?.['idempotency-key'], body, () =>
        prepareRetry(state, before, { from, version, payload: payload as Json | undefined }),
      );
    },
    settleStep: async ({ params, body }) => {
      const detail = findUnfinished(state, params.id);
      const step = detail.steps.find((candidate) => candidate.key === body.stepKey);
      if (step?.status !== 'in_doubt') {
        const message = 'This step is not in doubt, so there is nothing to settle. Reload the run.';
        throw new WorkflowError('step_not_in_doubt', message);
      }
      settle(state, detail, step, body.happened ? { output: (body.output ?? null) as Json } : null);
      detail.run.status = 'queued';
      const run = structuredClone(detail.run);
      void performRun(state, detail);
      return { run };
    },
    listApprovals: async ({ query = {} } = {}) => {
      const found = [...state.runs.values()].flatMap(approvalsOf);
      const matching = found.filter(
        ({ status }) => !query.status || query.status.split(',').includes(status),
      );
      return paginate(
        matching.sort((a, b) => b.createdAt.localeCompare(a.createdAt)),
        query,
      );
    },
    decideApproval: async ({ params, body }) => {
      const [runId = '', ...rest] = params.id.split(':');
      const detail = state.runs.get(runId);
      const known = detail && approvalsOf(detail).find(({ id }) => id === params.id);
      if (!detail || !known) throw notFound('approval');
      if (known.status !== 'pending') {
        const message = `Decided by ${known.decidedBy} at ${known.decidedAt}; this decision changed nothing.`;
        throw new WorkflowError('already_decided', message, { details: { approval: known } });
      }
      const decidedAt = state.timestamp();
      const decision = { ...body, comment: body.comment ?? null, decidedBy: 'user_laura', decidedAt };
      await performRun(state, detail, { key: rest.join(':'), wakeUp: { kind: 'decision', decision } });
      const { decision: status, ...facts } = decision;
      return { approval: { ...known, ...facts, status } };
    },
  };
}

function findUnfinished(state: FakeState, id: string): RunDetail {
  const detail = findRun(state, id);
  if (!isFinished(detail.run.status)) return detail;
  throw new WorkflowError('run_finished', 'The run has ended already, so nothing was changed.');
}

/** A run between two steps ends at once; one that is being carried out, after the step under way. */
function requestCancel(state: FakeState, detail: RunDetail): void {
  const { run } = detail;
  if (run.status === 'running') {
    run.cancelRequested = true;
    state.underWay.get(run.id)?.requestCancel();
    return;
  }
  const finishedAt = state.timestamp();
  Object.assign(run, { status: 'canceled', wakeAt: null, error: null, finishedAt });
  for (const step of detail.steps)
    if (step.status === 'waiting') Object.assign(step, { status: 'canceled', wakeAt: null, finishedAt });
}

/** @param happened what the step gave; `null` when it did not happen */
function settle(state: FakeState, detail: RunDetail, step: Step, happened: { output: Json } | null): void {
  const node = detail.definition.nodes.find(({ id }) => id === step.nodeId) as WorkflowNode;
  const branch = passHandleOf(node, state.blocks.get(node.type));
  const finishedAt = state.timestamp();
  const change = happened
    ? { status: 'succeeded', output: happened.output, error: null, branch, finishedAt }
    : { status: 'pending', error: null };
  Object.assign(step, change);
}

function prepareRetry(
  state: FakeState,
  before: RunDetail,
  { from, version, payload }: { from: string; version: 'same' | 'latest'; payload: Json | undefined },
): RunDetail {
  if (!isFinished(before.run.status))
    throw new WorkflowError('run_active', 'The run is still under way. Retry it once it has ended.');
  const [trigger, ...done] = before.steps as [Step, ...Step[]];
  const isKnown =
    from === 'failed' ? before.run.status !== 'succeeded' : done.some(({ key }) => key === from);
  if (from !== 'start' && !isKnown)
    throw new WorkflowError('retry_impossible', 'There is no such step to go on from. Retry from the start.');
  const latest = version === 'latest' ? latestVersion(state, before.run.workflowId) : null;
  const definition = structuredClone(latest?.definition ?? before.definition);
  const at = state.timestamp();
  const run = {
    ...before.run,
    id: state.nextId(),
    ...(latest ? { version: latest.version } : {}),
    ...({ status: 'queued', retryOf: before.run.id, error: null, wakeAt: null } as const),
    ...{ cancelRequested: false, createdAt: at, startedAt: null, finishedAt: null },
  };
  const kept = done.filter((step) => isKept(state, { ...before, definition }, step, from));
  const carried = kept.map((step) => ({ ...step, reusedFrom: step.reusedFrom ?? before.run.id }));
  const start = { ...trigger, output: payload ?? trigger.output, startedAt: at, finishedAt: at };
  return { run, steps: [start, ...structuredClone(carried)], definition };
}

function latestVersion(state: FakeState, workflowId: string) {
  const version = state.workflows.get(workflowId)?.versions.at(-1);
  if (version) return version;
  throw new WorkflowError('not_published', 'The workflow has no published version to retry with.');
}

/** What is done and does not come after the step the retry goes on from. */
function isKept(state: FakeState, { definition }: RunDetail, step: Step, from: string): boolean {
  const isDone = step.status === 'succeeded' || (step.status === 'failed' && step.branch !== null);
  if (from === 'start' || !isDone) return false;
  if (from === 'failed') return true;
  const graph = buildGraph(definition, state.blocks);
  const nodeId = from.split('/').at(-1) ?? from;
  const again = [nodeId, ...enclosingLoops(graph, nodeId)];
  const after = new Set(again.flatMap((id) => [id, ...descendantsOf(graph, id)]));
  const [first = ''] = from.split('[');
  // Inside the loop that is gone through again, what is done for its items stays, but for what follows the step.
  const isInside = step.key.startsWith(`${first}[`);
  if (isInside) return step.nodeId !== nodeId && !descendantsOf(graph, nodeId).has(step.nodeId);
  return !after.has(step.nodeId);
}

/** The decisions a run waits for, or waited for, as its steps tell. */
function approvalsOf({ run, steps }: RunDetail): Approval[] {
  return steps.flatMap((step): Approval[] => {
    if (step.wait?.kind !== 'decision' || step.nodeId === TRIGGER_ID) return [];
    const { message, approvers, until, required = 1 } = step.wait;
    const status = approvalStatus(step);
    const given = (step.output ?? {}) as Partial<Record<'decidedBy' | 'decidedAt' | 'comment', string>>;
    const { workflowId, workflowName, title } = run;
    return [
      {
        ...{ id: `${run.id}:${step.key}`, runId: run.id, stepKey: step.key, workflowId, workflowName, title },
        ...{ status, message, approvers: [...approvers], until, required, startedBy: null },
        ...{ canDecide: status === 'pending', decisions: [] },
        createdAt: step.startedAt ?? run.createdAt,
        decidedBy: given.decidedBy ?? null,
        decidedAt: given.decidedAt ?? null,
        comment: given.comment ?? null,
      },
    ];
  });
}

function approvalStatus({ status, branch }: Step): Approval['status'] {
  if (status === 'waiting') return 'pending';
  return branch === 'approved' || branch === 'rejected' || branch === 'expired' ? branch : 'canceled';
}
