import { definition, node } from '../../support/definitions';
import { connectSlack, follow, type TestServer } from '../../support/server';
import { newChannel, runWorkflow, startSlackServer } from './slack-server';

let test: TestServer;
beforeAll(async () => {
  test = await startSlackServer();
});
afterAll(() => test.close());

const said = (channel: string) => test.slack.messages.filter(({ channelId }) => channelId === channel);

describe('a message', () => {
  it('is written in the channel, and carries the key of the step that sent it', async () => {
    const channel = newChannel(test);
    const { run, step } = await runWorkflow(
      test,
      definition(
        [node('say', 'slack.send-message', { config: { channel, text: 'Ciao {{trigger.payload.nome}}' } })],
        ['trigger -> say'],
      ),
      { nome: 'Mario' },
    );
    const [message] = said(channel);
    expect(run.status).toBe('succeeded');
    expect(step('say').output).toEqual({ channel, ts: message?.ts });
    expect(message).toMatchObject({
      text: 'Ciao Mario',
      metadata: { event_type: 'trama_step', event_payload: { key: expect.stringMatching(/^[0-9a-f]{64}$/) } },
    });
  });

  it('calls everybody when its author says so, and never because of a value', async () => {
    const channel = newChannel(test);
    const text =
      '<!here> *{{trigger.payload.title}}* <{{trigger.payload.url}}|Apri> {{trigger.payload.tags}}';
    await runWorkflow(
      test,
      definition([node('say', 'slack.send-message', { config: { channel, text } })], ['trigger -> say']),
      { title: '<!channel> & <@U1>', url: 'https://x.test/?a=1&b=2', tags: ['<!everyone>'] },
    );
    expect(said(channel)[0]?.text).toBe(
      '<!here> *&lt;!channel&gt; &amp; &lt;@U1&gt;* <https://x.test/?a=1&amp;b=2|Apri> ["&lt;!everyone&gt;"]',
    );
  });

  it('whose whole text is a value is escaped as well', async () => {
    const channel = newChannel(test);
    const config = { channel, text: '{{trigger.payload.title}}' };
    await runWorkflow(test, definition([node('say', 'slack.send-message', { config })], ['trigger -> say']), {
      title: '<!channel>',
    });
    expect(said(channel)[0]?.text).toBe('&lt;!channel&gt;');
  });
});

describe('a reply', () => {
  const thread = (channel: string, threadTs = '{{step.say.output.ts}}') =>
    definition(
      [
        node('say', 'slack.send-message', { config: { channel, text: 'Contratto inviato' } }),
        node('reply', 'slack.reply-in-thread', {
          config: { channel, threadTs, text: 'Firmato da {{trigger.payload.nome}}' },
        }),
      ],
      ['trigger -> say', 'say -> reply'],
    );

  it('goes into the thread of the message an earlier step sent', async () => {
    const channel = newChannel(test);
    const { run, step } = await runWorkflow(test, thread(channel), { nome: '<Mario>' });
    const [parent, reply] = said(channel);
    expect(run.status).toBe('succeeded');
    expect(reply).toMatchObject({
      threadTs: parent?.ts,
      text: 'Firmato da &lt;Mario&gt;',
      metadata: { event_payload: { key: expect.stringMatching(/^[0-9a-f]{64}$/) } },
    });
    expect(step('reply').output).toEqual({ channel, ts: reply?.ts, threadTs: parent?.ts });
  });

  it('to a message of another channel fails, says why, and writes nothing', async () => {
    const channel = newChannel(test);
    const { run } = await runWorkflow(test, thread(channel, '1405895017.000506'), { nome: 'Mario' });
    expect(run).toMatchObject({
      status: 'failed',
      error: { kind: 'terminal', code: 'thread_not_found', nodeId: 'reply', actor: 'customer' },
    });
    expect(said(channel).map(({ text }) => text)).toEqual(['Contratto inviato']);
  });

  it('to something that is no message id is refused before Slack hears of it', async () => {
    const channel = newChannel(test);
    const { run } = await runWorkflow(test, thread(channel, '{{trigger.payload.nome}}'), { nome: 'Mario' });
    expect(run).toMatchObject({ status: 'failed', error: { code: 'input_invalid', path: 'threadTs' } });
    expect(said(channel)).toHaveLength(1);
  });
});

it('waits for a connection that was revoked, and is written once it is renewed', async () => {
  const channel = newChannel(test);
  const flow = definition(
    [node('say', 'slack.send-message', { config: { channel, text: 'Ciao' } })],
    ['trigger -> say'],
  );
  test.slack.revokeTokens();
  const { run, step } = await runWorkflow(test, flow);
  expect(run.status).toBe('waiting');
  expect(step('say').error).toMatchObject({ kind: 'reconnect', code: 'token_revoked' });
  await connectSlack(test);
  expect((await follow(test.clientOf(), run.id)).run.status).toBe('succeeded');
  expect(said(channel)).toHaveLength(1);
});
