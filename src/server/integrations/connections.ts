import type { ConnectionState } from '../../core/api/shapes';
import type { AccountIdentity, AnyProvider } from '../../core/block/implement';
import type { SharedContext } from '../context';
import { audit } from '../db/audit';
import { ConnectionEntity } from '../db/entities';
import { describeError } from '../log';
import type { Principal } from '../options';
import { connectForCompany } from './clients';
import type { TokenSet } from './tokens';

/** Stores a fresh connection over whatever was there. Of several accounts a person has yet to choose. */
export async function saveConnection(
  context: SharedContext,
  owner: { companyId: string; userId: string; provider: string },
  tokens: TokenSet,
  accounts: readonly AccountIdentity[],
): Promise<void> {
  const id = context.newId();
  const [first] = accounts;
  const chosen = accounts.length === 1 ? first : undefined;
  const { companyId, provider, userId } = owner;
  await context.database.source.transaction(async (manager) => {
    await manager.getRepository(ConnectionEntity).upsert(
      {
        companyId,
        provider,
        id,
        state: chosen ? 'active' : 'needs_account',
        accountId: chosen?.accountId ?? '',
        accountLabel: chosen?.label ?? '',
        accounts: chosen
          ? null
          : accounts.map((account) => ({ id: account.accountId, label: account.label })),
        accessExpiresAt: tokens.expiresAt === null ? null : new Date(tokens.expiresAt),
        scopes: tokens.scopes,
        credential: context.vault.seal({ companyId, provider, connectionId: id }, tokens),
        connectedBy: userId,
        connectedAt: new Date(context.clock.now()),
        lastUsedAt: null,
        lastErrorCode: null,
      },
      ['companyId', 'provider'],
    );
    await audit(context, manager, { companyId, userId }, 'integration.connect', 'integration', provider);
  });
}

export function findConnection(
  context: SharedContext,
  companyId: string,
  provider: string,
): Promise<ConnectionEntity | null> {
  return repository(context).findOneBy({ companyId, provider });
}

export async function connectionStates(
  context: SharedContext,
  companyId: string,
): Promise<Map<string, ConnectionEntity>> {
  const rows = await repository(context).findBy({ companyId });
  return new Map(rows.map((row) => [row.provider, row]));
}

/** State of a provider's connection, `null` when it needs none. */
export function stateOf(
  context: SharedContext,
  providerId: string,
  connections: ReadonlyMap<string, ConnectionEntity>,
): ConnectionState | null {
  if (context.providers.get(providerId)?.auth.type !== 'oauth2') return null;
  return connections.get(providerId)?.state ?? 'not_connected';
}

/** Asks the provider whether the connection works, and remembers what it said. */
export async function testConnection(
  context: SharedContext,
  companyId: string,
  implementation: AnyProvider,
): Promise<{ ok: boolean; state: ConnectionState; message: string | null }> {
  const { id } = implementation.provider;
  const connection = await findConnection(context, companyId, id);
  if (connection?.state !== 'active' && connection?.state !== 'error')
    return { ok: false, state: connection?.state ?? 'not_connected', message: null };
  const client = await connectForCompany(context, implementation, companyId);
  try {
    await implementation.test?.(client);
    await repository(context).update({ companyId, provider: id }, { state: 'active', lastErrorCode: null });
    return { ok: true, state: 'active', message: null };
  } catch (error) {
    const failure = implementation.mapError(error);
    const state = failure.kind === 'reconnect' ? 'needs_reauth' : 'error';
    await repository(context).update({ companyId, provider: id }, { state, lastErrorCode: failure.code });
    return { ok: false, state, message: failure.message };
  }
}

/** Notes that the provider refused the connection; a person must reconnect. */
export async function markForReconnect(
  context: SharedContext,
  companyId: string,
  provider: string,
  code: string,
): Promise<void> {
  await repository(context).update({ companyId, provider }, { state: 'needs_reauth', lastErrorCode: code });
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
  const sharing = await repository(context).countBy({ provider, accountId: connection.accountId });
  if (implementation.revoke && sharing === 1) {
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
    await manager.getRepository(ConnectionEntity).delete({ companyId, provider });
    await audit(context, manager, principal, 'integration.disconnect', 'integration', provider);
  });
}

/** Workflows whose draft has a step of the provider. */
export async function workflowsUsing(
  context: SharedContext,
  companyId: string,
  provider: string,
): Promise<{ id: string; name: string }[]> {
  const types = [...context.blocks.values()].filter((block) => block.provider === provider);
  const { rows } = await context.database.pool.query(
    `select id, name from workflow
     where company_id = $1 and deleted_at is null and exists (
       select 1 from jsonb_array_elements(draft->'nodes') node where node->>'type' = any ($2))
     order by name`,
    [companyId, types.map((block) => block.type)],
  );
  return rows;
}

const repository = (context: SharedContext) => context.database.source.getRepository(ConnectionEntity);
