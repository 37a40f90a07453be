import { isFinished, type Overview, type RouteCalls, type Run, type Trace } from '../../src/core';
import { type FakeState, findRun, paginate } from './fake-state';

type AdminCalls = Pick<RouteCalls, 'getOverview' | 'getTrace' | 'retryRuns' | 'cancelRuns'>;
type OneRun = Pick<RouteCalls, 'cancelRun' | 'retryRun'>;

const DAY_MS = 86_400_000;

/** What administrators see and do, from the runs there are. */
export function adminCalls(state: FakeState, one: OneRun): AdminCalls {
  const all = () => [...state.runs.values()];
  const isRetried = ({ id }: Run) => all().some(({ run }) => run.retryOf === id);
  const count = (status: Run['status']) => all().filter(({ run }) => run.status === status).length;
  const find = (filter: { workflowId?: string | undefined }, statuses: readonly string[]) =>
    all()
      .map(({ run }) => run)
      .filter((run) => statuses.includes(run.status))
      .filter((run) => !filter.workflowId || run.workflowId === filter.workflowId);
  return {
    getOverview: async () => {
      const now = state.now();
      const from = new Date(now - DAY_MS).toISOString();
      const failed = find({}, ['failed']).filter(
        ({ finishedAt }) => finishedAt !== null && finishedAt >= from,
      );
      const doubtful = find({}, ['needs_attention']);
      const unconnected = find({}, ['waiting']).filter(({ waitingFor }) => waitingFor?.kind === 'connection');
      return structuredClone({
        ...{ at: new Date(now).toISOString(), from },
        active: {
          ...{ queued: count('queued'), running: count('running') },
          ...{ waiting: count('waiting'), needs_attention: count('needs_attention') },
        },
        stuck: {
          total: unconnected.length,
          items: unconnected.map((run) => ({ run, reason: 'connection' as const, since: run.createdAt })),
        },
        inDoubt: {
          total: doubtful.length,
          items: doubtful.map((run) => ({ run, stepKey: run.error?.stepKey ?? null, since: run.createdAt })),
        },
        failing: failingOf(failed, isRetried),
      });
    },
    getTrace: async ({ params }): Promise<Trace> => {
      const { run } = findRun(state, params.id);
      return { run, stuck: null, claims: 1, deaths: 0, leaseUntil: null, causeDepth: 0, entries: [] };
    },
    retryRuns: async ({ body }) => {
      const { from, version } = body;
      const page = paginate(
        find(body.filter, ['failed']).filter((run) => !isRetried(run)),
        body,
      );
      return eachRun(page, ({ id }) => one.retryRun({ params: { id }, body: { from, version } }));
    },
    cancelRuns: async ({ body }) => {
      const open = all().filter(({ run }) => !isFinished(run.status));
      const statuses = open.map(({ run }) => run.status);
      return eachRun(paginate(find(body.filter, statuses), body), ({ id }) =>
        one.cancelRun({ params: { id } }),
      );
    },
  };
}

function failingOf(failed: readonly Run[], isRetried: (run: Run) => boolean): Overview['failing'] {
  const workflows = [...new Set(failed.map(({ workflowId }) => workflowId))];
  return workflows.map((workflowId) => {
    const runs = failed.filter((run) => run.workflowId === workflowId);
    const [lastFailed] = [...runs].sort((a, b) => b.createdAt.localeCompare(a.createdAt)) as [Run];
    const codes = [...new Set(runs.map(({ error }) => error?.code ?? ''))];
    return {
      ...{ workflowId, workflowName: lastFailed.workflowName, failed: runs.length },
      unretried: runs.filter((run) => !isRetried(run)).length,
      codes: codes.map((code) => ({ code, count: runs.filter(({ error }) => error?.code === code).length })),
      ...{ lastFailed, lastSucceededAt: null },
    };
  });
}

async function eachRun(
  page: { items: readonly Run[]; nextCursor: string | null },
  act: (run: Run) => Promise<{ run: Run }>,
) {
  const items = [];
  for (const run of page.items) items.push({ id: run.id, run: (await act(run)).run, error: null });
  return { items, nextCursor: page.nextCursor };
}
