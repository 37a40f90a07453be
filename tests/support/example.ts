import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createDataDir } from './data-dir';

export interface RunningExample {
  origin: string;
  /** Everything it printed so far. */
  output: () => string;
  /** Stops it as Ctrl+C does, and starts it again on the same data. */
  restart: () => Promise<void>;
  close: () => Promise<void>;
}

/** The Doc Manager example as `npm start` runs it, on a free port, with data of its own. */
export async function startExample(): Promise<RunningExample> {
  const dataDir = await createDataDir('trama-example-');
  const port = await freePort();
  const first = await startProcess(port, dataDir);
  let running = first;
  return {
    origin: `http://localhost:${port}`,
    output: () => running.output(),
    restart: async () => {
      await running.stop();
      running = await startProcess(port, dataDir);
    },
    close: async () => {
      await running.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function startProcess(port: number, dataDir: string) {
  const child = spawn(process.execPath, [join(__dirname, '../../scripts/start.mjs')], {
    env: { ...process.env, PORT: String(port), DATA_DIR: dataDir, DATABASE_URL: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const collect = (chunk: Buffer) => {
    output += chunk.toString();
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', () => output.includes('is ready') && resolve());
    child.once('exit', () => reject(new Error(`The example ended before it was ready:\n${output}`)));
  });
  return {
    output: () => output,
    stop: async () => {
      const exited = once(child, 'exit');
      child.kill('SIGINT');
      await exited;
    },
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.listen(0, () => {
      const address = probe.address();
      probe.close(() => resolve(address && typeof address === 'object' ? address.port : 0));
    });
  });
}
