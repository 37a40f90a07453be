import { median } from './measure.mjs';

/** Counts are the same on every machine and at every hour; the others move with what else the machine does. */
const goals = [
  { text: 'write transactions a run', limit: 22, exact: true, value: worst('writeTransactionsPerRun') },
  { text: 'statements a run', limit: 25, exact: true, value: worst('statementsPerRun') },
  { text: 'WAL a run, kB', limit: 60, exact: true, value: worst('walKilobytesPerRun') },
  { text: "runs/s at 16 over DBOS's", least: 3.5, ratio: ['trama', 'dbos', 16, 'runsPerSecond'] },
  { text: "runs/s at 16 over the floor's", least: 0.55, ratio: ['trama', 'floor', 16, 'runsPerSecond'] },
  { text: "p50 of a lone run over DBOS's", limit: 0.4, ratio: ['trama', 'dbos', 1, 'p50'] },
  { text: 'p50 of a lone run, ms', limit: 16, value: ({ combined }) => combined.trama[1].p50 },
  { text: 'resident memory, MB', limit: 180, value: worst('residentMegabytes') },
  { text: 'cost of a step, 100 nodes over 10', limit: 1.2, value: ({ nodes }) => grown(nodes) },
  { text: 'cost of a run, long history over short', limit: 1.2, value: ({ history }) => grown(history) },
];

/** Holds the results against the goals. `isShort`: too little was measured to judge anything but counts. */
export function judge(results, isShort) {
  return goals.map(({ text, limit, least, exact = false, value, ratio }) => {
    const ratios = ratio ? ratiosOf(results.rounds, ...ratio) : null;
    // A count of whole statements: what a poll or the autovacuum adds in seconds is no part of a run.
    const measured = ratios ? median(ratios) : Number(value(results).toFixed(exact ? 1 : 3));
    const isMet = least === undefined ? measured <= limit : measured >= least;
    const goal = least === undefined ? `at most ${limit}` : `at least ${least}`;
    return { text, goal, measured, spread: ratios, isMet, isJudged: exact || !isShort };
  });
}

function worst(figure) {
  return ({ combined }) => Math.max(...Object.values(combined.trama).map((level) => level[figure]));
}

/** Both sides of a ratio come from the same round, minutes apart at most. */
function ratiosOf(rounds, ours, theirs, concurrency, figure) {
  return rounds
    .map((round) => round[ours][concurrency][figure] / round[theirs][concurrency][figure])
    .sort((a, b) => a - b);
}

/** Processor time of a step, largest over smallest: less is disturbed in it than in what the clock says. */
function grown(rows) {
  return costOfStep(rows.at(-1)) / costOfStep(rows[0]);
}

/** Milliseconds of processor time, Node's and PostgreSQL's where the latter can be read. */
export function costOfStep({ nodeMillisecondsPerRun, postgresMillisecondsPerRun, steps }) {
  return (nodeMillisecondsPerRun + (postgresMillisecondsPerRun || 0)) / steps;
}
