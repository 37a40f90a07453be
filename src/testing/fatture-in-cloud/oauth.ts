import { isAllowedRedirect, scopesOf } from '../support/consent';
import { type Answer, htmlAnswer, jsonAnswer, redirectAnswer } from '../support/http';
import { consentPage, ficRefusalPage } from './consent-page';
import type { FicState } from './state';

/** An app as it would be registered at Fatture in Cloud. */
export interface FakeFicApp {
  clientId: string;
  clientSecret: string;
  /** Shown on the consent page. @default 'Trama' */
  name?: string;
  /** A redirect must begin with one of these. @default any http(s) address */
  redirectUrls?: readonly string[];
  /** Whether a refresh token works once, and each refresh brings a new one. @default true */
  singleUseRefresh?: boolean;
}

const CODE_MS = 60_000;
const ACCESS_SECONDS = 86_400;
const REFRESH_MS = 365 * 86_400_000;

/** `GET /oauth/authorize`: asks the person, or says what is wrong with the request. */
export function showConsent(app: FakeFicApp, state: FicState, params: Record<string, string>): Answer {
  const problem = problemOf(app, params);
  if (problem) return htmlAnswer(ficRefusalPage(problem), 400);
  return htmlAnswer(
    consentPage({ appName: app.name ?? 'Trama', scopes: scopesOf(params), companies: state.companies }),
  );
}

/** The person's decision: back to the app, with a code or with the refusal. */
export function decideConsent(app: FakeFicApp, state: FicState, params: Record<string, string>): Answer {
  const problem = problemOf(app, params);
  if (problem) return htmlAnswer(ficRefusalPage(problem), 400);
  const redirectUri = params.redirect_uri as string;
  const target = new URL(redirectUri);
  if (params.decision === 'allow') {
    const grant = { scopes: scopesOf(params), clientId: app.clientId, expiresAt: state.now() + CODE_MS };
    target.searchParams.set('code', state.issueCode({ ...grant, redirectUri }));
  } else {
    target.searchParams.set('error', 'access_denied');
    target.searchParams.set('error_description', 'The resource owner denied the request.');
  }
  if (params.state !== undefined) target.searchParams.set('state', params.state);
  return redirectAnswer(target.href);
}

function problemOf(app: FakeFicApp, params: Record<string, string>): string | null {
  if (params.client_id !== app.clientId) return 'invalid_client';
  if (!isAllowedRedirect(app, params.redirect_uri)) return 'invalid_redirect_uri';
  if (params.response_type !== 'code') return 'unsupported_response_type';
  return scopesOf(params).length === 0 ? 'invalid_scope' : null;
}

/** `POST /oauth/token`: a code, once, or a refresh token becomes an access token. */
export function grantToken(app: FakeFicApp, state: FicState, args: Record<string, string>): Answer {
  if (args.client_id !== app.clientId || args.client_secret !== app.clientSecret)
    return refusal('invalid_client', 'Client authentication failed', 401);
  if (args.grant_type === 'authorization_code') return exchangeCode(app, state, args);
  if (args.grant_type === 'refresh_token') return refresh(app, state, args.refresh_token ?? '');
  return refusal('unsupported_grant_type', 'The authorization grant type is not supported by the server.');
}

function exchangeCode(app: FakeFicApp, state: FicState, args: Record<string, string>): Answer {
  if (!args.code)
    return refusal('invalid_request', 'The code field is required when grant type is authorization_code.');
  const record = state.find('codes', args.code);
  if (!record || record.redirectUri !== args.redirect_uri)
    return refusal('invalid_grant', 'The authorization code is not valid or has expired.');
  state.spend('codes', args.code);
  return tokens(app, state, record.scopes, null);
}

function refresh(app: FakeFicApp, state: FicState, refreshToken: string): Answer {
  const record = state.find('refresh', refreshToken);
  if (!record) return refusal('invalid_grant', 'The refresh token is invalid.', 401);
  const isSingleUse = app.singleUseRefresh ?? true;
  if (isSingleUse) state.spend('refresh', refreshToken);
  return tokens(app, state, record.scopes, isSingleUse ? null : refreshToken);
}

function tokens(app: FakeFicApp, state: FicState, scopes: string[], kept: string | null): Answer {
  const { clientId } = app;
  const access = { scopes, clientId, expiresAt: state.now() + ACCESS_SECONDS * 1000 };
  return jsonAnswer({
    token_type: 'bearer',
    access_token: state.issue('access', access),
    refresh_token: kept ?? state.issue('refresh', { scopes, clientId, expiresAt: state.now() + REFRESH_MS }),
    expires_in: ACCESS_SECONDS,
  });
}

const refusal = (error: string, description: string, status = 400): Answer =>
  jsonAnswer({ error, error_description: description }, status);
