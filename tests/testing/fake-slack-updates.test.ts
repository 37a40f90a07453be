import { clientOf, refusalOf, slack, start } from './slack-harness';

afterEach(() => slack.close());

const channelId = (name: string) => slack.channels.find((channel) => channel.name === name)?.id ?? '';

describe('messages of the fake Slack that change', () => {
  const posted = async () => {
    await start();
    const web = clientOf(slack.issueToken());
    const metadata = { event_type: 'a', event_payload: { key: 'k' } };
    const answer = await web.chat.postMessage({ channel: '#fatture', text: 'in corso', metadata });
    return { web, channel: answer.channel ?? '', ts: answer.ts ?? '' };
  };

  it('are updated in place, and keep their metadata unless told otherwise', async () => {
    const { web, channel, ts } = await posted();
    expect(await web.chat.update({ channel, ts, text: 'fatto' })).toMatchObject({
      ok: true,
      ts,
      text: 'fatto',
    });
    expect(slack.messages).toMatchObject([
      { ts, text: 'fatto', edits: 1, metadata: { event_payload: { key: 'k' } } },
    ]);
  });

  it('are found by channel id and ts only', async () => {
    const { web, channel, ts } = await posted();
    const refuses = async (facts: { channel: string; ts: string; text?: string }, error: string) =>
      expect(await refusalOf(web.chat.update({ text: 'x', ...facts }))).toMatchObject({ error });
    await refuses({ channel: '#fatture', ts }, 'channel_not_found');
    await refuses({ channel: channelId('general'), ts }, 'message_not_found');
    await refuses({ channel, ts: '1.000001' }, 'message_not_found');
    await refuses({ channel, ts, text: '' }, 'no_text');
    await refuses({ channel, ts, text: 'x'.repeat(40_001) }, 'msg_too_long');
    slack.deleteMessage(ts);
    await refuses({ channel, ts }, 'message_not_found');
  });

  it('puts a reply to a reply into the parent’s thread', async () => {
    const { web, channel, ts } = await posted();
    const reply = await web.chat.postMessage({ channel, text: 'sì', thread_ts: ts });
    await web.chat.postMessage({ channel, text: 'no', thread_ts: reply.ts ?? '' });
    expect(slack.messages.map(({ threadTs }) => threadTs)).toEqual([null, ts, ts]);
  });

  it('notes when each call came', async () => {
    let time = 1_800_000_000_000;
    await start({ now: () => time });
    const web = clientOf(slack.issueToken());
    await web.auth.test();
    time += 1_100;
    await web.auth.test();
    expect(slack.calls.map(({ at }) => at)).toEqual([1_800_000_000_000, 1_800_000_001_100]);
  });
});

describe('a channel of the fake Slack', () => {
  it('is described by its id, to those who may see it', async () => {
    await start();
    const web = clientOf(slack.issueToken());
    const info = (name: string) => web.conversations.info({ channel: channelId(name) || name });
    expect(await info('fatture')).toMatchObject({ channel: { name: 'fatture', is_archived: false } });
    expect(await info('vecchio-archivio')).toMatchObject({ channel: { is_archived: true } });
    expect(await refusalOf(info('direzione'))).toMatchObject({ error: 'channel_not_found' });
    expect(await refusalOf(info('C0NOWHERE'))).toMatchObject({ error: 'channel_not_found' });
    slack.changeChannel('direzione', { isMember: true });
    expect(await info('direzione')).toMatchObject({ channel: { is_private: true, is_member: true } });
    const narrow = clientOf(slack.issueToken({ scopes: ['channels:read'] }));
    const hidden = narrow.conversations.info({ channel: channelId('direzione') });
    expect(await refusalOf(hidden)).toMatchObject({ error: 'missing_scope', needed: 'groups:read' });
  });

  it('must exist to be changed', async () => {
    await start();
    expect(() => slack.changeChannel('#nessuno', { isArchived: true })).toThrow('no channel "#nessuno"');
  });
});

it('tokens of the fake Slack stop working when the app is removed', async () => {
  await start();
  const web = clientOf(slack.issueToken());
  slack.revokeTokens();
  expect(await refusalOf(web.auth.test())).toMatchObject({ error: 'token_revoked' });
  expect(await clientOf(slack.issueToken()).auth.test()).toMatchObject({ ok: true });
});
