import { docManagerServer } from '../../src/blocks/doc-manager/provider.server';
import { definition, node } from '../support/definitions';
import startPostgres from '../support/postgres-setup';
import stopPostgres from '../support/postgres-teardown';
import { follow, publishWorkflow, startTestServer, type TestServer } from '../support/server';
import { slackWith } from '../support/slack-implementation';
import { type ArgumentCheck, createArgumentCheck } from './slack-reference';

/** Where the server thinks it is: the redirect address registered with the app begins so. */
const baseUrl = 'https://app.example/api/workflows';
const bytes = new Uint8Array(Buffer.from('%PDF-1.7 \u0000\u00ff', 'latin1'));

let test: TestServer;
let check: ArgumentCheck;

/** A server whose calls to Slack are held against the reference. `origin`: a Slack somebody else wrote, else our own stand-in. */
async function start(origin?: string) {
  check = createArgumentCheck();
  const { executors, providerImplementations } = slackWith((context) => ({
    fetch: check.wrap(context.fetch),
    pace: async () => {},
  }));
  const file = { filename: 'contratto.pdf', contentType: 'application/pdf', bytes };
  const documents = { ...docManagerServer, openFile: async () => file };
  const others = providerImplementations.filter(({ provider }) => provider.id !== 'doc-manager');
  const app = JSON.parse(process.env.EMULATED_SLACK_APP ?? '{}');
  const credentials = { clientId: app.client_id, clientSecret: app.client_secret };
  test = await startTestServer({
    executors,
    providerImplementations: [documents, ...others],
    baseUrl,
    ...(origin ? { providers: { slack: { ...credentials, baseUrl: origin } } } : {}),
  });
}

beforeAll(startPostgres);
afterEach(() => test.close());
afterAll(stopPostgres);

/** Connects as a person would; `decide` is what happens on Slack's page. */
async function connect(decide: (authorizeUrl: string) => Promise<string>): Promise<void> {
  const started = await fetch(`${test.baseUrl}/integrations/slack/connect`, {
    method: 'POST',
    headers: test.headersOf(),
  });
  const { authorizeUrl } = (await started.json()) as { authorizeUrl: string };
  const cookie = (started.headers.get('set-cookie') ?? '').split(';')[0] as string;
  const back = await decide(authorizeUrl);
  expect(back.startsWith(baseUrl)).toBe(true);
  const finished = await fetch(back.replace(baseUrl, test.baseUrl), { headers: { cookie } });
  expect(finished.status).toBe(200);
}

/** The first person of the page's list signs in. */
async function signIn(authorizeUrl: string): Promise<string> {
  const page = await (await fetch(authorizeUrl)).text();
  const hidden = [...page.matchAll(/<input[^>]*name="(\w+)"[^>]*value="([^"]*)"/g)];
  const decoded = hidden.map(([, name = '', value = '']) => [name, value.replaceAll('&amp;', '&')]);
  const answer = await fetch(new URL('/oauth/v2/authorize/callback', authorizeUrl), {
    method: 'POST',
    body: new URLSearchParams(Object.fromEntries(decoded)),
    redirect: 'manual',
  });
  return answer.headers.get('location') ?? '';
}

const channelNamed = async (name: string): Promise<string> => {
  const { items } = await test
    .clientOf()
    .listOptions({ params: { provider: 'slack', name: 'channels' }, query: { q: name } });
  return items.find(({ label }) => label === `#${name}`)?.value ?? '';
};

const everyBlock = (channel: string) =>
  definition(
    [
      node('first', 'slack.notify-status', { config: { channel, text: 'in corso' } }),
      node('say', 'slack.send-message', { config: { channel, text: 'Ecco <!here> {{trigger.payload.a}}' } }),
      node('reply', 'slack.reply-in-thread', {
        config: { channel, threadTs: '{{step.say.output.ts}}', text: 'sì' },
      }),
      node('share', 'slack.upload-file', {
        config: { channel, file: 'doc_1', title: 'Contratto', comment: 'firmato' },
      }),
      node('share_in_thread', 'slack.upload-file', {
        config: { channel, file: 'doc_1', threadTs: '{{step.say.output.ts}}' },
      }),
      node('second', 'slack.notify-status', {
        config: { channel, text: 'fatto', update: '{{step.first.output.ts}}' },
      }),
    ],
    [
      'trigger -> first',
      'first -> say',
      'say -> reply',
      'reply -> share',
      'share -> share_in_thread',
      'share_in_thread -> second',
    ],
  );

async function runEveryBlock(channel: string) {
  const client = test.clientOf();
  const { id } = await publishWorkflow(client, everyBlock(channel));
  const { run } = await client.startRun({ params: { id }, body: { payload: { a: '<!channel>' } } });
  return follow(client, run.id, (status) => status === 'needs_attention' || status === 'waiting');
}

const ofTheBlocks = [
  'auth.test',
  'chat.postMessage',
  'chat.update',
  'conversations.list',
  'files.completeUploadExternal',
  'files.getUploadURLExternal',
];

describe('what the blocks of Slack send', () => {
  it('is in Slack’s reference, argument by argument, and works with our stand-in', async () => {
    await start();
    await connect(async (url) => test.slack.consent(url, 'allow'));
    const { run, steps } = await runEveryBlock(await channelNamed('fatture'));
    expect(steps.map(({ key, error }) => [key, error?.code])).toEqual(
      steps.map(({ key }) => [key, undefined]),
    );
    expect(run.status).toBe('succeeded');
    await test.clientOf().disconnectIntegration({ params: { provider: 'slack' } });
    expect(check.problems).toEqual([]);
    expect([...check.methods].sort()).toEqual(['auth.revoke', ...ofTheBlocks].sort());
  });

  it('works with a Slack written by others', async () => {
    await start(process.env.EMULATED_SLACK_ORIGIN);
    await connect(signIn);
    const { items } = await test.clientOf().listIntegrations();
    expect(items.find(({ provider }) => provider === 'slack')).toMatchObject({
      state: 'active',
      account: { label: 'Rossi' },
    });
    const channel = await channelNamed('fatture');
    const { run, steps } = await runEveryBlock(channel);
    expect(steps.map(({ key, error }) => [key, error?.code])).toEqual(
      steps.map(({ key }) => [key, undefined]),
    );
    expect(run.status).toBe('succeeded');
    const outputOf = (key: string) =>
      steps.find((step) => step.key === key)?.output as Record<string, unknown>;
    expect(outputOf('second')).toEqual({ ...outputOf('first'), updated: true });
    expect(outputOf('share')).toMatchObject({
      channel,
      filename: 'contratto.pdf',
      fileId: expect.stringMatching(/^F/),
    });
    expect(check.problems).toEqual([]);
  });
});
