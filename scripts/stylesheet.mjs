import { build } from 'esbuild';

/**
 * Rollup plugin: bundles the kit's stylesheet, `@import`s included, into one file of the output.
 *
 * @param {{ entry: string, fileName: string }} options
 * @returns {import('rollup').Plugin}
 */
export function stylesheet({ entry, fileName }) {
  return {
    name: 'stylesheet',
    async generateBundle() {
      const { outputFiles } = await build({
        entryPoints: [entry],
        bundle: true,
        write: false,
        target: ['chrome111', 'firefox115', 'safari16.4'],
        logLevel: 'warning',
      });
      this.emitFile({ type: 'asset', fileName, source: outputFiles[0].text });
    },
  };
}
