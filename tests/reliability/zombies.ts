import { type ClaimedRun, claimNextRun, renewLease } from '../../src/server/db/claim';
import { takeBaselines } from './crash-matrix';
import type { Baseline } from './crash-matrix-run';
import type { Instant } from './crash-matrix-trace';
import { createContextOn } from './worker-engine';
import { buildWorker } from './worker-pool';
import type { Graph } from './world-blocks';
import { graphs } from './world-graphs';
import { Lane } from './world-lane';
import { Random } from './world-random';
import { GraphRun } from './world-run';
import { type FrozenRun, ZombieRun } from './zombies-run';

export interface ZombieOptions {
  /** Workers to freeze. */
  zombies: number;
  seed: number;
}

export interface ZombieFacts {
  zombies: number;
  refused: number;
  nothingToDo: number;
  metRunUnderWay: number;
  staleWrites: number;
  lateCalls: { predicted: number; seen: number };
  violations: string[];
}

/** Freezes workers at random instants of runs, past the end of their lease. */
export async function zombies({ zombies: wanted, seed }: ZombieOptions): Promise<ZombieFacts> {
  const random = new Random(seed);
  const script = await buildWorker();
  const lanes: Lane[] = [];
  const frozen: FrozenRun[] = [];
  const violations: string[] = [];
  try {
    for (let count = 0; count < 2; count += 1) lanes.push(await Lane.open(script, 2));
    const baselines = await takeBaselines(lanes[0] as Lane, violations);
    const cases = [...telling(baselines), ...atRandom(baselines, random, wanted)].slice(0, wanted);
    const work = async (lane: Lane) => {
      for (let next = cases.shift(); next; next = cases.shift()) {
        const run = await new ZombieRun(lane, next.baseline, next.instant, next.wakesEarly).play();
        violations.push(...run.violations.map((what) => `${what} (seed ${seed})`));
        frozen.push(run);
      }
    };
    await Promise.all(lanes.map(work));
  } finally {
    await Promise.all(lanes.map((lane) => lane.close()));
    await script.remove();
  }
  const sum = (read: (run: FrozenRun) => number) => frozen.reduce((total, run) => total + read(run), 0);
  return {
    zombies: frozen.length,
    refused: sum(({ outcome }) => Number(outcome === 'refused')),
    nothingToDo: sum(({ outcome }) => Number(outcome === 'nothing to do')),
    metRunUnderWay: sum(({ metRunUnderWay }) => Number(metRunUnderWay)),
    staleWrites: sum(({ staleWrites }) => staleWrites),
    lateCalls: {
      predicted: sum(({ lateCalls }) => lateCalls.predicted),
      seen: sum(({ lateCalls }) => lateCalls.seen),
    },
    violations,
  };
}

interface Case {
  baseline: Baseline;
  instant: Instant;
  wakesEarly: boolean;
}

/** What only the epoch holds back: the first effect is under way in the frozen worker, and again in another one. */
function telling(baselines: readonly Baseline[]): Case[] {
  return baselines
    .filter(({ graph }) => graph.name.startsWith('linear'))
    .flatMap((baseline) =>
      baseline.instants
        .filter(({ underWay }) => underWay.includes('a'))
        .map((instant) => ({ baseline, instant, wakesEarly: true })),
    );
}

function atRandom(baselines: readonly Baseline[], random: Random, count: number): Case[] {
  const all = baselines.flatMap((baseline) => baseline.instants.map((instant) => ({ baseline, instant })));
  return Array.from({ length: count }, () => ({ ...random.pick(all), wakesEarly: random.next() < 0.6 }));
}

/** Whether a lease can be renewed by whoever holds it, and by nobody else. */
export async function renewals() {
  const lane = await Lane.open({ path: '', remove: async () => {} }, 0);
  const graph = graphs.find(({ startsAtOnce }) => !startsAtOnce) as Graph;
  try {
    const run = new GraphRun(lane, graph);
    await run.publish();
    await run.move('driver');
    const context = createContextOn({
      database: lane.database,
      world: run.ledger,
      clock: { now: () => run.now },
    });
    const claim = async () => (await claimNextRun(context)) as ClaimedRun;
    const { pool } = lane.database;
    const holder = await claim();
    const first = await renewLease(pool, holder, 60_000);
    await lane.expireLeases();
    const newHolder = await claim();
    const before = await run.row();
    const afterTakeOver = await renewLease(pool, holder, 3_600_000);
    const after = await run.row();
    const ofNewHolder = await renewLease(pool, newHolder, 60_000);
    const leaseIsUntouched = before?.leaseUntil?.getTime() === after?.leaseUntil?.getTime();
    return { first, afterTakeOver, ofNewHolder, leaseIsUntouched };
  } finally {
    await lane.close();
  }
}
