import { completedDocument, contractWorkflow } from '../support/definitions';
import { connectSlack, follow, publishWorkflow, startTestServer, type TestServer } from '../support/server';

describe('a signed contract', () => {
  let test: TestServer;
  beforeAll(async () => {
    test = await startTestServer();
    await connectSlack(test);
  });
  afterAll(() => test.close());

  it('over 1,000 euro tells the channel and leaves the document as it is', async () => {
    const client = test.clientOf();
    const { id } = await publishWorkflow(client, contractWorkflow);
    test.host.addDocument({ companyId: 'rossi', id: 'doc_9', title: 'Contratto Rossi', status: 'completed' });
    const [started] = await test.server.emit({
      type: 'document.completed',
      id: 'evt_1',
      companyId: 'rossi',
      data: completedDocument(1200),
    });
    const { run, steps } = await follow(client, started?.id ?? '');
    expect(run).toMatchObject({
      status: 'succeeded',
      workflowId: id,
      version: 1,
      title: 'Contratto Rossi',
      businessKeys: ['doc_9'],
    });
    expect(steps.map((step) => [step.key, step.status, step.branch])).toEqual([
      ['trigger', 'succeeded', 'next'],
      ['if_amount', 'succeeded', 'true'],
      ['slack_notify', 'succeeded', 'next'],
      ['status_archive', 'skipped', null],
    ]);
    expect(test.slack.messages.map((message) => message.text)).toEqual(['Contratto Rossi: 1.200,00 €']);
    expect(test.host.documents[0]).toMatchObject({ id: 'doc_9', status: 'completed' });
  });

  it('under 1,000 euro is archived, and the channel hears nothing of it', async () => {
    const client = test.clientOf();
    const before = test.slack.messages.length;
    const [started] = await test.server.emit({
      type: 'document.completed',
      id: 'evt_2',
      companyId: 'rossi',
      data: completedDocument(900),
    });
    const { run, steps } = await follow(client, started?.id ?? '');
    expect(run.status).toBe('succeeded');
    expect(steps.find((step) => step.key === 'slack_notify')?.skippedBecause).toEqual({
      code: 'branch_not_taken',
      nodeId: 'if_amount',
      handle: 'true',
    });
    expect(test.host.documents[0]).toMatchObject({ id: 'doc_9', status: 'archived' });
    expect(test.slack.messages).toHaveLength(before);
  });

  it('whose channel lost its connection waits for it, says who must act, and writes once it is renewed', async () => {
    const client = test.clientOf();
    const before = test.slack.messages.length;
    test.slack.failNext('chat.postMessage', { error: 'token_revoked' });
    const [started] = await test.server.emit({
      type: 'document.completed',
      id: 'evt_3',
      companyId: 'rossi',
      data: completedDocument(5000),
    });
    const parked = await follow(client, started?.id ?? '', (status) => status === 'waiting');
    expect(parked.run.status).toBe('waiting');
    expect(parked.steps.find(({ key }) => key === 'slack_notify')).toMatchObject({
      status: 'waiting',
      wait: { kind: 'connection', provider: 'slack', until: null },
      error: { kind: 'reconnect', code: 'token_revoked', actor: 'customer' },
    });
    const { items } = await client.listIntegrations();
    expect(items.find((item) => item.provider === 'slack')).toMatchObject({
      state: 'needs_reauth',
      lastErrorCode: 'token_revoked',
    });
    await connectSlack(test);
    expect((await follow(client, started?.id ?? '')).run).toMatchObject({ status: 'succeeded', error: null });
    expect(test.slack.messages).toHaveLength(before + 1);
  });

  it('whose message may or may not have arrived waits for a person instead of writing twice', async () => {
    await connectSlack(test);
    const before = test.slack.messages.length;
    test.slack.failNext('chat.postMessage', 'answer-lost');
    const [started] = await test.server.emit({
      type: 'document.completed',
      id: 'evt_4',
      companyId: 'rossi',
      data: completedDocument(7000),
    });
    const { run, steps } = await follow(
      test.clientOf(),
      started?.id ?? '',
      (status) => status === 'needs_attention',
    );
    expect(run).toMatchObject({
      status: 'needs_attention',
      error: { kind: 'uncertain', nodeId: 'slack_notify' },
    });
    expect(steps.find((step) => step.key === 'slack_notify')?.status).toBe('in_doubt');
    expect(test.slack.messages).toHaveLength(before + 1);
  });
});
