import { connectSlack, startTestServer, type TestServer } from '../../support/server';

let test: TestServer;
beforeAll(async () => {
  test = await startTestServer();
});
afterAll(() => test.close());

const state = async () => {
  const { items } = await test.clientOf().listIntegrations();
  return items.find(({ provider }) => provider === 'slack');
};

it('an app installed for a whole organization is refused to the person who connects it, and nothing is stored', async () => {
  const started = await fetch(`${test.baseUrl}/integrations/slack/connect`, {
    method: 'POST',
    headers: test.headersOf(),
  });
  const { authorizeUrl } = (await started.json()) as { authorizeUrl: string };
  const cookie = (started.headers.get('set-cookie') ?? '').split(';')[0] as string;
  const body = { ok: true, team: 'Rossi', team_id: 'T1', is_enterprise_install: true };
  test.slack.failNext('auth.test', { status: 200, body });
  const answer = await fetch(test.slack.consent(authorizeUrl, 'allow'), { headers: { cookie } });
  expect(answer.status).toBe(400);
  expect(await answer.text()).toContain('Install it in one workspace.');
  expect(await state()).toMatchObject({ state: 'not_connected', account: null });
});

it('a workspace is connected with the permissions the blocks need, by its own id', async () => {
  await connectSlack(test);
  const [team] = test.slack.teams;
  expect(await state()).toMatchObject({
    state: 'active',
    account: { id: team?.id, label: team?.name },
    scopes: expect.arrayContaining(['chat:write', 'files:write']),
  });
});
