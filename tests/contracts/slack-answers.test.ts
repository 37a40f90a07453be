import { WebAPIPlatformError } from '@slack/web-api';
import { slackServer } from '../../src/blocks/slack/client.server';
import { createFakeSlack, type FakeSlack } from '../../src/testing';
import { readReference } from './slack-reference';

/** Codes our stand-in answers with although the reference of the method does not list them. */
const deviations: Record<string, string> = {
  'chat.postMessage thread_not_found':
    'the reference lists it for conversations.replies; the real one may take the reply and show it nowhere, which no test could see',
  'chat.postMessage invalid_auth': 'listed for auth.test; the real one answers it to every method',
  'chat.update invalid_auth': 'listed for auth.test; the real one answers it to every method',
  'conversations.info invalid_auth': 'listed for auth.test; the real one answers it to every method',
  'files.getUploadURLExternal invalid_auth': 'listed for auth.test; the real one answers it to every method',
};

const reference = readReference();
let slack: FakeSlack;
let origin: string;
beforeAll(async () => {
  slack = createFakeSlack();
  origin = await slack.listen();
});
afterAll(() => slack.close());

async function errorOf(method: string, args: Record<string, string>, token: string | null) {
  const headers: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` };
  const answer = await fetch(`${origin}/api/${method}`, {
    method: 'POST',
    body: new URLSearchParams(args),
    headers,
  });
  return ((await answer.json()) as { error?: string }).error;
}

const idOf = (name: string) => slack.channels.find((channel) => channel.name === name)?.id ?? '';
const known = () => slack.issueToken();
const revoked = () => {
  const token = slack.issueToken();
  slack.revokeTokens();
  return token;
};
const withoutScopes = () => slack.issueToken({ scopes: [] });

/** Every refusal of our stand-in, and how to bring it about. */
const refusals: [string, () => Record<string, string>, () => string | null, string][] = [
  ...['chat.postMessage', 'chat.update', 'conversations.info', 'files.getUploadURLExternal'].flatMap(
    (method): typeof refusals => [
      [method, () => ({}), () => null, 'not_authed'],
      [method, () => ({}), () => 'xoxb-nobody', 'invalid_auth'],
      [method, () => ({}), revoked, 'token_revoked'],
      [method, () => ({}), withoutScopes, 'missing_scope'],
    ],
  ),
  ['conversations.list', () => ({ types: 'telegraph' }), known, 'invalid_types'],
  ['conversations.list', () => ({ limit: '0' }), known, 'invalid_limit'],
  ['conversations.list', () => ({ cursor: 'bm9wZQ==' }), known, 'invalid_cursor'],
  ['conversations.info', () => ({ channel: 'C0NOWHERE' }), known, 'channel_not_found'],
  ['chat.postMessage', () => ({ channel: 'C0NOWHERE', text: 'x' }), known, 'channel_not_found'],
  ['chat.postMessage', () => ({ channel: idOf('vecchio-archivio'), text: 'x' }), known, 'is_archived'],
  ['chat.postMessage', () => ({ channel: idOf('fatture') }), known, 'no_text'],
  ['chat.postMessage', () => ({ channel: idOf('fatture'), blocks: '{' }), known, 'invalid_blocks_format'],
  [
    'chat.postMessage',
    () => ({ channel: idOf('general'), text: 'x' }),
    () => slack.issueToken({ scopes: ['chat:write'] }),
    'not_in_channel',
  ],
  [
    'chat.postMessage',
    () => ({ channel: idOf('fatture'), text: 'x', thread_ts: '1.000001' }),
    known,
    'thread_not_found',
  ],
  ['chat.update', () => ({ channel: 'C0NOWHERE', ts: '1.000001', text: 'x' }), known, 'channel_not_found'],
  [
    'chat.update',
    () => ({ channel: idOf('fatture'), ts: '1.000001', text: 'x' }),
    known,
    'message_not_found',
  ],
  ['files.getUploadURLExternal', () => ({ filename: 'a' }), known, 'missing_argument'],
  ['files.completeUploadExternal', () => ({ files: 'x' }), known, 'invalid_array_arg'],
  ['files.completeUploadExternal', () => ({ files: '[{"id":"F0"}]' }), known, 'file_not_found'],
];

describe('what our stand-in for Slack refuses with', () => {
  it.each(refusals)('%s: %#', async (method, args, token, error) => {
    expect(await errorOf(method, args(), token())).toBe(error);
    const isListed = Object.hasOwn(reference[method]?.errors ?? {}, error);
    expect(isListed || Object.hasOwn(deviations, `${method} ${error}`)).toBe(true);
  });
});

describe('what is made of the codes in Slack’s reference', () => {
  const kindsOf = (method: string) => {
    const codes = Object.keys(reference[method]?.errors ?? {});
    const kinds = codes.map((error): [string, string] => [
      slackServer.mapError(new WebAPIPlatformError({ ok: false, error })).kind,
      error,
    ]);
    return (kind: string) => kinds.filter(([own]) => own === kind).map(([, code]) => code);
  };

  it.each([
    ['chat.postMessage', ['fatal_error']],
    ['chat.update', ['fatal_error', 'update_failed']],
    ['files.completeUploadExternal', ['fatal_error', 'file_update_failed']],
  ])('%s', (method, uncertain) => {
    const codes = kindsOf(method);
    expect(codes('uncertain').sort()).toEqual(uncertain);
    expect(codes('reconnect').sort()).toEqual([
      'account_inactive',
      'missing_scope',
      'not_authed',
      'org_login_required',
      'token_expired',
      'token_revoked',
      'two_factor_setup_required',
    ]);
    expect(codes('retry')).toEqual(
      expect.arrayContaining(['ratelimited', 'request_timeout', 'service_unavailable', 'team_added_to_org']),
    );
  });
});
