import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { install, pack } from '../support/packed';
import { root } from './source-files';

/** A host's project: empty but for the packed package, its dependencies and the tools a host has anyway. */
let project: string;

const SLOW = 180_000;

beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), 'trama-consumer-'));
  const tarball = pack(project);
  write('package.json', JSON.stringify({ name: 'host', private: true, type: 'module' }));
  install(project, tarball);
  for (const name of ['react', 'react-dom', '@types/react', '@types/react-dom', '@types/node', 'csstype'])
    link(name);
}, SLOW);

afterAll(() => rmSync(project, { recursive: true, force: true }));

/** What the host has of its own. */
function link(name: string): void {
  const target = join(project, 'node_modules', name);
  if (existsSync(target)) return;
  mkdirSync(dirname(target), { recursive: true });
  symlinkSync(join(root, 'node_modules', name), target, 'junction');
}

function write(name: string, text: string): void {
  mkdirSync(dirname(join(project, name)), { recursive: true });
  writeFileSync(join(project, name), text);
}

function run(script: string, ...args: string[]): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], {
    cwd: project,
    encoding: 'utf8',
    env: { ...process.env, NODE_ENV: undefined },
  });
  return { status, output: stdout + stderr };
}

const page = (extra = '') => `
  import { createRoot } from 'react-dom/client';
  import { createWorkflowClient, WorkflowBuilder, WorkflowProvider } from 'trama';
  import 'trama/styles.css';
  ${extra}
  const client = createWorkflowClient({ baseUrl: '/api/workflows' });
  createRoot(document.body).render(
    <WorkflowProvider client={client} locale="it"><WorkflowBuilder workflowId="w1" /></WorkflowProvider>,
  );`;

/** Builds a page with Vite's own command and defaults; answers with the command's output and everything it wrote. */
function buildPage(name: string, code: string): { status: number | null; output: string; written: string } {
  write(
    `${name}/index.html`,
    '<!doctype html><html lang="it"><body><script type="module" src="./page.jsx"></script></body></html>',
  );
  write(`${name}/page.jsx`, code);
  const result = run(join(root, 'node_modules/vite/bin/vite.js'), 'build', name, '--logLevel', 'error');
  const assets = join(project, name, 'dist/assets');
  const files = existsSync(assets) ? readdirSync(assets) : [];
  return { ...result, written: files.map((file) => readFileSync(join(assets, file), 'utf8')).join('\n') };
}

function typecheck(
  moduleResolution: 'bundler' | 'nodenext',
  source = consumer,
  skipLibCheck = false,
): { status: number | null; output: string } {
  const compilerOptions = {
    strict: true,
    noEmit: true,
    target: 'ES2022',
    lib: ['ES2022', 'DOM', 'DOM.Iterable', 'DOM.AsyncIterable'],
    jsx: 'react-jsx',
    module: moduleResolution === 'bundler' ? 'esnext' : 'nodenext',
    moduleResolution,
    types: ['node'],
    skipLibCheck,
  };
  write('types/host.tsx', source);
  write('types/tsconfig.json', JSON.stringify({ compilerOptions, files: ['host.tsx'] }));
  return run(join(root, 'node_modules/typescript/bin/tsc'), '-p', 'types');
}

const consumer = `
  import * as z from 'zod';
  import { blocks } from 'trama/blocks';
  import { defineBlock, validateDefinition, indexBlocks, WorkflowError, type WorkflowDefinition } from 'trama/core';
  import { createWorkflowServer, executors, implementBlock } from 'trama/server';
  import { createWorkflowClient, RunHistory, WorkflowBuilder, WorkflowProvider } from 'trama';

  const greet = defineBlock({
    type: 'acme.greet', provider: 'acme', icon: 'A', sideEffect: 'none',
    label: { en: 'Greet', it: 'Saluta' }, description: { en: 'Says hello', it: 'Dice ciao' },
    input: z.strictObject({ name: z.string() }), output: z.object({ text: z.string() }), sample: { text: 'hello' },
  });
  const runGreet = implementBlock(greet, {
    run: ({ input }) => ({ kind: 'done', output: { text: input.name.toUpperCase() } }),
  });

  const definition: WorkflowDefinition = { schemaVersion: 1, nodes: [], edges: [] };
  const issues = validateDefinition(definition, { blocks: indexBlocks([...blocks, greet]) });
  if (issues.some((issue) => issue.severity === 'error')) throw new WorkflowError('definition_invalid', 'See the issues.');

  const server = await createWorkflowServer({
    authenticate: async () => ({ companyId: 'c1', userId: 'u1', role: 'editor' }),
    baseUrl: 'https://app.example.com/api/workflows',
    blocks: [...blocks, greet], executors: { ...executors, [greet.type]: runGreet },
  });
  await server.close();

  const client = createWorkflowClient({ baseUrl: '/api/workflows' });
  const { run } = await client.startRun({ params: { id: 'w1' }, body: { payload: { a: 1 } } });
  const status: 'queued' | 'running' | 'waiting' | 'succeeded' | 'failed' | 'canceled' | 'needs_attention' = run.status;

  export const page = (
    <WorkflowProvider client={client} locale="it">
      <WorkflowBuilder workflowId={run.workflowId} /> <RunHistory workflowId={status} onOpenRun={(id) => console.log(id)} />
    </WorkflowProvider>
  );
  // @ts-expect-error a locale the kit does not speak
  export const wrong = <WorkflowProvider client={client} locale="klingon" />;`;

