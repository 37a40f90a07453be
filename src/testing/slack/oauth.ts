import { isAllowedRedirect, scopesOf } from '../support/consent';
import { type Answer, htmlAnswer, redirectAnswer } from '../support/http';
import { consentPage, slackRefusalPage } from './consent-page';
import { botUserOf, type SlackResult } from './method';
import type { SlackState } from './state';

/** An app as it would be registered at Slack. */
export interface FakeSlackApp {
  clientId: string;
  clientSecret: string;
  /** Shown on the consent page. @default 'Trama' */
  name?: string;
  /** A redirect must begin with one of these. @default any http(s) address */
  redirectUrls?: readonly string[];
}

/** `GET /oauth/v2/authorize`: asks the person, or says what is wrong with the request. */
export function showConsent(app: FakeSlackApp, state: SlackState, params: Record<string, string>): Answer {
  const problem = problemOf(app, params);
  if (problem) return htmlAnswer(slackRefusalPage(problem), 400);
  const selected = params.team && state.team(params.team) ? params.team : (state.teams[0]?.id ?? '');
  const request = {
    appName: app.name ?? 'Trama',
    scopes: scopesOf(params),
    teams: state.teams,
    selectedTeamId: selected,
  };
  return htmlAnswer(consentPage(request));
}

/** The person's decision: back to the app, with a code or with the refusal. */
export function decideConsent(app: FakeSlackApp, state: SlackState, params: Record<string, string>): Answer {
  const problem = problemOf(app, params) ?? (state.team(params.team ?? '') ? null : 'team_not_found');
  if (problem) return htmlAnswer(slackRefusalPage(problem), 400);
  const target = new URL(params.redirect_uri as string);
  if (params.decision === 'allow') target.searchParams.set('code', issueCode(app, state, params));
  else target.searchParams.set('error', 'access_denied');
  if (params.state !== undefined) target.searchParams.set('state', params.state);
  return redirectAnswer(target.href);
}

const issueCode = (app: FakeSlackApp, state: SlackState, params: Record<string, string>): string =>
  state.issueCode({
    teamId: params.team as string,
    scopes: scopesOf(params),
    clientId: app.clientId,
    redirectUri: params.redirect_uri as string,
  });

function problemOf(app: FakeSlackApp, params: Record<string, string>): string | null {
  if (params.client_id !== app.clientId) return 'invalid_client_id';
  if (!isAllowedRedirect(app, params.redirect_uri)) return 'bad_redirect_uri';
  return scopesOf(params).length === 0 ? 'no_scopes' : null;
}

/** `POST /api/oauth.v2.access`: a code becomes a token, once. */
export function exchangeCode(
  app: FakeSlackApp,
  state: SlackState,
  args: Record<string, string>,
  authorization: string | undefined,
): SlackResult {
  const { id, secret } = credentialsOf(args, authorization);
  if (id !== app.clientId) return { ok: false, error: 'invalid_client_id' };
  if (secret !== app.clientSecret) return { ok: false, error: 'bad_client_secret' };
  const record = args.code ? state.findCode(args.code) : undefined;
  if (!record || record.clientId !== id) return { ok: false, error: 'invalid_code' };
  if (record.redirectUri !== args.redirect_uri) return { ok: false, error: 'bad_redirect_uri' };
  state.spendCode(args.code as string);
  const { teamId, scopes } = record;
  return {
    ok: true,
    access_token: state.issueToken({ teamId, scopes, clientId: app.clientId }),
    token_type: 'bot',
    scope: scopes.join(','),
    bot_user_id: botUserOf(teamId),
    app_id: 'A0SANDBOX',
    team: { id: teamId, name: state.team(teamId)?.name ?? teamId },
    enterprise: null,
    is_enterprise_install: state.team(teamId)?.isEnterprise ?? false,
    authed_user: { id: `W${teamId}` },
  };
}

function credentialsOf(
  args: Record<string, string>,
  authorization: string | undefined,
): { id?: string; secret?: string } {
  const basic = authorization?.startsWith('Basic ')
    ? Buffer.from(authorization.slice(6), 'base64').toString('utf8')
    : null;
  if (basic === null)
    return { id: args.client_id, secret: args.client_secret } as { id?: string; secret?: string };
  const [id, secret] = basic.split(':').map(decodeURIComponent);
  return { id, secret } as { id?: string; secret?: string };
}
