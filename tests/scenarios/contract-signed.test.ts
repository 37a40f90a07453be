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
});
