import type { WorkflowDefinition } from '../../src/core';
import type { Json } from '../../src/core/json';
import type { NewInboundEmail } from '../../src/testing';
import { definition, node } from '../support/definitions';
import { connectSlack, follow } from '../support/server';
import { echo, type InboundTest, startInbound } from './inbound-harness';

let test: InboundTest;
beforeAll(async () => {
  test = await startInbound();
});
afterAll(() => test.close());
afterEach(() => test.resend.clearFaults());

const pdf = (text: string, filename: string | null = 'fattura.pdf', more = {}) => ({
  ...{ filename, contentType: 'application/pdf', content: Buffer.from(text) },
  ...more,
});

const quickly = { maxAttempts: 3, backoff: 'fixed' as const, delayMs: 100, maxDelayMs: 1000 };

/** Puts each attachment among the host's documents, and tells a Slack channel how many there were. */
const filing = (config: Record<string, Json> = {}): WorkflowDefinition =>
  definition(
    [
      node('trigger', 'resend.inbound-email', { config, retry: quickly }),
      node('each', 'flow.loop', { config: { items: '{{trigger.payload.attachments}}' } }),
      node('upload', 'doc-manager.upload-document', {
        config: { file: '{{loop.item}}', tags: ['{{trigger.payload.from}}'] },
        retry: quickly,
      }),
      node('tell', 'slack.send-message', {
        config: { channel: '#fatture', text: '{{trigger.payload.subject}}: {{step.each.output.count}} file' },
      }),
    ],
    ['trigger -> each', 'each:each -> upload', 'each:done -> tell'],
  );

/** Sends an email and follows the run it starts to its end. */
async function arrive(email: Partial<NewInboundEmail>, steps: WorkflowDefinition = echo()) {
  const workflow = await test.workflow({ steps });
  const sent = await test.send({ ...email, to: [workflow.address] });
  const [run] = await test.runsOf(workflow.id);
  const detail = await follow(test.clientOf(), run?.id ?? '');
  const trigger = detail.steps.find(({ key }) => key === 'trigger');
  return { ...detail, ...workflow, ...sent, trigger, payload: trigger?.output as Record<string, Json> };
}

const filesOf = (payload: Record<string, Json>) =>
  (payload.attachments as { filename: string; contentType: string }[]).map(({ filename, contentType }) => [
    filename,
    contentType,
  ]);

it('brings attachments to the documents and word of them to Slack', async () => {
  await connectSlack(test);
  const attachments = [
    pdf('%PDF-1'),
    pdf('col1;col2', 'dati.csv', { contentType: 'text/csv; name="dati.csv"' }),
  ];
  const { run, steps } = await arrive({ subject: 'Fattura 41', attachments }, filing());
  expect(run.status).toBe('succeeded');
  expect(
    test.host.documents.slice(-2).map(({ title, tags, original }) => ({ title, tags, original })),
  ).toEqual([
    {
      ...{ title: 'fattura.pdf', tags: ['laura@rossi.example'] },
      original: { filename: 'fattura.pdf', contentType: 'application/pdf', bytes: expect.anything() },
    },
    {
      ...{ title: 'dati.csv', tags: ['laura@rossi.example'] },
      original: { filename: 'dati.csv', contentType: 'text/csv', bytes: expect.anything() },
    },
  ]);
  const [first] = test.host.documents.slice(-2);
  expect(Buffer.from(first?.original.bytes ?? []).toString()).toBe('%PDF-1');
  expect(test.slack.messages.at(-1)?.text).toBe('Fattura 41: 2 file');
  // The link with its signature is made for the moment: nothing keeps it.
  expect(JSON.stringify(steps)).not.toContain('signature=');
});

