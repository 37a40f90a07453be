/** The tokens of a company's connection, as calls need them. */
import type { ProviderDefinition } from '../../core/block/provider';
import { BlockError } from '../../core/errors';
import type { SharedContext } from '../context';
import { ConnectionEntity } from '../db/entities';
import { describeError } from '../log';
import { endsSoon, renewTokens } from './refresh';

/** What the vault keeps of a connection. */
export interface TokenSet {
  accessToken: string;
  refreshToken: string | null;
  /** ISO 8601 UTC; `null` when the token does not expire. */
  expiresAt: string | null;
  /** From when on it is renewed before it is used. */
  renewAt: string | null;
  scopes: string[];
}

/** A usable connection. */
export interface Access {
  connectionId: string;
  accountId: string;
  /** The token to use now. @throws BlockError when it has ended and none can be had in its place */
  token: () => Promise<string>;
  /** A token in place of one the provider refused; `null` when such tokens are not renewed. @throws BlockError */
  refresh: (refused: string) => Promise<string | null>;
}

/** The company's access to a provider; `null` when it is not connected or must be connected again. */
export async function openAccess(
  context: SharedContext,
  provider: ProviderDefinition,
  companyId: string,
): Promise<Access | null> {
  const row = await context.database.source
    .getRepository(ConnectionEntity)
    .createQueryBuilder('connection')
    .addSelect('connection.credential')
    .where({ companyId, provider: provider.id })
    .getOne();
  if (!row || row.state === 'needs_reauth' || row.state === 'needs_account') return null;
  const owner = { companyId, provider: provider.id, connectionId: row.id };
  const tokens = context.vault.open(owner, row.credential) as TokenSet;
  context.secrets.learn(tokens.accessToken, tokens.refreshToken);
  noteUse(context, row);
  return createAccess(context, provider, row, tokens);
}

function createAccess(
  context: SharedContext,
  provider: ProviderDefinition,
  { companyId, id: connectionId, accountId }: ConnectionEntity,
  stored: TokenSet,
): Access {
  let tokens = stored;
  /** A token the block got elsewhere is not ours to replace. */
  const given = new Set<string>();
  const give = (token: string) => {
    given.add(token);
    return token;
  };
  const renew = async (refused: string | null): Promise<string> => {
    tokens = await renewTokens(context, { provider, companyId, connectionId }, refused);
    return tokens.accessToken;
  };
  return {
    connectionId,
    accountId,
    token: async () => {
      const now = context.clock.now();
      if (!endsSoon(tokens, now)) return give(tokens.accessToken);
      const token = await renew(null).catch((error) => {
        // Until its end the old token is good, whatever keeps us from the new one.
        if (isPassing(error) && Date.parse(tokens.expiresAt as string) > now) return tokens.accessToken;
        throw error;
      });
      return give(token);
    },
    refresh: async (refused) => {
      if (!given.has(refused)) return null;
      if (tokens.accessToken !== refused) return give(tokens.accessToken);
      return tokens.refreshToken === null ? null : give(await renew(refused));
    },
  };
}

const isPassing = (error: unknown): boolean => error instanceof BlockError && error.failure.kind === 'retry';

/** To the minute: a write for every step would weigh more than the fact is worth. */
function noteUse(context: SharedContext, { companyId, provider, lastUsedAt }: ConnectionEntity): void {
  const now = context.clock.now();
  if (lastUsedAt && now - lastUsedAt.getTime() < 60_000) return;
  context.database.source
    .getRepository(ConnectionEntity)
    .update({ companyId, provider }, { lastUsedAt: new Date(now) })
    .catch((error) => context.log.warn('last use of a connection was not noted', describeError(error)));
}
