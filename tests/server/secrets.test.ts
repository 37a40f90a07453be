/** Every secret here is a value found nowhere else. After all that can happen to it, it is looked for in everything that is kept, logged or said. */
import { Client } from 'pg';
import { contract, type WorkflowDefinition } from '../../src/core';
import { condition, definition, node } from '../support/definitions';
import {
  type FakeNotes,
  NOTES_CLIENT_SECRET,
  notesOptions,
  startFakeNotes,
  writeNote,
} from '../support/notes';
import { connectAs, follow, publishWorkflow, startTestServer, type TestServer } from '../support/server';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const eventKey = base64('canary event secret 7h3q');
const vaultKey = base64('canary encryption key of 32 byte');
const cronSecret = 'canary-cron-secret-4f9d';
const apiKey = 're_canary-api-key-2b8e';

const params = { provider: 'notes' };
const authorization = '{{step.note.output.said.authorization}}';

/** A step that is given the provider's echo, and others that pass it on in every way there is. */
const passedOn = definition(
  [
    node('note', writeNote.type, { config: { text: 'ciao', pin: 'canary-pin-6m1z' } }),
    node('again', writeNote.type, { config: { text: `He said: ${authorization}` } }),
    node('if_1', 'flow.if', { config: condition(authorization, 'contains', 'Bearer') }),
    node('ask', 'flow.approval', { config: { message: `Is ${authorization} right?` } }),
    node('stop', 'flow.stop', { config: { status: 'failed', message: `Stopped at ${authorization}` } }),
  ],
  ['trigger -> note', 'note -> again', 'again -> if_1', 'if_1:true -> ask', 'ask:approved -> stop'],
);
const single = definition([node('note', writeNote.type, { config: { text: 'ciao' } })], ['trigger -> note']);
const caught = definition(
  [
    node('note', writeNote.type, { config: { text: 'ciao' }, onError: 'branch' }),
    node('tell', writeNote.type, { config: { text: '{{step.note.output.error.message}}' } }),
  ],
  ['trigger -> note', 'note:error -> tell'],
);

