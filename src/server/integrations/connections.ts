import type { ConnectionState } from '../../core/api/shapes';
import type { AccountIdentity } from '../../core/block/implement';
import { WorkflowError } from '../../core/errors';
import type { ServerContext, SharedContext } from '../context';
import { audit } from '../db/audit';
import { ConnectionEntity } from '../db/entities';
import type { Principal } from '../options';
import { isConfigured } from './addresses';
import { lockConnection } from './connection-row';
import { onConnected } from './on-connected';
import type { TokenSet } from './tokens';

/**
 * Stores a fresh connection over whatever was there. It is used at once where it goes on with the account chosen before, or where none was
 * chosen and it opens one only; else a person chooses.
 */
export async function saveConnection(
  context: ServerContext,
  owner: { companyId: string; userId: string; provider: string },
  tokens: TokenSet,
  accounts: readonly AccountIdentity[],
): Promise<void> {
  const { companyId, provider } = owner;
  const isUsable = await context.database.source.transaction(async (manager) => {
    const before = await lockConnection(manager, companyId, provider);
    const account = accountToUse(accounts, before);
    await manager
      .getRepository(ConnectionEntity)
      .upsert(newConnection(context, owner, tokens, accounts, account, before), ['companyId', 'provider']);
    await audit(context, manager, owner, 'integration.connect', 'integration', provider);
    return account !== undefined;
  });
  context.optionCache.forget({ companyId, provider });
  if (isUsable) await onConnected(context, companyId, provider);
}

/** Another account than before is not used unasked, were it the only one: runs that wait would go on in another company's books. */
function accountToUse(
  accounts: readonly AccountIdentity[],
  before: ConnectionEntity | null,
): AccountIdentity | undefined {
  if (before && before.accountId !== '')
    return accounts.find(({ accountId }) => accountId === before.accountId);
  return accounts.length === 1 ? accounts[0] : undefined;
}

function newConnection(
  context: SharedContext,
  { companyId, userId, provider }: { companyId: string; userId: string; provider: string },
  tokens: TokenSet,
  accounts: readonly AccountIdentity[],
  account: AccountIdentity | undefined,
  before: ConnectionEntity | null,
): Omit<ConnectionEntity, 'credential'> & { credential: object } {
  const id = context.newId();
  return {
    ...{ companyId, provider, id },
    state: account ? 'active' : 'needs_account',
    accountId: account?.accountId ?? before?.accountId ?? '',
    accountLabel: account?.label ?? before?.accountLabel ?? '',
    accounts: account ? null : accounts.map(({ accountId, label }) => ({ id: accountId, label })),
    accessExpiresAt: tokens.expiresAt === null ? null : new Date(tokens.expiresAt),
    scopes: tokens.scopes,
    credential: context.vault.seal({ companyId, provider, connectionId: id }, tokens),
    connectedBy: userId,
    connectedAt: new Date(context.clock.now()),
    lastUsedAt: null,
    lastErrorCode: null,
  };
}

/** Takes one of the accounts a connection offers; with it the connection becomes usable. */
export async function chooseAccount(
  context: ServerContext,
  principal: Principal,
  provider: string,
  accountId: string,
): Promise<{ state: ConnectionState; account: { id: string; label: string } }> {
  const { companyId } = principal;
  const account = await context.database.source.transaction(async (manager) => {
    const connection = await lockConnection(manager, companyId, provider);
    const offered = connection?.state === 'needs_account' ? (connection.accounts ?? []) : [];
    const chosen = offered.find(({ id }) => id === accountId);
    if (!chosen) throw new WorkflowError('invalid_request', refusalOf(connection));
    await manager
      .getRepository(ConnectionEntity)
      .update(
        { companyId, provider },
        { state: 'active', accountId: chosen.id, accountLabel: chosen.label, accounts: null },
      );
    await audit(context, manager, principal, 'integration.account', 'integration', provider);
    return chosen;
  });
  await onConnected(context, companyId, provider);
  return { state: 'active', account };
}

const refusalOf = (connection: ConnectionEntity | null): string =>
  connection?.state === 'needs_account'
    ? 'This is none of the accounts the connection offers. Nothing was changed; choose one of those listed.'
    : 'There is no account to choose. Connect first; where there are several accounts, they are offered then.';

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

/** State of a provider's connection, `null` when it needs none. One whose key is the application's is connected with it. */
export function stateOf(
  context: SharedContext,
  providerId: string,
  connections: ReadonlyMap<string, ConnectionEntity>,
): ConnectionState | null {
  const provider = context.providers.get(providerId);
  if (!provider || provider.auth.type === 'none' || provider.auth.type === 'host') return null;
  if (provider.auth.type === 'oauth2') return connections.get(providerId)?.state ?? 'not_connected';
  return isConfigured(context, provider) ? 'active' : 'not_connected';
}

/** Notes that the provider refused a connection; a person must reconnect. One made since then is left alone. */
export async function markForReconnect(
  context: SharedContext,
  companyId: string,
  connection: { provider: string; id: string },
  code: string,
): Promise<void> {
  await repository(context).update(
    { companyId, ...connection },
    { state: 'needs_reauth', lastErrorCode: context.secrets.text(code) },
  );
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
