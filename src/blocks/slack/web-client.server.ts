import type { LogLevel, WebClient } from '@slack/web-api';
import type { ClientContext } from '../../core/block/implement';
import { BlockError } from '../../core/errors';
import { type CallFacts, mapError } from './failures.server';

/** About one message a second to a channel is what Slack takes. */
const MESSAGE_INTERVAL_MS = 1_100;

/** Slack as its blocks use it. What goes wrong comes as a `BlockError` that says what the engine does next. */
export interface SlackClient {
  /** Uses the SDK. @throws BlockError */
  call: <T>(use: (web: WebClient) => Promise<T>) => Promise<T>;
  /** The same for what puts a message into a channel, when it is the channel's turn. @throws BlockError */
  post: <T>(channel: string, use: (web: WebClient) => Promise<T>) => Promise<T>;
}

/** Slack through its own SDK, one call per attempt: waiting and retrying are the engine's part. */
export function createSlackClient(context: ClientContext): SlackClient {
  const call: SlackClient['call'] = async (use) => {
    const facts: CallFacts = { method: null, status: null, requestId: null };
    const token = await context.accessToken();
    const { WebClient } = await import('@slack/web-api');
    const web = new WebClient(token, {
      slackApiUrl: `${context.baseUrl}/api/`,
      fetch: observe(context, facts),
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
      timeout: 15_000,
      allowAbsoluteUrls: false,
      logger: silentLogger,
    });
    try {
      return await use(web);
    } catch (error) {
      // Without its cause: what the SDK throws may hold the token.
      throw new BlockError(mapError(error, facts));
    }
  };
  return {
    call,
    post: async (channel, use) => {
      await context.pace(`message:${channel}`, MESSAGE_INTERVAL_MS);
      return call(use);
    },
  };
}

/** Notes of the last call what the SDK's errors leave out. */
function observe({ fetch, baseUrl }: ClientContext, facts: CallFacts): typeof fetch {
  const prefix = `${baseUrl}/api/`;
  return async (input, init) => {
    const url = input instanceof Request ? input.url : String(input);
    Object.assign(facts, {
      method: url.startsWith(prefix) ? url.slice(prefix.length).split('?')[0] : 'upload',
      status: null,
      requestId: null,
    });
    const response = await fetch(input, init);
    facts.status = response.status;
    facts.requestId = response.headers.get('x-slack-req-id');
    return response;
  };
}

/** The SDK logs whole requests; what matters reaches the engine through `mapError`. */
const silentLogger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  setLevel: () => {},
  getLevel: () => 'error' as LogLevel.ERROR,
  setName: () => {},
};
