import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { CrashPoint } from '../../src/server/crashpoint';

/** Where the process is killed: when the run of an event is on its way, when it is stored and nobody was told, and before either. */
const instants: CrashPoint[] = ['start:sent', 'start:after', 'start:before'];

interface Process {
  child: ChildProcess;
  origin: Promise<string>;
  /** Resolves once the process was killed as ordered and another has its place; `null` when it is to live. */
  replaced: Promise<void> | null;
}

/** A server in a process of its own, and whoever takes its place when it is killed. */
export class EventServer {
  kills = 0;
  private current: Process;

  /**
   * @param script what the process runs
   * @param deaths how often the process is to be killed
   * @param starts deliveries each of those processes takes before that
   */
  constructor(
    private readonly script: string,
    private readonly databaseUrl: string,
    private readonly deaths = 0,
    private readonly starts = 1,
  ) {
    this.current = this.start();
  }

  get origin(): Promise<string> {
    return this.current.origin;
  }

  /** Delivers until somebody answers, as a host does that keeps what was not acknowledged. */
  async deliver(path: string, init: RequestInit): Promise<{ status: number; text: string; tries: number }> {
    for (let tries = 1; ; tries += 1) {
      const { origin, replaced } = this.current;
      const url = `${await origin}${path}`;
      try {
        const response = await fetch(url, init);
        return { status: response.status, text: await response.text(), tries };
      } catch (error) {
        if (!replaced) throw error;
        await replaced;
      }
    }
  }

  close(): void {
    this.current.child.kill('SIGTERM');
  }

  private start(): Process {
    const isToDie = this.kills < this.deaths;
    const crash = isToDie ? `${instants[this.kills % instants.length]}#${this.starts}` : '';
    const child = spawn(process.execPath, [this.script], {
      env: { ...process.env, DATABASE_URL: this.databaseUrl, TRAMA_CRASH: crash },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const replaced = isToDie ? this.replace(child) : null;
    // Whoever delivers hears of it.
    replaced?.catch(() => {});
    return { child, origin: readOrigin(child), replaced };
  }

  private async replace(child: ChildProcess): Promise<void> {
    const [code, signal] = await once(child, 'exit');
    if (signal !== 'SIGKILL') throw new Error(`The server process ended with ${code ?? signal}.`);
    this.kills += 1;
    this.current = this.start();
  }
}

function readOrigin(child: ChildProcess): Promise<string> {
  return new Promise((ready, failed) => {
    let output = '';
    const collect = (chunk: Buffer) => {
      output += chunk.toString();
      const origin = output.match(/^ready (\S+)$/m)?.[1];
      if (origin) ready(origin);
    };
    child.stdout?.on('data', collect);
    child.stderr?.on('data', collect);
    child.once('exit', () => failed(new Error(`The server process ended before it was ready:\n${output}`)));
  });
}
