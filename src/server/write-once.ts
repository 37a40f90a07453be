import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { link, readFile, rm, writeFile } from 'node:fs/promises';

/**
 * Reads a secret's file, or makes it when it is not there. Of several processes that make it at once one wins and all read its text; one
 * that is cut short leaves no half-written file behind.
 */
export async function readOrWriteOnce(
  file: string,
  make: () => string,
): Promise<{ text: string; isNew: boolean }> {
  const isNew = !existsSync(file) && (await writeOnce(file, make()));
  return { text: (await readFile(file, 'utf8')).trim(), isNew };
}

async function writeOnce(file: string, text: string): Promise<boolean> {
  const partial = `${file}.${randomBytes(6).toString('hex')}`;
  await writeFile(partial, text, { mode: 0o600, flag: 'wx' });
  try {
    await link(partial, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(partial, { force: true });
  }
}
