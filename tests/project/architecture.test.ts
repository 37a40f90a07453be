import { isBuiltin } from 'node:module';
import { readSourceFiles, type SourceFile } from './source-files';

type Layer = 'core' | 'blocks' | 'blocks/server' | 'components' | 'server' | 'testing';

/** The layer table of docs/architecture.md. `packages: null` means any. */
const table: Record<Layer, { imports: Layer[]; packages: string[] | null }> = {
  core: { imports: ['core'], packages: ['zod'] },
  blocks: { imports: ['core', 'blocks'], packages: ['zod', 'big.js'] },
  'blocks/server': {
    imports: ['core', 'blocks', 'blocks/server'],
    packages: [
      'zod',
      'big.js',
      '@slack/web-api',
      '@fattureincloud/fattureincloud-ts-sdk',
      'axios',
      'resend',
      'standardwebhooks',
      'temporal-polyfill',
      'node:http',
    ],
  },
  components: {
    imports: ['core', 'blocks', 'components'],
    packages: ['zod', 'react', 'react-dom', '@xyflow/react', '@radix-ui/react-dialog', 'react-hook-form'],
  },
  server: { imports: ['core', 'blocks', 'blocks/server', 'server'], packages: null },
  testing: { imports: ['core', 'blocks', 'blocks/server', 'testing'], packages: null },
};

const browserOnly = ['react', 'react-dom', '@xyflow/react', '@radix-ui/react-dialog', 'react-hook-form'];

function layerOf(path: string): Layer {
  if (path.startsWith('src/blocks/')) return /(^|[./])server\.tsx?$/.test(path) ? 'blocks/server' : 'blocks';
  if (/^src\/[^/]+$/.test(path)) return 'components';
  const folder = path.split('/')[1] ?? '';
  if (Object.hasOwn(table, folder)) return folder as Layer;
  throw new Error(`${path} belongs to no layer of docs/architecture.md.`);
}

const packageOf = (specifier: string) => specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');

function mayImport(from: string, to: string): boolean {
  const { imports, packages } = table[layerOf(from)];
  if (to.startsWith('src/')) return imports.includes(layerOf(to));
  if (packages === null) return isBuiltin(to) || !browserOnly.includes(packageOf(to));
  return packages.includes(packageOf(to));
}

/** One chain `a -> b -> a` per cycle that is left after compiling. */
function findCycles(files: SourceFile[]): string[] {
  const graph = new Map(
    files.map((file) => [file.path, file.imports.filter((it) => !it.isTypeOnly).map((it) => it.to)]),
  );
  const finished = new Set<string>();
  const cycles: string[] = [];
  const visit = (path: string, chain: string[]): void => {
    const start = chain.indexOf(path);
    if (start >= 0) cycles.push([...chain.slice(start), path].join(' -> '));
    if (start >= 0 || finished.has(path)) return;
    for (const next of graph.get(path) ?? []) visit(next, [...chain, path]);
    finished.add(path);
  };
  for (const path of graph.keys()) visit(path, []);
  return cycles;
}

const source = readSourceFiles('src');

describe('the source tree', () => {
  it('imports only down the layer table', () => {
    const upward = source.flatMap(({ path, imports }) =>
      imports.filter(({ to }) => !mayImport(path, to)).map(({ to }) => `${path} -> ${to}`),
    );
    expect(upward).toEqual([]);
  });

  it('has no cycle of imports that exist at run time', () => {
    expect(findCycles(source)).toEqual([]);
  });

  it('keeps every file within 300 lines', () => {
    const files = [...source, ...readSourceFiles('examples', 'stories', 'scripts', 'bench')];
    expect(files.filter(({ lines }) => lines > 300).map(({ path, lines }) => `${path}: ${lines}`)).toEqual(
      [],
    );
  });
});

describe('the check itself', () => {
  const file = (path: string, ...imports: string[]) => ({
    path,
    lines: 1,
    imports: imports.map((to) => ({ to, isTypeOnly: false })),
  });

  it('refuses the component that reaches for a server half, and lets the server have it', () => {
    expect(mayImport('src/components/a.tsx', 'src/blocks/slack/send-message.server.ts')).toBe(false);
    expect(mayImport('src/components/a.tsx', 'src/blocks/server.ts')).toBe(false);
    expect(mayImport('src/blocks/slack/send-message.ts', 'src/blocks/slack/client.server.ts')).toBe(false);
    expect(mayImport('src/server/index.ts', 'src/blocks/server.ts')).toBe(true);
  });

  it('refuses Node and provider packages below the server', () => {
    expect(mayImport('src/core/json.ts', 'node:crypto')).toBe(false);
    expect(mayImport('src/blocks/slack/send-message.ts', '@slack/web-api')).toBe(false);
    expect(mayImport('src/components/a.tsx', 'pg')).toBe(false);
    expect(mayImport('src/server/index.ts', 'react')).toBe(false);
  });

  it('prints a cycle as the chain that closes it', () => {
    expect(findCycles([file('a', 'b'), file('b', 'c'), file('c', 'b')])).toEqual(['b -> c -> b']);
  });
});
