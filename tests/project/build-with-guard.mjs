/** Builds the modules given as JSON (`{ path: code }`) behind the guard, from `src/index.js`; prints the error, or nothing. */
import path from 'node:path';
import { rollup } from 'rollup';
import { clientOnlyGuard } from '../../scripts/client-only-guard.mjs';

const root = path.resolve('/project');
const modules = new Map(
  Object.entries(JSON.parse(process.argv[2])).map(([name, code]) => [path.join(root, name), code]),
);
const entry = path.join(root, 'src/index.js');

const inMemory = {
  name: 'in-memory',
  resolveId: (id, importer) =>
    id.startsWith('.')
      ? path.resolve(path.dirname(importer), id)
      : modules.has(id)
        ? id
        : { id, external: true },
  load: (id) => modules.get(id),
};

await rollup({
  input: entry,
  plugins: [inMemory, clientOnlyGuard({ root, entries: [entry] })],
  onwarn: () => {},
}).catch((error) => process.stdout.write(error.message));
