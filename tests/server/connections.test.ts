import { BlockError } from '../../src/core';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { definition, node } from '../support/definitions';
import { type FakeNotes, notesOptions, notesServer, startFakeNotes, writeNote } from '../support/notes';
import { connectAs, follow, publishWorkflow, startTestServer, type TestServer } from '../support/server';

const provider = 'notes';
const params = { provider };
const cronSecret = 'the cron secret of the tests';
const [rossi, verdi, neri] = [
  { accountId: 'team-1', label: 'Studio Rossi' },
  { accountId: 'team-2', label: 'Verdi S.r.l.' },
  { accountId: 'team-3', label: 'Neri S.p.A.' },
];

describe('a connection', () => {
  let fake: FakeNotes;
  let database: TestDatabase;
  let test: TestServer;
  let now: number;
  const clock = { now: () => now };
  const connect = (principal?: { companyId?: string; userId?: string }) =>
    connectAs(test, provider, fake.consent, principal);
  const state = async (companyId = 'rossi') =>
    (await test.clientOf({ companyId }).listIntegrations()).items.find((item) => item.provider === provider);
  const choose = (accountId: string, principal = {}) =>
    test.clientOf(principal).chooseAccount({ params, body: { accountId } });
  const audited = async () =>
    (await test.clientOf().listAudit({})).items.map(({ action, userId }) => `${action} ${userId}`);
  const sweep = () =>
    fetch(`${test.baseUrl}/internal/sweep`, {
      method: 'POST',
      headers: { authorization: `Bearer ${cronSecret}` },
    });
  const validate = async (workflow = noteWorkflow) =>
    (await test.clientOf().validateDefinition({ body: { definition: workflow } })).issues;

  beforeEach(async () => {
    now = Date.now();
    fake = await startFakeNotes();
    database = await createTestDatabase();
    test = await startTestServer({ ...notesOptions(fake.origin), clock, cronSecret }, database);
  });
  afterEach(async () => {
    await test.close();
    await fake.close();
    await database.drop();
  });

  describe('to several accounts', () => {
    beforeEach(() => {
      fake.accounts = [rossi, verdi];
    });

    it('waits for an administrator to choose, and works with the chosen one', async () => {
      await connect();
      expect(await state()).toMatchObject({
        state: 'needs_account',
        account: null,
        accounts: [
          { id: 'team-1', label: 'Studio Rossi' },
          { id: 'team-2', label: 'Verdi S.r.l.' },
        ],
      });
      expect(await test.clientOf().testIntegration({ params })).toMatchObject({
        ok: false,
        state: 'needs_account',
      });
      expect(await choose('team-2')).toEqual({
        state: 'active',
        account: { id: 'team-2', label: 'Verdi S.r.l.' },
      });
      expect(await state()).toMatchObject({
        state: 'active',
        account: { id: 'team-2', label: 'Verdi S.r.l.' },
        accounts: [],
      });
      expect(await test.clientOf().testIntegration({ params })).toMatchObject({ ok: true });
      expect(await audited()).toEqual(['integration.account anna', 'integration.connect anna']);
    });

    it('refuses an account it does not offer, a second choice, other roles and other companies', async () => {
      await expect(choose('team-1')).rejects.toMatchObject({ code: 'invalid_request' });
      await connect();
      await expect(choose('team-9')).rejects.toMatchObject({ code: 'invalid_request' });
      await expect(choose('team-1', { role: 'editor' })).rejects.toMatchObject({ code: 'forbidden' });
      await expect(choose('team-1', { companyId: 'bianchi' })).rejects.toMatchObject({
        code: 'invalid_request',
      });
      expect(await state()).toMatchObject({ state: 'needs_account' });
      await choose('team-1');
      await expect(choose('team-2')).rejects.toMatchObject({ code: 'invalid_request' });
      expect(await state()).toMatchObject({ account: { id: 'team-1' } });
    });

    it('keeps the one chosen before when it is connected again, and asks when that one is gone', async () => {
      await connect();
      await choose('team-2');
      await connect();
      expect(await state()).toMatchObject({ state: 'active', account: { id: 'team-2' }, accounts: [] });
      fake.accounts = [rossi, neri];
      await connect();
      expect(await state()).toMatchObject({ state: 'needs_account', account: null });
    });

    it('is not marked as refused by a run that found it without an account', async () => {
      await connect();
      const { id } = await publishWorkflow(test.clientOf(), noteWorkflow);
      const { run } = await test.clientOf().startRun({ params: { id }, body: {} });
      await follow(test.clientOf(), run.id, (status) => status !== 'running' && status !== 'queued');
      expect(await state()).toMatchObject({ state: 'needs_account', lastErrorCode: null });
    });

    it('to none is refused, and stores nothing', async () => {
      fake.accounts = [];
      await expect(connect()).rejects.toThrow('"error":"account_missing"');
      expect(await state()).toMatchObject({ state: 'not_connected' });
    });
  });

  describe('to another account than before', () => {
    const unchosen = {
      state: 'needs_account',
      account: null,
      accounts: [{ id: 'team-2', label: 'Verdi S.r.l.' }],
    };
    const connectTo = (...accounts: typeof fake.accounts) => {
      fake.accounts = accounts;
      return connect();
    };
    beforeEach(() => connectTo(rossi));

    it('is kept out of use, though there is only one, however often it is made', async () => {
      await connectTo(verdi);
      expect(await state()).toMatchObject(unchosen);
      await connectTo(verdi);
      expect(await state()).toMatchObject(unchosen);
      expect(await test.clientOf().testIntegration({ params })).toMatchObject({ ok: false });
    });

    it('gives way to the one before when that is connected again', async () => {
      await connectTo(verdi);
      await connectTo(rossi, neri);
      expect(await state()).toMatchObject({ state: 'active', account: { id: 'team-1' }, accounts: [] });
    });

    it('wakes no run that waits before a person chooses it', async () => {
      fake.omit = ['refresh_token'];
      await connectTo(rossi);
      fake.revokeAccess();
      const { id } = await publishWorkflow(test.clientOf(), noteWorkflow);
      const { run } = await test.clientOf().startRun({ params: { id }, body: {} });
      const isWaiting = (status: string) => status === 'waiting';
      await follow(test.clientOf(), run.id, isWaiting);
      await connectTo(verdi);
      await sweep();
      const later = await test.clientOf().startRun({ params: { id }, body: {} });
      await follow(test.clientOf(), later.run.id, isWaiting);
      const { items } = await test.clientOf().listRuns({});
      expect(items.map(({ status }) => status)).toEqual(['waiting', 'waiting']);
      expect(fake.count('POST /notes')).toBe(1);
      expect(await choose('team-2')).toMatchObject({ state: 'active', account: { id: 'team-2' } });
      for (const waiting of [run, later.run])
        expect((await follow(test.clientOf(), waiting.id)).run.status).toBe('succeeded');
    });

    it('is used at once after a disconnect', async () => {
      await test.clientOf().disconnectIntegration({ params });
      await connectTo(verdi);
      expect(await state()).toMatchObject({ state: 'active', account: { id: 'team-2' } });
    });

    it('is not ended at the provider unchosen, and no longer counts as sharing the one before', async () => {
      await connect({ companyId: 'bianchi' });
      await connectTo(verdi);
      await test.clientOf({ companyId: 'bianchi' }).disconnectIntegration({ params });
      expect(fake.count('POST /revoke')).toBe(1);
      await test.clientOf().disconnectIntegration({ params });
      expect(fake.count('POST /revoke')).toBe(1);
      expect(await state()).toMatchObject({ state: 'not_connected' });
    });
  });

  it('takes the permissions it asked for as granted when the provider does not say', async () => {
    fake.omit = ['scope'];
    await connect();
    expect(await state()).toMatchObject({ scopes: ['notes:write', 'tags:read'] });
    expect(await validate()).toEqual([]);
  });

  it('that was granted less than a step needs is told of before a run', async () => {
    fake.failNext('/token', {
      body: { access_token: 'a/short-of-scopes', token_type: 'bearer', scope: 'tags:read' },
    });
    fake.failNext('/me', { body: [rossi] });
    await connect();
    expect(await validate()).toEqual([
      expect.objectContaining({ severity: 'warning', code: 'scope_missing', nodeId: 'note' }),
    ]);
  });

  it('shows an error while the provider fails, and is active again after the next test', async () => {
    await connect();
    fake.failNext('/me', { status: 500, body: 'down' });
    expect(await test.clientOf().testIntegration({ params })).toMatchObject({ ok: false, state: 'error' });
    expect(await state()).toMatchObject({ state: 'error', lastErrorCode: 'status_500' });
    expect(await test.clientOf().testIntegration({ params })).toMatchObject({ ok: true, state: 'active' });
    expect(await state()).toMatchObject({ state: 'active', lastErrorCode: null });
  });

  it('made anew while a run still used the old one is not marked by that run, which goes on with it', async () => {
    fake.omit = ['refresh_token'];
    await connect();
    fake.failNext('/notes', async () => {
      await connect();
      return { status: 401, body: {} };
    });
    const { id } = await publishWorkflow(test.clientOf(), noteWorkflow);
    const { run } = await test.clientOf().startRun({ params: { id }, body: {} });
    expect((await follow(test.clientOf(), run.id)).run.status).toBe('succeeded');
    // Refused with the old one, it went on with the new one.
    expect(fake.count('POST /notes')).toBe(2);
    expect(await state()).toMatchObject({ state: 'active', lastErrorCode: null });
  });

  it('is ended here even when the provider cannot be told, and names the workflows that lose it', async () => {
    await connect();
    const { id } = await publishWorkflow(test.clientOf(), noteWorkflow, 'Nota');
    fake.failNext('/revoke', 'cut');
    const answer = await test.clientOf().disconnectIntegration({ params });
    expect(answer.workflows).toEqual([{ id, name: 'Nota' }]);
    expect(fake.count('POST /revoke')).toBe(1);
    expect(await state()).toMatchObject({ state: 'not_connected' });
    expect((await audited())[0]).toBe('integration.disconnect anna');
  });

  it('is ended at the provider only with the last company that shares the account', async () => {
    await connect();
    await connect({ companyId: 'bianchi' });
    await test.clientOf().disconnectIntegration({ params });
    expect(fake.count('POST /revoke')).toBe(0);
    await test.clientOf({ companyId: 'bianchi' }).disconnectIntegration({ params });
    expect(fake.count('POST /revoke')).toBe(1);
  });

  describe('being made', () => {
    const begin = async (principal?: { userId?: string; companyId?: string }) => {
      const started = await fetch(`${test.baseUrl}/integrations/${provider}/connect`, {
        method: 'POST',
        headers: test.headersOf(principal),
      });
      const { authorizeUrl } = (await started.json()) as { authorizeUrl: string };
      const cookie = (started.headers.get('set-cookie') ?? '').split(';')[0] as string;
      return { authorizeUrl, cookie };
    };
    const errorOf = async (back: string, headers: Record<string, string>) => {
      const answer = await fetch(back, { headers });
      const text = await answer.text();
      return { status: answer.status, error: text.match(/"error":"(\w+)"/)?.[1] ?? null, text };
    };

    it('is given up after ten minutes', async () => {
      const { authorizeUrl, cookie } = await begin();
      now += 10 * 60_000;
      expect(await errorOf(fake.consent(authorizeUrl), { cookie })).toMatchObject({ error: 'state_invalid' });
      expect(fake.count('grant code')).toBe(0);
    });

    it('cannot be finished at another provider’s return address', async () => {
      const { authorizeUrl, cookie } = await begin();
      const back = fake.consent(authorizeUrl).replace('/notes/', '/slack/');
      const other = cookie.replace('trama_connect_notes', 'trama_connect_slack');
      expect(await errorOf(back, { cookie: other })).toMatchObject({ error: 'state_invalid' });
      expect(fake.count('grant code')).toBe(0);
    });

    it('cannot be finished by the victim of a swapped address, nor with the victim’s own flow', async () => {
      const attacker = await begin({ companyId: 'attacker', userId: 'mallory' });
      const victim = await begin();
      const attackersWay = fake.consent(attacker.authorizeUrl);
      expect(await errorOf(attackersWay, { cookie: victim.cookie })).toMatchObject({
        error: 'state_invalid',
      });
      expect(await state()).toMatchObject({ state: 'not_connected' });
      expect(await state('attacker')).toMatchObject({ state: 'not_connected' });
    });

    it('goes back to the configured address, whatever the request says of itself', async () => {
      const started = await fetch(`${test.baseUrl}/integrations/${provider}/connect`, {
        method: 'POST',
        headers: {
          ...test.headersOf(),
          'x-forwarded-host': 'evil.example',
          'x-forwarded-proto': 'https',
          forwarded: 'host=evil.example',
        },
      });
      expect(await started.text()).not.toContain('evil.example');
    });

    it('ends with a typed error when the exchange fails, and the page shows nothing of what was said', async () => {
      const { authorizeUrl, cookie } = await begin();
      fake.failNext('/token', {
        status: 400,
        body: { error: 'invalid_grant', error_description: '<b>secret</b>' },
      });
      const answer = await errorOf(fake.consent(authorizeUrl), { cookie });
      expect(answer).toMatchObject({ status: 400, error: 'exchange_failed' });
      expect(answer.text).not.toContain('secret');
    });

    it('shows nothing of an error the address brings', async () => {
      const { authorizeUrl, cookie } = await begin();
      const state = new URL(authorizeUrl).searchParams.get('state');
      const back = `${test.baseUrl}/integrations/${provider}/callback?error=%3Cscript%3Ealert(1)%3C/script%3E&state=${state}`;
      const answer = await errorOf(back, { cookie });
      expect(answer).toMatchObject({ status: 400, error: 'exchange_failed' });
      expect(answer.text).not.toContain('alert(1)');
    });

    it('says in words why an account of this kind is refused', async () => {
      const message = 'An organisation-wide <installation> cannot be used. Install it in one team.';
      const identify = jest
        .spyOn(notesServer, 'identify')
        .mockRejectedValue(new BlockError({ kind: 'terminal', code: 'organisation', message }));
      const { authorizeUrl, cookie } = await begin();
      const answer = await errorOf(fake.consent(authorizeUrl), { cookie });
      identify.mockRestore();
      expect(answer).toMatchObject({ status: 400, error: 'account_refused' });
      expect(answer.text).toContain('An organisation-wide &lt;installation&gt; cannot be used.');
      expect(answer.text).not.toContain('<installation>');
      expect(await state()).toMatchObject({ state: 'not_connected' });
    });

    it('ends on a page nobody may frame, keep or load anything into', async () => {
      const { authorizeUrl, cookie } = await begin();
      const { headers } = await fetch(fake.consent(authorizeUrl), { headers: { cookie } });
      expect(Object.fromEntries(headers)).toMatchObject({
        'content-security-policy': expect.stringMatching(
          /^default-src 'none'; script-src 'nonce-[\w+/=]+'; frame-ancestors 'none'$/,
        ),
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
        'content-type': 'text/html; charset=utf-8',
        'set-cookie': expect.stringMatching(/^trama_connect_notes=;.*Expires=Thu, 01 Jan 1970/),
      });
    });
  });
});

const noteWorkflow = definition(
  [node('note', writeNote.type, { config: { text: 'ciao' } })],
  ['trigger -> note'],
);
