import {
  LogLevel,
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
  WebClient,
} from '@slack/web-api';
import { implementProvider } from '../../core/block/implement';
import type { StepFailure } from '../../core/errors';
import { slack } from './provider';

const reconnectCodes = new Set([
  'token_revoked',
  'token_expired',
  'invalid_auth',
  'not_authed',
  'account_inactive',
  'org_login_required',
  'team_access_not_granted',
  'missing_scope',
]);
const retryCodes = new Set([
  'ratelimited',
  'rate_limited',
  'service_unavailable',
  'request_timeout',
  'team_added_to_org',
]);
/** Slack's reference: part of the operation may have succeeded. */
const uncertainCodes = new Set(['internal_error', 'fatal_error']);

const explanations: Record<string, string> = {
  channel_not_found:
    'Slack does not know this channel, or Trama may not see it. Choose another channel, or invite the app to it.',
  not_in_channel: 'The app is not in this channel. Invite it there with /invite, then run again.',
  is_archived: 'The channel is archived. Choose another channel.',
  no_text: 'The message is empty. Write a text, or check the values it is made of.',
  msg_too_long: 'The message is longer than Slack takes (40,000 characters). Shorten it.',
  missing_scope: 'The connection lacks a permission this step needs. Reconnect Slack to grant it.',
};

export type SlackClient = () => Promise<WebClient>;

/** Slack through its own SDK, one call per attempt: waiting and retrying are the engine's part. */
export const slackServer = implementProvider<SlackClient>(slack, {
  client:
    ({ baseUrl, accessToken, fetch }) =>
    async () =>
      new WebClient(await accessToken(), {
        slackApiUrl: `${baseUrl}/api/`,
        fetch,
        retryConfig: { retries: 0 },
        rejectRateLimitedCalls: true,
        timeout: 15_000,
        allowAbsoluteUrls: false,
        logLevel: LogLevel.ERROR,
        logger: silentLogger,
      }),
  identify: async (web) => {
    const answer = await (await web()).auth.test();
    return [{ accountId: answer.team_id ?? '', label: answer.team ?? answer.team_id ?? 'Slack' }];
  },
  test: async (web) => void (await (await web()).auth.test()),
  revoke: async (web) => void (await (await web()).auth.revoke()),
  mapError,
  options: {
    channels: {
      list: async (web, { q, cursor }) => {
        const answer = await (await web()).conversations.list({
          types: 'public_channel,private_channel',
          exclude_archived: true,
          limit: 200,
          ...(cursor ? { cursor } : {}),
        });
        const items = (answer.channels ?? [])
          .filter((channel) => (channel.name ?? '').toLowerCase().includes(q.toLowerCase().replace(/^#/, '')))
          .map((channel) => ({ value: channel.id ?? '', label: `#${channel.name}` }));
        return { items, nextCursor: answer.response_metadata?.next_cursor || null };
      },
    },
  },
});

/** The SDK logs whole requests; what matters reaches the engine through `mapError`. */
const silentLogger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  setLevel: () => {},
  getLevel: () => LogLevel.ERROR,
  setName: () => {},
};

function mapError(error: unknown): StepFailure {
  if (error instanceof WebAPIRateLimitedError) {
    const message = 'Slack asks to slow down; the message is sent again after the pause it named.';
    return {
      kind: 'retry',
      code: 'rate_limited',
      message,
      actor: 'provider',
      retryAfterMs: error.retryAfter * 1000,
    };
  }
  if (error instanceof WebAPIPlatformError)
    return mapPlatformError(String(error.data.error ?? 'unknown_error'));
  if (error instanceof WebAPIHTTPError) {
    const kind =
      error.statusCode === 429 || error.statusCode === 503
        ? 'retry'
        : error.statusCode >= 500
          ? 'uncertain'
          : 'terminal';
    const message = `Slack answered with status ${error.statusCode} instead of taking the call.`;
    return { kind, code: 'slack_http_error', message, actor: 'provider', providerStatus: error.statusCode };
  }
  if (error instanceof WebAPIRequestError) {
    const message =
      'Slack could not be reached, or its answer was lost on the way; the call may have been carried out.';
    return {
      kind: isRefused(error) ? 'retry' : 'uncertain',
      code: 'slack_unreachable',
      message,
      actor: 'provider',
    };
  }
  // A 429 without Retry-After is a bare Error in @slack/web-api 8.2; its text is all there is to tell it by.
  if (error instanceof Error && /429/.test(error.message)) {
    return {
      kind: 'retry',
      code: 'rate_limited',
      message: 'Slack asks to slow down.',
      actor: 'provider',
      retryAfterMs: 30_000,
    };
  }
  return {
    kind: 'uncertain',
    code: 'slack_failed',
    message: 'The call to Slack failed for an unknown reason.',
    actor: 'developer',
  };
}

function mapPlatformError(answered: string): StepFailure {
  // A proxy's HTML page arrives here as the "error"; it is no code.
  const code = /^[a-z0-9_]{1,60}$/.test(answered) ? answered : 'slack_unreadable_answer';
  if (code === 'slack_unreadable_answer') {
    const message = 'Slack answered with a page instead of a result; the call may have been carried out.';
    return { kind: 'uncertain', code, message, actor: 'provider' };
  }
  if (reconnectCodes.has(code)) {
    const message =
      explanations[code] ??
      'Slack no longer accepts this connection. Reconnect it in Settings > Integrations.';
    return { kind: 'reconnect', code, message, actor: 'customer' };
  }
  if (retryCodes.has(code))
    return { kind: 'retry', code, message: 'Slack is briefly unavailable.', actor: 'provider' };
  if (uncertainCodes.has(code)) {
    const message = 'Slack failed inside; the message may have been sent.';
    return { kind: 'uncertain', code, message, actor: 'provider' };
  }
  const message =
    explanations[code] ?? `Slack refused the call with "${code}". Correct the step, then run again.`;
  return { kind: 'terminal', code, message, actor: 'customer' };
}

/** The connection never came about, so nothing can have happened. */
function isRefused(error: WebAPIRequestError): boolean {
  const codes = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN']);
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    if (codes.has(String((cause as { code?: unknown }).code))) return true;
  }
  return false;
}
