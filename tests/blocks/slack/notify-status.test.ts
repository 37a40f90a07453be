import type { Json } from '../../../src/core';
import type { Fault } from '../../../src/testing';
import { definition, node } from '../../support/definitions';
import type { TestServer } from '../../support/server';
import { newChannel, runWorkflow, startSlackServer } from './slack-server';

let test: TestServer;
beforeAll(async () => {
  test = await startSlackServer();
});
afterAll(() => test.close());
afterEach(() => test.slack.clearFaults());

const soon = { maxAttempts: 3, backoff: 'fixed', delayMs: 10, maxDelayMs: 10 } as const;
const said = (channel: string) => test.slack.messages.filter(({ channelId }) => channelId === channel);
const notify = (id: string, config: Record<string, Json>) =>
  node(id, 'slack.notify-status', { config, retry: soon });
const untilDecided = (status: string) => status === 'needs_attention';

/** Posts a status, then brings it up to date. */
const inTwoSteps = (channel: string, update: string | null = '{{step.first.output.ts}}') =>
  definition(
    [
      notify('first', { channel, text: '{{trigger.payload.title}}: in firma' }),
      notify('second', {
        channel,
        text: '{{trigger.payload.title}}: firmato',
        ...(update ? { update } : {}),
      }),
    ],
    ['trigger -> first', 'first -> second'],
  );
const payload = { title: 'Contratto <Rossi>' };

describe('a status', () => {
  it('is one message, posted once and then updated', async () => {
    const channel = newChannel(test);
    const { run, step } = await runWorkflow(test, inTwoSteps(channel), payload);
    expect(run.status).toBe('succeeded');
    expect(said(channel)).toMatchObject([{ text: 'Contratto &lt;Rossi&gt;: firmato', edits: 1 }]);
    const ts = said(channel)[0]?.ts;
    expect(step('first').output).toEqual({ channel, ts, updated: false });
    expect(step('second').output).toEqual({ channel, ts, updated: true });
    const update = test.slack.calls.find(({ method, args }) => method === 'chat.update' && args.ts === ts);
    expect(update?.args.parse).toBe('none');
  });

  it('is updated in a channel written by its name', async () => {
    const channel = newChannel(test);
    const name = test.slack.channels.find(({ id }) => id === channel)?.name;
    const { step } = await runWorkflow(test, inTwoSteps(`#${name}`), payload);
    expect(step('second').output).toMatchObject({ channel, updated: true });
    expect(said(channel)).toHaveLength(1);
  });

  it('without a message to update is posted, also when the reference to it is empty', async () => {
    const channel = newChannel(test);
    await runWorkflow(test, inTwoSteps(channel, '{{trigger.payload.ts?}}'), payload);
    expect(said(channel).map(({ text, edits }) => [text, edits])).toEqual([
      ['Contratto &lt;Rossi&gt;: in firma', 0],
      ['Contratto &lt;Rossi&gt;: firmato', 0],
    ]);
  });

  it.each(['message_not_found', 'edit_window_closed', 'cant_update_message'])(
    'is posted anew when Slack answers %s to the update',
    async (error) => {
      const channel = newChannel(test);
      test.slack.failNext('chat.update', { error });
      const { run, step } = await runWorkflow(test, inTwoSteps(channel), payload);
      expect(run.status).toBe('succeeded');
      expect(said(channel)).toHaveLength(2);
      expect(step('second').output).toEqual({ channel, ts: said(channel)[1]?.ts, updated: false });
    },
  );

  it('of another channel fails and is not posted anew', async () => {
    const channel = newChannel(test);
    test.slack.failNext('chat.update', { error: 'channel_not_found' });
    const { run } = await runWorkflow(test, inTwoSteps(channel), payload);
    expect(run).toMatchObject({ status: 'failed', error: { code: 'channel_not_found', nodeId: 'second' } });
    expect(said(channel)).toHaveLength(1);
  });
});

describe('a status nobody saw the end of', () => {
  it.each<[string, Fault]>([
    ['was made', 'answer-lost'],
    ['was not made', 'reset'],
    ['failed inside', { error: 'update_failed' }],
  ])('is updated again by itself: the update %s', async (_, fault) => {
    const channel = newChannel(test);
    test.slack.failNext('chat.update', fault);
    const { run, step } = await runWorkflow(test, inTwoSteps(channel), payload, untilDecided);
    expect(run.status).toBe('succeeded');
    expect(said(channel)).toMatchObject([{ text: 'Contratto &lt;Rossi&gt;: firmato' }]);
    expect(step('second').output).toMatchObject({ updated: true });
  });

  it('waits for a person when it was to be posted, and is not posted twice', async () => {
    const channel = newChannel(test);
    test.slack.failNext('chat.postMessage', 'answer-lost');
    const { run, step } = await runWorkflow(test, inTwoSteps(channel), payload, untilDecided);
    expect(run).toMatchObject({ status: 'needs_attention', error: { nodeId: 'first' } });
    expect(step('first').status).toBe('in_doubt');
    expect(said(channel)).toHaveLength(1);
  });

  it('waits for a person when it was being posted in place of one that was gone', async () => {
    const channel = newChannel(test);
    test.slack.failNext('chat.update', { error: 'message_not_found' }, 2);
    const flow = definition(
      [notify('only', { channel, text: 'firmato', update: '1405895017.000506' })],
      ['trigger -> only'],
    );
    test.slack.failNext('chat.postMessage', 'answer-lost');
    const { run } = await runWorkflow(test, flow, payload, untilDecided);
    expect(run).toMatchObject({ status: 'needs_attention', error: { nodeId: 'only' } });
    expect(said(channel)).toHaveLength(1);
  });
});
