import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFakeSlack } from 'trama/testing';
import { authorizeUrl, clientOf, codeFrom, exchange, origin, refusalOf, slack, start } from './slack-harness';

afterEach(() => slack.close());

describe('The fake Web API', () => {
  it('tells a missing, an unknown and a revoked token apart', async () => {
    await start();
    const token = slack.issueToken();
    expect(await refusalOf(clientOf(undefined).auth.test())).toMatchObject({ error: 'not_authed' });
    expect(await refusalOf(clientOf('xoxb-unknown').auth.test())).toMatchObject({ error: 'invalid_auth' });
    expect(await clientOf(token).auth.revoke()).toMatchObject({ ok: true, revoked: true });
    expect(await refusalOf(clientOf(token).auth.test())).toMatchObject({ error: 'token_revoked' });
  });

  it('leaves the token as it is when revoking is only tested', async () => {
    await start();
    const web = clientOf(slack.issueToken());
    expect(await web.auth.revoke({ test: true })).toMatchObject({ revoked: false });
    expect(await web.auth.test()).toMatchObject({ ok: true });
  });

  it('takes the token as an argument and JSON bodies as well', async () => {
    await start();
    const token = slack.issueToken();
    const asArgument = await fetch(`${origin}/api/auth.test`, {
      method: 'POST',
      body: new URLSearchParams({ token }),
    });
    expect(await asArgument.json()).toMatchObject({ ok: true });
    const asJson = await fetch(`${origin}/api/chat.postMessage`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify({ channel: '#fatture', text: 'ciao', blocks: [{ type: 'divider' }] }),
    });
    expect(await asJson.json()).toMatchObject({ ok: true });
    expect(slack.messages).toMatchObject([
      { channelName: 'fatture', text: 'ciao', blocks: [{ type: 'divider' }] },
    ]);
  });

  it('refuses what the scopes do not cover, naming what is needed and what there is', async () => {
    await start();
    const web = clientOf(slack.issueToken({ scopes: ['channels:read'] }));
    expect(await refusalOf(web.chat.postMessage({ channel: '#fatture', text: 'ciao' }))).toMatchObject({
      error: 'missing_scope',
      needed: 'chat:write',
      provided: 'channels:read',
    });
    expect(await refusalOf(web.conversations.list({ types: 'private_channel' }))).toMatchObject({
      needed: 'groups:read',
    });
    expect(slack.messages).toEqual([]);
  });

  it('answers an unknown method as Slack does', async () => {
    await start();
    expect(await refusalOf(clientOf(slack.issueToken()).apiCall('chat.shout'))).toMatchObject({
      error: 'unknown_method',
    });
    expect(await refusalOf(clientOf(slack.issueToken()).apiCall('toString'))).toMatchObject({
      error: 'unknown_method',
    });
  });

  it('lists channels page by page: no archived ones when asked, private ones only where the app was invited', async () => {
    const channels = [
      'a',
      'b',
      { name: 'c', isArchived: true },
      { name: 'd', isPrivate: true, isMember: true },
      { name: 'e', isPrivate: true },
    ];
    await start({ channels });
    const web = clientOf(slack.issueToken());
    const names: string[][] = [];
    let cursor: string | undefined;
    do {
      const types = 'public_channel,private_channel';
      const page = await web.conversations.list({
        types,
        exclude_archived: true,
        limit: 2,
        ...(cursor ? { cursor } : {}),
      });
      names.push((page.channels ?? []).map((channel) => channel.name ?? ''));
      cursor = page.response_metadata?.next_cursor || undefined;
    } while (cursor);
    expect(names).toEqual([['a', 'b'], ['d']]);
    expect((await web.conversations.list()).channels?.map((channel) => channel.name)).toEqual([
      'a',
      'b',
      'c',
    ]);
  });

  it('refuses a cursor, a limit and a type it does not know', async () => {
    await start();
    const web = clientOf(slack.issueToken());
    expect(await refusalOf(web.conversations.list({ cursor: 'bm9wZQ==' }))).toMatchObject({
      error: 'invalid_cursor',
    });
    expect(await refusalOf(web.conversations.list({ limit: 0 }))).toMatchObject({ error: 'invalid_limit' });
    expect(await refusalOf(web.conversations.list({ types: 'telegraph' }))).toMatchObject({
      error: 'invalid_types',
    });
  });

  it('posts by channel id and by name, with ts as text that never repeats', async () => {
    await start({ now: () => 1_800_000_000_000 });
    const web = clientOf(slack.issueToken());
    const channel = slack.channels.find(({ name }) => name === 'fatture');
    const first = await web.chat.postMessage({ channel: channel?.id ?? '', text: 'uno' });
    const second = await web.chat.postMessage({ channel: '#fatture', text: 'due', thread_ts: first.ts });
    expect([first.ts, second.ts]).toEqual(['1800000000.000000', '1800000000.000001']);
    expect(second).toMatchObject({
      ok: true,
      channel: channel?.id,
      message: { text: 'due', thread_ts: first.ts },
    });
    expect(slack.messages.map(({ text, threadTs }) => ({ text, threadTs }))).toEqual([
      { text: 'uno', threadTs: null },
      { text: 'due', threadTs: first.ts },
    ]);
  });

  it.each([
    ['a channel that is not there', { channel: '#nowhere', text: 'x' }, 'channel_not_found'],
    ['a private channel it was not invited to', { channel: '#direzione', text: 'x' }, 'channel_not_found'],
    ['an archived channel', { channel: '#vecchio-archivio', text: 'x' }, 'is_archived'],
    ['an empty message', { channel: '#fatture', text: '' }, 'no_text'],
    [
      'a reply to a message that is not there',
      { channel: '#fatture', text: 'x', thread_ts: '1.000001' },
      'thread_not_found',
    ],
  ])('refuses %s and posts nothing', async (_, message, error) => {
    await start();
    expect(await refusalOf(clientOf(slack.issueToken()).chat.postMessage(message))).toMatchObject({ error });
    expect(slack.messages).toEqual([]);
  });

  it('cuts a message that is too long, as Slack does', async () => {
    await start();
    const web = clientOf(slack.issueToken());
    await web.chat.postMessage({ channel: '#fatture', text: 'x'.repeat(40_001) });
    expect(slack.messages[0]?.text).toBe('x'.repeat(40_000));
  });

  it('keeps an app without chat:write.public to the channels it is in', async () => {
    await start({ channels: ['fatture', { name: 'ospiti', isMember: true }] });
    const web = clientOf(slack.issueToken({ scopes: ['chat:write'] }));
    expect(await refusalOf(web.chat.postMessage({ channel: '#fatture', text: 'x' }))).toMatchObject({
      error: 'not_in_channel',
    });
    expect(await web.chat.postMessage({ channel: '#ospiti', text: 'x' })).toMatchObject({ ok: true });
  });

  it('keeps workspaces apart', async () => {
    await start({
      teams: [
        { id: 'T1', name: 'Rossi' },
        { id: 'T2', name: 'Bianchi' },
      ],
      channels: ['fatture', { name: 'solo', teamId: 'T2' }],
    });
    const rossi = clientOf(slack.issueToken({ teamId: 'T1' }));
    expect(await refusalOf(rossi.chat.postMessage({ channel: '#solo', text: 'x' }))).toMatchObject({
      error: 'channel_not_found',
    });
    await rossi.chat.postMessage({ channel: '#fatture', text: 'x' });
    expect(slack.messages.map(({ teamId }) => teamId)).toEqual(['T1']);
    expect((await rossi.conversations.list()).channels?.map(({ name }) => name)).toEqual(['fatture']);
  });

  it('tells its listeners of each message until they stop, and writes down every call without its secrets', async () => {
    await start();
    const token = slack.issueToken();
    const heard: string[] = [];
    const stop = slack.onMessage(({ text }) => heard.push(text));
    await clientOf(token).chat.postMessage({ channel: '#fatture', text: 'sentito' });
    stop();
    await clientOf(token).chat.postMessage({ channel: '#fatture', text: 'non sentito' });
    await exchange({ code: codeFrom(slack.consent(authorizeUrl(), 'allow')) });
    expect(heard).toEqual(['sentito']);
    expect(slack.calls.map(({ method, result }) => ({ method, result }))).toEqual([
      { method: 'chat.postMessage', result: { ok: true } },
      { method: 'chat.postMessage', result: { ok: true } },
      { method: 'oauth.v2.access', result: { ok: true } },
    ]);
    expect(JSON.stringify(slack.calls)).not.toMatch(/xoxb-|sandbox-secret/);
  });
});

describe('A fake Slack that is kept', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'fake-slack-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('keeps tokens, codes, channels and messages over a restart, and no secret in the file', async () => {
    const stateFile = join(folder, 'deep', 'slack.json');
    await start({ stateFile });
    const token = slack.issueToken();
    const code = codeFrom(slack.consent(authorizeUrl(), 'allow'));
    slack.addChannel({ name: 'nuovo' });
    await clientOf(token).chat.postMessage({ channel: '#nuovo', text: 'prima' });
    await slack.close();
    await start({ stateFile });
    await clientOf(token).chat.postMessage({ channel: '#nuovo', text: 'dopo' });
    expect(slack.messages.map(({ text }) => text)).toEqual(['prima', 'dopo']);
    expect(await exchange({ code })).toMatchObject({ ok: true });
    expect(readFileSync(stateFile, 'utf8')).not.toContain(token);
  });

  it('refuses to start over a file it cannot read, and leaves it as it is', async () => {
    await start();
    const stateFile = join(folder, 'slack.json');
    writeFileSync(stateFile, 'not json');
    expect(() => createFakeSlack({ stateFile })).toThrow(/slack\.json is not JSON/);
    expect(readFileSync(stateFile, 'utf8')).toBe('not json');
  });
});
