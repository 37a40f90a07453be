import type * as sdk from '@trigger.dev/sdk';
import type { RunKey } from '../db/engine';
import type { TriggerOptions } from '../runner/trigger-options';

/** Ids of the two tasks, by which the server, which does not import them, starts them. */
export const RUN_TASK = 'trama-run';
export const SWEEP_TASK = 'trama-sweep';

export interface Leg extends RunKey {
  workflowId: string;
  /** The same key starts at most one task. */
  key: string;
  /** When it is to start; `null`: at once. */
  at: Date | null;
}

/** What a run of the platform is doing, as far as we ask. */
export type TaskState =
  | { kind: 'ended' }
  /** Waits for a place, or for a deploy that has the task. */
  | { kind: 'queued' }
  | { kind: 'delayed'; until: Date }
  | { kind: 'working' };

/** Trigger.dev, as much of it as we use. Every method fails with the SDK's errors. */
export interface Platform {
  /** Starts the task that carries out a leg; its id. */
  start: (leg: Leg) => Promise<string>;
  stateOf: (id: string) => Promise<TaskState>;
  cancel: (id: string) => Promise<void>;
  /** A token that ends at `until`; the same key gives the same token. */
  createToken: (key: string, until: Date, run: RunKey) => Promise<string>;
  /** Only within a task. However the token ends: it means no more than "look again". */
  waitFor: (token: string) => Promise<void>;
  complete: (token: string) => Promise<void>;
}

const DAY_MS = 86_400_000;
/** Of Trigger.dev: longer tags are refused. */
const TAG_LENGTH = 128;

/** @param retry of requests; without it the SDK's own, which lasts up to a minute */
export function createPlatform(
  { auth, idempotencyKeys, runs, tasks, wait }: typeof sdk,
  { secretKey, apiUrl }: TriggerOptions,
  retry?: { maxAttempts: number; minTimeoutInMs: number; maxTimeoutInMs: number },
): Platform {
  const config = {
    ...(secretKey ? { accessToken: secretKey } : {}),
    ...(apiUrl ? { baseURL: apiUrl } : {}),
    ...(retry ? { requestOptions: { retry } } : {}),
  };
  // Scoped to the call: a host may use the SDK for tasks of its own, with another key.
  const call = async <T>(request: () => Promise<T>): Promise<T> => auth.withAuth(config, request);
  return {
    start: async ({ companyId, id, workflowId, key, at }) => {
      // A plain text would be a key of the run under way where this is called from within a task.
      const idempotencyKey = await idempotencyKeys.create(key, { scope: 'global' });
      const handle = await call(() =>
        tasks.trigger(
          RUN_TASK,
          { companyId, runId: id },
          {
            idempotencyKey,
            concurrencyKey: companyId,
            tags: [`run_${id}`, `company_${companyId}`, `workflow_${workflowId}`].map(shorten),
            ...(at ? { delay: at } : {}),
          },
        ),
      );
      return handle.id;
    },
    stateOf: async (id) => {
      try {
        return toState(await call(async () => runs.retrieve(id)));
      } catch (error) {
        // Deleted there, or of another environment: nobody carries it out.
        if ((error as { status?: unknown }).status === 404) return { kind: 'ended' };
        throw error;
      }
    },
    cancel: async (id) => void (await call(async () => runs.cancel(id))),
    createToken: async (key, until, run) => {
      // Both ends are given: the platform's defaults are "never", whatever its documentation says.
      const days = Math.max(0, Math.ceil((until.getTime() - Date.now()) / DAY_MS)) + 1;
      const tags = [`run_${run.id}`];
      const options = { timeout: until, idempotencyKey: key, idempotencyKeyTTL: `${days}d`, tags };
      return (await call(async () => wait.createToken(options))).id;
    },
    waitFor: async (token) => void (await wait.forToken(token)),
    complete: async (token) => void (await call(() => wait.completeToken(token, {}))),
  };
}

const shorten = (tag: string): string => tag.slice(0, TAG_LENGTH);

function toState(run: { status: string; isCompleted: boolean; delayedUntil?: Date | undefined }): TaskState {
  if (run.isCompleted) return { kind: 'ended' };
  switch (run.status) {
    case 'DELAYED':
      return { kind: 'delayed', until: run.delayedUntil ?? new Date(0) };
    case 'PENDING_VERSION':
    case 'QUEUED':
    case 'DEQUEUED':
      return { kind: 'queued' };
    default:
      return { kind: 'working' };
  }
}

/** Where the dashboard shows a run; `null` when the project is not known. */
export function dashboardUrl(
  { apiUrl = process.env.TRIGGER_API_URL, dashboardUrl, project }: TriggerOptions,
  id: string,
): string | null {
  const ref = project ?? process.env.TRIGGER_PROJECT_REF;
  if (!ref) return null;
  const own = apiUrl && new URL(apiUrl).origin;
  const base = dashboardUrl ?? (own && own !== 'https://api.trigger.dev' ? own : 'https://cloud.trigger.dev');
  return `${base.replace(/\/+$/, '')}/projects/v3/${ref}/runs/${id}`;
}
