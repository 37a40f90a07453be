/**
 * Renewing the tokens of a connection: once, however many steps, processes and servers find them ending at the same time. Providers take a
 * refresh token once; asked twice they refuse the second time, and some end the whole connection.
 *
 * 1. In a process, callers join the refresh under way.
 * 2. Across processes the connection's row is locked while the provider is asked, and read again under the lock: whoever waited finds the new
 *    tokens. The provider has less time to answer than others wait for the lock.
 * 3. New tokens are stored before anything is done with them, in the same transaction; if that transaction is lost, once more on their own.
 * 4. A refusal marks the connection: a person must reconnect. A provider that is away leaves the row as it was.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { EntityManager } from 'typeorm';
import type { ProviderDefinition } from '../../core/block/provider';
import { BlockError } from '../../core/errors';
import type { SharedContext } from '../context';
import { isDatabaseAway } from '../db/database-error';
import type { ConnectionEntity } from '../db/entities';
import { describeError } from '../log';
import { lockConnection } from './connection-row';
import { readTokenRefusal, requestTokens } from './token-endpoint';
import type { TokenSet } from './tokens';
import type { SealedCredential } from './vault';

/** Shorter than a lock is waited for (`LOCK_TIMEOUT_MS`), so that who waits finds the outcome. */
const REFRESH_TIMEOUT_MS = 8_000;
/** Milliseconds before each attempt to store new tokens whose transaction was lost. */
const STORE_PAUSES_MS = [0, 500, 2_000];

export interface RenewTarget {
  provider: ProviderDefinition;
  companyId: string;
  connectionId: string;
}

/** Whether the tokens should be renewed before they are used. */
export const endsSoon = ({ renewAt, refreshToken }: TokenSet, now: number): boolean =>
  refreshToken !== null && Boolean(renewAt) && Date.parse(renewAt as string) <= now;

/**
 * Tokens that are good for use.
 *
 * @param refused an access token the provider would not take, whatever its time
 * @throws BlockError `reconnect` when a person must connect again, `retry` when nobody can tell now, `terminal` when the application's own
 * credentials are refused
 */
export async function renewTokens(
  context: SharedContext,
  target: RenewTarget,
  refused: string | null,
): Promise<TokenSet> {
  const key = JSON.stringify([target.companyId, target.provider.id, target.connectionId]);
  const underWay = context.refreshes.find(key);
  if (!underWay) return context.refreshes.begin(key, () => renew(context, target, refused));
  const tokens = await underWay;
  // The refresh that was joined may have found the token good which the provider has refused since.
  return tokens.accessToken === refused ? renewTokens(context, target, refused) : tokens;
}

type Renewal =
  | { kind: 'good'; tokens: TokenSet }
  | { kind: 'refused'; code: string }
  | { kind: 'misconfigured'; code: string };

async function renew(context: SharedContext, target: RenewTarget, refused: string | null): Promise<TokenSet> {
  let granted: Granted | undefined;
  const renewal = await context.database.source
    .transaction((manager) =>
      renewUnderLock(context, manager, target, refused, (fresh) => {
        granted = fresh;
      }),
    )
    .catch((error): Promise<Renewal> => {
      if (granted) return storeAgain(context, target, granted);
      throw isDatabaseAway(error) ? notNow(target, 'connection_unavailable', error) : error;
    });
  switch (renewal.kind) {
    case 'good':
      return renewal.tokens;
    case 'refused':
      throw notAccepted(target.provider, renewal.code);
    case 'misconfigured':
      throw misconfigured(target.provider, renewal.code);
  }
}

/** New tokens, and the ciphertext they replace. */
interface Granted {
  tokens: TokenSet;
  replaces: string;
}

