import { costOfStep } from './goals.mjs';

const number = (value, digits = 0) => (Number.isFinite(value) ? value.toFixed(digits) : '–');

const contenderColumns = {
  'at once': ({ concurrency }) => number(concurrency),
  'runs/s': ({ runsPerSecond }) => number(runsPerSecond, 1),
  '(rounds)': ({ spread }) => `${number(spread[0])}–${number(spread.at(-1))}`,
  'steps/s': ({ stepsPerSecond }) => number(stepsPerSecond),
  'p50 ms': ({ p50 }) => number(p50, 1),
  'p99 ms': ({ p99 }) => number(p99, 1),
  statements: ({ statementsPerRun }) => number(statementsPerRun, 1),
  'write tx': ({ writeTransactionsPerRun }) => number(writeTransactionsPerRun, 1),
  'WAL kB': ({ walKilobytesPerRun }) => number(walKilobytesPerRun, 1),
  'Node ms': ({ nodeMillisecondsPerRun }) => number(nodeMillisecondsPerRun, 1),
  'PostgreSQL ms': ({ postgresMillisecondsPerRun }) => number(postgresMillisecondsPerRun, 1),
  'RSS MB': ({ residentMegabytes }) => number(residentMegabytes),
};

const growthColumns = {
  'runs/s': contenderColumns['runs/s'],
  '(rounds)': contenderColumns['(rounds)'],
  'steps/s': contenderColumns['steps/s'],
  'µs a step': ({ stepsPerSecond }) => number(1e6 / stepsPerSecond),
  'processor µs a step': (row) => number(costOfStep(row) * 1000),
  'statements a step': ({ statementsPerRun, steps }) => number(statementsPerRun / steps, 2),
  'WAL kB a step': ({ walKilobytesPerRun, steps }) => number(walKilobytesPerRun / steps, 2),
};

export function print({ combined, nodes, history, goals }) {
  console.log(
    '\nThe reference run; statements to WAL are per run, as are the milliseconds of processor time.',
  );
  const names = { floor: 'floor', trama: 'Trama', dbos: 'DBOS' };
  const levels = Object.entries(names).flatMap(([name, title]) =>
    Object.values(combined[name]).map((level) => ({ title, ...level })),
  );
  table({ contender: ({ title }) => title, ...contenderColumns }, levels);
  console.log('\nTrama as the graph grows, 16 at once.');
  table({ nodes: ({ steps }) => number(steps + 2), ...growthColumns }, nodes);
  console.log('\nTrama as the history grows, 16 at once.');
  table({ 'runs present': ({ present }) => number(present), ...growthColumns }, history);
  console.log('\nGoals');
  table(
    {
      goal: ({ text, goal }) => `${text}: ${goal}`,
      measured: ({ measured }) => number(measured, 2),
      rounds: ({ spread }) => (spread ? spread.map((ratio) => number(ratio, 2)).join(' ') : ''),
      verdict: ({ isMet, isJudged }) => (isMet ? 'met' : isJudged ? 'MISSED' : 'not met, not judged'),
    },
    goals,
  );
}

/** Texts to the left, figures to the right. */
function table(columns, rows) {
  const titles = Object.keys(columns);
  const cells = rows.map((row) => Object.values(columns).map((text) => text(row)));
  const widths = titles.map((title, index) =>
    Math.max(title.length, ...cells.map((line) => line[index].length)),
  );
  const isText = titles.map((_, index) => cells.some((line) => /^[A-Za-z]/.test(line[index])));
  const format = (line) =>
    line
      .map((cell, index) => (isText[index] ? cell.padEnd(widths[index]) : cell.padStart(widths[index])))
      .join('  ')
      .trimEnd();
  for (const line of [titles, widths.map((width) => '-'.repeat(width)), ...cells]) console.log(format(line));
}
