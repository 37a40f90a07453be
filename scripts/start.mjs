/**
 * `npm start`: installs what is missing, builds the example's pages when their source is newer, and serves the example. PORT,
 * DATABASE_URL and the other settings are described in examples/doc-manager/README.md.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureInstalled } from './ensure-installed.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const example = path.join(root, 'examples', 'doc-manager');
const pageSources = [
  path.join(root, 'src'),
  path.join(root, 'package-lock.json'),
  path.join(example, 'client'),
  path.join(example, 'shared'),
  path.join(example, 'vite.config.ts'),
];

// tsx reads the path aliases from the tsconfig.json of the working directory.
process.chdir(root);
await ensureInstalled();
buildPages();
await serve();

function buildPages() {
  const built = path.join(example, 'dist', 'index.html');
  if (existsSync(built) && statSync(built).mtimeMs >= Math.max(...pageSources.map(newestChange))) return;
  console.log('Building the pages ...');
  const vite = path.join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  const args = [vite, 'build', '--config', path.join(example, 'vite.config.ts'), '--logLevel', 'warn'];
  const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' });
  if (status === 0) return;
  console.error('The pages could not be built, see above.');
  process.exit(status ?? 1);
}

function newestChange(target) {
  const { mtimeMs } = statSync(target);
  if (!statSync(target).isDirectory()) return mtimeMs;
  return Math.max(mtimeMs, ...readdirSync(target).map((name) => newestChange(path.join(target, name))));
}

/** In this process, so that signals reach the server itself. */
async function serve() {
  console.log('Starting ...');
  const { register } = await import('tsx/esm/api');
  register();
  await import('../examples/doc-manager/server/main.ts');
}
