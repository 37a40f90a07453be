/**
 * What a page pays for the kit: minified and gzipped bytes of what a bundler keeps, React left out because the host has it already.
 * Counted is what has to be there before anything shows; what is fetched on demand stands in its own column.
 * Run after a build: `npm run size`. Fails when a budget is exceeded.
 */
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const kB = 1000;

/** Lists and settings must not make their page carry the canvas. Rows without a budget are there to be seen. */
const pages = [
  { page: 'builder', exports: 'WorkflowProvider, WorkflowBuilder', budget: 160 * kB },
  { page: 'run viewer', exports: 'WorkflowProvider, RunViewer', budget: 160 * kB },
  { page: 'RunHistory alone', exports: 'RunHistory', budget: 40 * kB, without: '@xyflow/' },
  {
    page: 'IntegrationsSettings alone',
    exports: 'IntegrationsSettings',
    budget: 40 * kB,
    without: '@xyflow/',
  },
  {
    page: 'RunHistory with provider and client',
    exports: 'WorkflowProvider, createWorkflowClient, RunHistory',
  },
  { page: 'createWorkflowClient', exports: 'createWorkflowClient' },
];

const rows = [...(await Promise.all(pages.map(measurePage))), await measureStylesheet()];
console.table(rows);
if (rows.some(({ verdict }) => verdict !== 'ok')) process.exitCode = 1;

async function measurePage({ page, exports, budget, without }) {
  const { outputFiles, metafile } = await bundle(`export { ${exports} } from 'trama';`);
  const sizes = new Map(outputFiles.map((file) => [file.path.split('/').at(-1), gzip(file.contents)]));
  const outputs = Object.entries(metafile.outputs).map(([path, output]) => ({
    name: path.split('/').at(-1),
    ...output,
  }));
  const first = firstLoad(outputs);
  const sum = (list) => list.reduce((total, { name }) => total + sizes.get(name), 0);
  const isUnwanted =
    without && first.some(({ inputs }) => Object.keys(inputs).some((file) => file.includes(without)));
  return row(page, sum(first), sum(outputs) - sum(first), budget, isUnwanted && `carries ${without}`);
}

/** The entry and every chunk it imports without waiting. */
function firstLoad(outputs) {
  const loaded = outputs.filter(({ entryPoint }) => entryPoint === '<stdin>');
  for (const { imports } of loaded) {
    const chunks = imports.filter(({ kind, external }) => kind === 'import-statement' && !external);
    const next = chunks.map(({ path }) => outputs.find(({ name }) => name === path.split('/').at(-1)));
    loaded.push(...next.filter((output) => !loaded.includes(output)));
  }
  return loaded;
}

function bundle(contents) {
  return build({
    stdin: { contents, resolveDir: import.meta.dirname },
    external: ['react', 'react-dom', 'react/*', 'react-dom/*'],
    bundle: true,
    splitting: true,
    minify: true,
    write: false,
    metafile: true,
    format: 'esm',
    outdir: 'reports',
    // Without it the repository's own tsconfig.json would lead `trama` to the sources instead of the build.
    tsconfigRaw: {},
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'error',
  });
}

async function measureStylesheet() {
  const entryPoints = [new URL('../dist/styles.css', import.meta.url).pathname];
  const { outputFiles } = await build({ entryPoints, minify: true, write: false, logLevel: 'error' });
  return row('styles.css', gzip(outputFiles[0].contents), 0, 16 * kB);
}

function row(page, first, later, budget, problem) {
  const over = budget !== undefined && first > budget ? `${kilo(first - budget)} kB over` : undefined;
  return {
    page,
    'gzip kB': kilo(first),
    'on demand kB': kilo(later),
    'budget kB': budget === undefined ? '' : kilo(budget),
    verdict: problem || over || 'ok',
  };
}

function gzip(contents) {
  return gzipSync(contents, { level: 9 }).length;
}

function kilo(bytes) {
  return Number((bytes / kB).toFixed(1));
}
