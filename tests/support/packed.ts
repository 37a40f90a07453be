import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '../..');

/** Packs the build as it is published; the path of the archive. */
export function pack(destination: string): string {
  if (!existsSync(join(root, 'dist')))
    throw new Error('There is no build to pack. Run "npm run build" first.');
  const args = ['pack', '--ignore-scripts', '--json', '--pack-destination', destination];
  const [packed] = JSON.parse(execFileSync('npm', args, { cwd: root, encoding: 'utf8' })) as {
    filename: string;
  }[];
  return join(destination, packed?.filename ?? '');
}

/** A registry that is out of breath is asked again. */
export const PATIENTLY = '--fetch-retries=6';

/** Installs into a folder that has a package.json, from what npm has at hand where it has it. */
export function install(folder: string, ...packages: string[]): void {
  const quiet = [PATIENTLY, '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];
  execFileSync('npm', ['install', ...packages, ...quiet], { cwd: folder, stdio: 'pipe' });
}
