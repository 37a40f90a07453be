import { STEPS } from './workload.mjs';

/**
 * One figure: load it once so that caches, plans and pages are warm, bring the database into the state of one in use, let the contender
 * plan its statements anew, then measure.
 */
export async function measure(contender, database, { concurrency, milliseconds, steps = STEPS }) {
  await contender.load({ concurrency, milliseconds: milliseconds / 3, steps });
  await database.settle();
  await contender.load({ concurrency, milliseconds: milliseconds / 10, steps });
  const read = await database.meter();
  const { runs, ...figures } = await contender.load({ concurrency, milliseconds, steps });
  const used = await read();
  return {
    concurrency,
    steps,
    runs,
    ...figures,
    stepsPerSecond: figures.runsPerSecond * steps,
    statementsPerRun: used.statements / runs,
    writeTransactionsPerRun: used.writeTransactions / runs,
    walKilobytesPerRun: used.walBytes / runs / 1000,
    postgresMillisecondsPerRun: used.postgresMilliseconds / runs,
  };
}

export const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2;
};

/** The same measurement of several rounds as one: the median of every figure, and what the rounds lay between. */
export function combine(rounds) {
  const figures = Object.keys(rounds[0]).map((name) => [name, median(rounds.map((round) => round[name]))]);
  return {
    ...Object.fromEntries(figures),
    residentMegabytes: Math.max(...rounds.map((round) => round.residentMegabytes)),
    spread: rounds.map(({ runsPerSecond }) => runsPerSecond).sort((a, b) => a - b),
  };
}
