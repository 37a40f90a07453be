import { execFile } from 'node:child_process';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { signEvent } from '../../src/server';
import { startEmbeddedPostgres } from '../../src/server/db/embedded-postgres';
import { createDataDir } from '../support/data-dir';
import { EVENT_SECRET, publishWorkflow, startTestServer, type TestServer } from '../support/server';
import { findBrokenRules } from './races-world';
import { graphs, Ledger } from './restarts-world';
import { blocks, createExecutors } from './world-blocks';

export interface RestartsOptions {
  runs: number;
  /** Runs that finish between one restart of PostgreSQL and the next. */
  runsPerRestart: number;
  /** Runs under way at any time. */
  ahead: number;
}

export const quickRestarts: RestartsOptions = { runs: 40, runsPerRestart: 25, ahead: 12 };
export const fullRestarts: RestartsOptions = { runs: 1000, runsPerRestart: 40, ahead: 16 };

/** Milliseconds without one more run finished after which the engine counts as stuck. */
const STALL_MS = 20_000;
/** The same, after which what is left can only be the sweeper's: its half a minute is then taken as passed. */
const QUIET_MS = 1500;
const SWEEP_MS = 31_000;
const cronSecret = 'the cron secret of the tests';

/** The server's clock, which can be put forward. */
interface PatientClock {
  now: () => number;
  skip: (ms: number) => void;
}

interface RestartsFacts {
  runs: number;
  finished: number;
  restarts: number;
  /** Times the sweeper was needed: what went down between storing a wait and looking for its event. */
  sweeps: number;
  seconds_per_restart: number;
  effects: number;
  repeated_after_an_interruption: number;
  refused_while_down: number;
  slowest_refusal_ms: number;
  violations: string[];
}

/**
 * Runs are started, told of events and carried out while PostgreSQL is taken away over and over: hard (`immediate`) and kindly (`fast`) in
 * turn. Whoever was answered 202 gets what was promised; whoever was not, is told 503 and when to come back.
 */
