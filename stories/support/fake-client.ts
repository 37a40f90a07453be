import { blocks as builtInBlocks, providers as builtInProviders } from '../../src/blocks';
import {
  type AnyBlock,
  type AnyExecutor,
  type InboundAddress,
  type Integration,
  indexBlocks,
  type ProviderDefinition,
  type RemoteOption,
  type RouteCalls,
  type RouteName,
  type RunDetail,
  type Workflow,
  type WorkflowClient,
} from '../../src/core';
import { adminCalls } from './fake-admin';
import { createExecutors } from './fake-executors';
import { inboundCalls } from './fake-inbound';
import { completeConnection, integrationCalls } from './fake-integrations';
import { peopleCalls } from './fake-people';
import { createWatchRun, runCalls } from './fake-runs';
import type { FakeState, PlannedFailures, StoredWorkflow } from './fake-state';
import { workflowCalls } from './fake-workflows';

export interface FakeClientOptions {
  workflows?: readonly Workflow[];
  runs?: readonly RunDetail[];
  integrations?: readonly Integration[];
  /** Whether the caller may connect providers. @default true */
  canManage?: boolean;
  /** Remote options by `provider.name`, e.g. `slack.channels`. */
  options?: Readonly<Record<string, readonly RemoteOption[]>>;
  /** What there is to say of addresses for emails. @default a domain is set up, and nothing was refused */
  inbound?: Partial<Pick<InboundAddress, 'configured' | 'refused'>>;
  /** @default the built-in blocks */
  blocks?: readonly AnyBlock[];
  /** @default the built-in providers */
  providers?: readonly ProviderDefinition[];
  /** Replaces single executors of the built-in ones. */
  executors?: Readonly<Record<string, AnyExecutor>>;
  /** How long each effect of a run takes, milliseconds: a run can be watched. @default 0 */
  stepDelayMs?: number;
  /** Calls that never answer, for loading states. @default none */
  pending?: readonly RouteName[];
  /** Calls that fail, for error states. @default none */
  failures?: Readonly<Partial<Record<RouteName, Error>>>;
  /** Where `connectIntegration` sends the popup. */
  authorizeUrl?: (provider: string) => string;
  /** @default Date.now */
  now?: () => number;
}

/** What a test or a story does to the fake from outside. */
export interface FakeControls {
  /** Every call so far, with what was asked. */
  calls: { route: RouteName | 'watchRun'; request: unknown }[];
  /** Makes a route fail until told `null`. */
  fail: (route: RouteName, error: Error | null) => void;
  /** Puts a run in place and tells whoever watches it. */
  setRun: (detail: RunDetail) => void;
  /** What the provider's page and the OAuth return do on a real server. */
  completeConnection: (provider: string, account: string) => void;
  getWorkflow: (id: string) => StoredWorkflow | undefined;
}

export type FakeClient = WorkflowClient & { fake: FakeControls };

/** The whole REST API in memory, with the core's own validation and engine behind it: for stories and component tests. */
export function createFakeClient(options: FakeClientOptions = {}): FakeClient {
  const state = createState(options);
  const calls: FakeControls['calls'] = [];
  const failures: PlannedFailures = new Map(Object.entries(options.failures ?? {}) as [RouteName, Error][]);
  const enter = async (route: RouteName | 'watchRun', request: unknown): Promise<void> => {
    calls.push({ route, request: structuredClone(request) });
    const name = route === 'watchRun' ? 'getRun' : route;
    if (options.pending?.includes(name)) await new Promise<never>(() => {});
    const failure = failures.get(name);
    if (failure) throw failure;
  };
  const people = peopleCalls(state);
  const routes = {
    ...workflowCalls(state),
    ...inboundCalls(state, options.inbound),
    ...runCalls(state),
    ...people,
    ...adminCalls(state, people),
    ...integrationCalls(state),
  } satisfies RouteCalls;
  const guarded = Object.entries(routes).map(([name, call]) => [
    name,
    async (request: never) => {
      await enter(name as RouteName, request);
      return (call as (request: never) => unknown)(request);
    },
  ]);
  const watchRun: WorkflowClient['watchRun'] = (id, onChange, signal) =>
    createWatchRun(state, () => enter('watchRun', { id }))(id, onChange, signal);
  const fake: FakeControls = {
    calls,
    fail: (route, error) => void (error ? failures.set(route, error) : failures.delete(route)),
    setRun: (detail) => {
      state.runs.set(detail.run.id, structuredClone(detail));
      for (const watcher of [...state.watchers]) watcher(detail.run.id);
    },
    completeConnection: (provider, account) => completeConnection(state, provider, account),
    getWorkflow: (id) => state.workflows.get(id),
  };
  return { ...(Object.fromEntries(guarded) as unknown as RouteCalls), watchRun, fake };
}

function createState(options: FakeClientOptions): FakeState {
  const { blocks = builtInBlocks, providers = builtInProviders, now = Date.now } = options;
  let ids = 0;
  const timestamp = () => new Date(now()).toISOString();
  return {
    blocks: indexBlocks(blocks),
    blockList: blocks,
    providers,
    executors: { ...createExecutors(options.stepDelayMs), ...options.executors },
    workflows: new Map((options.workflows ?? []).map((workflow) => [workflow.id, store(workflow)])),
    runs: new Map((options.runs ?? []).map((detail) => [detail.run.id, structuredClone(detail)])),
    integrations: new Map((options.integrations ?? []).map((one) => [one.provider, structuredClone(one)])),
    canManage: options.canManage ?? true,
    options: options.options ?? {},
    audit: [],
    idempotency: new Map(),
    authorizeUrl: options.authorizeUrl ?? ((provider) => `about:blank#${provider}`),
    now,
    timestamp,
    nextId: () => {
      ids += 1;
      return `019ab000-0000-7000-8000-${String(ids).padStart(12, '0')}`;
    },
    watchers: new Set(),
    underWay: new Map(),
  };
}

/** A workflow given as published has its draft as every version up to that number. */
function store(workflow: Workflow): StoredWorkflow {
  const { definition } = workflow.draft;
  const versions = Array.from({ length: workflow.publishedVersion ?? 0 }, (_, index) => ({
    version: index + 1,
    definition: structuredClone(definition),
    createdAt: workflow.createdAt,
    createdBy: 'user_laura',
  }));
  return { workflow: structuredClone(workflow), versions };
}
