import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { STEPS } from './workload.mjs';

const entry = fileURLToPath(new URL('./contender.mjs', import.meta.url));
const alive = new Set();

/** Starts a contender on a database and waits until it is ready. */
export async function startContender(name, databaseUrl, execArgv = []) {
  const child = fork(entry, [name, databaseUrl], {
    execArgv,
    env: { ...process.env, NODE_ENV: 'production' },
  });
  alive.add(child);
  const gone = once(child, 'exit').then(([code, signal]) => {
    alive.delete(child);
    return signal ?? code;
  });
  const answer = () =>
    Promise.race([
      once(child, 'message').then(([message]) => message),
      gone.then((reason) => {
        throw new Error(
          `The contender "${name}" ended (${reason}) before it answered; what it printed says why.`,
        );
      }),
    ]);
  await answer();
  return {
    /** One load; resolves with the figures of `closedLoop`. */
    load: ({ concurrency, milliseconds, steps = STEPS }) => {
      const answered = answer();
      child.send({ concurrency, milliseconds, steps });
      return answered;
    },
    close: async () => {
      child.send({ close: true });
      await gone;
    },
  };
}

/** For the way out when something failed. */
export function killContenders() {
  for (const child of alive) child.kill('SIGKILL');
}
