import {
  type AnyBlock,
  type AnyExecutor,
  type BlockLookup,
  type Integration,
  type MemoryRunStore,
  type ProviderDefinition,
  type RemoteOption,
  type RouteName,
  type RunDetail,
  type Workflow,
  WorkflowError,
  type WorkflowVersion,
} from '../../src/core';

export interface StoredWorkflow {
  workflow: Workflow;
  versions: WorkflowVersion[];
}

/** What the in-memory server knows. */
export interface FakeState {
  blocks: BlockLookup;
  blockList: readonly AnyBlock[];
  providers: readonly ProviderDefinition[];
  executors: Readonly<Record<string, AnyExecutor>>;
  workflows: Map<string, StoredWorkflow>;
  runs: Map<string, RunDetail>;
  integrations: Map<string, Integration>;
  canManage: boolean;
  /** Remote options by `provider.name`. */
  options: Readonly<Record<string, readonly RemoteOption[]>>;
  audit: {
    id: string;
    at: string;
    userId: string | null;
    action: string;
    targetType: string;
    targetId: string;
  }[];
  idempotency: Map<string, { body: string; runId: string }>;
  authorizeUrl: (provider: string) => string;
  now: () => number;
  timestamp: () => string;
  nextId: () => string;
  /** Called when a run changed. */
  watchers: Set<(runId: string) => void>;
  /** The journals of the runs that are being carried out, by run. */
  underWay: Map<string, MemoryRunStore>;
}

/** Failures the next calls answer with, by route; taken out by a test to see the recovery. */
export type PlannedFailures = Map<RouteName, Error>;

export const notFound = (what: string): WorkflowError =>
  new WorkflowError('not_found', `There is no such ${what}. Nothing was changed.`);

export function findWorkflow(state: FakeState, id: string): StoredWorkflow {
  const stored = state.workflows.get(id);
  if (!stored) throw notFound('workflow');
  return stored;
}

export function findRun(state: FakeState, id: string): RunDetail {
  const detail = state.runs.get(id);
  if (!detail) throw notFound('run');
  return detail;
}

/** One page of a list; the cursor is the position of its first item. */
export function paginate<T>(
  items: readonly T[],
  query: { cursor?: string | undefined; limit?: unknown } = {},
  fallback = 30,
) {
  const start = query.cursor ? Number(query.cursor) : 0;
  const size = query.limit === undefined ? fallback : Number(query.limit);
  const end = start + size;
  return {
    items: structuredClone(items.slice(start, end)),
    nextCursor: end < items.length ? String(end) : null,
  };
}

/** Providers a step may use: connected ones, and those that need no connection. */
export function connectedProviders(state: FakeState): Set<string> {
  const open = state.providers
    .filter((provider) => provider.auth.type !== 'oauth2')
    .map((provider) => provider.id);
  const connected = [...state.integrations.values()]
    .filter((one) => one.state === 'active')
    .map((one) => one.provider);
  return new Set([...open, ...connected]);
}

export function note(state: FakeState, action: string, targetType: string, targetId: string): void {
  state.audit.unshift({
    id: state.nextId(),
    at: state.timestamp(),
    userId: 'user_laura',
    action,
    targetType,
    targetId,
  });
}
