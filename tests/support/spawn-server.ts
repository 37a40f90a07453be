import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createWorkflowClient, type WorkflowClient } from '../../src/core';
import type { Principal } from '../../src/server';
import { bundleScript } from './bundle-script';
import { tokenOf } from './server';

export interface SpawnedServer {
  client: WorkflowClient;
  /** A client that is signed in so. */
  clientOf: (principal: Partial<Principal>) => WorkflowClient;
  origin: string;
  /** Resolves when the process has ended, by itself or otherwise. */
  exited: Promise<unknown>;
  /** Ends it as a power cut would. */
  kill: () => Promise<void>;
  /** Asks it to end, as a host does. */
  stop: () => Promise<number | null>;
}

/** Starts `server-process.ts` in a process of its own. */
export async function spawnServer(env: Record<string, string>): Promise<SpawnedServer> {
  const script = await bundleScript(join(__dirname, 'server-process.ts'));
  const child = spawn(process.execPath, [script], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const origin = await readOrigin(child);
  const baseUrl = `${origin}/api/workflows`;
  const end = async (signal: NodeJS.Signals) => {
    const exited = once(child, 'exit');
    child.kill(signal);
    const [code] = await exited;
    return code as number | null;
  };
  return {
    client: createWorkflowClient({ baseUrl }),
    clientOf: (principal) => createWorkflowClient({ baseUrl, getToken: () => tokenOf(principal) }),
    origin,
    exited: once(child, 'exit'),
    kill: async () => void (await end('SIGKILL')),
    stop: () => end('SIGTERM'),
  };
}

function readOrigin(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    const collect = (chunk: Buffer) => {
      output += chunk.toString();
      const ready = output.match(/^ready (\S+)$/m);
      if (ready) resolve(ready[1] as string);
    };
    child.stdout?.on('data', collect);
    child.stderr?.on('data', collect);
    child.once('exit', () => reject(new Error(`The server process ended before it was ready:\n${output}`)));
  });
}

export interface Ledger {
  url: string;
  /** Every call in order, with its idempotency key. */
  calls: { idempotencyKey: string; documentId: string }[];
  /** Resolves with the `count`th call, before it is answered. */
  reached: (count: number) => Promise<void>;
  /** While set, calls are noted but not answered. */
  isHeld: boolean;
  /** Answers the calls that are held. */
  release: () => void;
  close: () => Promise<void>;
}

/** A host's ledger outside the process and the database under test. */
export async function startLedger(): Promise<Ledger> {
  const waiting: { count: number; resolve: () => void }[] = [];
  const held: (() => void)[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      const call = JSON.parse(body);
      ledger.calls.push(call);
      for (const entry of waiting) if (ledger.calls.length >= entry.count) entry.resolve();
      const answer = { document: call.documentId, id: call.documentId, title: '', status: call.status };
      held.push(() => response.end(JSON.stringify(answer)));
      if (!ledger.isHeld) held.pop()?.();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const ledger: Ledger = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls: [],
    reached: (count) =>
      new Promise((resolve) => {
        if (ledger.calls.length >= count) resolve();
        else waiting.push({ count, resolve });
      }),
    isHeld: false,
    release: () => {
      for (const answer of held.splice(0)) answer();
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return ledger;
}
