/** What Trama is compared with. Installed into a folder of the bench, so that it is never a dependency of the package. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const peers = { '@dbos-inc/dbos-sdk': '5.3.0' };

export const peersUrl = new URL('./.peers/', import.meta.url);

/** Installs what is missing or has another version; answers with names and versions. */
export function installPeers() {
  const missing = Object.entries(peers).filter(([name, version]) => installedVersion(name) !== version);
  if (missing.length > 0) {
    const folder = fileURLToPath(peersUrl);
    mkdirSync(folder, { recursive: true });
    writeFileSync(`${folder}/package.json`, `${JSON.stringify({ private: true, dependencies: peers })}\n`);
    const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
    const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
    execFileSync(npm, args, { cwd: folder, stdio: 'inherit', shell: process.platform === 'win32' });
  }
  return peers;
}

function installedVersion(name) {
  const file = new URL(`node_modules/${name}/package.json`, peersUrl);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).version : null;
}
