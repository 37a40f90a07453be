import {
  isFinished,
  type Json,
  type RouteCalls,
  type Run,
  type RunDetail,
  type Step,
  TRIGGER_ID,
  type TriggerDefinition,
  type WorkflowClient,
  type WorkflowDefinition,
  WorkflowError,
} from '../../src/core';
import { previewStep, tryStep } from '../../src/core/run/try-step';
import { performRun } from './fake-performance';
import { type FakeState, findRun, findWorkflow, paginate, type StoredWorkflow } from './fake-state';
import { acceptDefinition } from './fake-workflows';

type RunCalls = Pick<RouteCalls, 'startRun' | 'listRuns' | 'getRun' | 'testNode'>;

export function runCalls(state: FakeState): RunCalls {
  return {
    startRun: async ({ params, body, headers }) => {
      const stored = findWorkflow(state, params.id);
      const key = headers?.['idempotency-key'];
      return startOnce(state, key, body, () =>
        prepareRun(state, stored, body.version ?? 'published', (body.payload ?? {}) as Json),
      );
    },
    testNode: async ({ params, body }) => {
      const { id, name, draft } = findWorkflow(state, params.id).workflow;
      const { definition, payload, outputs = {}, dryRun = true } = body;
      return (dryRun ? previewStep : tryStep)({
        nodeId: params.nodeId,
        run: {
          ...{ id: 'trial', companyId: 'company_acme', workflow: { id, name } },
          payload: payload as Json | undefined,
        },
        outputs: outputs as Record<string, Json>,
        definition: definition === undefined ? draft.definition : acceptDefinition(definition),
        ...{ blocks: state.blocks, executors: state.executors },
        connect: async () => null,
        effectKey: (stepKey) => `trial/${stepKey}`,
        clock: { now: () => state.now() },
      });
    },
    listRuns: async ({ query = {} } = {}) => {
      const statuses = query.status?.split(',');
      const matching = [...state.runs.values()]
        .map(({ run }) => run)
        .filter(
          (run) =>
            (!query.workflowId || run.workflowId === query.workflowId) &&
            (!statuses || statuses.includes(run.status)) &&
            (!query.trigger || run.trigger === query.trigger) &&
            (!query.key || run.businessKeys.includes(query.key)) &&
            (!query.from || run.createdAt >= query.from) &&
            (!query.to || run.createdAt <= query.to),
        );
      return pageRuns(matching.sort(newestFirst), query);
    },
    getRun: async ({ params }) => structuredClone(findRun(state, params.id)),
  };
}

/** Begins a run, or answers with the one that this key began. */
export function startOnce(
  state: FakeState,
  key: string | undefined,
  body: unknown,
  prepare: () => RunDetail,
): { run: Run } {
  const known = key === undefined ? undefined : state.idempotency.get(key);
  const text = JSON.stringify(body);
  if (known && known.body !== text) {
    const message = 'This key was used with another body. Nothing was started.';
    throw new WorkflowError('idempotency_conflict', message);
  }
  if (known) return { run: structuredClone(findRun(state, known.runId).run) };
  const detail = prepare();
  state.runs.set(detail.run.id, detail);
  if (key !== undefined) state.idempotency.set(key, { body: text, runId: detail.run.id });
  const run = structuredClone(detail.run);
  void performRun(state, detail);
  return { run };
}

const newestFirst = (a: Run, b: Run): number =>
  b.createdAt.localeCompare(a.createdAt) || b.id.localeCompare(a.id);

/** Keyset paging: the cursor names the last run seen, so runs that start meanwhile shift nothing. */
function pageRuns(runs: Run[], query: { cursor?: string | undefined; limit?: unknown }) {
  const start = query.cursor ? runs.findIndex((run) => run.id === query.cursor) + 1 : 0;
  const page = paginate(runs.slice(start), { limit: query.limit });
  return { items: page.items, nextCursor: page.nextCursor === null ? null : (page.items.at(-1)?.id ?? null) };
}

/** The client's `watchRun` without a network: the run now and after each change until it has ended. */
export function createWatchRun(state: FakeState, before: () => Promise<void>): WorkflowClient['watchRun'] {
  return async (id, onChange, signal) => {
    await before();
    findRun(state, id);
    await new Promise<void>((resolve) => {
      const stop = () => {
        state.watchers.delete(see);
        signal?.removeEventListener('abort', stop);
        resolve();
      };
      const see = (changed: string) => {
        if (changed !== id || signal?.aborted) return;
        const detail = findRun(state, id);
        onChange(structuredClone(detail));
        if (isFinished(detail.run.status)) stop();
      };
      state.watchers.add(see);
      signal?.addEventListener('abort', stop);
      see(id);
    });
  };
}

function prepareRun(
  state: FakeState,
  { workflow, versions }: StoredWorkflow,
  wanted: string | number,
  payload: Json,
): RunDetail {
  const number =
    wanted === 'published' ? workflow.publishedVersion : wanted === 'draft' ? null : Number(wanted);
  const version = versions.find((candidate) => candidate.version === number);
  if (wanted !== 'draft' && !version) {
    const message = 'The workflow has no published version, so nothing was started. Publish it first.';
    throw new WorkflowError('not_published', message);
  }
  const definition = structuredClone(version?.definition ?? workflow.draft.definition);
  const trigger = triggerOf(state, definition);
  const at = state.timestamp();
  const run: Run = {
    id: state.nextId(),
    workflowId: workflow.id,
    workflowName: workflow.name,
    version: version?.version ?? null,
    status: 'queued',
    trigger: trigger?.type ?? '',
    title: attempt(() => trigger?.title?.(payload)) ?? null,
    businessKeys: attempt(() => trigger?.businessKeys?.(payload)) ?? [],
    ...{
      retryOf: null,
      error: null,
      wakeAt: null,
      waitingFor: null,
      canAct: true,
      cancelRequested: false,
      engine: null,
    },
    ...{ createdAt: at, startedAt: null, finishedAt: null },
  };
  return { run, steps: [triggerStep(run, payload)], definition };
}

function triggerOf(state: FakeState, definition: WorkflowDefinition): TriggerDefinition | undefined {
  const block = state.blocks.get(definition.nodes.find((node) => node.id === TRIGGER_ID)?.type ?? '');
  return block?.kind === 'trigger' ? block : undefined;
}

/** Titles and keys come from payloads a person may have typed: one that lacks them has none. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** The trigger is not journaled: its output is the payload, its time the run's. */
export function triggerStep(run: Run, payload: Json): Step {
  const times = { wakeAt: null, startedAt: run.createdAt, finishedAt: run.createdAt };
  const facts = {
    key: TRIGGER_ID,
    nodeId: TRIGGER_ID,
    type: run.trigger,
    status: 'succeeded',
    attempt: 1,
  } as const;
  return {
    ...facts,
    input: null,
    output: payload,
    error: null,
    branch: 'next',
    skippedBecause: null,
    attempts: [],
    ...{ wait: null, reusedFrom: null },
    ...times,
  };
}
