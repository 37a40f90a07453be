/**
 * Stands in for Trigger.dev: speaks the part of its HTTP API that the SDK uses with us, keeps runs and tokens as the platform does (a key
 * is free again when its run failed, a token completes once), and has workers execute tasks. Time is the tests'.
 */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TaskRunExecution } from '@trigger.dev/core/v3';
import { createWorkerPool, type PooledWorker, type WorkerPool } from './worker-pool';

export interface PlatformRun {
  id: string;
  taskId: string;
  status: string;
  payload: string;
  options: { idempotencyKey?: string; concurrencyKey?: string; tags?: string[]; delay?: string };
  attempt: number;
  output: unknown;
  error: unknown;
}

export interface Platform {
  url: string;
  runs: PlatformRun[];
  /** Everything the SDK asked for, in order. */
  requests: { method: string; path: string; body: string }[];
  /** How the API behaves: answers, breaks every connection, or lets requests hang. */
  api: 'up' | 'down' | 'silent';
  /** Asked before an answer is given, what was asked for being done: the answer comes when it resolves. */
  beforeAnswer: (path: string, body: string) => Promise<void>;
  workers: WorkerPool;
  /** Starts what has become due by the tests' clock, and ends tokens whose time is over. */
  look: () => void;
  /** Starts a task as a schedule or a person in the dashboard does. */
  start: (taskId: string, payload: object) => PlatformRun;
  /** Resolves with the first answer that is not `null`; asked now and whenever a run changes. */
  watch: <T>(ask: () => T | null | Promise<T | null>) => Promise<T>;
  close: () => Promise<void>;
}

interface Token {
  id: string;
  until: number;
  isOver: boolean;
  waiter: { run: PlatformRun; worker: PooledWorker } | null;
}

/** Of the requests we answer; which has what stands in the routes. */
interface RequestBody {
  payload: string;
  options: PlatformRun['options'];
  timeout: string;
  idempotencyKey: string;
}

const FINAL = ['COMPLETED', 'CANCELED', 'FAILED', 'CRASHED', 'SYSTEM_FAILURE', 'EXPIRED', 'TIMED_OUT'];

