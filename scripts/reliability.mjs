/**
 * `npm run test:reliability`: every scenario of `tests/reliability` at full scale. Prints a table, writes it to docs/reliability.md and the
 * figures to reports/reliability.json, and fails when a promise was broken or a scenario has told nothing. Arguments choose scenarios by
 * name; then report and documentation stay as they are.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { ensureInstalled } from './ensure-installed.mjs';

const root = path.join(import.meta.dirname, '..');
const folder = path.join(root, 'reports/reliability');
const page = path.join(root, 'docs/reliability.md');

/** In the order they run: one after the other, so that none disturbs the others' time-outs. What each tells goes into a cell. */
const scenarios = [
  {
    name: 'crash matrix',
    tell: ({ kills, runs, instants, points, doubts, duplicateCalls, duplicateEffects, violations }) =>
      `${n(kills)} kills in ${n(runs)} runs, at ${instants.killedAt} of ${instants.known} instants (${Object.keys(points).length} crash points); ` +
      `${violations.length} lost, stuck, repeated or otherwise not as predicted; ${n(doubts)} steps put to a person, as predicted; ` +
      `calls made twice: ${duplicateCalls.seen} (predicted ${duplicateCalls.predicted}); ` +
      `effects twice: ${duplicateEffects.idempotent} idempotent, ${duplicateEffects.reconcilable} reconcilable, ` +
      `${duplicateEffects.once} because a person had them repeated`,
  },
  {
    name: 'zombies',
    tell: ({ zombies, refused, nothingToDo, metRunUnderWay, staleWrites, lateCalls }) =>
      `${n(zombies)} frozen (${metRunUnderWay} came to themselves while the run was under way elsewhere); ${staleWrites} stale writes; ` +
      `${refused} refused, ${nothingToDo} had nothing left to do; ${lateCalls.seen} calls that were about to leave (predicted ${lateCalls.predicted})`,
  },
  {
    name: 'events',
    tell: ({ events, accepted, conflicts, kills, redelivered, runs, succeeded }) =>
      `${n(accepted)} deliveries of ${n(events)} events acknowledged by two processes, each naming the same run: ${n(runs)} runs, ` +
      `${n(succeeded)} succeeded once; one process killed ${kills} times around the start of a run, ${n(redelivered)} deliveries cut off and ` +
      `made again; ${n(conflicts)} with other data refused`,
  },
  {
    name: 'signatures',
    tell: ({ forgeries, sent, routes, kinds, forged, equivalent, sound, soundAccepted }) =>
      `${n(forgeries)} requests changed in ${kinds} ways at the check, ${n(sent)} more over HTTP (${routes.join(', ')}): ${forged} believed; ` +
      `${n(equivalent)} still said what was signed; ${n(soundAccepted)} of ${n(sound)} sound ones accepted`,
  },
  {
    name: 'races',
    tell: (facts) =>
      `${n(facts.claims)} claims of ${n(facts.claimed_runs)} runs; ${n(facts.waits)} waits with 20 wakers each, woken once: ` +
      `${facts.woken_by_event} by an event, ${facts.woken_by_decision} by a decision, ${facts.woken_by_time} by their time; ` +
      `${n(facts.decided_approvals + facts.expired_approvals)} approvals decided by four people while their time ran out: ` +
      `${n(facts.decided_approvals)} decided, ${n(facts.expired_approvals)} expired, none both; ` +
      `${facts.events_told_while_parking} events told while a run was parking, all heard; ` +
      `${facts.canceled + facts.canceled_too_late} cancels, ${facts.settled} settlements, ${facts.retries} retries, one winner each`,
  },
  {
    name: 'restarts',
    tell: (facts) =>
      `${n(facts.finished)} of ${n(facts.runs)} runs through ${facts.restarts} restarts; ${n(facts.effects)} effects, ` +
      `${facts.repeated_after_an_interruption} asked for again under their key; ${n(facts.refused_while_down)} requests refused while down, ` +
      `the slowest in ${facts.slowest_refusal_ms} ms`,
  },
  {
    name: 'poison',
    tell: ({ inputs, refused, accepted, steps, deaths, neighbours }) =>
      `${inputs} inputs (${refused} refused, ${accepted} cleaned); ${steps} hostile steps; runners taken down in ${deaths.length} ways; ` +
      `${neighbours} neighbours unharmed`,
  },
  {
    name: 'model',
    tests: 'tests/core/model.test.ts',
    env: { TRAMA_MODEL_RUNS: '20000' },
    tell: ({ sequences, violations }) => `${n(sequences)} sequences, ${violations.length} divergences`,
  },
  {
    name: 'seeded defects',
    tell: ({ seeded, caught }) => `${caught} of ${seeded} noticed`,
  },
];

