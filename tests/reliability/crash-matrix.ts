import { type Baseline, CrashRun, type KilledRun } from './crash-matrix-run';
import { type Instant, type KillPoint, killPoints, Trace } from './crash-matrix-trace';
import { buildWorker } from './worker-pool';
import { graphs } from './world-graphs';
import { Lane } from './world-lane';
import { Random } from './world-random';
import { GraphRun, lasting } from './world-run';

export interface CrashMatrixOptions {
  /** How many kills at least; there is one at each crash point in any case. */
  kills: number;
  seed: number;
}

export interface CrashMatrixFacts {
  runs: number;
  kills: number;
  /** Instants of the undisturbed runs, and how many of them a worker was killed at. */
  instants: { known: number; killedAt: number };
  points: Record<string, number>;
  doubts: number;
  duplicateCalls: { predicted: number; seen: number };
  duplicateEffects: { idempotent: number; reconcilable: number; once: number };
  violations: string[];
}

/** Runs each graph undisturbed: what it must come to, and every instant it passes on its way. */
export async function takeBaselines(lane: Lane, violations: string[]): Promise<Baseline[]> {
  const baselines: Baseline[] = [];
  for (const graph of graphs) {
    const trace = new Trace();
    const intercept = (_: number, call: { stepKey: string }) => {
      trace.noteCall(call.stepKey);
      return 'answered' as const;
    };
    const run = new GraphRun(lane, graph, { crash: trace, intercept });
    await run.publish();
    const end = await run.finish('driver');
    const steps = await lane.steps(run.companyId);
    const seen = Object.fromEntries(
      steps.map(({ key, status, branch }) => [key, [status, branch].filter(Boolean).join(' ')]),
    );
    const isAsExpected = Object.entries({ ...graph.steps, ...seen }).every(
      ([key, facts]) => graph.steps[key] === facts && seen[key] === facts,
    );
    if (end.status !== 'succeeded' || !isAsExpected)
      violations.push(`"${graph.name}" undisturbed ended ${end.status} with ${JSON.stringify(seen)}`);
    baselines.push({
      graph,
      instants: trace.instants(),
      steps: new Map(steps.map(({ key, row }) => [key, lasting(row)])),
      outputs: new Map(steps.map(({ key, row }) => [key, row.output as Record<string, string>])),
      effects: run.ledger.all(),
    });
  }
  return baselines;
}

/** Kills workers at every instant of every graph, in an order that meets each crash point early. */
export async function crashMatrix({ kills, seed }: CrashMatrixOptions): Promise<CrashMatrixFacts> {
  const random = new Random(seed);
  const script = await buildWorker();
  const lanes: Lane[] = [];
  const killed: KilledRun[] = [];
  const violations: string[] = [];
  const visited = new Set<string>();
  let known = 0;
  try {
    for (let count = 0; count < 2; count += 1) lanes.push(await Lane.open(script, 2));
    const baselines = await takeBaselines(lanes[0] as Lane, violations);
    known = baselines.reduce((sum, { instants }) => sum + instants.length, 0);
    const cases = inOrder(baselines, random);
    let next = 0;
    const isEnough = () =>
      next >= killPoints.length && killed.reduce((sum, run) => sum + run.kills.length, 0) >= kills;
    const work = async (lane: Lane) => {
      while (!isEnough() && violations.length < 20) {
        const { baseline, instant } = cases[next % cases.length] as Case;
        next += 1;
        const run = await new CrashRun(lane, baseline, instant, new Random(seed + next)).play();
        visited.add(`${baseline.graph.name} ${instant.point} ${instant.count}`);
        violations.push(...run.violations.map((what) => `${what} (seed ${seed}, case ${next})`));
        killed.push(run);
      }
    };
    await Promise.all(lanes.map(work));
  } finally {
    await Promise.all(lanes.map((lane) => lane.close()));
    await script.remove();
  }
  return { ...summary(killed), instants: { known, killedAt: visited.size }, violations };
}

interface Case {
  baseline: Baseline;
  instant: Instant;
}

/** Every instant once, shuffled; first of all one of each point. */
function inOrder(baselines: readonly Baseline[], random: Random): Case[] {
  const all = random.shuffle(
    baselines.flatMap((baseline) => baseline.instants.map((instant) => ({ baseline, instant }))),
  );
  const seen = new Set<KillPoint>();
  const firsts = all.filter(({ instant: { point } }) => !seen.has(point) && seen.add(point));
  return [...firsts, ...all.filter((entry) => !firsts.includes(entry))];
}

function summary(runs: readonly KilledRun[]): Omit<CrashMatrixFacts, 'instants' | 'violations'> {
  const sum = (read: (run: KilledRun) => number) => runs.reduce((total, run) => total + read(run), 0);
  const kills = runs.flatMap((run) => run.kills);
  return {
    runs: runs.length,
    kills: kills.length,
    points: Object.fromEntries(
      killPoints.map((point) => [point, kills.filter((kill) => kill === point).length]),
    ),
    doubts: sum(({ doubts }) => doubts),
    duplicateCalls: {
      predicted: sum(({ duplicateCalls }) => duplicateCalls.predicted),
      seen: sum(({ duplicateCalls }) => duplicateCalls.seen),
    },
    duplicateEffects: {
      idempotent: sum(({ duplicateEffects }) => duplicateEffects.idempotent),
      reconcilable: sum(({ duplicateEffects }) => duplicateEffects.reconcilable),
      once: sum(({ duplicateEffects }) => duplicateEffects.once),
    },
  };
}