export async function startPlatform(env: Record<string, string>, now: () => number): Promise<Platform> {
  const runs: PlatformRun[] = [];
  const keys = new Map<string, string>();
  const tokens: Token[] = [];
  const tokenKeys = new Map<string, Token>();
  const watchers = new Set<() => void>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  const become = (run: PlatformRun, status: string) => {
    run.status = status;
    // The platform frees the key of a run that failed.
    if (['FAILED', 'CRASHED'].includes(status)) keys.delete(run.options.idempotencyKey ?? '');
    for (const watcher of watchers) watcher();
    watchers.clear();
  };

  const start = (taskId: string, payload: string, options: PlatformRun['options']): PlatformRun => {
    const known = runs.find(({ id }) => id === keys.get(options.idempotencyKey ?? ''));
    if (known) return known;
    const status = options.delay && Date.parse(options.delay) > now() ? 'DELAYED' : 'QUEUED';
    const run = { taskId, payload, options, status, id: `run_${runs.length + 1}`, attempt: 0, output: null };
    runs.push({ ...run, error: null });
    if (options.idempotencyKey) keys.set(options.idempotencyKey, run.id);
    setImmediate(look);
    return runs.at(-1) as PlatformRun;
  };

  const complete = (token: Token, isTimedOut: boolean) => {
    if (token.isOver) return;
    token.isOver = true;
    resume(token, isTimedOut);
  };
  const resume = ({ id, waiter }: Token, isTimedOut: boolean) => {
    if (!waiter || FINAL.includes(waiter.run.status)) return;
    become(waiter.run, 'EXECUTING');
    waiter.worker.send({ kind: 'resolve', token: id, isTimedOut });
  };

  const look = () => {
    for (const token of tokens) if (token.until <= now()) complete(token, true);
    for (const run of runs)
      if (run.status === 'DELAYED' && Date.parse(run.options.delay ?? '') <= now()) become(run, 'QUEUED');
    for (const run of runs) if (run.status === 'QUEUED') void carryOut(run);
    lookLater();
  };
  /** Waits end at an instant of their own, shortly after the one the test lets come. */
  const lookLater = () => {
    clearTimeout(timer);
    const times = [
      ...tokens.filter(({ isOver }) => !isOver).map(({ until }) => until),
      ...runs
        .filter(({ status }) => status === 'DELAYED')
        .map(({ options }) => Date.parse(options.delay ?? '')),
    ];
    const next = Math.min(...times) - now();
    if (next < 60_000) timer = setTimeout(look, Math.max(0, next));
  };

  const carryOut = async (run: PlatformRun) => {
    run.attempt += 1;
    become(run, 'EXECUTING');
    const answer = await workers.execute(toExecution(run));
    if (FINAL.includes(run.status)) return;
    if (answer === 'killed') return become(run, 'CRASHED');
    if (answer.ok) {
      run.output = answer.output ?? null;
      return become(run, 'COMPLETED');
    }
    run.error = answer.error;
    if (!answer.retry) return become(run, 'FAILED');
    setTimeout(
      () => {
        become(run, 'QUEUED');
        look();
      },
      Math.min(answer.retry.delay, 200),
    );
  };

  const workers = await createWorkerPool(env);
  const routes: [RegExp, (match: string[], body: RequestBody) => unknown][] = [
    [
      /^POST \/api\/v1\/tasks\/([^/]+)\/trigger$/,
      ([taskId = ''], { payload, options }) => {
        const before = runs.length;
        return { id: start(taskId, payload, options).id, isCached: runs.length === before };
      },
    ],
    [/^GET \/api\/v3\/runs\/([^/]+)$/, ([id]) => toAnswer(runs.find((run) => run.id === id))],
    [
      /^POST \/api\/v2\/runs\/([^/]+)\/cancel$/,
      ([id]) => {
        const run = runs.find((candidate) => candidate.id === id);
        if (!run || FINAL.includes(run.status)) return null;
        become(run, 'CANCELED');
        workers.signal(run.id);
        return { id };
      },
    ],
    [
      /^POST \/api\/v1\/waitpoints\/tokens$/,
      (_, { timeout, idempotencyKey }) => {
        const known = tokenKeys.get(idempotencyKey);
        const until = Date.parse(timeout);
        const token = known ?? { id: `waitpoint_${tokens.length + 1}`, until, isOver: false, waiter: null };
        if (!known) tokens.push(token);
        tokenKeys.set(idempotencyKey, token);
        return { id: token.id, isCached: known !== undefined, url: `${url}/callback` };
      },
    ],
    [
      /^POST \/engine\/v1\/runs\/([^/]+)\/waitpoints\/tokens\/([^/]+)\/wait$/,
      ([runId = '', tokenId]) => {
        const token = tokens.find(({ id }) => id === tokenId);
        const run = runs.find(({ id }) => id === runId);
        const worker = workers.of(runId);
        if (!token || !run || !worker) return null;
        token.waiter = { run, worker };
        if (token.isOver) resume(token, false);
        else become(run, 'WAITING');
        // Its time may have come before the task asked for it.
        setImmediate(look);
        return { success: true };
      },
    ],
    [
      /^POST \/api\/v1\/waitpoints\/tokens\/([^/]+)\/complete$/,
      ([tokenId]) => {
        const token = tokens.find(({ id }) => id === tokenId);
        if (token) complete(token, false);
        return token ? { success: true } : null;
      },
    ],
  ];

  const server = createServer(async (request, response) => {
    const path = request.url ?? '';
    const body = await readBody(request);
    platform.requests.push({ method: request.method ?? '', path, body });
    if (platform.api === 'down') return request.socket.destroy();
    if (platform.api === 'silent') return;
    const route = routes.find(([pattern]) => pattern.test(`${request.method} ${path}`));
    const match = route?.[0].exec(`${request.method} ${path}`)?.slice(1) ?? [];
    const answer = route?.[1](match, body ? JSON.parse(body) : {}) ?? null;
    await platform.beforeAnswer(path, body);
    response.writeHead(answer === null ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer ?? { error: 'not found' }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  env.TRIGGER_API_URL = url;
  const platform: Platform = {
    ...{ url, runs, requests: [], api: 'up', workers, look, beforeAnswer: async () => {} },
    start: (taskId, payload) => start(taskId, JSON.stringify(payload), {}),
    watch: async (ask) => {
      for (;;) {
        // Before it asks: what changes while it does counts, too.
        const changed = new Promise<void>((resolve) => watchers.add(resolve));
        const answer = await ask();
        if (answer !== null) return answer;
        await changed;
      }
    },
    close: async () => {
      clearTimeout(timer);
      await workers.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return platform;
}

async function readBody(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += chunk;
  return body;
}

function toExecution({ id, taskId, payload, options, attempt }: PlatformRun): TaskRunExecution {
  const at = new Date();
  return {
    task: { id: taskId, filePath: 'tasks.ts' },
    attempt: { number: attempt, startedAt: at },
    run: {
      ...{ id, payload, payloadType: 'application/super+json', tags: options.tags ?? [] },
      ...{ createdAt: at, startedAt: at, isTest: false, isReplay: false },
    },
    queue: { id: 'queue_1', name: `task/${taskId}` },
    environment: { id: 'env_1', slug: 'prod', type: 'PRODUCTION' },
    organization: { id: 'org_1', slug: 'rossi', name: 'Rossi' },
    project: { id: 'project_1', ref: 'proj_tests', slug: 'tests', name: 'Tests' },
    machine: { name: 'small-1x', cpu: 0.5, memory: 0.5, centsPerMs: 0 },
  };
}

function toAnswer(run: PlatformRun | undefined): object | null {
  if (!run) return null;
  const at = new Date().toISOString();
  const { id, status, taskId, options } = run;
  return {
    ...{ id, status, taskIdentifier: taskId, tags: options.tags ?? [], isTest: false, depth: 0 },
    ...{
      createdAt: at,
      updatedAt: at,
      costInCents: 0,
      baseCostInCents: 0,
      durationMs: 0,
      attemptCount: run.attempt,
    },
    ...{
      isQueued: status === 'QUEUED',
      isExecuting: status === 'EXECUTING',
      isWaiting: status === 'WAITING',
    },
    ...{
      isCompleted: FINAL.includes(status),
      isSuccess: status === 'COMPLETED',
      isFailed: status === 'FAILED',
    },
    ...{ isCancelled: status === 'CANCELED', triggerFunction: 'trigger', relatedRuns: {} },
    ...(options.delay ? { delayedUntil: options.delay } : {}),
  };
}
