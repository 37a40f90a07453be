/**
 * A process that executes tasks as Trigger.dev's own workers do: with the managers and the `TaskExecutor` of its core. The stand-in for the
 * platform (`platform.ts`) sends it executions, one at a time, and hears what came of them. `TASK_FILE` is the file the tasks are in,
 * `TASK_FOLDER` where they run.
 */
import { pathToFileURL } from 'node:url';
import {
  apiClientManager,
  clock,
  heartbeats,
  lifecycleHooks,
  localsAPI,
  resourceCatalog,
  runMetadata,
  runTimelineMetrics,
  runtime,
  TaskRunContext,
  type TaskRunExecution,
  type TaskRunExecutionResult,
  taskContext,
  timeout,
  traceContext,
  waitUntil,
} from '@trigger.dev/core/v3';
import { TriggerTracer } from '@trigger.dev/core/v3/tracer';
import {
  ConsoleInterceptor,
  DevUsageManager,
  DurableClock,
  NO_FILE_CONTEXT,
  SharedRuntimeManager,
  StandardHeartbeatsManager,
  StandardLifecycleHooksManager,
  StandardLocalsManager,
  StandardMetadataManager,
  StandardResourceCatalog,
  StandardRunTimelineMetricsManager,
  StandardTraceContextManager,
  StandardWaitUntilManager,
  TaskExecutor,
  UsageTimeoutManager,
  usage,
} from '@trigger.dev/core/v3/workers';

export type ToWorker =
  | { kind: 'execute'; execution: TaskRunExecution }
  | { kind: 'resolve'; token: string; isTimedOut: boolean }
  /** How far the tests' clock is ahead of the machine's. */
  | { kind: 'clock'; aheadMs: number };

export type FromWorker = { kind: 'ready' } | { kind: 'ended'; result: TaskRunExecutionResult };

declare global {
  /** Read by the clock that the tasks are given. */
  var clockAheadMs: number;
}
globalThis.clockAheadMs = Number(process.env.CLOCK_AHEAD_MS ?? 0);

const tell = (message: FromWorker) => process.send?.(message);
const hooks = new StandardLifecycleHooksManager();
const locals = new StandardLocalsManager();
const durableUsage = new DevUsageManager();
const timeouts = new UsageTimeoutManager(durableUsage);
// It tells its parent when the process may be suspended; here it never is.
const waits = new SharedRuntimeManager({ send: async () => {} } as never, false);

function installManagers(): void {
  const catalog = new StandardResourceCatalog();
  localsAPI.setGlobalLocalsManager(locals);
  lifecycleHooks.setGlobalLifecycleHooksManager(hooks);
  runTimelineMetrics.setGlobalManager(new StandardRunTimelineMetricsManager());
  usage.setGlobalUsageManager(durableUsage);
  timeout.setGlobalManager(timeouts);
  resourceCatalog.setGlobalResourceCatalog(catalog);
  traceContext.setGlobalManager(new StandardTraceContextManager());
  clock.setGlobalClock(new DurableClock());
  runMetadata.setGlobalManager(new StandardMetadataManager(apiClientManager.clientOrThrow()));
  waitUntil.setGlobalManager(new StandardWaitUntilManager(1000));
  heartbeats.setGlobalManager(new StandardHeartbeatsManager(30_000));
  runtime.setGlobalRuntimeManager(waits);
}

async function execute(execution: TaskRunExecution): Promise<TaskRunExecutionResult> {
  const task = resourceCatalog.getTask(execution.task.id);
  if (!task) throw new Error(`${process.env.TASK_FILE} has no task "${execution.task.id}".`);
  const ctx = TaskRunContext.parse(execution);
  for (const manager of [hooks, locals, durableUsage, timeouts, waits]) manager.reset();
  taskContext.setGlobalTaskContext({
    ctx,
    worker: { id: 'worker', version: '1', contentHash: '' } as never,
    isWarmStart: false,
  });
  const executor = new TaskExecutor(task, {
    ...{ tracingSDK: {} as never, tracer: new TriggerTracer({ name: 'tests', version: '1' }) },
    consoleInterceptor: new ConsoleInterceptor({} as never, true, true),
    retries: undefined,
    isWarmStart: false,
  });
  durableUsage.start();
  resourceCatalog.setCurrentFileContext(NO_FILE_CONTEXT, NO_FILE_CONTEXT);
  const { result } = await executor.execute(execution, ctx, new AbortController().signal);
  resourceCatalog.clearCurrentFileContext();
  return result;
}

process.on('message', async (message: ToWorker) => {
  switch (message.kind) {
    case 'clock':
      globalThis.clockAheadMs = message.aheadMs;
      return;
    case 'resolve':
      await waits.resolveWaitpoints([
        {
          ...{ id: message.token, friendlyId: message.token, type: 'MANUAL', completedAt: new Date() },
          ...{ outputIsError: message.isTimedOut, outputType: 'application/json' },
          output: JSON.stringify({ message: 'The token timed out.' }),
        } as never,
      ]);
      return;
    case 'execute':
      tell({ kind: 'ended', result: await execute(message.execution) });
  }
});
process.on('disconnect', () => process.exit(0));

// As in a deployment: what is looked up from the working directory must not be found in this project.
if (process.env.TASK_FOLDER) process.chdir(process.env.TASK_FOLDER);
installManagers();
const file = process.env.TASK_FILE ?? '';
resourceCatalog.setCurrentFileContext(file, file);
await import(pathToFileURL(file).href);
resourceCatalog.clearCurrentFileContext();
tell({ kind: 'ready' });
