import type { ConnectionState } from '../../core/api/shapes';
import type { AccountIdentity, AnyProvider, StepContext } from '../../core/block/implement';
import { BlockError, type StepFailure, WorkflowError } from '../../core/errors';
import type { SharedContext } from '../context';
import { audit } from '../db/audit';
import { isDatabaseAway } from '../db/database-error';
import { ConnectionEntity } from '../db/entities';
import { describeError } from '../log';
import type { Principal } from '../options';
import type { TokenSet } from './oauth';

/** Origin a provider is reached at: the host's stand-in, or the real one. */
export function baseUrlOf(context: SharedContext, providerId: string): string {
  const configured = context.providerOptions[providerId]?.baseUrl;
  return (configured ?? context.providers.get(providerId)?.defaultBaseUrl ?? '').replace(/\/+$/, '');
}

/** The client of a step's provider. Throws what the engine should do when there is no usable connection. */
export async function connectProvider(
  context: SharedContext,
  provider: AnyProvider | null,
  step: StepContext,
): Promise<unknown> {
  if (!provider) return null;
  const { id, auth, label } = provider.provider;
  if (auth.type === 'host' && !context.host) {
    const message =
      'The application gave no host functions, so its steps cannot run. Pass "host" to createWorkflowServer.';
    throw new BlockError({ kind: 'terminal', code: 'host_missing', message, actor: 'developer' });
  }
  if (auth.type !== 'oauth2')
    return provider.client({ ...anonymous(context, id), companyId: step.companyId, step });
  const token = await readToken(context, step.companyId, id).catch((error) => {
    context.log.warn('a credential could not be read', { provider: id, ...describeError(error) });
    throw new BlockError(isDatabaseAway(error) ? databaseAway : unreadable(label.en), { cause: error });
  });
  if (!token) {
    const message = `${label.en} is not connected. Connect it in Settings > Integrations, then run again.`;
    throw new BlockError({ kind: 'reconnect', code: 'not_connected', message, actor: 'customer' });
  }
  return provider.client({
    ...anonymous(context, id),
    companyId: step.companyId,
    step,
    accessToken: async () => token,
  });
}

/** Nothing has been asked of the provider yet, so the step may safely be tried again. */
const databaseAway: StepFailure = {
  kind: 'retry',
  code: 'connection_unavailable',
  message: 'The connection could not be read because the database was away; the step was not carried out.',
  actor: 'developer',
};

const unreadable = (label: string): StepFailure => ({
  kind: 'terminal',
  code: 'connection_unreadable',
  message: `The stored credential of ${label} cannot be opened, so the step was not carried out. Put its key back into encryptionKeys, or reconnect ${label}.`,
  actor: 'developer',
});

/** A client outside a run: options, tests, identification. */
export async function connectForCompany(
  context: SharedContext,
  provider: AnyProvider,
  companyId: string,
): Promise<unknown> {
  const { id, auth, label } = provider.provider;
  const bare = { ...anonymous(context, id), companyId, step: null };
  if (auth.type !== 'oauth2') return provider.client(bare);
  const token = await readToken(context, companyId, id);
  if (!token)
    throw new WorkflowError('provider_not_configured', `${label.en} is not connected. Connect it first.`);
  return provider.client({ ...bare, accessToken: async () => token });
}

const anonymous = (context: SharedContext, providerId: string) => ({
  baseUrl: baseUrlOf(context, providerId),
  accessToken: () => Promise.reject(new Error('This provider has no access token.')),
  host: context.host,
});

async function readToken(
  context: SharedContext,
  companyId: string,
  provider: string,
): Promise<string | null> {
  const row = await repository(context)
    .createQueryBuilder('connection')
    .addSelect('connection.credential')
    .where({ companyId, provider })
    .getOne();
  if (!row || row.state === 'needs_reauth') return null;
  const credential = context.vault.open(
    { companyId, provider, connectionId: row.id },
    row.credential,
  ) as TokenSet;
  noteUse(context, row);
  return credential.accessToken;
}

/** To the minute: a write for every step would weigh more than the fact is worth. */
function noteUse(context: SharedContext, { companyId, provider, lastUsedAt }: ConnectionEntity): void {
  const now = context.clock.now();
  if (lastUsedAt && now - lastUsedAt.getTime() < 60_000) return;
  repository(context)
    .update({ companyId, provider }, { lastUsedAt: new Date(now) })
    .catch((error) => context.log.warn('last use of a connection was not noted', describeError(error)));
}

/** Stores a freshly connected account over whatever was there. */
export async function saveConnection(
  context: SharedContext,
  owner: { companyId: string; userId: string; provider: string },
  tokens: TokenSet,
  identity: AccountIdentity,
): Promise<void> {
  const id = context.newId();
  const { companyId, provider, userId } = owner;
  await context.database.source.transaction(async (manager) => {
    await manager.getRepository(ConnectionEntity).upsert(
      {
        companyId,
        provider,
        id,
        state: 'active',
        accountId: identity.accountId,
        accountLabel: identity.label,
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
