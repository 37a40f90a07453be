import { Client } from 'pg';

/** Resolves when somebody waits for a lock that this client's transaction holds. */
export async function someoneWaitsFor(holder: Client, url: string): Promise<void> {
  const { rows } = await holder.query('select pg_backend_pid() as pid');
  // Within the holder's own transaction what others do is seen as it was at its first look.
  const watcher = new Client(url);
  await watcher.connect();
  const look = 'select from pg_stat_activity where $1 = any(pg_blocking_pids(pid))';
  while ((await watcher.query(look, [rows[0].pid])).rowCount === 0) await new Promise(setImmediate);
  await watcher.end();
}
