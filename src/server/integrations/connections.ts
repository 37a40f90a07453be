import type { ConnectionState } from '../../core/api/shapes';
import type { AccountIdentity, AnyProvider, StepContext } from '../../core/block/implement';
import { nodesOfProvider } from '../../core/definition/node';
import { BlockError, WorkflowError } from '../../core/errors';
import type { SharedContext } from '../context';
import { audit } from '../db/audit';
import { ConnectionEntity, WorkflowEntity } from '../db/entities';
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
  const token = await readToken(context, step.companyId, id);
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
  void repository(context)
    .update({ companyId, provider }, { lastUsedAt: new Date(context.clock.now()) })
    .catch((error) => context.log.warn('last use of a connection was not noted', describeError(error)));
  return credential.accessToken;
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
  if (!(await findConnection(context, companyId, id)))
    return { ok: false, state: 'not_connected', message: null };
  try {
    const client = await connectForCompany(context, implementation, companyId);
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
  const workflows = await context.database.source
    .getRepository(WorkflowEntity)
    .createQueryBuilder('workflow')
    .where({ companyId })
    .andWhere('workflow.deleted_at is null')
    .orderBy('workflow.name')
    .getMany();
  return workflows
    .filter((workflow) => nodesOfProvider(workflow.draft, provider, context.blocks).length > 0)
    .map(({ id, name }) => ({ id, name }));
}

const repository = (context: SharedContext) => context.database.source.getRepository(ConnectionEntity);
