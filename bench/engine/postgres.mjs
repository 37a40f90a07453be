/** One embedded PostgreSQL for all contenders, with the durability it has out of the box, and what it can tell about them. */
import { readdirSync, readFileSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';

/**
 * Nothing here touches durability: fsync, synchronous commits and full-page writes stay on. Checkpoints come when the bench asks for them,
 * so that none falls into one contender's measurement and not into another's.
 */
const flags = [
  '-c shared_preload_libraries=pg_stat_statements',
  '-c pg_stat_statements.track=top',
  '-c checkpoint_timeout=1h',
  '-c max_wal_size=16GB',
];

/** Milliseconds in a tick of the processor times in `/proc`; Linux has 100 ticks a second wherever Node runs. */
const TICK = 10;

export async function startPostgres() {
  // Not exported by the package: only its own tests and this bench start a PostgreSQL with flags.
  const { startEmbeddedPostgres } = await import('../../dist/server/db/embedded-postgres.js');
  // As root, PostgreSQL runs as another user, who may not get into root's own temporary folder.
  const dataDir = await mkdtemp(join(process.getuid?.() === 0 ? '/var/tmp' : tmpdir(), 'trama-bench-'));
  await chmod(dataDir, 0o755);
  const embedded = await startEmbeddedPostgres(dataDir, flags);
  const admin = createClient(embedded.url);
  const stop = async () => {
    await admin.end().catch(() => undefined);
    await embedded.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
  try {
    await admin.connect();
    await admin.query('create extension pg_stat_statements');
    const settings = await readSettings(admin);
    return { settings, stop, createDatabase: (name) => createDatabase(admin, embedded, name) };
  } catch (error) {
    await stop();
    throw error;
  }
}

function createClient(connectionString) {
  const client = new pg.Client({ connectionString });
  // A connection that is lost fails the next question; alone it must not end the bench before PostgreSQL is stopped.
  client.on('error', () => {});
  return client;
}

/** Refuses to measure anything but durable commits. */
async function readSettings(admin) {
  const mustBeOn = ['fsync', 'synchronous_commit', 'full_page_writes'];
  const { rows } = await admin.query('select name, setting from pg_settings where name = any($1)', [
    ['server_version', 'wal_level', ...mustBeOn],
  ]);
  const settings = Object.fromEntries(rows.map(({ name, setting }) => [name, setting]));
  const weak = mustBeOn.filter((name) => settings[name] !== 'on');
  if (weak.length > 0)
    throw new Error(`The bench measures durable commits, but ${weak.join(', ')} is not on.`);
  return settings;
}

async function createDatabase(admin, embedded, name) {
  await admin.query(`create database "${name}" template template0`);
  const url = new URL(embedded.url);
  url.pathname = `/${name}`;
  const own = createClient(url.href);
  await own.connect();
  return {
    url: url.href,
    query: (text, values) => own.query(text, values),
    /** The state a database in use is in: statistics as autovacuum keeps them, and every page of the measurement's start on disk. */
    settle: async () => {
      await own.query('vacuum analyze');
      await own.query('checkpoint');
    },
    meter: () => startMeter(admin, embedded.folder, name),
    drop: async () => {
      await own.end();
      await admin.query(`drop database "${name}" with (force)`);
    },
  };
}

/** Counts from here; the function it gives answers what has been done since, in all. */
async function startMeter(admin, folder, database) {
  const { rows } = await admin.query('select oid from pg_database where datname = $1', [database]);
  const { oid } = rows[0];
  await admin.query('select pg_stat_statements_reset(0, $1, 0)', [oid]);
  const begin = await readCounters(admin, folder);
  return async () => {
    const end = await readCounters(admin, folder);
    const counted = await admin.query(
      'select coalesce(sum(calls), 0)::float8 as statements from pg_stat_statements where dbid = $1',
      [oid],
    );
    return {
      statements: counted.rows[0].statements,
      writeTransactions: end.transactions - begin.transactions,
      walBytes: end.wal - begin.wal,
      postgresMilliseconds: end.processor - begin.processor,
    };
  };
}

/** A transaction takes a number when it writes for the first time, so the next number counts write transactions and nothing else. */
async function readCounters(admin, folder) {
  const { rows } = await admin.query(
    `select pg_snapshot_xmax(pg_current_snapshot())::text::float8 as transactions,
       pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::float8 as wal`,
  );
  return { ...rows[0], processor: processorTime(folder) };
}

/** Milliseconds the server and its processes have used, those that have ended included; `NaN` where there is no `/proc`. */
function processorTime(folder) {
  if (process.platform !== 'linux') return Number.NaN;
  const [postmaster] = readFileSync(join(folder, 'postmaster.pid'), 'utf8').split('\n');
  let ticks = 0;
  for (const pid of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    const [parent, times] = readTimes(pid);
    if (pid === postmaster) ticks += times.reduce((sum, time) => sum + time, 0);
    else if (parent === postmaster) ticks += times[0] + times[1];
  }
  return ticks * TICK;
}

/** Parent, and time in user and system mode: the process's own, then that of its children who have ended. */
function readTimes(pid) {
  let stat;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch (error) {
    // It has ended between the listing and the reading.
    if (error.code === 'ENOENT' || error.code === 'ESRCH') return ['', [0, 0, 0, 0]];
    throw error;
  }
  // The name, in brackets, may hold spaces; what follows it does not.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return [fields[1], fields.slice(11, 15).map(Number)];
}
