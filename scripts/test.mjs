/** `npm test`: installs what is missing, builds the package (some tests read the build) and runs every test. Arguments go to Jest. */
import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { ensureInstalled } from './ensure-installed.mjs';

const root = path.join(import.meta.dirname, '..');

await ensureInstalled();
run('npm', ['run', 'build', '--silent']);
// Two workers even on two cores: suites wait for databases, browsers and child processes more than they compute.
const workers = Math.max(2, availableParallelism() - 1);
run(process.execPath, ['node_modules/jest/bin/jest.js', `--maxWorkers=${workers}`, ...process.argv.slice(2)]);

function run(command, args) {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32' && command === 'npm',
  });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}
