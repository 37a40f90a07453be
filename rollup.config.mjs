import { rmSync } from 'node:fs';
import path from 'node:path';
import esbuild from 'rollup-plugin-esbuild';
import { clientOnlyGuard } from './scripts/client-only-guard.mjs';
import { stylesheet } from './scripts/stylesheet.mjs';

const root = import.meta.dirname;
const browserEntries = {
  index: 'src/index.ts',
  'core/index': 'src/core/index.ts',
  'blocks/index': 'src/blocks/index.ts',
};
const serverEntries = {
  'server/index': 'src/server/index.ts',
  'server/cli': 'src/server/cli.ts',
  'server/trigger/index': 'src/server/trigger/index.ts',
  'testing/index': 'src/testing/index.ts',
};

/**
 * One graph, one file out per file in. Browser and server entries share every module of `core` and `blocks`, so a class such as
 * `WorkflowError` is the same class from whichever entry it comes, and what a host does not use its bundler can drop by file.
 * Dependencies stay imports: the host's package manager decides their copies.
 */
export default {
  input: { ...browserEntries, ...serverEntries },
  external: (id) => !id.startsWith('.') && !path.isAbsolute(id),
  output: {
    dir: 'dist',
    format: 'es',
    preserveModules: true,
    preserveModulesRoot: 'src',
    entryFileNames: '[name].js',
    sourcemap: true,
    banner: bannerOf,
  },
  plugins: [
    emptyOutput('dist'),
    esbuild({ target: 'es2022', jsx: 'automatic', tsconfig: path.join(root, 'tsconfig.json') }),
    clientOnlyGuard({ root, entries: Object.values(browserEntries).map((entry) => path.join(root, entry)) }),
    serverOnly('server/in-a-browser.js'),
    stylesheet({ entry: 'src/components/styles/index.css', fileName: 'styles.css' }),
  ],
  onwarn: (warning) => {
    // The architecture test reports cycles, with the whole chain; a build that stops at one would hide the other results.
    if (warning.code === 'CIRCULAR_DEPENDENCY') return;
    throw new Error(warning.message);
  },
};

function bannerOf(chunk) {
  if (chunk.name === 'server/cli') return '#!/usr/bin/env node';
  // React Server Components: everything behind the kit's entry renders on the client.
  return chunk.isEntry && chunk.name === 'index' ? "'use client';" : '';
}

/** A file removed from the sources must not live on in a published package. */
function emptyOutput(directory) {
  return {
    name: 'empty-output',
    buildStart: () => rmSync(path.join(root, directory), { recursive: true, force: true }),
  };
}

/**
 * What `trama/server` is under the `browser` condition: a module whose only import does not exist, so that a page which imports it
 * does not build and the message says why. `null` in the package's exports is shorter, but Vite 8 passes over it and Rollup only warns.
 */
function serverOnly(fileName) {
  const source = "import './do-not-import-trama-server-from-a-page.js';\n";
  return {
    name: 'server-only',
    generateBundle() {
      this.emitFile({ type: 'asset', fileName, source });
    },
  };
}
