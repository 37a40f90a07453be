import { slackServer } from '../../../src/blocks/slack/client.server';
import type { AnyProvider, ClientContext } from '../../../src/core';
import { BlockError } from '../../../src/core';
import { createFakeSlack, type FakeSlack } from '../../../src/testing';

let slack: FakeSlack;
let client: Awaited<ReturnType<typeof slackServer.client>>;
const channels = (slackServer as AnyProvider).options?.channels;
const find = (value: string) => channels?.find?.(client, value);
const idOf = (name: string) => slack.channels.find((channel) => channel.name === name)?.id ?? '';

async function start(options: Parameters<typeof createFakeSlack>[0] = {}) {
  slack = createFakeSlack(options);
  const baseUrl = await slack.listen();
  const token = slack.issueToken();
  const context: ClientContext = {
    baseUrl,
    accessToken: async () => token,
    apiKey: null,
    accountId: null,
    fetch,
    pace: async () => {},
    companyId: 'rossi',
    step: null,
    host: null,
  };
  client = await slackServer.client(context);
}

afterEach(() => slack.close());

describe('a channel that was chosen', () => {
  it('gets its name, by its id or as it was written', async () => {
    await start();
    expect(await find(idOf('fatture'))).toEqual({ value: idOf('fatture'), label: '#fatture' });
    expect(await find('#fatture')).toEqual({ value: idOf('fatture'), label: '#fatture' });
    expect(await find('fatture')).toEqual({ value: idOf('fatture'), label: '#fatture' });
  });

  it('is not there when Slack does not know it, hides it, or has archived it', async () => {
    await start();
    expect(await find('C0NOWHERE')).toBeNull();
    expect(await find('#nessuno')).toBeNull();
    expect(await find(idOf('direzione'))).toBeNull();
    expect(await find('#direzione')).toBeNull();
    expect(await find(idOf('vecchio-archivio'))).toBeNull();
    slack.changeChannel('direzione', { isMember: true });
    expect(await find(idOf('direzione'))).toMatchObject({ label: '#direzione' });
  });

  it('is looked for on further pages when it was written by name', async () => {
    await start({ channels: Array.from({ length: 450 }, (_, index) => `canale-${index}`) });
    expect(await find('#canale-449')).toMatchObject({ label: '#canale-449' });
    expect(slack.calls.filter(({ method }) => method === 'conversations.list')).toHaveLength(3);
  });

  it('is neither there nor not there while Slack cannot be asked', async () => {
    await start();
    slack.failNext('conversations.info', { status: 500 });
    const error = await find(idOf('fatture'))?.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(BlockError);
    // Asking changes nothing, so it may be asked again.
    expect((error as unknown as BlockError).failure).toMatchObject({ kind: 'retry', providerStatus: 500 });
  });
});

describe('the list of channels', () => {
  it('comes page by page, without what is archived or hidden, narrowed by what was typed', async () => {
    await start();
    const list = (q: string) => channels?.list(client, { q, cursor: null });
    expect((await list(''))?.items.map(({ label }) => label)).toEqual(['#general', '#fatture', '#contratti']);
    expect((await list('#FATT'))?.items.map(({ label }) => label)).toEqual(['#fatture']);
  });
});

describe('connecting', () => {
  it('tells the workspace', async () => {
    await start({ teams: [{ id: 'T1', name: 'Rossi' }] });
    expect(await slackServer.identify?.(client)).toEqual([{ accountId: 'T1', label: 'Rossi' }]);
  });

  it('refuses an installation for a whole organization, and says what to do', async () => {
    await start({ teams: [{ id: 'T1', name: 'Rossi', isEnterprise: true }] });
    await expect(slackServer.identify?.(client)).rejects.toMatchObject({
      failure: {
        kind: 'terminal',
        code: 'enterprise_install',
        message: expect.stringContaining('one workspace'),
      },
    });
  });

  it('nothing is sent when nobody listens', async () => {
    await start();
    await slack.close();
    await expect(slackServer.test?.(client)).rejects.toMatchObject({
      failure: { kind: 'retry', code: 'slack_unreachable' },
    });
  });
});