describe('the first step', () => {
  it('asks again when Resend fails, and the email is not lost', async () => {
    test.resend.failNext('emails/get-receiving', { status: 503 });
    test.resend.failNext('emails/get-receiving', 'reset');
    const { run, trigger } = await arrive({ text: 'Eccolo' });
    expect([run.status, trigger?.attempt, trigger?.attempts.length]).toEqual(['succeeded', 3, 2]);
    expect(trigger?.output).toMatchObject({ text: 'Eccolo' });
  });

  it('asks again when Resend does not know the email yet', async () => {
    const unknown = { statusCode: 404, name: 'not_found', message: 'Email not found' };
    test.resend.failNext('emails/get-receiving', { status: 404, body: unknown });
    expect((await arrive({})).run.status).toBe('succeeded');
  });

  it('says what is wrong with the key, to the developer, and is done again from there', async () => {
    const body = { statusCode: 401, name: 'restricted_api_key', message: 'secret words' };
    test.resend.failNext('emails/get-receiving', { status: 401, body });
    const { run } = await arrive({ text: 'Eccolo' });
    expect(run.error).toMatchObject({
      ...{ code: 'restricted_api_key', actor: 'developer', stepKey: 'trigger' },
      message: expect.stringContaining('full access'),
    });
    const client = test.clientOf();
    const { run: again } = await client.retryRun({ params: { id: run.id }, body: { from: 'failed' } });
    const { run: done, steps } = await follow(client, again.id);
    expect([done.status, done.title]).toEqual(['succeeded', run.title]);
    expect(steps[0]?.output).toMatchObject({ text: 'Eccolo' });
  });

  it('is not repeated by a retry from the start: by then Resend may have deleted the email', async () => {
    const { run } = await arrive({ text: 'Eccolo' });
    const client = test.clientOf();
    const before = test.resend.calls.length;
    const { run: again } = await client.retryRun({ params: { id: run.id }, body: { from: 'start' } });
    const { steps } = await follow(client, again.id);
    expect(steps.map(({ key, reusedFrom }) => [key, reusedFrom])).toEqual([
      ['trigger', run.id],
      ['stop_1', null],
    ]);
    expect(test.resend.calls.length).toBe(before);
    const { run: anew } = await client.retryRun({ params: { id: run.id }, body: { from: 'trigger' } });
    await follow(client, anew.id);
    expect(test.resend.calls.length).toBe(before + 1);
  });

  it('makes way for another payload, which is whole', async () => {
    const { run, payload } = await arrive({ text: 'Eccolo' });
    const client = test.clientOf();
    const body = { from: 'start', payload: { ...payload, text: 'Un altro' } };
    const { run: again } = await client.retryRun({ params: { id: run.id }, body });
    const { steps } = await follow(client, again.id);
    expect(steps.map(({ output }) => output)).toEqual([
      { ...payload, text: 'Un altro' },
      { status: 'succeeded', message: ': Un altro' },
    ]);
  });

  it('gives text where there is only HTML, and keeps images as what they are', async () => {
    const { payload } = await arrive({
      text: null,
      html: '<style>p{}</style><p>Buon&nbsp;giorno &amp; <b>grazie</b><br>Laura</p><img src="cid:logo">',
      attachments: [
        pdf('logo', 'logo.png', { contentType: 'image/png', disposition: 'inline', contentId: 'logo' }),
        pdf('scan', 'scan.pdf', { disposition: 'inline', contentId: 'x' }),
      ],
    });
    expect(payload.text).toBe('Buon giorno & grazie\nLaura');
    expect(payload.html).toContain('cid:logo');
    expect(filesOf(payload)).toEqual([['scan.pdf', 'application/pdf']]);
    expect(payload.images).toMatchObject([{ filename: 'logo.png' }]);
  });

  it('shortens what is longer than a step may give, and says so', async () => {
    const alone = definition([node('trigger', 'resend.inbound-email')], []);
    const long = { text: '\u0001è'.repeat(60_000), html: '"<p>'.repeat(90_000) };
    const { run, payload } = await arrive(long, alone);
    expect(run.status).toBe('succeeded');
    expect(payload.isShortened).toBe(true);
    expect(JSON.stringify(payload).length).toBeLessThan(200_000);
    expect((payload.text as string).length).toBeGreaterThan(10_000);
  });

  it('takes no more attachments than a person would file, and loses none in silence', async () => {
    const many = (count: number) => Array.from({ length: count }, (_, index) => pdf('x', `${index}.pdf`));
    expect(filesOf((await arrive({ attachments: many(50) })).payload)).toHaveLength(50);
    const { run } = await arrive({ attachments: many(51) });
    expect(run.error).toMatchObject({ code: 'attachments_too_many', actor: 'customer' });
  });

  it.each([
    ['../../etc/passwd', 'passwd'],
    ['..\\..\\windows\\system32\\x.exe', 'x.exe'],
    ['....//', 'attachment'],
    ['fattura\r\nBcc: x.pdf', 'fatturaBcc x.pdf'],
    ['exe.\u202efdp.exe', 'exe.fdp.exe'],
    [`${'a'.repeat(300)}.pdf`, `${'a'.repeat(196)}.pdf`],
    [null, 'attachment'],
    ['', 'attachment'],
  ])('takes the name %j for %s', async (filename, safe) => {
    const { payload } = await arrive({ attachments: [pdf('x', filename)] });
    expect(filesOf(payload)).toEqual([[safe, 'application/pdf']]);
  });

  it.each([
    ['application/pdf; name="a"', 'application/pdf'],
    ['text/html\r\nX: y', 'application/octet-stream'],
    ['x'.repeat(300), 'application/octet-stream'],
    ['', 'application/octet-stream'],
  ])('takes the type %j for %s', async (contentType, safe) => {
    const { payload } = await arrive({ attachments: [pdf('x', 'a.pdf', { contentType })] });
    expect(filesOf(payload)).toEqual([['a.pdf', safe]]);
  });
});

