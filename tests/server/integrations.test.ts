import { Client } from 'pg';
import { contractWorkflow } from '../support/definitions';
import { connectSlack, publishWorkflow, startTestServer, type TestServer } from '../support/server';

describe('connecting Slack', () => {
  let test: TestServer;
  beforeEach(async () => {
    test = await startTestServer();
  });
  afterEach(() => test.close());

  const begin = async (principal?: { userId?: string; companyId?: string }) => {
    const started = await fetch(`${test.baseUrl}/integrations/slack/connect`, {
      method: 'POST',
      headers: test.headersOf(principal),
    });
    const { authorizeUrl } = (await started.json()) as { authorizeUrl: string };
    return { authorizeUrl, setCookie: started.headers.get('set-cookie') ?? '' };
  };
  const cookieOf = (setCookie: string) => setCookie.split(';')[0] as string;
  const state = async (principal?: { companyId: string }) => {
    const { items } = await test.clientOf(principal).listIntegrations();
    return items.find((item) => item.provider === 'slack');
  };

  it('stores a working connection that names the workspace and never shows a secret', async () => {
    expect(await state()).toMatchObject({ state: 'not_connected', configured: true, account: null });
    await connectSlack(test);
    expect(await state()).toMatchObject({
      state: 'active',
      account: { label: test.slack.teams[0]?.name },
      connectedBy: 'anna',
      scopes: ['chat:write', 'chat:write.public', 'channels:read', 'groups:read', 'files:write'],
    });
    expect(await state({ companyId: 'bianchi' })).toMatchObject({ state: 'not_connected', account: null });
    const options = await test
      .clientOf()
      .listOptions({ params: { provider: 'slack', name: 'channels' }, query: { q: 'fatt' } });
    expect(options.items.map((item) => item.label)).toEqual(['#fatture']);
    expect(await test.clientOf().testIntegration({ params: { provider: 'slack' } })).toMatchObject({
      ok: true,
      state: 'active',
    });
    const client = new Client(test.database.url);
    await client.connect();
    const { rows } = await client.query('select * from workflow_connection');
    await client.end();
    expect(JSON.stringify(rows)).not.toContain('xoxb-');
    expect(JSON.stringify(await state())).not.toMatch(/xoxb-|credential|"dek"/);
  });

  it('tells everybody the state, and who may change it', async () => {
    const roles = ['viewer', 'editor', 'admin'] as const;
    const lists = await Promise.all(roles.map((role) => test.clientOf({ role }).listIntegrations()));
    expect(lists.map(({ canManage }) => canManage)).toEqual([false, false, true]);
    expect(lists[0]?.items).toEqual(lists[2]?.items);
  });

  it('sends to Slack with the scopes, a redirect from the configuration, and a cookie for this browser only', async () => {
    const { authorizeUrl, setCookie } = await begin();
    const query = new URL(authorizeUrl).searchParams;
    expect(query.get('scope')).toBe('chat:write,chat:write.public,channels:read,groups:read,files:write');
    expect(query.get('redirect_uri')).toBe(`${test.baseUrl}/integrations/slack/callback`);
    expect(query.get('state')).toMatch(/^[\w-]{43}$/);
    expect(setCookie).toMatch(/HttpOnly/);
    expect(setCookie).toMatch(/SameSite=Lax/);
    expect(setCookie).toContain('Path=/api/workflows/integrations/slack/callback');
  });

  it.each([
    ['without the browser’s cookie', async (back: string) => fetch(back)],
    [
      'in another browser',
      async (back: string) => fetch(back, { headers: { cookie: 'trama_connect_slack=somebody-else' } }),
    ],
    [
      'with another state',
      async (back: string, cookie: string) =>
        fetch(back.replace(/state=[^&]+/, 'state=forged'), { headers: { cookie } }),
    ],
    [
      'by another user of the company',
      async (back: string, cookie: string) =>
        fetch(back, {
          headers: { cookie, authorization: test.headersOf({ userId: 'bruno' }).authorization as string },
        }),
    ],
  ])('is refused %s, and stores nothing', async (_, open) => {
    const { authorizeUrl, setCookie } = await begin();
    const answer = await open(test.slack.consent(authorizeUrl, 'allow'), cookieOf(setCookie));
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain('"error":"state_invalid"');
    expect(await state()).toMatchObject({ state: 'not_connected' });
  });

  it('works once per state, and says when the person refused', async () => {
    const { authorizeUrl, setCookie } = await begin();
    const headers = { cookie: cookieOf(setCookie) };
    const back = test.slack.consent(authorizeUrl, 'allow');
    expect((await fetch(back, { headers })).status).toBe(200);
    expect((await fetch(back, { headers })).status).toBe(400);
    const again = await begin();
    const refused = await fetch(test.slack.consent(again.authorizeUrl, 'cancel'), {
      headers: { cookie: cookieOf(again.setCookie) },
    });
    expect(await refused.text()).toContain('"error":"access_denied"');
    expect(await state()).toMatchObject({ state: 'active' });
  });

  it('tells the opener at the exact origin, from a page that runs nothing else', async () => {
    const { authorizeUrl, setCookie } = await begin();
    const answer = await fetch(test.slack.consent(authorizeUrl, 'allow'), {
      headers: { cookie: cookieOf(setCookie) },
    });
    expect(answer.headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'nonce-/);
    expect(await answer.text()).toContain(
      `postMessage({"source":"trama","ok":true,"provider":"slack"},"${test.origin}")`,
    );
  });

  it('names the workflows that lose it on disconnect, and revokes the token', async () => {
    await connectSlack(test);
    const client = test.clientOf();
    const { id } = await publishWorkflow(client, contractWorkflow);
    const answer = await client.disconnectIntegration({ params: { provider: 'slack' } });
    expect(answer.workflows).toEqual([{ id, name: 'Contratto firmato' }]);
    expect(test.slack.calls.map((call) => call.method)).toContain('auth.revoke');
    expect(await state()).toMatchObject({ state: 'not_connected' });
    const { issues } = await client.validateDefinition({ body: { definition: contractWorkflow } });
    expect(issues).toEqual([
      expect.objectContaining({
        severity: 'warning',
        code: 'provider_not_connected',
        nodeId: 'slack_notify',
      }),
    ]);
  });

  it('keeps the token alive while another company uses the same workspace', async () => {
    await connectSlack(test);
    await connectSlack(test, { companyId: 'bianchi' });
    await test.clientOf().disconnectIntegration({ params: { provider: 'slack' } });
    expect(test.slack.calls.map((call) => call.method)).not.toContain('auth.revoke');
    expect(await state({ companyId: 'bianchi' })).toMatchObject({ state: 'active' });
  });

  it('notices a revoked token when tested, and asks to reconnect', async () => {
    await connectSlack(test);
    test.slack.failNext('auth.test', { error: 'token_revoked' });
    expect(await test.clientOf().testIntegration({ params: { provider: 'slack' } })).toMatchObject({
      ok: false,
      state: 'needs_reauth',
    });
    expect(await state()).toMatchObject({ state: 'needs_reauth', lastErrorCode: 'token_revoked' });
  });
});
