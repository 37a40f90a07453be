import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { createFakeSlack } from 'trama/testing';
import { authorizeUrl, clientOf, codeFrom, exchange, slack, start, use } from './slack-harness';

afterEach(() => slack.close());

describe('Connecting to the fake Slack', () => {
  it('asks the person on a page that names the app, its scopes and the workspaces, and runs no script', async () => {
    await start({
      name: 'Doc <Manager>',
      teams: [
        { id: 'T1', name: 'Rossi' },
        { id: 'T2', name: 'Bianchi' },
      ],
    });
    const response = await fetch(authorizeUrl({ team: 'T2' }));
    const page = await response.text();
    expect(response.status).toBe(200);
    expect(page).toContain('Doc &lt;Manager&gt;');
    expect(page).toContain('<code>chat:write</code>');
    expect(page).toContain('<option value="T2" selected>Bianchi</option>');
    expect(page).toContain('Consenti');
    expect(page).toContain('Allow');
    expect(page).not.toContain('<script');
  });

  it('chooses the workspace this browser is signed in to', async () => {
    const teams = [
      { id: 'T1', name: 'Rossi' },
      { id: 'T2', name: 'Bianchi' },
    ];
    await start({ teams, signedInTeam: (req) => req.headers.cookie });
    const page = await (await fetch(authorizeUrl(), { headers: { cookie: 'T2' } })).text();
    expect(page).toContain('<option value="T2" selected>Bianchi</option>');
    expect(await (await fetch(authorizeUrl())).text()).toContain(
      '<option value="T1" selected>Rossi</option>',
    );
  });

  it('sends the browser back with a code and the state when the person allows', async () => {
    await start();
    const body = new URLSearchParams({ decision: 'allow', team: 'T0SANDBOX' });
    const response = await fetch(authorizeUrl(), { method: 'POST', body, redirect: 'manual' });
    const location = new URL(response.headers.get('location') ?? '');
    expect(response.status).toBe(302);
    expect(location.origin + location.pathname).toBe('http://app.test/callback');
    expect(location.searchParams.get('state')).toBe('opaque-state');
    expect(location.searchParams.get('code')).toMatch(/^[0-9a-f]{36}$/);
    expect(location.searchParams.has('error')).toBe(false);
  });

  it('sends the browser back with access_denied and no code when the person cancels', async () => {
    await start();
    const location = new URL(slack.consent(authorizeUrl(), 'cancel'));
    expect(Object.fromEntries(location.searchParams)).toEqual({
      error: 'access_denied',
      state: 'opaque-state',
    });
  });

  it.each([
    ['an unknown client', { client_id: 'other' }, 'invalid_client_id'],
    ['a redirect that is no web address', { redirect_uri: 'javascript:alert(1)' }, 'bad_redirect_uri'],
    [
      'a redirect the app did not register',
      { redirect_uri: 'http://evil.test/callback' },
      'bad_redirect_uri',
    ],
    ['no scopes', { scope: '' }, 'no_scopes'],
  ])('shows an error page for %s and redirects nobody', async (_, overrides, code) => {
    await start({ redirectUrls: ['http://app.test/'] });
    const response = await fetch(authorizeUrl(overrides), { redirect: 'manual' });
    expect(response.status).toBe(400);
    expect(response.headers.get('location')).toBeNull();
    expect(await response.text()).toContain(code);
  });

  it('exchanges a code for a token the Web API accepts, in the workspace the person chose', async () => {
    await start({
      teams: [
        { id: 'T1', name: 'Rossi' },
        { id: 'T2', name: 'Bianchi' },
      ],
    });
    const answer = await exchange({ code: codeFrom(slack.consent(authorizeUrl(), 'allow', 'T2')) });
    expect(answer).toEqual({
      ok: true,
      access_token: expect.stringMatching(/^xoxb-/),
      token_type: 'bot',
      scope: 'chat:write,channels:read',
      bot_user_id: 'UT2',
      app_id: 'A0SANDBOX',
      team: { id: 'T2', name: 'Bianchi' },
      enterprise: null,
      is_enterprise_install: false,
      authed_user: { id: 'WT2' },
    });
    expect(await clientOf(answer.access_token as string).auth.test()).toMatchObject({
      ok: true,
      team_id: 'T2',
      team: 'Bianchi',
    });
  });

  it('exchanges through the real client too, with the credentials in the body', async () => {
    await start();
    const code = codeFrom(slack.consent(authorizeUrl(), 'allow'));
    const answer = await clientOf(undefined).oauth.v2.access({
      code,
      client_id: 'sandbox-client',
      client_secret: 'sandbox-secret',
      redirect_uri: 'http://app.test/callback',
    });
    expect(answer).toMatchObject({ ok: true, token_type: 'bot', team: { name: 'Sandbox' } });
  });

  it('takes a code once', async () => {
    await start();
    const code = codeFrom(slack.consent(authorizeUrl(), 'allow'));
    expect(await exchange({ code })).toMatchObject({ ok: true });
    expect(await exchange({ code })).toEqual({ ok: false, error: 'invalid_code' });
  });

  it('takes a code for ten minutes', async () => {
    let now = 1_800_000_000_000;
    await start({ now: () => now });
    const code = codeFrom(slack.consent(authorizeUrl(), 'allow'));
    now += 10 * 60_000;
    expect(await exchange({ code })).toEqual({ ok: false, error: 'invalid_code' });
  });

  it.each([
    ['a made-up code', { code: 'nope' }, 'invalid_code'],
    ['the wrong secret', { client_secret: 'wrong' }, 'bad_client_secret'],
    ['an unknown client', { client_id: 'other' }, 'invalid_client_id'],
    ['another redirect address', { redirect_uri: 'http://app.test/elsewhere' }, 'bad_redirect_uri'],
  ])('refuses %s with HTTP 200 and leaves the code usable', async (_, overrides, error) => {
    await start();
    const code = codeFrom(slack.consent(authorizeUrl(), 'allow'));
    expect(await exchange({ code, ...overrides })).toEqual({ ok: false, error });
    expect(await exchange({ code })).toMatchObject({ ok: true });
  });
});

describe('A fake Slack under a path of an Express app', () => {
  it.each([
    ['before', false],
    ['after', true],
  ])('serves the consent page and the API, mounted %s a body parser', async (_, isParsed) => {
    const fake = createFakeSlack();
    const app = express();
    if (isParsed) app.use(express.json(), express.urlencoded());
    app.use('/sandbox/slack', fake.handler);
    const server = createServer(app);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    use(fake, `http://127.0.0.1:${(server.address() as AddressInfo).port}/sandbox/slack`);
    const body = new URLSearchParams({ decision: 'allow', team: 'T0SANDBOX' });
    const response = await fetch(authorizeUrl(), { method: 'POST', body, redirect: 'manual' });
    const answer = await exchange({ code: codeFrom(response.headers.get('location') ?? '') });
    const tested = await clientOf(answer.access_token as string).auth.test();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    expect(tested).toMatchObject({ ok: true, team: 'Sandbox' });
  });
});
