import type { ServerContext } from '../context';
import { wakeConnected } from '../db/connection-waits';
import { describeError } from '../log';

/** A company's connection has become usable: connected, connected again, or its account chosen. Called once that is committed. */
export async function onConnected(
  context: ServerContext,
  companyId: string,
  provider: string,
): Promise<void> {
  context.optionCache.forget({ companyId, provider });
  try {
    const runs = await wakeConnected(context, { companyId, provider });
    await Promise.all(runs.map((run) => context.runner.enqueue(run)));
  } catch (error) {
    // The provider is connected all the same; the sweeper wakes them.
    context.log.warn('runs that wait for a connection go on later', { provider, ...describeError(error) });
  }
}
