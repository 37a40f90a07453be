import { isFinished } from '../../core/run/status';
import type { SharedContext } from '../context';
import { type EngineRun, noteEngine, type RunKey, readStanding, type Standing } from '../db/engine';
import { describeError } from '../log';
import { createPlatform, dashboardUrl, type Platform, type TaskState } from '../trigger/platform';
import type { Runner } from './port';
import type { TriggerOptions } from './trigger-options';

/** Milliseconds a task that works may leave a due run alone before another is started. Whoever claims it has it; the other one finds nothing. */
const STALL_MS = 60_000;
/** Runs the platform is asked about in one sweep: its API takes 1,500 requests a minute. */
const ASKED_IN_A_SWEEP = 100;
const ASKED_AT_ONCE = 5;

export interface TriggerRunner extends Runner {
  /** Starts the task that carries out the run's next leg, now or at a time. Fails with the platform's or the database's error. */
  startLeg: (run: RunKey, at: Date | null) => Promise<void>;
}

/**
 * Hands runs to Trigger.dev. Our row is the truth: a task that was started twice, or late, fails to claim its run and ends. So starting one
 * too many does no harm, and each doubt is settled by starting one.
 *
 * @param limitMs after which a call is given up and left to the sweeper; `null` in a task, where nobody waits for the answer
 */
export function createTriggerRunner(
  context: SharedContext,
  platform: Platform,
  options: TriggerOptions,
  limitMs: number | null,
): TriggerRunner {
  const { pool } = context.database;

  const note = (id: string, at: Date | null = null): EngineRun => {
    const now = new Date(context.clock.now()).toISOString();
    const startsAt = at?.toISOString() ?? null;
    const url = dashboardUrl(options, id);
    return { kind: 'trigger', id, url, token: null, startsAt, toldAt: now, askedAt: now };
  };

  const startLegOf = async (run: RunKey, { workflowId, epoch, engine }: Standing, at: Date | null) => {
    const before = engine?.id ?? null;
    // The leg behind this claim and behind that task; one that waits for its time is another than one that starts at once.
    const key = [run.id, epoch, before ?? 'first', at ? 'later' : 'now'].join(':');
    const id = await platform.start({ ...run, workflowId, key, at });
    await noteEngine(pool, run, before, note(id, at));
    if (engine?.startsAt && Date.parse(engine.startsAt) > context.clock.now()) await callOff(run, engine.id);
    // Canceled in the meantime, by somebody who did not know of this task yet.
    if (at && (await hasEnded(run))) await callOff(run, id);
  };

  const hasEnded = async (run: RunKey) => {
    const standing = await readStanding(pool, run);
    return !standing || isFinished(standing.status);
  };

  /** A task that is to start later, and that another has been started instead of. Should it come, it finds nothing to do. */
  const callOff = (run: RunKey, id: string) =>
    platform.cancel(id).catch((error) =>
      context.log.warn('a task that is not needed any more could not be canceled', {
        runId: run.id,
        ...describeError(error),
      }),
    );

  const startLeg = async (run: RunKey, at: Date | null) => {
    const standing = await readStanding(pool, run);
    if (standing && !isFinished(standing.status)) await startLegOf(run, standing, at);
  };

  /** Wakes the task that waits at a token; where there is none, or it is gone, starts another. */
  const wake = async (run: RunKey) => {
    const standing = await readStanding(pool, run);
    if (!standing || isFinished(standing.status)) return;
    const { engine } = standing;
    if (!engine?.token) return startLegOf(run, standing, null);
    try {
      await platform.complete(engine.token);
      await noteEngine(pool, run, engine.id, { ...note(engine.id), url: engine.url });
    } catch (error) {
      context.log.warn('a waitpoint could not be completed; starting another task', {
        runId: run.id,
        ...describeError(error),
      });
      await startLegOf(run, standing, null);
    }
  };

  const look = async (run: RunKey) => {
    const standing = await readStanding(pool, run);
    if (!standing || isFinished(standing.status)) return;
    const { engine } = standing;
    if (!engine) return startLegOf(run, standing, null);
    const now = context.clock.now();
    const state = await platform.stateOf(engine.id);
    if (needsLeg(state, standing, engine, now)) return startLegOf(run, standing, null);
    if (engine.token) return wake(run);
    await noteEngine(pool, run, engine.id, { ...engine, askedAt: new Date(now).toISOString() });
  };

  /** False when it failed, which is logged and left to the sweeper. */
  const attempt = async (what: string, run: RunKey, work: Promise<void>): Promise<boolean> => {
    try {
      await (limitMs === null ? work : within(work, limitMs));
      return true;
    } catch (error) {
      context.log.warn(what, { companyId: run.companyId, runId: run.id, ...describeError(error) });
      return false;
    }
  };

  /** An API that is down would fail every one of them, slowly: it ends after a few. */
  const revive = async (runs: readonly RunKey[]) => {
    const queue = runs.slice(0, ASKED_IN_A_SWEEP);
    let failures = 0;
    const worker = async () => {
      for (let run = queue.shift(); run && failures < ASKED_AT_ONCE; run = queue.shift())
        if (!(await attempt('a due run could not be looked after', run, look(run)))) failures += 1;
    };
    await Promise.all(Array.from({ length: ASKED_AT_ONCE }, worker));
  };

  const cancel = async (run: RunKey) => {
    const standing = await readStanding(pool, run);
    if (standing?.engine) await platform.cancel(standing.engine.id);
  };

  return {
    startLeg,
    enqueue: async (run) => void (await attempt('a run could not be handed to Trigger.dev', run, wake(run))),
    revive,
    forget: async (run) => void (await attempt('a task could not be canceled', run, cancel(run))),
    reserve: () => null,
    close: async () => {},
  };
}

/** Whether the platform's run will not do. */
function needsLeg(
  state: TaskState,
  { leaseUntil, wakeAt }: Standing,
  engine: EngineRun,
  now: number,
): boolean {
  switch (state.kind) {
    case 'ended':
      return true;
    case 'queued':
      return false;
    case 'delayed':
      return state.until.getTime() > now;
    case 'working': {
      const dueSince = Math.max(
        Date.parse(engine.toldAt),
        leaseUntil?.getTime() ?? 0,
        wakeAt?.getTime() ?? 0,
      );
      return now - dueSince > STALL_MS;
    }
    default:
      return state satisfies never;
  }
}

/** Gives up waiting, not the work: what it still achieves is welcome. */
function within<T>(work: Promise<T>, limitMs: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout>;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Trigger.dev did not answer within ${limitMs} ms.`)), limitMs);
  });
  return Promise.race([work, limit]).finally(() => clearTimeout(timer));
}

/** Milliseconds a request of ours may wait for Trigger.dev. */
const LIMIT_MS = 3_000;
const RETRY = { maxAttempts: 2, minTimeoutInMs: 200, maxTimeoutInMs: 500 };

/** The runner of a server process. The SDK is loaded here and nowhere else, so that hosts that run workflows themselves need not have it. */
export async function openTriggerRunner(context: SharedContext, options: TriggerOptions): Promise<Runner> {
  const sdk = await import('@trigger.dev/sdk').catch((cause) => {
    const message =
      "runner 'trigger' needs the SDK of Trigger.dev, which is not installed. Run: npm install @trigger.dev/sdk";
    throw new Error(message, { cause });
  });
  return createTriggerRunner(context, createPlatform(sdk, options, RETRY), options, LIMIT_MS);
}
