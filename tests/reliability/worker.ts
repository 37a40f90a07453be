/**
 * A worker in a process of its own, to be killed or stopped: the engine, which acts upon a world on the other side of its IPC channel. It
 * boots before it is needed and waits for its order.
 */
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { WorkflowError } from '../../src/core/errors';
import { openDatabase } from '../../src/server/db/data-source';
import { type Commands, createEngine, silent } from './worker-engine';
import type { FromWorker, ToWorker } from './worker-pool';
import type { Answer, Call, World } from './world-blocks';

const { TRAMA_DATABASE_URL: url = '' } = process.env;
const answers = new Map<number, (answer: unknown) => void>();
let asked = 0;

const send = (message: FromWorker) => process.send?.(message);

function askWorld<T>(kind: 'act' | 'ask', call: Call): Promise<T> {
  asked += 1;
  const id = asked;
  return new Promise((resolve) => {
    answers.set(id, resolve as (answer: unknown) => void);
    send({ kind, id, call });
  });
}

const world = {
  act: (call: Call) => askWorld<Answer>('act', call),
  ask: (call: Call) => askWorld<Awaited<ReturnType<World['ask']>>>('ask', call),
};

async function main(): Promise<void> {
  const database = await openDatabase(url, 4, silent);
  await database.pool.query('select 1');
  let now = 0;
  let engine: Commands | undefined;
  process.on('disconnect', () => process.exit());
  process.on('message', async (message: ToWorker) => {
    if (message.kind === 'answer') return answers.get(message.id)?.(message.answer);
    if (message.kind === 'order') {
      if (message.crash) process.env.TRAMA_CRASH = message.crash;
      if (message.isStopped) stopInsteadOfKill();
      engine = createEngine({
        database,
        world,
        clock: { now: () => now },
        startsAtOnce: message.startsAtOnce,
      });
      return;
    }
    now = message.now;
    try {
      // biome-ignore lint/suspicious/noExplicitAny: the channel carries each command with its own argument
      const result = await (engine?.[message.command] as any)?.(message.argument);
      send({ kind: 'result', id: message.id, result: result ?? null });
    } catch (error) {
      const code = error instanceof WorkflowError ? error.code : null;
      send({ kind: 'error', id: message.id, message: String(error), code });
    }
  });
  send({ kind: 'ready' });
}

/** The instants at which the engine would die are those at which it is frozen. */
function stopInsteadOfKill(): void {
  const kill = process.kill.bind(process);
  process.kill = (pid) => {
    send({ kind: 'stopping' });
    const isSent = kill(pid, 'SIGSTOP');
    // Another thread may be the one that takes the signal: this one must not get any further before it does.
    while (isStopPending()) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    return isSent;
  };
}

main().catch((error) => {
  process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
  process.exit(1);
});

/** Whether a SIGSTOP to this process still waits for one of its threads; Linux tells, as a mask of signals. */
function isStopPending(): boolean {
  const [, pending = ''] = readFileSync('/proc/self/status', 'utf8').match(/^ShdPnd:\s*(\w+)/m) ?? [];
  return (BigInt(`0x${pending}`) & (1n << BigInt(constants.signals.SIGSTOP - 1))) !== 0n;
}
