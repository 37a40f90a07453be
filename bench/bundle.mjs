/**
 * What a page pays for the kit: minified and gzipped bytes of what a bundler keeps, React left out because the host has it already.
 * Counted is what has to be there before anything shows; what is fetched on demand stands in its own column.
 * Run after a build: `npm run size`. Fails when a budget is exceeded.
 */
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';

const kB = 1000;

/** Joins the texts of all parts, for hosts that ask for them. */
const allTexts = 'shared/messages.js';

/** Lists and settings must not make their page carry the canvas, nor any page texts it does not show. Rows without a budget are there to be seen. */
const pages = [
  { page: 'builder', exports: 'WorkflowProvider, WorkflowBuilder', budget: 160 * kB, without: allTexts },
  { page: 'run viewer', exports: 'WorkflowProvider, RunViewer', budget: 160 * kB, without: allTexts },
  { page: 'RunHistory alone', exports: 'RunHistory', budget: 40 * kB, without: '@xyflow/' },
  {
    page: 'IntegrationsSettings alone',
    exports: 'IntegrationsSettings',
    budget: 40 * kB,
    without: '@xyflow/',
  },
  { page: 'ApprovalInbox alone', exports: 'ApprovalInbox', budget: 40 * kB, without: '@xyflow/' },
  { page: 'AdminOverview alone', exports: 'AdminOverview', budget: 40 * kB, without: '@xyflow/' },
  {
    page: 'RunHistory with provider and client',
    exports: 'WorkflowProvider, createWorkflowClient, RunHistory',
  },
  { page: 'createWorkflowClient', exports: 'createWorkflowClient' },
];

const rows = [...(await Promise.all(pages.map(measurePage))), measureStylesheet()];
console.table(rows);
if (rows.some(({ verdict }) => verdict !== 'ok')) process.exitCode = 1;

async function measurePage({ page, exports, budget, without }) {
  const chunks = await bundle(`export { ${exports} } from 'trama';`);
  const first = firstLoad(chunks);
  const sum = (list) => list.reduce((total, { code }) => total + gzip(code), 0);
  const isUnwanted =
    without && first.some(({ moduleIds }) => moduleIds.some((file) => file.includes(without)));
  return row(page, sum(first), sum(chunks) - sum(first), budget, isUnwanted && `carries ${without}`);
}

/** The entry and every chunk it imports without waiting. */
function firstLoad(chunks) {
  const loaded = chunks.filter(({ isEntry }) => isEntry);
  for (const { imports } of loaded) {
    const next = chunks.filter(({ fileName }) => imports.includes(fileName));
    loaded.push(...next.filter((chunk) => !loaded.includes(chunk)));
  }
  return loaded;
}

/** What Vite makes of a page, minified. Not esbuild: it keeps what only code that was dropped would have fetched later. */
async function bundle(code) {
  const entry = 'virtual:page';
  const { output } = await build({
    configFile: false,
    logLevel: 'error',
    root: import.meta.dirname,
    plugins: [
      {
        name: 'page',
        resolveId: (id) => (id === entry ? `${import.meta.dirname}/page.js` : null),
        load: (id) => (id === `${import.meta.dirname}/page.js` ? code : null),
      },
    ],
    build: {
      write: false,
      modulePreload: false,
      rollupOptions: { input: entry, external: /^react(-dom)?(\/|$)/, preserveEntrySignatures: 'strict' },
    },
  });
  return output.filter(({ type }) => type === 'chunk');
}

function measureStylesheet() {
  const path = new URL('../dist/styles.css', import.meta.url);
  return row('styles.css', gzip(readFileSync(path)), 0, 16 * kB);
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
