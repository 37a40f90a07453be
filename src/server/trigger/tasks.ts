import * as sdk from '@trigger.dev/sdk';
import type { SharedContext } from '../context';
import { createContext } from '../context';
import { isMigrated, openDatabase } from '../db/data-source';
import { createVault } from '../integrations/vault';
import { harmless, jsonLogger } from '../log';
import { checkOptions, type WorkflowServerOptions } from '../options';
import { createTriggerRunner, type TriggerRunner } from '../runner/trigger';
import { sweep } from '../runs/sweep';
import { carryOut } from './carry-out';
import { createPlatform, dashboardUrl, type Platform, RUN_TASK, SWEEP_TASK } from './platform';

/** What a run needs of the options of `createWorkflowServer`: hand in the same as there. */
type SharedOptions = Pick<
  WorkflowServerOptions,
  | 'baseUrl'
  | 'databaseUrl'
  | 'encryptionKeys'
  | 'host'
  | 'providers'
  | 'blocks'
  | 'executors'
  | 'providerDefinitions'
  | 'providerImplementations'
  | 'leaseMs'
  | 'caps'
  | 'formatting'
  | 'logger'
  | 'clock'
  | 'trigger'
  | 'notifyApproval'
>;

export interface WorkflowTasksOptions extends SharedOptions {
  /** Connections of one task to the database; there may be many tasks. @default 2 */
  poolSize?: number | undefined;
  /** When the sweep runs. Every minute keeps what went wrong from lasting. @default '* * * * *' */
  sweepCron?: string | undefined;
  /** Machine of the task that carries out runs. @default the one of trigger.config.ts */
  machine?: sdk.TaskOptions<string>['machine'];
  /**
   * Runs of one company at a time. Runs of different companies never wait for one another, but for the limit of the environment.
   * @default 10
   */
  concurrencyLimit?: number | undefined;
}

interface RunPayload {
  companyId: string;
  runId: string;
}

interface Opened {
  context: SharedContext;
  platform: Platform;
  runner: TriggerRunner;
}

/** Of the task's time limit, in seconds: what one step may take at its end. */
const RESERVE_S = 60;
/** Idle connections are closed before the platform takes a snapshot of a waiting process, a minute after its wait began. */
const IDLE_MS = 5_000;

/**
 * The tasks that carry out runs on Trigger.dev. Re-export both from a file of the folder that `trigger.config.ts` names:
 *
 * ```ts
 * export const { run, sweep } = createWorkflowTasks({ ...options });
 * ```
 *
 * Nothing is connected or checked before the first task runs: the platform also imports this file where there are no variables, to list tasks.
 */
export function createWorkflowTasks(options: WorkflowTasksOptions) {
  let opened: Promise<Opened> | undefined;
  const open = () => {
    opened ??= openAll(options).catch((error) => {
      opened = undefined;
      throw error;
    });
    return opened;
  };
  return { run: runTask(options, open), sweep: sweepTask(options, open) };
}

function runTask(options: WorkflowTasksOptions, open: () => Promise<Opened>) {
  return sdk.task({
    id: RUN_TASK,
    // Steps are retried by us, each as its block allows. What gets here is a database or a platform that is away.
    retry: { maxAttempts: 5, minTimeoutInMs: 2_000, maxTimeoutInMs: 60_000, factor: 2, randomize: true },
    queue: { concurrencyLimit: options.concurrencyLimit ?? 10 },
    ...(options.machine ? { machine: options.machine } : {}),
    run: async ({ companyId, runId }: RunPayload, { ctx, signal }) => {
      const { context, platform, runner } = await open();
      const now = new Date(context.clock.now()).toISOString();
      const project = { ...options.trigger, project: options.trigger?.project ?? ctx.project.ref };
      const { status, failure } = await carryOut({
        ...{ context, platform, runner, signal },
        waitMode: options.trigger?.waitMode ?? 'suspend',
        run: { companyId, id: runId },
        engine: {
          ...{ kind: 'trigger', id: ctx.run.id, url: dashboardUrl(project, ctx.run.id) },
          ...{ token: null, startsAt: null, toldAt: now, askedAt: now },
        },
        shouldStop: () => signal.aborted || isNearLimit(ctx.run.maxDuration),
      });
      // Stored as failed already: red in the dashboard, and not tried again.
      if (failure) throw new sdk.AbortTaskRunError(describeFailure(failure));
      return { status };
    },
  });
}

function sweepTask(options: WorkflowTasksOptions, open: () => Promise<Opened>) {
  return sdk.schedules.task({
    id: SWEEP_TASK,
    cron: options.sweepCron ?? '* * * * *',
    // The next one does what this one did not.
    retry: { maxAttempts: 1 },
    queue: { concurrencyLimit: 1 },
    ttl: '1m',
    run: async () => {
      const { context, runner } = await open();
      return { due: await sweep(context, runner.revive) };
    },
  });
}

async function openAll(options: WorkflowTasksOptions): Promise<Opened> {
  checkOptions({ ...options, runner: 'trigger', authenticate: () => null });
  const log = harmless(options.logger ?? jsonLogger);
  const database = await openDatabase(options.databaseUrl ?? '', options.poolSize ?? 2, log, IDLE_MS);
  if (!(await isMigrated(database))) {
    await database.source.destroy();
    throw new Error(
      'The database has not been migrated to this version of Trama, so no run was touched. Start the server of this version once.',
    );
  }
  const context = createContext(
    { ...options, authenticate: () => null },
    database,
    createVault(options.encryptionKeys ?? ''),
    log,
  );
  const trigger = options.trigger ?? {};
  const platform = createPlatform(sdk, trigger);
  return { context, platform, runner: createTriggerRunner(context, platform, trigger, null) };
}

/** Whether too little is left of the task's time for another step; out of time it would be ended in the middle of one. */
function isNearLimit(maxDuration: number | undefined): boolean {
  if (!maxDuration) return false;
  const usedSeconds = sdk.usage.getCurrent().compute.attempt.durationMs / 1000;
  return usedSeconds > Math.max(maxDuration - RESERVE_S, maxDuration / 2);
}

/** Ids and codes only: what a customer wrote stays in the database. */
function describeFailure({ stepKey, code }: { stepKey: string | null; code: string }): string {
  const where = stepKey ? ` at step "${stepKey}"` : '';
  return `The workflow run failed${where} (${code}). Its run viewer says why.`;
}
