import { execFile } from 'node:child_process';
import { rename } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';

const root = join(__dirname, '../..');
const built = new Map<string, Promise<string>>();

/**
 * Bundles a script with the sources it uses, for processes of their own: they boot in less than half of the time they take when every file
 * is compiled as it is loaded. Packages are loaded as hosts load them. Gives the file to run, which stays inside the project, where packages
 * are found.
 */
export function bundleScript(script: string): Promise<string> {
  const bundle = built.get(script) ?? build(script);
  built.set(script, bundle);
  return bundle;
}

async function build(script: string): Promise<string> {
  const name = relative(root, script).replace(/\W+/g, '-');
  const path = join(root, 'reports/processes', `${name}.mjs`);
  // Several suites may build the same: each finds a whole file.
  const partial = `${path}.${process.pid}`;
  await esbuild([script, `--outfile=${partial}`, '--format=esm', '--packages=external']);
  await rename(partial, path);
  return path;
}

/** Bundles for this version of Node. The command, not the library: it works whatever has loaded this module. */
export async function esbuild(args: readonly string[]): Promise<void> {
  const command = join(root, 'node_modules/.bin/esbuild');
  const options = ['--bundle', '--log-level=error', '--platform=node', '--target=node20'];
  await promisify(execFile)(command, [...args, ...options], { cwd: root });
}
