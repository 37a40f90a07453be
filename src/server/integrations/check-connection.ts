/** What asks a provider about a connection: whether it works, and that it ends. */
import { Not } from 'typeorm';
import type { ConnectionState } from '../../core/api/shapes';
import type { AnyProvider } from '../../core/block/implement';
import type { SharedContext } from '../context';
import { audit } from '../db/audit';
import { ConnectionEntity } from '../db/entities';
import { describeError } from '../log';
import type { Principal } from '../options';
import { isConfigured } from './addresses';
import { connectForCompany, failureOf } from './clients';
import { lockConnection } from './connection-row';
import { findConnection } from './connections';

/** Asks the provider whether the connection works, and remembers what it said. */
export async function testConnection(
  context: SharedContext,
  companyId: string,
  implementation: AnyProvider,
): Promise<{ ok: boolean; state: ConnectionState; message: string | null }> {
  const provider = implementation.provider.id;
  if (implementation.provider.auth.type !== 'oauth2') return testShared(context, companyId, implementation);
  const connection = await findConnection(context, companyId, provider);
  if (connection?.state !== 'active' && connection?.state !== 'error')
    return { ok: false, state: connection?.state ?? 'not_connected', message: null };
  // Of the connection that was asked about: a person may be reconnecting in the meantime.
  const note = (state: 'active' | 'error' | 'needs_reauth', lastErrorCode: string | null) =>
    repository(context).update({ companyId, provider, id: connection.id }, { state, lastErrorCode });
  try {
    const client = await connectForCompany(context, implementation, companyId);
    await implementation.test?.(client);
    await note('active', null);
    return { ok: true, state: 'active', message: null };
  } catch (error) {
    const failure = context.secrets.json(failureOf(implementation, error));
    const state = failure.kind === 'reconnect' ? 'needs_reauth' : 'error';
    await note(state, failure.code);
    return { ok: false, state, message: failure.message };
  }
}

/** Of a provider whose companies connect nothing there is no row to note the answer in. */
async function testShared(
  context: SharedContext,
  companyId: string,
  implementation: AnyProvider,
): Promise<{ ok: boolean; state: ConnectionState; message: string | null }> {
  if (!isConfigured(context, implementation.provider))
    return { ok: false, state: 'not_connected', message: null };
  try {
    await implementation.test?.(await connectForCompany(context, implementation, companyId));
    return { ok: true, state: 'active', message: null };
  } catch (error) {
    const { message } = context.secrets.json(failureOf(implementation, error));
    return { ok: false, state: 'error', message };
  }
}

/** Deletes a connection. The provider is told only when no other company of this server uses the same account; ours goes in any case. */
export async function disconnect(
  context: SharedContext,
  principal: Principal,
  implementation: AnyProvider,
): Promise<void> {
  const { companyId } = principal;
  const { id: provider } = implementation.provider;
  const connection = await findConnection(context, companyId, provider);
  if (!connection) return;
  if (implementation.revoke && (await isAlone(context, connection))) {
    await connectForCompany(context, implementation, companyId)
      .then((client) => implementation.revoke?.(client))
      .catch((error) =>
        context.log.warn('the provider could not be told of a disconnect', {
          provider,
          ...describeError(error),
        }),
      );
  }
  await context.database.source.transaction(async (manager) => {
    await lockConnection(manager, companyId, provider);
    await manager.getRepository(ConnectionEntity).delete({ companyId, provider });
    await audit(context, manager, principal, 'integration.disconnect', 'integration', provider);
  });
  context.optionCache.forget({ companyId, provider });
}

/** Whether no other connection shares the account. While none is chosen nobody can tell, so that nothing is ended for others. */
async function isAlone(
  context: SharedContext,
  { provider, accountId, state }: ConnectionEntity,
): Promise<boolean> {
  if (state === 'needs_account') return false;
  return (await repository(context).countBy({ provider, accountId, state: Not('needs_account') })) === 1;
}

const repository = (context: SharedContext) => context.database.source.getRepository(ConnectionEntity);
