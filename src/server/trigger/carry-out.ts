import { setTimeout as sleep } from 'node:timers/promises';
import type { RunStatus } from '../../core/run/status';
import type { SharedContext } from '../context';
import { claimRun } from '../db/claim';
import { type EngineRun, noteToken, type RunKey, readStanding, type Standing } from '../db/engine';
import type { TriggerRunner } from '../runner/trigger';
import type { TriggerOptions } from '../runner/trigger-options';
import { runJob } from '../runs/run-job';
import type { Platform } from './platform';

/** Milliseconds a task sits out itself: another start takes about as long. */
const SHORT_MS = 5_000;

/** One task of the platform, at work on one of our runs. */
export interface Task {
  context: SharedContext;
  platform: Platform;
  runner: TriggerRunner;
  waitMode: NonNullable<TriggerOptions['waitMode']>;
  run: RunKey;
  /** What is noted of this task on the run it claims. */
  engine: EngineRun;
  /** True when the task is canceled or near its time limit: the leg ends before its next effect. */
  shouldStop: () => boolean;
  /** Aborted when the task is canceled. */
  signal: AbortSignal;
}

/** How the run stood when the task ended. */
export interface TaskReport {
  status: RunStatus | 'unknown';
  /** Why the run failed, where it did in this task. */
  failure: Standing['failure'];
}

/**
 * Claims the run and carries out its legs, until nothing is left for this task. The database says what there is to do: it is read after every
 * leg, every wait, and when the claim fails because another task has the run or there is nothing to do (any more).
 *
 * Errors of the database and the platform escape; the platform then starts the task again.
 */
export async function carryOut(task: Task): Promise<TaskReport> {
  const { context, run, engine, shouldStop } = task;
  for (let pauses = 0; ; pauses += 1) {
    const claimed = await claimRun(context, run, engine);
    if (claimed) await runJob(context, claimed, shouldStop);
    const standing = await readStanding(context.database.pool, run);
    if (!standing) return { status: 'unknown', failure: null };
    const isDone = await goOn(task, standing, pauses);
    if (!isDone) continue;
    const isOurs = standing.engine?.id === engine.id;
    return {
      status: standing.status,
      failure: isOurs && standing.status === 'failed' ? standing.failure : null,
    };
  }
}

/** True when the task has nothing left to do with the run. */
async function goOn(task: Task, standing: Standing, pauses: number): Promise<boolean> {
  const isOurs = standing.engine?.id === task.engine.id;
  switch (standing.status) {
    case 'succeeded':
    case 'failed':
    case 'canceled':
    case 'needs_attention':
      return true;
    case 'queued':
      return task.shouldStop() && (await handOver(task, isOurs));
    case 'running':
      // Ours, and nobody is at it: the database was away, or this is a second attempt of the task. The lease has to run out first.
      return !isOurs || (await rest(task, standing.leaseUntil));
    case 'waiting':
      return !isOurs || (await wait(task, standing, pauses));
    default:
      return standing.status satisfies never;
  }
}

/** What a task leaves undone because its time is up, another does. Where somebody canceled the task, the sweeper decides. */
async function handOver({ runner, run, signal }: Task, isOurs: boolean): Promise<true> {
  if (isOurs && !signal.aborted) await runner.startLeg(run, null);
  return true;
}

async function wait(task: Task, standing: Standing, pauses: number): Promise<boolean> {
  const { context, runner, run, waitMode } = task;
  const at = standing.wakeAt ?? new Date(context.clock.now());
  if (at.getTime() - context.clock.now() <= SHORT_MS) return rest(task, at);
  if (waitMode === 'waitpoint') return waitAtToken(task, standing, at, pauses);
  await runner.startLeg(run, at);
  return true;
}

/**
 * Waits within the task. No connection to the database is held; those that idle are closed before the platform takes its snapshot of the
 * process. A token wakes once, so each wait has one of its own.
 */
async function waitAtToken(task: Task, { epoch }: Standing, at: Date, pauses: number): Promise<boolean> {
  const { context, platform, run, engine } = task;
  const token = await platform.createToken(`${run.id}:${epoch}:${pauses}`, at, run);
  const isParked = await noteToken(context.database.pool, run, { epoch, engineId: engine.id }, token);
  if (isParked) await platform.waitFor(token);
  return false;
}

async function rest({ context, signal }: Task, until: Date | null): Promise<boolean> {
  const ms = Math.max(0, (until?.getTime() ?? 0) - context.clock.now());
  await sleep(ms + 50, undefined, { signal }).catch(() => undefined);
  return signal.aborted;
}
