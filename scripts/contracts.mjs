/**
 * `npm run test:contracts`: our requests and our stand-ins against the providers' own specifications, which are not part of this project.
 * `SPECS_DIR` names the folder they are in; the README says where they can be had. Arguments go to Jest.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { ensureInstalled } from './ensure-installed.mjs';

const root = path.join(import.meta.dirname, '..');
const specs = path.resolve(process.env.SPECS_DIR ?? path.join(root, '../shared/specs'));
if (!existsSync(specs)) {
  console.error(`The contract tests were NOT run: there are no specifications in ${specs}. Set SPECS_DIR.`);
  process.exit(1);
}
await ensureInstalled();
const { status } = spawnSync(
  process.execPath,
  ['node_modules/jest/bin/jest.js', '--config', 'jest.contracts.config.mjs', ...process.argv.slice(2)],
  { cwd: root, stdio: 'inherit', env: { ...process.env, SPECS_DIR: specs } },
);
process.exit(status ?? 1);
