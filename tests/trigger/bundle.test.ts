import { execFile, execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { definition } from '../support/definitions';
import { install, PATIENTLY, pack } from '../support/packed';
import { approval, decide, start, waiting } from '../support/run-scenarios';
import type { PlatformRun } from '../support/trigger/platform';
import { startTriggerWorld, type TriggerWorld } from '../support/trigger/world';

const root = join(__dirname, '../..');
const commandLine = join(__dirname, '../trigger-bundle');
const SLOW = 600_000;

let folders: string[] = [];
const temporary = (name: string) => {
  const folder = mkdtempSync(join(tmpdir(), `trama-${name}-`));
  folders.push(folder);
  return folder;
};
let world: TriggerWorld | undefined;
afterAll(async () => {
  await world?.close();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  folders = [];
});

it(
  'carries out runs in the bundle that is deployed, where nothing is installed but what the bundle asks for',
  async () => {
    installCommandLine();
    const project = temporary('deployed');
    cpSync(join(root, 'examples/trigger-dev'), project, { recursive: true });
    writeFileSync(
      join(project, 'package.json'),
      JSON.stringify({ name: 'host', private: true, type: 'module' }),
    );
    const own = JSON.parse(readFileSync(join(root, 'examples/trigger-dev/package.json'), 'utf8'));
    install(project, pack(project), `@trigger.dev/sdk@${own.dependencies['@trigger.dev/sdk']}`, 'zod');
    const image = temporary('image');
    cpSync(await buildBundle(project), image, { recursive: true });
    install(image);

    world = await startTriggerWorld('suspend', { file: findTasks(image), folder: image });
    // Without the steps that need the host, which the example has none of.
    const flow = definition(approval.nodes.slice(1, 2), ['trigger -> approval_1']);
    const id = await start(world, flow);
    // The first attempt tells; a bundle that lacks something would be tried again and again.
    const hasEnded = ({ status, error }: PlatformRun) => status === 'COMPLETED' || error !== null;
    const { platform } = world;
    const task = await platform.watch(() => platform.runs.find(hasEnded) ?? null);
    expect(task.error).toBeNull();
    await waiting(world, id);
    await decide(world, id);
    const { run, steps } = await world.follow(id);
    expect(run).toMatchObject({ status: 'succeeded', error: null });
    expect(steps.at(-1)).toMatchObject({ nodeId: 'approval_1', branch: 'approved' });
  },
  SLOW,
);

/** Three hundred packages that nothing else needs, so they are no dependency of this package. */
function installCommandLine(): void {
  if (existsSync(join(commandLine, 'node_modules/trigger.dev'))) return;
  process.stderr.write(
    'Installing the Trigger.dev command line for one test, once. This takes half a minute ...\n',
  );
  const args = ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  execFileSync('npm', [...args, PATIENTLY], { cwd: commandLine, stdio: 'pipe' });
}

/** As `trigger.dev deploy` does, up to the image. */
async function buildBundle(project: string): Promise<string> {
  const platform = await startStub();
  const url = `http://127.0.0.1:${(platform.address() as AddressInfo).port}`;
  const script = join(commandLine, 'node_modules/trigger.dev/dist/esm/index.js');
  const args = [script, 'deploy', '--dry-run', '--skip-telemetry', '--skip-update-check'];
  try {
    await promisify(execFile)(process.execPath, args, {
      cwd: project,
      timeout: SLOW / 2,
      env: {
        ...process.env,
        ...{ NODE_OPTIONS: '', CI: '1', TRIGGER_API_URL: url, TRIGGER_PROJECT_REF: 'proj_tests' },
        TRIGGER_ACCESS_TOKEN: `tr_pat_${'0'.repeat(40)}`,
      },
    });
  } finally {
    platform.closeAllConnections();
    await new Promise((resolve) => platform.close(resolve));
  }
  const built = join(project, '.trigger/tmp');
  return join(built, readdirSync(built).find((name) => name.startsWith('build-')) ?? '');
}

/** What the command line asks the platform before it builds. */
async function startStub(): Promise<Server> {
  const server = createServer((request, response) => {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const answer = answerTo(request.url ?? '', url);
    response.writeHead(answer ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer ?? { error: 'not found' }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

function answerTo(path: string, url: string): object | null {
  if (path === '/api/v2/whoami') return { userId: 'user_1', email: 'anna@rossi.example', dashboardUrl: url };
  if (/^\/api\/v1\/projects\/[^/]+\/(prod|dev)$/.test(path))
    return { apiKey: 'tr_prod_of_the_tests', name: 'Tests', apiUrl: url, projectId: 'project_1' };
  return path.endsWith('/envvars') ? { variables: {} } : null;
}

/** The bundle keeps the folders of the machine it was built on. */
function findTasks(image: string): string {
  const names = readdirSync(image, { recursive: true, encoding: 'utf8' });
  return join(image, names.find((name) => name.endsWith(join('trigger', 'workflows.mjs'))) ?? 'missing');
}
