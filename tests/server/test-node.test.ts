import { Client } from 'pg';
import { condition, definition, node } from '../support/definitions';
import { connectSlack, startTestServer, type TestServer } from '../support/server';

const flow = definition(
  [
    node('trigger', 'doc-manager.document-completed'),
    node('post', 'slack.send-message', {
      config: { channel: '#fatture', text: '{{trigger.payload.document.title}}' },
      onError: 'continue',
    }),
    node('quote', 'slack.send-message', {
      config: { channel: '#fatture', text: 'ts {{step.post.output.ts}}' },
    }),
    node('check', 'flow.if', { config: condition('{{trigger.payload.document.title}}', 'eq', 'A') }),
    node('wait', 'flow.wait', { config: { for: 'duration', amount: 2, unit: 'hours' } }),
    node('end', 'flow.stop', { config: { status: 'failed', message: 'Basta.' } }),
    node('each', 'flow.loop', { config: { items: '{{trigger.payload.signers}}' } }),
    node('greet', 'slack.send-message', { config: { channel: '#fatture', text: 'Ciao {{loop.item.name}}' } }),
    node('broken', 'slack.send-message', {
      config: { channel: '#fatture', text: '{{trigger.payload.document.nope}}' },
    }),
  ],
  [
    ...['trigger -> post', 'post -> quote', 'quote -> check', 'check:true -> wait', 'check:false -> end'],
    ...['wait -> each', 'each:each -> greet', 'each:done -> broken'],
  ],
);
const payload = { document: { id: 'd1', title: 'A' }, signers: [{ name: 'Mario' }, { name: 'Sara' }] };

