/** placeholder, replaced below */
import { createRequire } from 'node:module';
import path from 'node:path';
import { require as load } from 'tsx/cjs/api';
const root = path.join(import.meta.dirname, '..');
const t = (p) => load(path.join(root, p), import.meta.url);
const start = t('tests/support/postgres-setup.ts').default, stop = t('tests/support/postgres-teardown.ts').default;
await start();
try {
  const { crashMatrix } = t('tests/reliability/crash-matrix.ts');
  const at = Date.now();
  const facts = await crashMatrix({ kills: Number(process.argv[2] ?? 20), seed: Number(process.argv[3] ?? 1) });
  console.log(JSON.stringify(facts, null, 1), Date.now() - at);
} finally { await stop(); }
