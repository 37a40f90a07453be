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
import * as oauth from 'oauth4webapi';
import { LessThan } from 'typeorm';
import type { OAuth2Auth, ProviderDefinition } from '../../core/block/provider';
import { WorkflowError } from '../../core/errors';
import { type SharedContext, sha256 } from '../context';
import { OAuthFlowEntity } from '../db/entities';
import { describeError } from '../log';
import type { Principal } from '../options';
import { baseUrlOf, clientContext } from './clients';
import { saveConnection } from './connections';
import type { TokenSet } from './tokens';

export type ConnectError = 'access_denied' | 'state_invalid' | 'exchange_failed';

const FLOW_MINUTES = 10;

/** Whether the host gave what connecting needs. */
export function isConfigured(context: SharedContext, provider: ProviderDefinition): boolean {
  const options = context.providerOptions[provider.id];
  return provider.auth.type !== 'oauth2' || Boolean(options?.clientId && options.clientSecret);
}

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
  context: SharedContext,
  provider: ProviderDefinition,
  parameters: URLSearchParams,
  browserToken: string | undefined,
  principal: Principal | null,
): Promise<ConnectError | null> {
  const flow = await takeFlow(context, provider.id, parameters.get('state') ?? '', browserToken ?? '');
  if (!flow) return 'state_invalid';
  if (principal && (principal.companyId !== flow.companyId || principal.userId !== flow.userId))
    return 'state_invalid';
  const refused = parameters.get('error');
  if (refused) return refused === 'access_denied' ? 'access_denied' : 'exchange_failed';
  try {
    const tokens = await exchange(context, provider, parameters);
    const implementation = context.implementations.get(provider.id);
    const client = implementation?.client({
      ...clientContext(context, provider, flow.companyId),
      accessToken: async () => tokens.accessToken,
    });
    const accounts = (await implementation?.identify?.(client)) ?? [
      { accountId: flow.companyId, label: provider.label.en },
    ];
    await saveConnection(context, { ...flow, provider: provider.id }, tokens, accounts);
    return null;
  } catch (error) {
    context.log.warn('a provider could not be connected', { provider: provider.id, ...describeError(error) });
    return 'exchange_failed';
  }
}

export const redirectUri = (context: SharedContext, provider: string): string =>
  `${context.baseUrl}/integrations/${provider}/callback`;

async function takeFlow(
  context: SharedContext,
  provider: string,
  state: string,
  browserToken: string,
): Promise<{ companyId: string; userId: string } | null> {
  const { rows } = await context.database.pool.query(
    `update workflow_oauth_flow set used_at = now()
     where state_hash = $1 and browser_hash = $2 and provider = $3 and used_at is null and expires_at > $4
     returning company_id, user_id`,
    [sha256(state), sha256(browserToken), provider, new Date(context.clock.now())],
  );
  return rows[0] ? { companyId: rows[0].company_id, userId: rows[0].user_id } : null;
}

async function exchange(
  context: SharedContext,
  provider: ProviderDefinition,
  parameters: URLSearchParams,
): Promise<TokenSet> {
  const auth = provider.auth as OAuth2Auth;
  const options = context.providerOptions[provider.id];
  const baseUrl = baseUrlOf(context, provider.id);
  const server = { issuer: baseUrl, token_endpoint: `${baseUrl}${auth.tokenPath}` };
  const client = { client_id: options?.clientId as string };
  const accepted = oauth.validateAuthResponse(server, client, parameters, oauth.skipStateCheck);
  const response = await oauth.authorizationCodeGrantRequest(
    server,
    client,
    oauth.ClientSecretPost(options?.clientSecret as string),
    accepted,
    redirectUri(context, provider.id),
    oauth.nopkce,
    { signal: AbortSignal.timeout(15_000), [oauth.allowInsecureRequests]: isLoopback(baseUrl) },
  );
  // Slack names its tokens "bot" and "user" where the standard says "bearer".
  const tokens = await oauth.processAuthorizationCodeResponse(server, client, response, {
    recognizedTokenTypes: { bot: () => {}, user: () => {} },
  });
  const lifetime = tokens.expires_in;
  return {
    accessToken: tokens.access_token,
    refreshToken: tokens.refresh_token ?? null,
    expiresAt: lifetime === undefined ? null : new Date(context.clock.now() + lifetime * 1000).toISOString(),
    scopes: (tokens.scope ?? '').split(/[ ,]/).filter((scope) => scope !== ''),
  };
}

/** Plain http is for sandboxes and tests on this machine. */
function isLoopback(url: string): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(new URL(url).hostname);
}

const randomToken = (): string => randomBytes(32).toString('base64url');