describe('trying one step of a draft', () => {
  let test: TestServer;
  let id: string;
  beforeAll(async () => {
    test = await startTestServer();
    ({ id } = await test.clientOf().createWorkflow({ body: { name: 'Prova', definition: flow } }));
  });
  afterAll(() => test.close());
  beforeEach(() => connectSlack(test));

  const tryNode = (
    nodeId: string,
    body: { definition?: unknown; payload?: unknown; outputs?: Record<string, unknown>; dryRun?: boolean },
  ) => test.clientOf().testNode({ params: { id, nodeId }, body });
  const posted = () => test.slack.messages.map(({ text }) => text);
  const count = async (what: string) => {
    const client = new Client(test.database.url);
    await client.connect();
    const { rows } = await client.query(`select count(*)::int as n from ${what}`);
    await client.end();
    return rows[0].n as number;
  };

  it('says what it would do, with the values resolved, and calls nobody', async () => {
    const before = test.slack.calls.length;
    const trial = await tryNode('post', { payload });
    expect(trial).toEqual({
      input: expect.objectContaining({ channel: '#fatture', text: 'A' }),
      preview: { en: expect.stringContaining('#fatture'), it: expect.stringContaining('#fatture') },
      ...{ outcome: null, output: null, handle: null, wait: null, error: null },
    });
    expect(test.slack.calls).toHaveLength(before);
    expect(await count(`workflow_audit where action = 'node.test'`)).toBe(0);
  });

  it('takes the samples of the trigger and of the steps before it where nothing is given', async () => {
    const { input } = await tryNode('quote', {});
    expect((input as { text: string }).text).toMatch(/^ts \d/);
    const given = await tryNode('quote', { outputs: { post: { ts: 'mine' } } });
    expect(given.input).toMatchObject({ text: 'ts mine' });
  });

  it('carries it out once when asked, notes who did, and leaves no run', async () => {
    const before = posted();
    const trial = await tryNode('post', { payload, dryRun: false });
    expect(trial).toMatchObject({
      outcome: 'done',
      handle: 'next',
      output: { ts: expect.any(String) },
      error: null,
    });
    expect(posted()).toEqual([...before, 'A']);
    expect(await count('workflow_run')).toBe(0);
    const { items } = await test.clientOf().listAudit({ query: {} });
    expect(items[0]).toMatchObject({
      action: 'node.test',
      targetType: 'workflow',
      targetId: id,
      userId: 'anna',
    });
  });

  it('answers in the words of each outcome', async () => {
    const answers = await Promise.all(
      ['check', 'wait', 'end', 'each'].map((nodeId) => tryNode(nodeId, { payload, dryRun: false })),
    );
    expect(answers).toMatchObject([
      { outcome: 'branch', handle: 'true', output: { result: true } },
      { outcome: 'wait', wait: { kind: 'time' } },
      { outcome: 'stop', output: { status: 'failed', message: 'Basta.' } },
      { outcome: 'forEach', output: payload.signers },
    ]);
  });

  it('tries a step inside a loop with the first item', async () => {
    expect((await tryNode('greet', { payload })).input).toMatchObject({ text: 'Ciao Mario' });
    const empty = await tryNode('greet', { payload: { ...payload, signers: [] } });
    expect(empty.error).toMatchObject({ code: 'loop_empty' });
  });

  it('answers a failure as a result, with the place in the configuration', async () => {
    expect(await tryNode('broken', { payload })).toMatchObject({
      outcome: null,
      error: { kind: 'terminal', code: 'reference_missing', path: 'text' },
    });
    test.slack.failNext('chat.postMessage', { error: 'channel_not_found' });
    expect((await tryNode('post', { payload, dryRun: false })).error).toMatchObject({
      code: 'channel_not_found',
    });
    test.slack.failNext('chat.postMessage', 'answer-lost');
    expect((await tryNode('post', { payload, dryRun: false })).error).toMatchObject({ kind: 'uncertain' });
  });

  it('notices a refused connection', async () => {
    test.slack.failNext('chat.postMessage', { error: 'token_revoked' });
    expect((await tryNode('post', { payload, dryRun: false })).error).toMatchObject({ kind: 'reconnect' });
    const { items } = await test.clientOf().listIntegrations();
    expect(items.find(({ provider }) => provider === 'slack')).toMatchObject({ state: 'needs_reauth' });
  });

  it('tries what has not been saved, and stores none of it', async () => {
    const before = await test.clientOf().getWorkflow({ params: { id } });
    const config = { channel: '#fatture', text: 'Totale {{step.total_new1.output.ts}}' };
    const edited = definition(
      [
        node('trigger', 'doc-manager.document-completed'),
        node('total_new1', 'slack.send-message', { config: { channel: '#vendite', text: 'x' } }),
        node('post', 'slack.send-message', { config }),
      ],
      ['trigger -> total_new1', 'total_new1 -> post'],
    );
    const body = { definition: edited, outputs: { total_new1: { ts: '7' } } };
    expect(await tryNode('post', body)).toMatchObject({ input: { text: 'Totale 7' }, error: null });
    expect(await tryNode('post', { ...body, dryRun: false })).toMatchObject({ outcome: 'done' });
    expect(posted().at(-1)).toBe('Totale 7');
    expect(await test.clientOf().getWorkflow({ params: { id } })).toEqual(before);
    expect((await tryNode('post', { payload })).input).toMatchObject({ text: 'A' });
  });

  it('refuses what a save would refuse, and does nothing', async () => {
    const before = posted();
    const refused = async (value: unknown) =>
      tryNode('post', { definition: value, dryRun: false }).catch((error) => error.code);
    expect(await refused({ ...flow, nodes: [{ id: 'post' }] })).toBe('definition_invalid');
    expect(await refused('draft')).toBe('definition_invalid');
    expect(await refused({ ...flow, nodes: [{ ...flow.nodes[0], note: 'x'.repeat(300_000) }] })).toBe(
      'payload_too_large',
    );
    expect(await refused(definition([node('trigger', 'flow.manual')], []))).toBe('not_found');
    expect(posted()).toEqual(before);
  });

  it('takes the sample of what the trigger is configured to give', async () => {
    const fields = [{ name: 'cliente', type: 'text', required: true }];
    const edited = definition(
      [
        node('trigger', 'flow.manual', { config: { fields } }),
        node('post', 'slack.send-message', {
          config: { channel: '#fatture', text: 'Per {{trigger.payload.cliente}}' },
        }),
      ],
      ['trigger -> post'],
    );
    const { input, error } = await tryNode('post', { definition: edited });
    expect([error, (input as { text: string } | null)?.text]).toEqual([
      null,
      expect.stringMatching(/^Per ./),
    ]);
  });

  it('is refused to viewers, to other companies, for triggers and for steps that are not there', async () => {
    const as = (principal: object, nodeId = 'post') =>
      test.clientOf(principal).testNode({ params: { id, nodeId }, body: {} });
    await expect(as({ role: 'viewer' })).rejects.toMatchObject({ code: 'forbidden' });
    await expect(as({ companyId: 'bianchi' })).rejects.toMatchObject({ code: 'not_found' });
    await expect(as({}, 'nobody')).rejects.toMatchObject({ code: 'not_found' });
    await expect(as({}, 'trigger')).rejects.toMatchObject({ code: 'invalid_request' });
  });
});