describe('a secret', () => {
  let fake: FakeNotes;
  let test: TestServer;
  let now: number;
  let said: string[];

  const remember = (...things: unknown[]) => said.push(JSON.stringify(things));
  const keep = (level: string) => (message: string, facts?: object) => remember(level, message, facts);

  beforeEach(async () => {
    now = Date.now();
    said = [];
    fake = await startFakeNotes();
    const options = notesOptions(fake.origin);
    test = await startTestServer({
      ...options,
      providers: { ...options.providers, resend: { apiKey } },
      eventSecret: `whsec_${eventKey}`,
      encryptionKeys: `k1:${vaultKey}`,
      cronSecret,
      clock: { now: () => now },
      logger: { info: keep('info'), warn: keep('warn'), error: keep('error') },
    });
  });
  afterEach(async () => {
    await test.close();
    await fake.close();
  });

  const connect = () => connectAs(test, 'notes', fake.consent);
  const run = async (workflow: WorkflowDefinition) => {
    const { id } = await publishWorkflow(test.clientOf(), workflow);
    const { run: started } = await test.clientOf().startRun({ params: { id }, body: {} });
    const isQuiet = (status: string) => !['queued', 'running'].includes(status);
    return follow(test.clientOf(), started.id, isQuiet);
  };
  const attempt = async (call: Promise<unknown>) =>
    remember(await call.catch((error) => ({ ...error, message: error.message, stack: error.stack })));
  const echo = (status: number) => (request: { headers: { authorization?: string | undefined } }) => ({
    status,
    body: {
      you_sent: request.headers.authorization,
      [`${request.headers.authorization}`]: 'as a key',
      encoded: encodeURIComponent(request.headers.authorization ?? ''),
      escaped: (request.headers.authorization ?? '').replaceAll('/', '\\/'),
      base64: base64((request.headers.authorization ?? '').replace('Bearer ', '')),
    },
  });

  /** Every row of every table, as text. */
  const readDatabase = async () => {
    const client = new Client(test.database.url);
    await client.connect();
    const { rows: tables } = await client.query(
      `select table_name as name from information_schema.tables where table_schema = 'public'`,
    );
    const texts: string[] = [];
    for (const { name } of tables) {
      const { rows } = await client.query(`select t::text as text from ${name} t`);
      texts.push(...rows.map(({ text }) => `${name}: ${text}`));
    }
    await client.end();
    return texts;
  };

  /** The answers of every route that reads, for everything there is. */
  const readRoutes = async () => {
    const { items: workflows } = await test.clientOf().listWorkflows({ query: { limit: 100 } });
    const { items: runs } = await test.clientOf().listRuns({ query: { limit: 100 } });
    const paths = Object.values(contract)
      .filter(({ method }) => method === 'GET')
      .flatMap(({ path }) => {
        const ids = path.startsWith('/runs') ? runs : workflows;
        const filled = path.replace(':version', '1').replace(':provider', 'notes').replace(':name', 'tags');
        return filled.includes(':id') ? ids.map(({ id }) => filled.replace(':id', id)) : [filled];
      });
    return Promise.all(
      paths.map(async (path) => {
        const answer = await fetch(`${test.baseUrl}${path}`, { headers: test.headersOf() });
        return `${path}: ${answer.status} ${await answer.text()}`;
      }),
    );
  };

  const formsOf = (secret: string) => [
    secret,
    encodeURIComponent(secret),
    secret.replaceAll('/', '\\/'),
    base64(secret).replace(/=+$/, ''),
    Buffer.from(secret).toString('hex'),
  ];
  const leaks = (texts: readonly string[]) => {
    const own = [NOTES_CLIENT_SECRET, eventKey, vaultKey, cronSecret, apiKey];
    const secrets = [...own, ...fake.secrets].filter((secret) => secret.length >= 8);
    expect(secrets.length).toBeGreaterThan(6);
    return secrets.flatMap((secret) =>
      formsOf(secret).flatMap((form) =>
        texts.filter((text) => text.includes(form)).map((text) => [form, text]),
      ),
    );
  };

  it('appears nowhere, whatever a provider echoes and a workflow passes on', async () => {
    await connect();
    const { steps } = await run(passedOn);
    expect(steps.map(({ status }) => status)).toEqual(expect.arrayContaining(['succeeded', 'waiting']));
    const note = steps.find(({ nodeId }) => nodeId === 'note');
    // The provider did say it, and what is no secret is kept.
    expect(note?.output).toMatchObject({ id: 'n1', said: { authorization: 'Bearer ••••••' } });
    const { items } = await test.clientOf().listApprovals({});
    expect(items[0]?.message).toBe('Is Bearer •••••• right?');
    await test
      .clientOf()
      .decideApproval({ params: { id: items[0]?.id ?? '' }, body: { decision: 'approved' } });

    for (const status of [400, 401, 403, 429, 500]) {
      for (const workflow of [single, caught]) {
        fake.failNext('/notes', echo(status));
        remember(await run(workflow));
      }
      await connect();
    }
    for (const path of ['/me', '/tags', '/revoke', '/token'] as const) {
      fake.failNext(path, echo(400));
      if (path === '/me') await attempt(test.clientOf().testIntegration({ params }));
      if (path === '/tags')
        await attempt(test.clientOf().listOptions({ params: { ...params, name: 'tags' }, query: {} }));
      if (path === '/revoke') await attempt(test.clientOf().disconnectIntegration({ params }));
      if (path === '/token') await attempt(connect());
    }
    await connect();
    now += 3_600_000;
    fake.failNext('/token', (request) => ({
      status: 400,
      body: { error: 'invalid_grant', ...echo(400)(request).body },
    }));
    remember(await run(single));
    await attempt(
      fetch(`${test.baseUrl}/internal/sweep`, {
        method: 'POST',
        headers: { authorization: `Bearer ${cronSecret}x` },
      }).then((answer) => answer.text()),
    );

    expect(leaks(await readDatabase())).toEqual([]);
    expect(leaks(await readRoutes())).toEqual([]);
    expect(leaks(said)).toEqual([]);
    expect(said.length).toBeGreaterThan(20);
  });

  it('given to a sensitive field reaches the provider, and is masked in what is kept', async () => {
    await connect();
    const { steps } = await run(passedOn);
    const note = steps.find(({ nodeId }) => nodeId === 'note');
    expect(note?.input).toEqual({ text: 'ciao', pin: '••••••' });
    // What the provider was sent, as it says.
    expect(note?.output).toMatchObject({ said: { note: { text: 'ciao', pin: 'canary-pin-6m1z' } } });
  });
});