export async function restarts(options: RestartsOptions): Promise<RestartsFacts> {
  // By this name the next tests stop and remove what an interrupted one left behind.
  const dataDir = await createDataDir('trama-test-restarts-');
  await writeFile(join(dataDir, 'owner'), String(process.pid));
  const cluster = await startEmbeddedPostgres(dataDir);
  const ledger = new Ledger();
  let skipped = 0;
  const clock: PatientClock = {
    now: () => Date.now() + skipped,
    skip: (ms) => {
      skipped += ms;
    },
  };
  const database = { url: cluster.url, drop: async () => {} };
  let test: TestServer | undefined;
  try {
    test = await startTestServer(
      {
        blocks,
        executors: createExecutors(ledger),
        leaseMs: 1000,
        concurrency: 8,
        pollMs: 100,
        clock,
        cronSecret,
      },
      database,
    );
    return await runThrough(test, clock, cluster, ledger, options);
  } finally {
    await test?.close();
    await cluster.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function runThrough(
  test: TestServer,
  clock: PatientClock,
  cluster: { url: string; folder: string },
  ledger: Ledger,
  { runs, runsPerRestart, ahead }: RestartsOptions,
): Promise<RestartsFacts> {
  const facts: RestartsFacts = {
    ...{ runs: 0, finished: 0, restarts: 0, sweeps: 0, seconds_per_restart: 0, effects: 0 },
    ...{ repeated_after_an_interruption: 0, refused_while_down: 0, slowest_refusal_ms: 0, violations: [] },
  };
  const client = test.clientOf();
  const workflows: string[] = [];
  for (const { flow } of graphs) workflows.push((await publishWorkflow(client, flow)).id);
  const ask = (path: string, init: RequestInit) => persist(`${test.baseUrl}${path}`, init, facts);
  const started: string[] = [];
  const startOne = async (n: number) => {
    const answer = await ask(`/workflows/${workflows[n % 3]}/runs`, {
      method: 'POST',
      headers: { ...test.headersOf(), 'idempotency-key': `start-${n}` },
      body: JSON.stringify({ payload: { n, items: [1, 2, 3] } }),
    });
    started[n] = (answer as { run: { id: string } }).run.id;
    if (n % 3 !== 2) return;
    const body = JSON.stringify({ type: 'test.signed', companyId: 'rossi', data: { n } });
    const headers = signEvent(EVENT_SECRET, `evt_${n}`, body, new Date(clock.now()));
    await ask('/events', { method: 'POST', headers, body });
  };
  const begun = Date.now();
  let progressAt = Date.now();
  let sweepsSince = 0;
  let next = 0;
  const starting = new Set<Promise<void>>();
  const failures: unknown[] = [];
  while (facts.finished < runs && failures.length === 0) {
    while (next < Math.min(runs, facts.finished + ahead)) {
      const one = startOne(next++).catch((error) => void failures.push(error));
      starting.add(one);
      void one.then(() => starting.delete(one));
    }
    const finished = await countFinished(cluster.url);
    if (finished > facts.finished) {
      progressAt = Date.now();
      sweepsSince = 0;
    }
    facts.finished = finished;
    const idle = Date.now() - progressAt;
    if (idle > QUIET_MS * (1 + sweepsSince)) {
      sweepsSince += 1;
      await sweep(test, clock, facts);
    }
    if (idle > STALL_MS) {
      facts.violations.push(
        `nothing has moved for ${STALL_MS} ms, with ${finished} of ${runs} runs finished`,
      );
      break;
    }
    if (finished < runs && finished >= (facts.restarts + 1) * runsPerRestart) {
      await restart(cluster.folder, facts.restarts % 2 === 0 ? 'immediate' : 'fast', test, facts);
      facts.restarts += 1;
    } else await delay(20);
  }
  facts.seconds_per_restart = Math.round((Date.now() - begun) / 100 / Math.max(1, facts.restarts)) / 10;
  await Promise.all(starting);
  if (failures.length > 0) throw failures[0];
  await judge(cluster.url, started, ledger, facts);
  return facts;
}

async function sweep(test: TestServer, clock: PatientClock, facts: RestartsFacts): Promise<void> {
  clock.skip(SWEEP_MS);
  const headers = { authorization: `Bearer ${cronSecret}` };
  const response = await fetch(`${test.baseUrl}/internal/sweep`, { method: 'POST', headers });
  if (response.status !== 200) facts.violations.push(`the sweep answered ${response.status}`);
  facts.sweeps += 1;
}

/** Restarts PostgreSQL on its port; meanwhile somebody keeps looking at the list of workflows. */
async function restart(folder: string, mode: string, test: TestServer, facts: RestartsFacts): Promise<void> {
  const [postgres = ''] = (await readFile(join(folder, 'postmaster.opts'), 'utf8')).split(' "');
  const { uid, gid } = await stat(folder);
  const user = process.getuid?.() === 0 ? { uid, gid } : {};
  const args = ['restart', '-D', folder, '-m', mode, '-w', '-s', '-l', join(folder, 'server.log')];
  let isOver = false;
  const restarted = promisify(execFile)(join(dirname(postgres), 'pg_ctl'), args, {
    ...{ cwd: '/', env: { ...process.env, LC_ALL: 'C' } },
    ...user,
  }).finally(() => {
    isOver = true;
  });
  const looking = (async () => {
    while (!isOver) {
      const at = Date.now();
      const response = await fetch(`${test.baseUrl}/workflows`, { headers: test.headersOf() });
      await response.arrayBuffer();
      if (response.status !== 200) noteRefusal(response, Date.now() - at, facts);
      await delay(10);
    }
  })();
  await Promise.all([restarted, looking]);
}

function noteRefusal(response: Response, ms: number, facts: RestartsFacts): void {
  facts.refused_while_down += 1;
  facts.slowest_refusal_ms = Math.max(facts.slowest_refusal_ms, ms);
  if (response.status !== 503 || !response.headers.get('retry-after'))
    facts.violations.push(
      `${new URL(response.url).pathname} answered ${response.status} with Retry-After ${response.headers.get('retry-after')} while the database was away`,
    );
}

/** Asks until it is answered 202, as those do who were told to come back. */
async function persist(url: string, init: RequestInit, facts: RestartsFacts): Promise<unknown> {
  for (let attempt = 0; attempt < 1000; attempt += 1) {
    const at = Date.now();
    const response = await fetch(url, init);
    const body = await response.text();
    if (response.status === 202) return JSON.parse(body);
    noteRefusal(response, Date.now() - at, facts);
    if (response.status < 500) throw new Error(`${url} answered ${response.status}: ${body}`);
    await delay(50);
  }
  throw new Error(`${url} was never answered 202.`);
}

async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

const countFinished = (url: string): Promise<number> =>
  withClient(url, async (client) => {
    const { rows } = await client.query(
      `select count(*)::int as count from workflow_run where status in ('succeeded', 'failed', 'canceled', 'needs_attention')`,
    );
    return rows[0].count;
  });

/** Compares what was promised and what the world saw with what the database holds. */
async function judge(url: string, started: string[], ledger: Ledger, facts: RestartsFacts): Promise<void> {
  await withClient(url, async (client) => {
    const { rows } = await client.query(
      `select r.id, r.status, r.error ->> 'code' as code, coalesce(jsonb_object_agg(s.step_key, s.attempt)
         filter (where s.status = 'succeeded'), '{}') as attempts
       from workflow_run r left join workflow_run_step s on s.company_id = r.company_id and s.run_id = r.id group by r.company_id, r.id`,
    );
    facts.runs = rows.length;
    const byId = new Map(rows.map((row) => [row.id as string, row]));
    for (const [n, id] of started.entries()) {
      const row = byId.get(id);
      if (!row) facts.violations.push(`run ${id} was answered 202 and is not there`);
      else if (row.status !== 'succeeded')
        facts.violations.push(`run ${id} (${n % 3}) is ${row.status}: ${row.code}`);
      for (const step of graphs[n % 3]?.steps ?? []) {
        const entry = ledger.entries.get(`${id}/${step}`);
        const attempts = row?.attempts[step] ?? 0;
        if (entry?.effects !== 1 || entry.keys.size !== 1)
          facts.violations.push(
            `${step} of run ${id} happened ${entry?.effects} times, by ${entry?.keys.size} keys`,
          );
        // Each call was written ahead as an attempt of its own: more calls than attempts would be a success repeated.
        if ((entry?.calls ?? 0) > attempts)
          facts.violations.push(
            `${step} of run ${id} was asked for ${entry?.calls} times in ${attempts} attempts`,
          );
        facts.effects += entry?.effects ?? 0;
        facts.repeated_after_an_interruption += Math.max(0, (entry?.calls ?? 1) - 1);
      }
    }
    const query = async <Row>(text: string) => (await client.query(text)).rows as Row[];
    facts.violations.push(...(await findBrokenRules({ query })));
  });
}
