import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** As root, PostgreSQL runs as another user, who may not get into root's own temporary folder. */
export const temporaryFolder = process.getuid?.() === 0 ? '/var/tmp' : tmpdir();

/** A temporary data directory that PostgreSQL's user may enter too, so that everything of a test is inside and goes with it. */
export async function createDataDir(prefix: string): Promise<string> {
  const dataDir = await mkdtemp(join(temporaryFolder, prefix));
  await chmod(dataDir, 0o755);
  return dataDir;
}
