import { isBuiltin } from 'node:module';
import path from 'node:path';

/** Packages the browser build may import. Anything else has to be added here on purpose. */
export const browserPackages = new Set([
  'react',
  'react-dom',
  'zod',
  // 6 kB: the preview of an invoice is summed as decimals, as the invoice is.
  'big.js',
  '@xyflow/react',
  '@radix-ui/react-dialog',
  'react-hook-form',
]);

/**
 * Rollup plugin: fails the build when a browser entry reaches, over any number of imports, a `.server` module, `src/server`,
 * `src/testing`, a Node built-in or a package outside `allowed`. The message prints how it was reached, `from -> to`.
 *
 * @param {{ root: string, entries: string[], allowed?: Set<string> }} options `entries` are absolute file names.
 * @returns {import('rollup').Plugin}
 */
export function clientOnlyGuard({ root, entries, allowed = browserPackages }) {
  return {
    name: 'client-only-guard',
    buildEnd(error) {
      if (error) return;
      const describe = (id) => (path.isAbsolute(id) ? path.relative(root, id) : id);
      for (const chain of walkImports(entries, (id) => this.getModuleInfo(id))) {
        const reason = refusal(describe(chain.at(-1)), allowed);
        if (reason) this.error(explain(chain.map(describe), reason));
      }
    },
  };
}

/** Breadth first, so that the chain printed is the shortest. */
function* walkImports(entries, getModuleInfo) {
  const queue = entries.map((entry) => [entry]);
  const seen = new Set(entries);
  for (const chain of queue) {
    yield chain;
    const info = getModuleInfo(chain.at(-1));
    for (const next of [...(info?.importedIds ?? []), ...(info?.dynamicallyImportedIds ?? [])]) {
      if (seen.has(next)) continue;
      seen.add(next);
      queue.push([...chain, next]);
    }
  }
}

/** Why a module (a path relative to the root, or a package specifier) may not reach a browser; `null` when it may. */
function refusal(module, allowed) {
  if (isBuiltin(module)) return 'it is a Node built-in';
  if (/\.server(\.[a-z]+)?$/.test(module)) return 'a `.server` module holds code for the server only';
  if (/^src\/(server|testing)\//.test(module))
    return `${module.split('/').slice(0, 2).join('/')} is code for the server only`;
  if (module.startsWith('src/')) return null;
  return allowed.has(packageName(module))
    ? null
    : 'it is not on the list of browser packages (scripts/client-only-guard.mjs)';
}

function packageName(specifier) {
  const parts = specifier.split('/');
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : parts[0];
}

function explain(chain, reason) {
  const target = chain.at(-1);
  return (
    `The browser build reaches ${target}: ${reason}. Shipping it would leak server code to every visitor. ` +
    `Cut one of these imports:\n  ${chain.join(' -> ')}`
  );
}
