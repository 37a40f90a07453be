/**
 * What a run costs: Trama beside the least PostgreSQL allows and beside DBOS, all on one PostgreSQL, in turns, each in a process of its
 * own. `npm run bench`, or `npm run bench -- --quick` for half a minute that judges counts only. See bench/README.md.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { killContenders, startContender } from './contender-process.mjs';
import { judge } from './goals.mjs';
import { seedHistory } from './history.mjs';
import { combine, measure } from './measure.mjs';
import { installPeers } from './peers.mjs';
import { startPostgres } from './postgres.mjs';
import { print } from './report.mjs';
import { POOL_SIZE, STEPS } from './workload.mjs';

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } } });
const plan = values.quick
  ? { rounds: 1, warmUp: 800, milliseconds: 800, history: [1_000, 10_000] }
  : { rounds: 3, warmUp: 3_000, milliseconds: 3_000, history: [1_000, 100_000] };
const contenders = ['floor', 'trama', 'dbos'];
const levels = [1, 16, 64];
const nodes = [10, 50, 100];

const root = fileURLToPath(new URL('../../', import.meta.url));
buildWhenStale();
const peers = installPeers();
const postgres = await startPostgres();
let leaving;
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => leave().then(() => process.exit(1)));
try {
  await bench();
} finally {
  await leave();
}

function leave() {
  killContenders();
  leaving ??= postgres.stop();
  return leaving;
}

async function bench() {
  const rounds = [];
  for (let round = 1; round <= plan.rounds; round += 1) {
    console.error(`Round ${round} of ${plan.rounds} ...`);
    rounds.push(await runRound(round));
  }
  console.error('Growth ...');
  const results = { rounds, combined: combineRounds(rounds), ...(await measureGrowth()) };
  const goals = judge(results, values.quick);
  print({ ...results, goals });
  writeReport({ ...results, goals });
  const missed = goals.filter(({ isMet, isJudged }) => isJudged && !isMet);
  for (const { text, goal, measured } of missed)
    console.error(`Missed: ${text} must be ${goal}, but is ${measured.toFixed(2)}.`);
  if (missed.length > 0) process.exitCode = 1;
}

/** Every contender at every level, one after the other, so that what disturbs the machine disturbs neighbours alike. */
async function runRound(round) {
  const figures = {};
  for (const name of contenders) {
    await withContender(name, `${name}_${round}`, async (contender, database) => {
      figures[name] = {};
      for (const concurrency of levels)
        figures[name][concurrency] = await measure(contender, database, load(concurrency));
    });
  }
  return figures;
}

/** A process as it is after it has run for a while: what is called often has been compiled, and the pool is full. */
async function withContender(name, databaseName, work) {
  const database = await postgres.createDatabase(databaseName);
  // A warning of its own dependencies, once per process, is nothing anybody here could act on.
  const contender = await startContender(name, database.url, name === 'dbos' ? ['--no-deprecation'] : []);
  await contender.load({ concurrency: 16, milliseconds: plan.warmUp });
  await work(contender, database);
  await contender.close();
  await database.drop();
}

/** Larger graphs and longer histories, again in turns. */
async function measureGrowth() {
  const ofNodes = new Map(nodes.map((count) => [count, []]));
  await withContender('trama', 'nodes', async (contender, database) => {
    await inTurns(nodes, async (count) => {
      // A trigger and a condition are not among the steps.
      ofNodes.get(count).push(await measure(contender, database, load(16, count - 2)));
    });
  });
  const ofHistory = new Map(plan.history.map((count) => [count, []]));
  const [short, long] = plan.history;
  await withContender('trama', 'short', (first, little) =>
    withContender('trama', 'long', async (second, much) => {
      const sides = new Map([
        [short, [first, little]],
        [long, [second, much]],
      ]);
      for (const [count, [, database]] of sides) await seedHistory(database, `bench-${STEPS}`, count);
      await inTurns(plan.history, async (count) => {
        ofHistory.get(count).push(await measure(...sides.get(count), load(16)));
      });
    }),
  );
  return {
    nodes: nodes.map((count) => combine(ofNodes.get(count))),
    history: plan.history.map((present) => ({ present, ...combine(ofHistory.get(present)) })),
  };
}

async function inTurns(list, work) {
  for (let round = 1; round <= plan.rounds; round += 1) for (const item of list) await work(item);
}

function load(concurrency, steps = STEPS) {
  return { concurrency, milliseconds: plan.milliseconds, steps };
}

function combineRounds(rounds) {
  const ofLevel = (name, level) => combine(rounds.map((round) => round[name][level]));
  return Object.fromEntries(
    contenders.map((name) => [
      name,
      Object.fromEntries(levels.map((level) => [level, ofLevel(name, level)])),
    ]),
  );
}

function writeReport(results) {
  mkdirSync(join(root, 'reports'), { recursive: true });
  const report = {
    at: new Date().toISOString(),
    machine: { processors: cpus().length, model: cpus()[0]?.model, node: process.version },
    postgres: postgres.settings,
    poolSize: POOL_SIZE,
    peers,
    isQuick: values.quick,
    ...results,
  };
  writeFileSync(join(root, 'reports', 'bench-engine.json'), `${JSON.stringify(report, null, 2)}\n`);
}

/** What is measured is the package as it is published, never an older one. */
function buildWhenStale() {
  const built = join(root, 'dist', 'server', 'index.js');
  const sources = readdirSync(join(root, 'src'), { recursive: true }).map((file) => join(root, 'src', file));
  const changed = Math.max(...sources.map((file) => statSync(file).mtimeMs));
  if (existsSync(built) && statSync(built).mtimeMs >= changed) return;
  console.error('Building the package ...');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  execFileSync(npm, ['run', 'build', '--silent'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
}
