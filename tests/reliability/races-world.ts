import type { AnyBlock, AnyExecutor, Json, WorkflowDefinition } from '../../src/core';
import { createContext, type ServerContext } from '../../src/server/context';
import type { CrashPoints } from '../../src/server/crashpoint';
import { claimNextRun } from '../../src/server/db/claim';
import { migrate, openDatabase } from '../../src/server/db/data-source';
import { createVault } from '../../src/server/integrations/vault';
import type { Principal } from '../../src/server/options';
import { queueOnly } from '../../src/server/runner/port';
import { runJob } from '../../src/server/runs/run-job';
import { startRun } from '../../src/server/runs/start-run';
import { createWorkflow, publish } from '../../src/server/workflows/workflows';
import { createTestDatabase } from '../support/database';
import { ENCRYPTION_KEYS } from '../support/server';
import { createExecutors, type World, blocks as worldBlocks } from './world-blocks';

const silent = { info: () => {}, warn: () => {}, error: () => {} };

/** Somebody who takes part in a race: an engine with connections of its own, whose legs begin when they are asked for. */
export interface Racer {
  context: ServerContext;
  close: () => Promise<void>;
}

export interface RaceTrack {
  racers: readonly Racer[];
  /** One of them, in turn. */
  next: () => ServerContext;
  query: <Row>(text: string, values?: unknown[]) => Promise<Row[]>;
  close: () => Promise<void>;
}

interface TrackOptions {
  world?: World;
  now?: () => number;
  blocks?: readonly AnyBlock[];
  executors?: Record<string, AnyExecutor>;
}

const kindly: World = { act: async ({ stepKey }) => ({ value: stepKey }), ask: async () => null };

/** Several engines on one database. */
export async function openTrack(count: number, options: TrackOptions = {}): Promise<RaceTrack> {
  const database = await createTestDatabase();
  const racers: Racer[] = [];
  for (let index = 0; index < count; index += 1) racers.push(await openRacer(database.url, options));
  let turn = 0;
  return {
    racers,
    next: () => {
      turn += 1;
      return racers[turn % racers.length]?.context as ServerContext;
    },
    query: async (text, values = []) =>
      (await racers[0]?.context.database.pool.query(text, values))?.rows ?? [],
    close: async () => {
      await Promise.all(racers.map((racer) => racer.close()));
      await database.drop();
    },
  };
}

async function openRacer(
  url: string,
  { world = kindly, now = Date.now, blocks = worldBlocks, executors = createExecutors(world) }: TrackOptions,
): Promise<Racer> {
  const database = await openDatabase(url, 10, silent);
  await migrate(database);
  const options = {
    ...{ authenticate: () => null, baseUrl: 'http://localhost', leaseMs: 600_000 },
    ...{ blocks, executors, clock: { now } },
  };
  const shared = createContext(options, database, createVault(ENCRYPTION_KEYS), silent);
  // Nothing is carried out but by those who race for it.
  return { context: { ...shared, runner: queueOnly }, close: () => database.source.destroy() };
}

/** The same engine by another clock, or with something to do at an instant of its statements. */
export const variant = (
  context: ServerContext,
  change: { now?: () => number; crash?: CrashPoints },
): ServerContext => ({
  ...context,
  ...(change.now ? { clock: { now: change.now } } : {}),
  ...(change.crash ? { crash: change.crash } : {}),
});

export const principal = (companyId: string, userId = 'anna'): Principal => ({
  companyId,
  userId,
  role: 'admin',
});

/** A published workflow of the company; its id. */
export async function publishIn(
  context: ServerContext,
  companyId: string,
  definition: WorkflowDefinition,
): Promise<string> {
  const created = await createWorkflow(context, principal(companyId), 'Race', definition);
  await publish(context, principal(companyId), created.id, created.draft.revision);
  return created.id;
}

export const start = async (
  context: ServerContext,
  companyId: string,
  workflowId: string,
  payload: Json,
): Promise<string> =>
  (await startRun(context, principal(companyId), workflowId, { payload, version: 'published' }, undefined))
    .id;

/** Claims and carries out one leg; the run it was of, `null` when nothing was due. */
export async function oneLeg(context: ServerContext): Promise<string | null> {
  const run = await claimNextRun(context);
  if (!run) return null;
  await runJob(context, run, () => false);
  return run.id;
}

/** Leg after leg, until nothing is due. */
export async function drain(context: ServerContext): Promise<void> {
  while ((await oneLeg(context)) !== null);
}

/** Numbers that look random and are the same for the same seed (mulberry32). */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function shuffle<T>(items: readonly T[], next: () => number): T[] {
  const result = [...items];
  for (let index = result.length - 1; index > 0; index -= 1) {
    const other = Math.floor(next() * (index + 1));
    [result[index], result[other]] = [result[other] as T, result[index] as T];
  }
  return result;
}

/** Everything that holds of every database at rest, whatever was done to it. */
export async function findBrokenRules(track: Pick<RaceTrack, 'query'>): Promise<string[]> {
  const rules: Record<string, string> = {
    'a run that has ended still has an open wait': `
      select run_id as id, step_key as key from workflow_wait w join workflow_run r on r.company_id = w.company_id and r.id = w.run_id
      where w.state = 'open' and r.status in ('succeeded', 'failed', 'canceled')`,
    'a waiting run has nothing to wake it': `
      select id, status as key from workflow_run where status = 'waiting' and wake_at is null`,
    'a run is under way though nobody carries it out': `
      select id, status as key from workflow_run where status in ('running', 'queued')`,
    'a wait has ended and its run still waits for it': `
      select r.id, w.step_key as key from workflow_run r join workflow_wait w on w.company_id = r.company_id and w.run_id = r.id
      join workflow_run_step s on s.company_id = w.company_id and s.run_id = w.run_id and s.step_key = w.step_key
      where r.status = 'waiting' and s.status = 'waiting' and w.state <> 'open'`,
  };
  const broken: string[] = [];
  for (const [rule, text] of Object.entries(rules)) {
    const rows = await track.query<{ id: string; key: string }>(text);
    if (rows.length > 0)
      broken.push(`${rule}: ${rows.length} times, the first in run ${rows[0]?.id} (${rows[0]?.key})`);
  }
  return broken;
}
