import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { bundleScript } from '../bundle-script';

/** Starts a script of this folder that says `{ kind: 'ready', origin }` when it serves. */
export async function forkServer(
  script: string,
  env: Record<string, string>,
): Promise<{ child: ChildProcess; origin: string }> {
  const child = fork(await bundleScript(join(__dirname, script)), [], {
    env: { ...process.env, NODE_OPTIONS: '', ...env },
    execArgv: [],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const failed = once(child, 'exit').then(() =>
    Promise.reject(new Error(`${script} ended before it was ready.`)),
  );
  const [message] = await Promise.race([once(child, 'message'), failed]);
  failed.catch(() => undefined);
  return { child, origin: (message as { origin: string }).origin };
}
