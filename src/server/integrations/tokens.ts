/** The tokens of a company's connection, as calls need them. */
import type { ProviderDefinition } from '../../core/block/provider';
import type { SharedContext } from '../context';
import { ConnectionEntity } from '../db/entities';
import { describeError } from '../log';

/** What the vault keeps of a connection. */
export interface TokenSet {
  accessToken: string;
  refreshToken: string | null;
  /** ISO 8601 UTC; `null` when the token does not expire. */
  expiresAt: string | null;
  scopes: string[];
}

/** A usable connection. */
export interface Access {
  accountId: string;
  /** The token to use now. */
  token: () => Promise<string>;
  /** A token in place of one the provider refused; `null` when there is none to be had. */
  refresh: (refused: string) => Promise<string | null>;
}

/** The company's access to a provider; `null` when it is not connected or must be connected again. */
export async function openAccess(
  context: SharedContext,
  { id: provider }: ProviderDefinition,
  companyId: string,
): Promise<Access | null> {
  const repository = context.database.source.getRepository(ConnectionEntity);
  const row = await repository
    .createQueryBuilder('connection')
    .addSelect('connection.credential')
    .where({ companyId, provider })
    .getOne();
  if (!row || row.state === 'needs_reauth' || row.state === 'needs_account') return null;
  const owner = { companyId, provider, connectionId: row.id };
  const tokens = context.vault.open(owner, row.credential) as TokenSet;
  noteUse(context, row);
  return { accountId: row.accountId, token: async () => tokens.accessToken, refresh: async () => null };
}

/** To the minute: a write for every step would weigh more than the fact is worth. */
function noteUse(context: SharedContext, { companyId, provider, lastUsedAt }: ConnectionEntity): void {
  const now = context.clock.now();
  if (lastUsedAt && now - lastUsedAt.getTime() < 60_000) return;
  context.database.source
    .getRepository(ConnectionEntity)
    .update({ companyId, provider }, { lastUsedAt: new Date(now) })
    .catch((error) => context.log.warn('last use of a connection was not noted', describeError(error)));
}
