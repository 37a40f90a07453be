import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { TaskRunExecution, TaskRunExecutionResult } from '@trigger.dev/core/v3';
import { bundleScript } from '../bundle-script';
import type { FromWorker, ToWorker } from './worker';

export interface PooledWorker {
  send: (message: ToWorker) => unknown;
}

export interface WorkerPool {
  /** Executes in a process that is free, or in a new one: one task at a time is in each. */
  execute: (execution: TaskRunExecution) => Promise<TaskRunExecutionResult | 'killed'>;
  /** The process at work on a run. */
  of: (runId: string) => PooledWorker | undefined;
  /** Ends the process at work on a run as a power cut would, or holds it as a machine that is out of breath does, and lets it go on. */
  signal: (runId: string, signal?: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT') => void;
  setClock: (aheadMs: number) => void;
  close: () => Promise<void>;
}

interface Worker extends PooledWorker {
  child: ChildProcess;
  ready: Promise<unknown>;
  killed: Promise<'killed'>;
  runId: string | null;
}

/** Processes of `worker.ts`. `env` is read when one is started. */
export async function createWorkerPool(env: Record<string, string>): Promise<WorkerPool> {
  const script = await bundleScript(join(__dirname, 'worker.ts'));
  const workers = new Set<Worker>();
  let aheadMs = 0;

  const open = (): Worker => {
    const child = fork(script, [], {
      env: { ...process.env, NODE_OPTIONS: '', ...env, CLOCK_AHEAD_MS: String(aheadMs) },
      execArgv: [],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const killed = once(child, 'exit').then(() => {
      workers.delete(worker);
      return 'killed' as const;
    });
    const worker: Worker = {
      ...{ child, killed, ready: once(child, 'message'), runId: null },
      // One that was killed a moment ago hears nothing any more.
      send: (message) => child.connected && child.send(message, () => {}),
    };
    workers.add(worker);
    return worker;
  };

  return {
    execute: async (execution) => {
      const worker = [...workers].find(({ runId }) => runId === null) ?? open();
      worker.runId = execution.run.id;
      const { killed } = worker;
      await Promise.race([worker.ready, killed]);
      if (!workers.has(worker)) return 'killed';
      const ended = once(worker.child, 'message').then(([message]) => message as FromWorker);
      worker.send({ kind: 'execute', execution });
      const message = await Promise.race([ended, killed]);
      worker.runId = null;
      if (message === 'killed') return message;
      if (message.kind !== 'ended') throw new Error('The worker said it was ready in the middle of a task.');
      return message.result;
    },
    of: (runId) => [...workers].find((worker) => worker.runId === runId),
    signal: (runId, signal = 'SIGKILL') => {
      for (const worker of workers) if (worker.runId === runId) worker.child.kill(signal);
    },
    setClock: (ahead) => {
      aheadMs = ahead;
      for (const { send } of workers) send({ kind: 'clock', aheadMs });
    },
    close: async () => {
      const all = [...workers];
      for (const { child } of all) child.kill('SIGKILL');
      await Promise.all(all.map(({ child }) => child.exitCode ?? child.signalCode ?? once(child, 'exit')));
    },
  };
}
