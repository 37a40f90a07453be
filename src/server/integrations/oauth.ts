/**
 * Connecting a provider by OAuth 2 (authorization code).
 *
 * 1. `begin` makes a single-use state, bound to company, user and, by a cookie, to the browser.
 * 2. The provider sends the browser back to `callback`; the state is taken in one statement, so it works once.
 * 3. The code is exchanged at once; tokens go into the vault and nowhere else.
 *
 * No PKCE: for Slack it turns the app into a public client for good (docs.slack.dev, changelog of 2026-03-30). The single-use state,
 * the browser cookie and the client secret protect the flow.
 */
import { randomBytes } from 'node:crypto';
import { LessThan } from 'typeorm';
import { findBlockError } from '../../core/block/call-failure';
import type { ProviderDefinition } from '../../core/block/provider';
import { WorkflowError } from '../../core/errors';
import { type ServerContext, type SharedContext, sha256 } from '../context';
import { OAuthFlowEntity } from '../db/entities';
import { describeError } from '../log';
import type { Principal } from '../options';
import { baseUrlOf, isConfigured, redirectUri } from './addresses';
import { clientContext } from './clients';
import { saveConnection } from './connections';
import { requestTokens } from './token-endpoint';

/** Why connecting did not come about. */
export type ConnectError =
  /** The person said no. */
  | 'access_denied'
  /** The flow is unknown, used, too old, another provider's, or another browser's or user's than the one that began it. */
  | 'state_invalid'
  /** The provider gave no tokens, or could not be reached. */
  | 'exchange_failed'
  /** The consent opens no account at all. */
  | 'account_missing'
  /** The account is of a kind that cannot be used; the message says why. */
  | 'account_refused';

export interface ConnectFailure {
  error: ConnectError;
  /** Code of the provider's part for why an account is refused. */
  reason?: string;
  /** In words, where the provider's part has some. */
  message?: string;
}

const FLOW_MINUTES = 10;
/** Milliseconds the provider has to exchange the code. */
const EXCHANGE_TIMEOUT_MS = 15_000;

/** Starts a flow: the address to open and the value of the cookie that binds it to this browser. */
export async function beginConnect(
  context: SharedContext,
  principal: Principal,
  provider: ProviderDefinition,
): Promise<{ authorizeUrl: string; browserToken: string }> {
  const { auth, id } = provider;
  if (auth.type !== 'oauth2')
    throw new WorkflowError('invalid_request', `${provider.label.en} needs no connection.`);
  const clientId = context.providerOptions[id]?.clientId;
  if (!clientId || !isConfigured(context, provider)) {
    const message = `${provider.label.en} cannot be connected yet: the application gave no client id and secret for it (providers["${id}"]).`;
    throw new WorkflowError('provider_not_configured', message);
  }
  const [state, browserToken] = [randomToken(), randomToken()];
  const flows = context.database.source.getRepository(OAuthFlowEntity);
  await flows.delete({ expiresAt: LessThan(new Date(context.clock.now())) });
  await flows.insert({
    stateHash: sha256(state),
    browserHash: sha256(browserToken),
    companyId: principal.companyId,
    userId: principal.userId,
    provider: id,
    expiresAt: new Date(context.clock.now() + FLOW_MINUTES * 60_000),
    usedAt: null,
  });
  const authorizeUrl = new URL(`${baseUrlOf(context, id)}${auth.authorizePath}`);
  authorizeUrl.search = new URLSearchParams({
    response_type: 'code',
    client_id: clientId,
    scope: auth.scopes.join(auth.scopeSeparator),
    redirect_uri: redirectUri(context, id),
    state,
  }).toString();
  return { authorizeUrl: authorizeUrl.toString(), browserToken };
}

/** Finishes a flow. `null` when the provider is connected, else why it is not. */
export async function finishConnect(
  context: ServerContext,
  provider: ProviderDefinition,
  parameters: URLSearchParams,
  browserToken: string | undefined,
  principal: Principal | null,
): Promise<ConnectFailure | null> {
  const flow = await takeFlow(context, provider.id, parameters.get('state') ?? '', browserToken ?? '');
  if (!flow) return { error: 'state_invalid' };
  if (principal && (principal.companyId !== flow.companyId || principal.userId !== flow.userId))
    return { error: 'state_invalid' };
  const refused = parameters.get('error');
  if (refused) return { error: refused === 'access_denied' ? 'access_denied' : 'exchange_failed' };
  try {
    return await connect(context, provider, flow, parameters);
  } catch (error) {
    context.log.warn('a provider could not be connected', { provider: provider.id, ...describeError(error) });
    const refusal = findBlockError(error)?.failure;
    if (refusal?.kind !== 'terminal') return { error: 'exchange_failed' };
    return { error: 'account_refused', reason: refusal.code, message: context.secrets.text(refusal.message) };
  }
}

/** Exchanges the code at once (it may live a minute), asks which accounts it opens, and stores what came. */
async function connect(
  context: ServerContext,
  provider: ProviderDefinition,
  flow: Flow,
  parameters: URLSearchParams,
): Promise<ConnectFailure | null> {
  const grant = { kind: 'code', parameters, timeoutMs: EXCHANGE_TIMEOUT_MS } as const;
  const tokens = await requestTokens(context, provider, grant);
  const implementation = context.implementations.get(provider.id);
  const client = await implementation?.client({
    ...clientContext(context, provider, flow.companyId),
    accessToken: async () => tokens.accessToken,
  });
  const accounts = (await implementation?.identify?.(client)) ?? [
    { accountId: flow.companyId, label: provider.label.en },
  ];
  if (accounts.length === 0) return { error: 'account_missing' };
  await saveConnection(context, { ...flow, provider: provider.id }, tokens, accounts);
  return null;
}

interface Flow {
  companyId: string;
  userId: string;
}

async function takeFlow(
  context: SharedContext,
  provider: string,
  state: string,
  browserToken: string,
): Promise<Flow | null> {
  const { rows } = await context.database.pool.query(
    `update workflow_oauth_flow set used_at = now()
     where state_hash = $1 and browser_hash = $2 and provider = $3 and used_at is null and expires_at > $4
     returning company_id, user_id`,
    [sha256(state), sha256(browserToken), provider, new Date(context.clock.now())],
  );
  return rows[0] ? { companyId: rows[0].company_id, userId: rows[0].user_id } : null;
}

const randomToken = (): string => randomBytes(32).toString('base64url');
