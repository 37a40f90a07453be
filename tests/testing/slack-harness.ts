import { LogLevel, WebAPIPlatformError, WebClient } from '@slack/web-api';
import { createFakeSlack, type FakeSlack, type FakeSlackOptions } from 'trama/testing';

export let slack: FakeSlack;
export let origin: string;

/** A fake Slack on a port of its own; the helpers below talk to the one started last. */
export async function start(options: FakeSlackOptions = {}): Promise<void> {
  slack = createFakeSlack(options);
  origin = await slack.listen();
}

/** Lets the helpers talk to a fake that something else serves. */
export function use(fake: FakeSlack, at: string): void {
  slack = fake;
  origin = at;
}

export const clientOf = (token: string | undefined, timeout = 5_000): WebClient =>
  new WebClient(token, {
    slackApiUrl: `${origin}/api/`,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout,
    allowAbsoluteUrls: false,
    logLevel: LogLevel.ERROR,
    logger: {
      debug() {},
      info() {},
      warn() {},
      error() {},
      setLevel() {},
      getLevel: () => LogLevel.ERROR,
      setName() {},
    },
  });

export const failureOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => null,
    (error: unknown) => error,
  );

export async function refusalOf(call: Promise<unknown>): Promise<Record<string, unknown>> {
  const error = await failureOf(call);
  expect(error).toBeInstanceOf(WebAPIPlatformError);
  return (error as WebAPIPlatformError).data as unknown as Record<string, unknown>;
}

export const authorizeUrl = (overrides: Record<string, string> = {}): string => {
  const query = new URLSearchParams({
    client_id: 'sandbox-client',
    scope: 'chat:write,channels:read',
    redirect_uri: 'http://app.test/callback',
    state: 'opaque-state',
    ...overrides,
  });
  return `${origin}/oauth/v2/authorize?${query}`;
};

export async function exchange(overrides: Record<string, string> = {}): Promise<Record<string, unknown>> {
  const response = await fetch(`${origin}/api/oauth.v2.access`, {
    method: 'POST',
    body: new URLSearchParams({
      client_id: 'sandbox-client',
      client_secret: 'sandbox-secret',
      redirect_uri: 'http://app.test/callback',
      ...overrides,
    }),
  });
  expect(response.status).toBe(200);
  return (await response.json()) as Record<string, unknown>;
}

export const codeFrom = (location: string): string => new URL(location).searchParams.get('code') ?? '';
