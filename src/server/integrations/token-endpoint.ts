/** Asks a provider's token endpoint, for the code of a person's consent or for the refresh token kept of it. */
import * as oauth from 'oauth4webapi';
import type { OAuth2Auth, ProviderDefinition } from '../../core/block/provider';
import type { SharedContext } from '../context';
import { baseUrlOf, isLoopback, redirectUri } from './addresses';
import { createOutgoingFetch } from './outgoing';
import type { TokenSet } from './tokens';

export type Grant =
  | { kind: 'code'; parameters: URLSearchParams; timeoutMs: number }
  | { kind: 'refresh'; tokens: TokenSet; refreshToken: string; timeoutMs: number };

/** Slack names its tokens "bot" and "user" where the standard says "bearer". */
const recognizedTokenTypes = { bot: () => {}, user: () => {} };

/** Before its end a token is renewed this early, milliseconds; one of a short life at its half. */
const RENEW_BEFORE_END_MS = 5 * 60_000;

export async function requestTokens(
  context: SharedContext,
  provider: ProviderDefinition,
  grant: Grant,
): Promise<TokenSet> {
  const auth = provider.auth as OAuth2Auth;
  const { clientId, clientSecret } = context.providerOptions[provider.id] ?? {};
  const baseUrl = baseUrlOf(context, provider.id);
  const server = { issuer: baseUrl, token_endpoint: `${baseUrl}${auth.tokenPath}` };
  const client = { client_id: clientId as string };
  const secret = oauth.ClientSecretPost(clientSecret as string);
  const options = {
    // The time-out is that of the outgoing call.
    [oauth.customFetch]: createOutgoingFetch({ provider, baseUrl, timeoutMs: grant.timeoutMs }) as never,
    [oauth.allowInsecureRequests]: isLoopback(new URL(baseUrl)),
  };
  const sent = context.clock.now();
  if (grant.kind === 'refresh') {
    const { refreshToken, tokens } = grant;
    const response = await oauth.refreshTokenGrantRequest(server, client, secret, refreshToken, options);
    const answer = await oauth.processRefreshTokenResponse(server, client, response, {
      recognizedTokenTypes,
    });
    return toTokenSet(context, answer, sent, tokens);
  }
  const accepted = oauth.validateAuthResponse(server, client, grant.parameters, oauth.skipStateCheck);
  const back = redirectUri(context, provider.id);
  const response = await oauth.authorizationCodeGrantRequest(
    ...([server, client, secret, accepted, back, oauth.nopkce, options] as const),
  );
  const answer = await oauth.processAuthorizationCodeResponse(server, client, response, {
    recognizedTokenTypes,
  });
  return toTokenSet(context, answer, sent, { refreshToken: null, scopes: [...auth.scopes] });
}

/** Where the answer is silent, the refresh token stays and the scopes are those that were asked for (RFC 6749, 5.1 and 6). */
function toTokenSet(
  context: SharedContext,
  answer: oauth.TokenEndpointResponse,
  sent: number,
  before: Pick<TokenSet, 'refreshToken' | 'scopes'>,
): TokenSet {
  const lifeMs = answer.expires_in === undefined ? null : answer.expires_in * 1000;
  const tokens = {
    accessToken: answer.access_token,
    refreshToken: answer.refresh_token || before.refreshToken,
    expiresAt: lifeMs === null ? null : instant(sent + lifeMs),
    renewAt: lifeMs === null ? null : instant(sent + lifeMs - Math.min(RENEW_BEFORE_END_MS, lifeMs / 2)),
    scopes: answer.scope ? answer.scope.split(/[ ,]+/).filter((scope) => scope !== '') : before.scopes,
  };
  context.secrets.learn(tokens.accessToken, tokens.refreshToken);
  return tokens;
}

const instant = (time: number): string => new Date(time).toISOString();

/** What a failed request for tokens means. */
export type TokenRefusal =
  /** The consent is no longer good: a person must give it anew. */
  | { kind: 'refused'; code: string }
  /** The application's own client id, secret or registration is not accepted; the consent may well be good. */
  | { kind: 'misconfigured'; code: string }
  /** Nothing is known: the provider was away, slow or broken. */
  | { kind: 'away' };

/** `invalid_request` is what Laravel Passport before version 13 says of a spent refresh token; the `invalid_refresh_token` is Slack's. */
const refusals = new Set([
  ...['invalid_grant', 'invalid_request', 'access_denied'],
  ...['invalid_refresh_token', 'token_revoked', 'token_expired', 'account_inactive'],
]);
const passing = new Set([
  ...['server_error', 'temporarily_unavailable', 'slow_down', 'ratelimited', 'rate_limited'],
  ...['internal_error', 'fatal_error', 'service_unavailable', 'request_timeout'],
]);

export function readTokenRefusal(error: unknown): TokenRefusal {
  if (error instanceof oauth.WWWAuthenticateChallengeError)
    return { kind: 'misconfigured', code: 'invalid_client' };
  const code = errorCodeOf(error);
  if (code === null || passing.has(code)) return { kind: 'away' };
  return { kind: refusals.has(code) ? 'refused' : 'misconfigured', code };
}

/** The provider's own code, by the standard (status 4xx) or as Slack gives it (status 200 with `ok: false`). */
function errorCodeOf(error: unknown): string | null {
  if (error instanceof oauth.ResponseBodyError && error.status === 429) return null;
  const cause =
    error instanceof Error ? (error.cause as { error?: unknown; body?: unknown } | undefined) : null;
  const body = error instanceof oauth.ResponseBodyError ? cause : cause?.body;
  const code = (body as { error?: unknown } | null | undefined)?.error;
  return typeof code === 'string' && /^[a-z0-9_]{1,60}$/.test(code) ? code : null;
}
