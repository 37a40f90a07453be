import { requestSignature } from '../../../src/blocks/doc-manager/request-signature';
import type { Json, WorkflowClient } from '../../../src/core';
import { definition, node } from '../../support/definitions';
import { follow, publishWorkflow, startTestServer, type TestServer } from '../../support/server';

const signers: Json[] = [
  { name: 'Mario Rossi', email: 'mario@rossi.example' },
  { name: 'Anna Verdi', email: 'anna@verdi.example', role: 'approver', order: 2 },
];
const waits = { waitForCompletion: true };

const flow = (config: object) =>
  definition(
    [
      node('sign_1', 'doc-manager.request-signature', {
        config: { documentId: '{{trigger.payload.id}}', signers, message: 'Per favore', ...config },
      }),
      node('after_1', 'doc-manager.update-status', {
        config: {
          documentId: '{{step.sign_1.output.document.id}}',
          status: '{{step.sign_1.output.signers[0].status?}}-ok',
        },
      }),
    ],
    ['waitForCompletion' in config ? 'sign_1:resumed -> after_1' : 'sign_1 -> after_1', 'trigger -> sign_1'],
  );

describe('requesting signatures', () => {
  let now = Date.parse('2027-01-11T08:00:00Z');
  let test: TestServer;
  let client: WorkflowClient;
  beforeAll(async () => {
    test = await startTestServer({ clock: { now: () => now } });
    client = test.clientOf();
  });
  afterAll(() => test.close());

  const start = async (documentId: string, config: object) => {
    test.host.addDocument({ companyId: 'rossi', id: documentId, title: 'Contratto', status: 'draft' });
    const { id } = await publishWorkflow(client, flow(config));
    const { run } = await client.startRun({ params: { id }, body: { payload: { id: documentId } } });
    return run.id;
  };
  const stepOf = ({ steps }: Awaited<ReturnType<typeof follow>>, key = 'sign_1') =>
    steps.find((step) => step.key === key);

  it('asks every signer and goes on at once', async () => {
    const detail = await follow(client, await start('doc_1', { deadline: { amount: 3, unit: 'days' } }));
    expect(detail.run.status).toBe('succeeded');
    expect(stepOf(detail)).toMatchObject({
      branch: 'next',
      output: { document: { id: 'doc_1', status: 'sent' }, signatureRequestId: 'sr_1' },
    });
    expect(test.host.documents[0]?.signatureRequest).toEqual({
      id: 'sr_1',
      signers: [{ ...(signers[0] as object), role: 'signer' }, signers[1]],
      message: 'Per favore',
      expiresAt: '2027-01-14T08:00:00.000Z',
    });
  });

  it('waits until all have signed, shows meanwhile what it asked for, and gives the signers on', async () => {
    const runId = await start('doc_2', waits);
    const waiting = await follow(client, runId, (status) => status === 'waiting');
    expect(stepOf(waiting)).toMatchObject({
      status: 'waiting',
      wait: {
        kind: 'event',
        type: 'document.completed',
        where: [{ path: 'document.id', equals: 'doc_2' }],
        until: null,
      },
      output: { document: { status: 'sent' }, signatureRequestId: 'sr_2' },
    });
    test.host.addDocument({ companyId: 'rossi', id: 'doc_other' });
    await test.server.emit(test.host.complete('doc_other'));
    await test.server.emit(test.host.complete('doc_2', '2027-01-12T10:00:00Z'));
    const detail = await follow(client, runId);
    expect(detail.run.status).toBe('succeeded');
    expect(stepOf(detail)).toMatchObject({
      status: 'succeeded',
      branch: 'resumed',
      output: {
        document: { id: 'doc_2', status: 'completed' },
        signatureRequestId: 'sr_2',
        signers: [
          { name: 'Mario Rossi', status: 'signed' },
          { name: 'Anna Verdi', status: 'signed' },
        ],
        completedAt: '2027-01-12T10:00:00Z',
      },
    });
    expect(test.host.documents.find(({ id }) => id === 'doc_2')?.status).toBe('signed-ok');
    expect(test.host.calls.filter(({ method }) => method === 'requestSignature')).toHaveLength(2);
  });

  it('gives up at the deadline by its own exit, and still says what it had asked for', async () => {
    const runId = await start('doc_3', { ...waits, deadline: { amount: 2, unit: 'hours' } });
    await follow(client, runId, (status) => status === 'waiting');
    now += 2 * 3_600_000;
    const detail = await follow(client, runId);
    expect(detail.run.status).toBe('succeeded');
    expect(stepOf(detail)).toMatchObject({
      branch: 'timed_out',
      output: {
        document: { id: 'doc_3' },
        signatureRequestId: 'sr_4',
        timedOutAt: '2027-01-11T10:00:00.000Z',
      },
    });
    expect(stepOf(detail, 'after_1')?.status).toBe('skipped');
  });

  it('asks once when the answer is lost, and finds the event told before its wait began', async () => {
    test.host.loseNextAnswer('requestSignature');
    const asked = test.host.calls.length;
    const runId = await start('doc_4', waits);
    // Told while the step is put off for its second attempt, or just after: either way the wait must find it.
    while (!test.host.documents.find(({ id }) => id === 'doc_4')?.signatureRequest)
      await new Promise(setImmediate);
    await test.server.emit(test.host.complete('doc_4'));
    now += 60_000;
    const detail = await follow(client, runId);
    expect(stepOf(detail)).toMatchObject({ branch: 'resumed', attempt: 2 });
    expect(
      test.host.calls
        .slice(asked)
        .filter(({ method }) => method === 'requestSignature')
        .map(({ replayed }) => replayed),
    ).toEqual([false, true]);
  });

  it('is not made again by a retry while it waits, and hears what came since, also before its run', async () => {
    const asked = () => test.host.calls.filter(({ method }) => method === 'requestSignature').length;
    const before = asked();
    const runId = await start('doc_6', waits);
    await follow(client, runId, (status) => status === 'waiting');
    await client.cancelRun({ params: { id: runId } });
    const { run: second } = await client.retryRun({ params: { id: runId }, body: {} });
    const waiting = await follow(client, second.id, (status) => status === 'waiting');
    expect(stepOf(waiting)).toMatchObject({ status: 'waiting', output: { document: { id: 'doc_6' } } });
    await client.cancelRun({ params: { id: second.id } });
    // Signed while no run waits for it.
    now += 60_000;
    await test.server.emit(test.host.complete('doc_6'));
    now += 60_000;
    const { run: third } = await client.retryRun({ params: { id: second.id }, body: { from: 'sign_1' } });
    const detail = await follow(client, third.id);
    expect(detail.run.status).toBe('succeeded');
    expect(stepOf(detail)).toMatchObject({
      branch: 'resumed',
      output: { document: { status: 'completed' } },
    });
    expect(asked() - before).toBe(1);
  });

  it('fails with the host’s reason when the document is out for signature already', async () => {
    test.host.addDocument({ companyId: 'rossi', id: 'doc_5' });
    const request = { id: 'sr_x', signers: [], message: null, expiresAt: null };
    Object.assign(test.host.documents.at(-1) as object, { signatureRequest: request });
    const { id } = await publishWorkflow(client, flow(waits));
    const { run } = await client.startRun({ params: { id }, body: { payload: { id: 'doc_5' } } });
    expect((await follow(client, run.id)).run).toMatchObject({
      status: 'failed',
      error: { code: 'conflict' },
    });
  });
});

describe('the form of a signature request', () => {
  it('has the exits its configuration asks for', () => {
    expect(requestSignature.handlesFor?.({})).toEqual(['next']);
    expect(requestSignature.handlesFor?.(waits)).toEqual(['resumed', 'timed_out']);
  });

  it('warns of somebody asked twice, and when nobody is to sign', () => {
    const twice = [
      { name: 'A', email: 'a@x.it' },
      { name: 'B', email: 'A@x.it ' },
    ];
    expect(requestSignature.warnings?.({ signers: twice })).toMatchObject([{ path: 'signers[1].email' }]);
    expect(
      requestSignature.warnings?.({ signers: [{ name: 'A', email: 'a@x.it', role: 'cc' }] }),
    ).toMatchObject([{ path: 'signers' }]);
    expect(requestSignature.warnings?.({ signers })).toEqual([]);
  });

  it('says on the card who signs, and until when', () => {
    expect(requestSignature.summary?.({ signers, deadline: { amount: 3, unit: 'days' } }, 'it')).toBe(
      'Mario Rossi, Anna Verdi (entro 3 giorni)',
    );
    expect(requestSignature.summary?.({}, 'en')).toBe('Say who signs');
  });
});
