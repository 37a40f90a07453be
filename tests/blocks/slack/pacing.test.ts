import { blocks } from '../../../src/blocks';
import { executors } from '../../../src/blocks/server';
import { slackServer } from '../../../src/blocks/slack/client.server';
import { executeRun, indexBlocks, MemoryRunStore } from '../../../src/core';
import { createPacer } from '../../../src/server/integrations/pacer';
import { createFakeSlack } from '../../../src/testing';
import { definition, node } from '../../support/definitions';

const START = Date.parse('2026-11-24T09:00:00.000Z');

describe('messages of a loop', () => {
  it('reach a channel more than a second apart, and do not wait for those of another channel', async () => {
    let time = START;
    const slack = createFakeSlack({ now: () => time });
    const baseUrl = await slack.listen();
    const token = slack.issueToken();
    const sleep = async (ms: number) => {
      time += ms;
    };
    const pacer = createPacer(() => time, sleep);
    const end = await executeRun({
      run: { id: 'run_1', companyId: 'rossi', payload: {}, workflow: { id: 'wf_1', name: 'Contratti' } },
      definition: definition(
        [
          node('each', 'flow.loop', { config: { items: ['uno', 'due', 'tre'] } }),
          node('say', 'slack.send-message', { config: { channel: '#fatture', text: '{{loop.item}}' } }),
          node('also', 'slack.send-message', { config: { channel: '#contratti', text: '{{loop.item}}' } }),
        ],
        ['trigger -> each', 'each:each -> say', 'say -> also'],
      ),
      blocks: indexBlocks(blocks),
      executors,
      store: new MemoryRunStore(),
      connect: async (_, step) =>
        slackServer.client({
          baseUrl,
          accessToken: async () => token,
          apiKey: null,
          accountId: null,
          fetch,
          pace: (key, intervalMs) => pacer.take(key, intervalMs),
          companyId: 'rossi',
          step,
          host: null,
        }),
      effectKey: (key) => key,
      clock: { now: () => time },
    });
    const posted = slack.calls.filter(({ method }) => method === 'chat.postMessage');
    await slack.close();
    expect(end).toEqual({ status: 'succeeded' });
    expect(posted.map(({ args, at }) => [args.channel, args.text, at - START])).toEqual([
      ['#fatture', 'uno', 0],
      ['#contratti', 'uno', 0],
      ['#fatture', 'due', 1100],
      ['#contratti', 'due', 1100],
      ['#fatture', 'tre', 2200],
      ['#contratti', 'tre', 2200],
    ]);
  });
});
