import type { StepFailure } from '../../../src/core';
import type { Fault } from '../../../src/testing';
import { definition, node } from '../../support/definitions';
import { connectSlack, type TestServer } from '../../support/server';
import { newChannel, runWorkflow, startSlackServer } from './slack-server';

let test: TestServer;
beforeAll(async () => {
  test = await startSlackServer();
});
afterAll(() => test.close());
afterEach(() => test.slack.clearFaults());

const page = '<html><body>Proxy error</body></html>';

/** What goes wrong with `chat.postMessage`, and what the engine makes of it. */
const failures: [string, Fault, Partial<StepFailure>, RegExp][] = [
  [
    'an unknown channel',
    { error: 'channel_not_found' },
    { kind: 'terminal', actor: 'customer' },
    /Choose another channel/,
  ],
  [
    'a channel it is not in',
    { error: 'not_in_channel' },
    { kind: 'terminal', actor: 'customer' },
    /\/invite/,
  ],
  ['an archived channel', { error: 'is_archived' }, { kind: 'terminal', actor: 'customer' }, /archived/],
  ['a channel for some only', { error: 'restricted_action' }, { kind: 'terminal' }, /only some people/],
  ['an empty message', { error: 'no_text' }, { kind: 'terminal' }, /empty/],
  ['a code nobody knows', { error: 'brand_new_error' }, { kind: 'terminal' }, /"brand_new_error"/],
  ['a revoked token', { error: 'token_revoked' }, { kind: 'reconnect', actor: 'customer' }, /Reconnect/],
  ['a token that never was', { error: 'invalid_auth' }, { kind: 'reconnect' }, /Reconnect/],
  ['a deactivated app', { error: 'account_inactive' }, { kind: 'reconnect' }, /Reconnect/],
  [
    'a missing permission',
    { error: 'missing_scope', needed: 'chat:write.public', provided: 'chat:write' },
    { kind: 'reconnect', code: 'missing_scope' },
    /"chat:write\.public"/,
  ],
  ['a missing permission without a name', { error: 'missing_scope' }, { kind: 'reconnect' }, /a permission/],
  ['too many calls, by code', { error: 'ratelimited' }, { kind: 'retry', actor: 'provider' }, /later/],
  ['a service that is away, by code', { error: 'service_unavailable' }, { kind: 'retry' }, /later/],
  [
    'too many calls, with a pause',
    { status: 429, retryAfter: 7 },
    { kind: 'retry', code: 'rate_limited', retryAfterMs: 7000, providerStatus: 429 },
    /slow down/,
  ],
  [
    'too many calls, without a pause',
    { status: 429 },
    { kind: 'retry', code: 'rate_limited', retryAfterMs: 30_000, providerStatus: 429 },
    /slow down/,
  ],
  ['a service that is away', { status: 503, body: page }, { kind: 'retry', code: 'slack_http_error' }, /503/],
  [
    'a failure inside, by code',
    { error: 'internal_error' },
    { kind: 'uncertain', actor: 'provider' },
    /may have been/,
  ],
  ['a failure inside', { status: 500, body: page }, { kind: 'uncertain', providerStatus: 500 }, /500/],
  [
    'a page in place of a result',
    { status: 200, body: page },
    { kind: 'uncertain', code: 'slack_unreadable_answer' },
    /page/,
  ],
  ['a redirect', { status: 302 }, { kind: 'uncertain', code: 'redirected' }, /redirect/],
  ['a refusal without a code', { status: 403, body: page }, { kind: 'terminal', providerStatus: 403 }, /403/],
  ['a cut connection', 'reset', { kind: 'uncertain', code: 'slack_unreachable' }, /lost on the way/],
  ['a lost answer', 'answer-lost', { kind: 'uncertain', code: 'slack_unreachable' }, /lost on the way/],
];

/** A next attempt that comes after the test has ended. */
const muchLater = { maxAttempts: 2, backoff: 'fixed', delayMs: 3_600_000, maxDelayMs: 3_600_000 } as const;

const statusOf = { terminal: 'failed', reconnect: 'waiting', retry: 'waiting', uncertain: 'needs_attention' };
const stepStatusOf = { ...statusOf, uncertain: 'in_doubt' };

describe('a message Slack does not take', () => {
  const send = (channel: string) =>
    runWorkflow(
      test,
      definition(
        [node('say', 'slack.send-message', { config: { channel, text: 'Ciao' }, retry: muchLater })],
        ['trigger -> say'],
      ),
    );

  it.each(failures)('because of %s', async (_, fault, expected, message) => {
    await connectSlack(test);
    const channel = newChannel(test);
    test.slack.failNext('chat.postMessage', fault);
    const { run, step } = await send(channel);
    const kind = expected.kind ?? 'terminal';
    expect(run.status).toBe(statusOf[kind]);
    expect(step('say')).toMatchObject({ status: stepStatusOf[kind], error: expected });
    if (typeof fault === 'object' && 'error' in fault) expect(step('say').error?.code).toBe(fault.error);
    expect(step('say').error?.message).toMatch(message);
    const { items } = await test.clientOf().listIntegrations();
    const state = items.find(({ provider }) => provider === 'slack')?.state;
    expect(state).toBe(kind === 'reconnect' ? 'needs_reauth' : 'active');
    // Or the next test's connection would carry it on.
    if (run.status === 'waiting') await test.clientOf().cancelRun({ params: { id: run.id } });
    const isDone = fault === 'answer-lost';
    expect(test.slack.messages.filter(({ channelId }) => channelId === channel)).toHaveLength(isDone ? 1 : 0);
  });

  it.each([400, 200])('never lets the token out, even if Slack repeats it (status %i)', async (status) => {
    await connectSlack(test);
    test.slack.failNext('chat.postMessage', { echoAuthorization: true, status });
    const detail = await send(newChannel(test));
    expect(detail.step('say').error).toMatchObject({ kind: status === 400 ? 'terminal' : 'uncertain' });
    expect(JSON.stringify(detail)).not.toMatch(/xoxb|Bearer/);
  });

  it('names Slack’s own id of the refused request', async () => {
    await connectSlack(test);
    const channel = newChannel(test);
    test.slack.changeChannel(`prova-${test.slack.channels.length - 1}`, { isArchived: true });
    const { step } = await send(channel);
    expect(step('say').error).toMatchObject({
      code: 'is_archived',
      providerStatus: 200,
      providerRequestId: expect.stringMatching(/^req-\w+$/),
    });
  });
});