async function renewUnderLock(
  context: SharedContext,
  manager: EntityManager,
  target: RenewTarget,
  refused: string | null,
  onGranted: (granted: Granted) => void,
): Promise<Renewal> {
  const { provider, companyId, connectionId } = target;
  const row = await lockConnection(manager, companyId, provider.id);
  if (row?.id !== connectionId) throw notNow(target, 'connection_changed');
  if (row.state === 'needs_reauth') return { kind: 'refused', code: row.lastErrorCode ?? 'needs_reauth' };
  const tokens = openTokens(context, row);
  const { refreshToken } = tokens;
  if (tokens.accessToken !== refused && !endsSoon(tokens, context.clock.now()))
    return { kind: 'good', tokens };
  if (refreshToken === null) return { kind: 'refused', code: 'token_refused' };
  let fresh: TokenSet;
  try {
    const grant = { kind: 'refresh', tokens, refreshToken, timeoutMs: REFRESH_TIMEOUT_MS } as const;
    fresh = await requestTokens(context, provider, grant);
  } catch (error) {
    return noteRefusal(context, manager, target, error);
  }
  const granted = { tokens: fresh, replaces: (row.credential as SealedCredential).ct };
  onGranted(granted);
  await storeTokens(context, manager, target, granted);
  return { kind: 'good', tokens: fresh };
}

/** The lock is held: no other refresh can have won in the meantime. */
async function noteRefusal(
  context: SharedContext,
  manager: EntityManager,
  target: RenewTarget,
  error: unknown,
): Promise<Renewal> {
  const { provider, companyId } = target;
  const refusal = readTokenRefusal(error);
  context.log.warn('a token could not be renewed', { provider: provider.id, ...refusal });
  if (refusal.kind === 'away') throw notNow(target, 'token_not_renewed', error);
  const state = refusal.kind === 'refused' ? 'needs_reauth' : 'error';
  await manager.query(
    'update workflow_connection set state = $3, last_error_code = $4 where company_id = $1 and provider = $2',
    [companyId, provider.id, state, refusal.code],
  );
  return refusal;
}

/** @returns whether the tokens they replace were still there */
async function storeTokens(
  context: SharedContext,
  manager: EntityManager,
  { provider, companyId, connectionId }: RenewTarget,
  { tokens, replaces }: Granted,
): Promise<boolean> {
  const sealed = context.vault.seal({ companyId, provider: provider.id, connectionId }, tokens);
  const [, count] = await manager.query(
    `update workflow_connection
     set credential = $4, access_expires_at = $5, scopes = $6, state = 'active', last_error_code = null
     where company_id = $1 and provider = $2 and id = $3 and credential->>'ct' = $7`,
    [companyId, provider.id, connectionId, sealed, tokens.expiresAt, tokens.scopes, replaces],
  );
  return count === 1;
}

/** The provider has given new tokens and taken the old ones back, and the transaction is gone: what we hold is all there is. */
async function storeAgain(context: SharedContext, target: RenewTarget, granted: Granted): Promise<Renewal> {
  const { manager } = context.database.source;
  for (const waitMs of STORE_PAUSES_MS) {
    await pause(waitMs);
    try {
      // Not there: the commit had come about after all, or a person has connected anew.
      if (await storeTokens(context, manager, target, granted))
        return { kind: 'good', tokens: granted.tokens };
      throw notNow(target, 'connection_changed');
    } catch (error) {
      if (!isDatabaseAway(error)) throw error;
      context.log.warn('renewed tokens could not be stored yet', describeError(error));
    }
  }
  context.log.error('renewed tokens could not be stored; the connection must be made anew', {
    provider: target.provider.id,
    companyId: target.companyId,
  });
  throw notNow(target, 'connection_unavailable');
}

function openTokens(context: SharedContext, row: ConnectionEntity): TokenSet {
  const owner = { companyId: row.companyId, provider: row.provider, connectionId: row.id };
  return context.vault.open(owner, row.credential) as TokenSet;
}

/** Nothing has been asked of the provider for the step, so that it may be tried again. */
function notNow({ provider }: RenewTarget, code: string, cause?: unknown): BlockError {
  const message = `The access to ${provider.label.en} could not be renewed just now; the step was not carried out and is tried again.`;
  return new BlockError({ kind: 'retry', code, message, actor: 'provider' }, { cause });
}

function notAccepted({ label }: ProviderDefinition, code: string): BlockError {
  const message = `${label.en} no longer accepts this connection. Reconnect it in Settings > Integrations.`;
  return new BlockError({ kind: 'reconnect', code, message, actor: 'customer' });
}

function misconfigured({ id, label }: ProviderDefinition, code: string): BlockError {
  const message = `${label.en} refused the application itself ("${code}"), so the step was not carried out. Correct providers["${id}"].clientId and clientSecret.`;
  return new BlockError({ kind: 'terminal', code, message, actor: 'developer' });
}
