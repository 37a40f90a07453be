import type { SharedContext } from '../context';

/** A company's connection has become usable: connected, connected again, or its account chosen. Called once that is committed. */
export async function onConnected(
  context: SharedContext,
  companyId: string,
  provider: string,
): Promise<void> {
  context.optionCache.forget({ companyId, provider });
}
