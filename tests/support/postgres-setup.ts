import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/server/db/embedded-postgres';
import { createDataDir, temporaryFolder } from './data-dir';

declare global {
  var tramaTestPostgres: (EmbeddedPostgres & { dataDir: string }) | undefined;
}

/** Nothing outlives the tests, so nothing has to reach the disk. */
const fast = ['-c fsync=off', '-c synchronous_commit=off', '-c full_page_writes=off'];

const prefix = 'trama-test-';

/** Jest's global setup: one real PostgreSQL for all suites; each takes its own database from it (`createTestDatabase`). */
export default async function startPostgres(): Promise<void> {
  await removeLeftovers();
  const dataDir = await createDataDir(prefix);
  await writeFile(join(dataDir, 'owner'), String(process.pid));
  globalThis.tramaTestPostgres = { ...(await startEmbeddedPostgres(dataDir, fast)), dataDir };
  process.env.TRAMA_TEST_DATABASE_URL = globalThis.tramaTestPostgres.url;
}

/** Tests that were interrupted could not stop their server: the next ones do. */
async function removeLeftovers(): Promise<void> {
  for (const name of (await readdir(temporaryFolder)).filter((entry) => entry.startsWith(prefix))) {
    const dataDir = join(temporaryFolder, name);
    const owner = await readFile(join(dataDir, 'owner'), 'utf8').catch(() => null);
    if (owner === null || isAlive(Number(owner))) continue;
    const postgres = await startEmbeddedPostgres(dataDir, fast);
    await postgres.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