const triggerConsumer = `
  import { blocks } from 'trama/blocks';
  import { createWorkflowTasks } from 'trama/trigger';

  export const { run, sweep } = createWorkflowTasks({
    databaseUrl: 'postgres://…', baseUrl: 'https://app.example.com/api/workflows', blocks,
  });
  // @ts-expect-error there is no such option
  createWorkflowTasks({ databaseUrl: 'postgres://…', colour: 'red' });`;

describe('the packed package, installed in an empty project', () => {
  it('carries the build, its licence and its papers, and no sources or tests', () => {
    const names = readdirSync(join(project, 'node_modules/trama')).filter((name) => name !== 'node_modules');
    expect(names.sort()).toEqual(['CHANGELOG.md', 'LICENSE', 'README.md', 'dist', 'docs', 'package.json']);
    expect(existsSync(join(project, 'node_modules/trama/dist/styles.css'))).toBe(true);
  });

  it('starts the kit with the directive that makes it a client module', () => {
    expect(readFileSync(join(project, 'node_modules/trama/dist/index.js'), 'utf8')).toMatch(
      /^'use client';\n/,
    );
  });

  it.each(['trama', 'trama/core', 'trama/blocks', 'trama/server', 'trama/testing'])(
    'imports %s in Node',
    (entry) => {
      write('import.mjs', `console.log(Object.keys(await import('${entry}')).length > 0);`);
      expect(run('import.mjs')).toEqual({ status: 0, output: 'true\n' });
    },
  );

  it('imports trama/trigger in Node, where the SDK of Trigger.dev is, which nothing else asks for', () => {
    write('import.mjs', `console.log(Object.keys(await import('trama/trigger')));`);
    expect(run('import.mjs').output).toContain('@trigger.dev/sdk');
    link('@trigger.dev/sdk');
    expect(run('import.mjs')).toEqual({ status: 0, output: "[ 'createWorkflowTasks' ]\n" });
  });

  it.each(['bundler', 'nodenext'] as const)(
    'types a host’s code under moduleResolution %s',
    (resolution) => expect(typecheck(resolution)).toEqual({ status: 0, output: '' }),
    SLOW,
  );

  it.each(['bundler', 'nodenext'] as const)(
    'types the tasks of a Trigger.dev project under moduleResolution %s',
    (resolution) => {
      link('@trigger.dev/sdk');
      // The SDK's own declarations name packages it does not bring along, so that only what is ours is looked at.
      expect(typecheck(resolution, triggerConsumer, true)).toEqual({ status: 0, output: '' });
    },
    SLOW,
  );
});

describe('a page built with Vite', () => {
  it(
    'holds the builder and its stylesheet, and no server code',
    () => {
      const { status, output, written } = buildPage('page', page());
      expect({ status, output }).toEqual({ status: 0, output: '' });
      expect(written.includes('@layer trama')).toBe(true);
      // A strict content security policy allows no compiled schemas; a bundler that takes the setting for dead code drops it.
      expect(/\(\{jitless:(!0|true)\}\)/.test(written)).toBe(true);
      const markers = [
        'typeorm',
        'reflect-metadata',
        'pg-pool',
        'createHmac',
        'WebClient',
        'oauth4webapi',
        'TRAMA_',
        'SKIP LOCKED',
      ];
      expect(markers.filter((marker) => written.includes(marker))).toEqual([]);
    },
    SLOW,
  );

  it.each(['trama/server', 'trama/trigger'])(
    'is not built when it imports %s, and the message says so',
    (entry) => {
      const { status, output, written } = buildPage(
        'leaky',
        page(`import * as leak from '${entry}'; console.log(leak);`),
      );
      expect(status).not.toBe(0);
      expect(output).toContain('do-not-import-trama-server-from-a-page');
      expect(written.length).toBe(0);
    },
    SLOW,
  );
});