await ensureInstalled();
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !scenarios.some((scenario) => fileOf(scenario) === fileOf({ name })));
if (unknown.length > 0)
  fail(
    `There is no scenario ${unknown.join(', ')}; there are ${scenarios.map(({ name }) => name).join(', ')}.`,
  );
const chosen = scenarios.filter(
  (scenario) => wanted.length === 0 || wanted.some((name) => fileOf({ name }) === fileOf(scenario)),
);

const results = chosen.map(run);
const table = toTable(results);
process.stdout.write(`\n${table}\n`);
const isWhole = wanted.length === 0;
if (isWhole) writeReport(results);
const broken = results.filter(({ isKept }) => !isKept);
if (broken.length > 0) fail(`Not kept: ${broken.map(({ name }) => name).join(', ')}.`);
if (isWhole) writeTable(`${machine()}.\n\n${table}`);

/** Runs one scenario. It is kept when its tests pass and it has told figures without a violation. */
function run(scenario) {
  const { name, tests = `tests/reliability/${fileOf(scenario)}.test.ts`, env = {} } = scenario;
  const figures = path.join(folder, `${fileOf(scenario)}.json`);
  rmSync(figures, { force: true });
  const started = Date.now();
  process.stdout.write(`\n${name}\n`);
  const { status } = spawnSync(
    process.execPath,
    ['node_modules/jest/bin/jest.js', '--selectProjects', 'node', '--runInBand', '--testPathPatterns', tests],
    { cwd: root, stdio: 'inherit', env: { ...process.env, TRAMA_RELIABILITY: 'full', ...env } },
  );
  const seconds = Math.round((Date.now() - started) / 1000);
  const facts = existsSync(figures) ? JSON.parse(readFileSync(figures, 'utf8')) : null;
  return { name, isKept: status === 0 && facts !== null && facts.violations.length === 0, seconds, facts };
}

function toTable(rows) {
  const lines = rows.map(({ name, isKept, seconds, facts }) => {
    const { tell } = scenarios.find((scenario) => scenario.name === name);
    const what = facts === null ? 'told nothing' : tell(facts);
    return `| ${name} | ${what} | ${isKept ? 'kept' : 'NOT KEPT'} | ${seconds} s |`;
  });
  return ['| scenario | what happened | promise | time |', '| --- | --- | --- | --- |', ...lines].join('\n');
}

function writeReport(rows) {
  const report = Object.fromEntries(rows.map(({ name, ...result }) => [name, result]));
  const text = JSON.stringify({ machine: machine(), ...report }, null, 2);
  mkdirSync(path.join(root, 'reports'), { recursive: true });
  writeFileSync(path.join(root, 'reports/reliability.json'), `${text}\n`);
}

function writeTable(text) {
  const before = readFileSync(page, 'utf8');
  const after = before.replace(
    /(<!-- table -->\n)[\s\S]*(<!-- \/table -->)/,
    (_, open, close) => `${open}${text}\n${close}`,
  );
  if (after === before && !before.includes(text)) fail(`${page} has no place for the table.`);
  writeFileSync(page, after);
}

function machine() {
  return `Node ${process.versions.node} on ${process.platform}, ${availableParallelism()} cores`;
}

function fileOf({ name }) {
  return name.replaceAll(' ', '-');
}

function n(value) {
  return value.toLocaleString('en');
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
