/** Keeps `concurrency` runs in flight until the time is up, then lets them finish: everything that was started is counted. */
export async function closedLoop(run, { concurrency, milliseconds }) {
  const latencies = [];
  const cpu = process.cpuUsage();
  const begin = performance.now();
  const lane = async () => {
    while (performance.now() - begin < milliseconds) {
      const start = performance.now();
      await run();
      latencies.push(performance.now() - start);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, lane));
  const elapsed = performance.now() - begin;
  const { user, system } = process.cpuUsage(cpu);
  latencies.sort((a, b) => a - b);
  const runs = latencies.length;
  return {
    runs,
    elapsed,
    runsPerSecond: (runs * 1000) / elapsed,
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
    /** Processor time of the contender's own process; PostgreSQL's is not in it. */
    nodeMillisecondsPerRun: (user + system) / 1000 / runs,
    /** The most the process has held since it began. */
    residentMegabytes: process.resourceUsage().maxRSS / 1000,
  };
}

const percentile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
