import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

// At import, before what imports this uses anything an old Node does not have.
refuseOldNode();

/**
 * Makes the dependencies of the lock file present before a command that needs them. Says what it does and that it is still at it:
 * npm is silent for minutes where there is no terminal.
 */
export async function ensureInstalled() {
  if (isInstalled()) return;
  const started = Date.now();
  const seconds = () => Math.round((Date.now() - started) / 1000);
  console.log('Installing dependencies, once. This takes a minute or two ...');
  const progress = setInterval(() => console.log(`  ... still installing (${seconds()} s)`), 10_000);
  // Not `npm ci`: it refuses a lock file made where some optional binaries for other systems were not to be had.
  const code = await npm(['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error']).finally(
    () => clearInterval(progress),
  );
  if (code !== 0) {
    console.error('The dependencies could not be installed, see above. Mend the cause, then try again.');
    process.exit(code);
  }
  console.log(`Dependencies installed in ${seconds()} s.`);
}

function refuseOldNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  console.error(
    `Trama needs Node 20.19 or newer, and this is ${process.versions.node}. Install a newer one from nodejs.org.`,
  );
  process.exit(1);
}

/** npm leaves a copy of the lock file behind; it names every package that is there. */
function isInstalled() {
  const installed = path.join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installed)) return false;
  const wanted = packagesOf(path.join(root, 'package-lock.json'));
  const present = packagesOf(installed);
  return Object.entries(wanted).every(
    ([name, { version, optional, devOptional }]) =>
      name === '' || optional || devOptional || present[name]?.version === version,
  );
}

function packagesOf(lockFile) {
  return JSON.parse(readFileSync(lockFile, 'utf8')).packages;
}

function npm(args) {
  return new Promise((resolve, reject) => {
    const child = spawn('npm', args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' });
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