describe('an attachment', () => {
  it('is fetched by a new link when the one at hand has ended, and when the download breaks off', async () => {
    test.resend.failNext('download', { status: 403 });
    test.resend.failNext('download', 'reset');
    const { run, steps } = await arrive({ attachments: [pdf('%PDF')] }, filing());
    expect(run.status).toBe('succeeded');
    expect(steps.find(({ nodeId }) => nodeId === 'upload')?.attempts).toMatchObject([
      { error: { code: 'attachment_unavailable', kind: 'retry' } },
      { error: { code: 'resend_unreachable', kind: 'retry' } },
    ]);
  });

  it('that is too large fails the step that wants it, by name, and no attempt is wasted on it', async () => {
    const content = Buffer.alloc(11 * 1024 * 1024);
    const { run } = await arrive({ attachments: [{ ...pdf(''), content }] }, filing());
    expect(run.error).toMatchObject({ code: 'file_too_large', actor: 'customer', nodeId: 'upload' });
    const { run: larger, steps } = await arrive(
      { attachments: [{ ...pdf(''), content: Buffer.alloc(13 * 1024 * 1024) }] },
      filing(),
    );
    expect(larger.error).toMatchObject({ code: 'file_too_large', nodeId: 'upload' });
    expect(steps.find(({ nodeId }) => nodeId === 'upload')?.attempt).toBe(1);
  });

  it('cannot be had by a workflow that did not receive the email, in this company or another', async () => {
    const { payload, id } = await arrive({ attachments: [pdf('%PDF, confidential')] });
    const [file] = payload.attachments as Json[];
    const theft = definition(
      [
        node('upload', 'doc-manager.upload-document', {
          config: { file: '{{trigger.payload.file}}' },
          retry: quickly,
        }),
      ],
      ['trigger -> upload'],
    );
    const calls = test.resend.calls.length;
    for (const companyId of ['bianchi', 'rossi']) {
      const client = test.clientOf({ companyId });
      const { id: thief, draft } = await client.createWorkflow({ body: { name: 'x', definition: theft } });
      await client.publishWorkflow({ params: { id: thief }, body: { revision: draft.revision } });
      const { run } = await client.startRun({
        params: { id: thief },
        body: { payload: { file: file as Json } },
      });
      expect((await follow(client, run.id)).run.error).toMatchObject({ code: 'file_unknown' });
    }
    // Not by making up that it had arrived, either.
    const client = test.clientOf({ companyId: 'bianchi' });
    const made = await test.workflow({ companyId: 'bianchi', steps: filing() });
    const { run } = await client.startRun({
      params: { id: made.id },
      body: { payload },
      headers: { 'idempotency-key': `email:${payload.emailId}` },
    });
    expect((await follow(client, run.id)).run.error).toMatchObject({ code: 'file_unknown' });
    expect(
      test.resend.calls.slice(calls).filter(({ operation }) => operation !== 'emails/get-receiving'),
    ).toEqual([]);
    expect(id).not.toBe(made.id);
  });

  it('cannot be announced by a person: what they start has to be whole', async () => {
    const { payload } = await arrive({ text: 'x' });
    const { from, fromName, to, cc, subject, date, messageId, emailId } = payload;
    const announced = { from, fromName, to, cc, subject, date, messageId, emailId } as Record<string, Json>;
    const other = await test.workflow({ companyId: 'bianchi' });
    const started = test
      .clientOf({ companyId: 'bianchi' })
      .startRun({ params: { id: other.id }, body: { payload: announced } });
    await expect(started).rejects.toMatchObject({ code: 'invalid_request' });
  });
});
