import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resendServer } from '../../src/blocks/resend/client.server';
import { inboundEmail } from '../../src/blocks/resend/inbound-email';
import { runInboundEmail } from '../../src/blocks/resend/inbound-email.server';
import { readNotice } from '../../src/blocks/resend/inbound-notice.server';
import { sendEmail } from '../../src/blocks/resend/send-email';
import { runSendEmail } from '../../src/blocks/resend/send-email.server';
import type { Json } from '../../src/core/json';
import {
  createFakeResend,
  type FakeInboundEmail,
  type FakeResend,
  mockBlockContext,
} from '../../src/testing';
import { type Exchange, type OpenApi, readOpenApi } from './openapi';

let spec: OpenApi;
let resend: FakeResend;
let client: Awaited<ReturnType<typeof resendServer.client>>;
let notice: Record<string, unknown>;

beforeAll(async () => {
  spec = readOpenApi('resend/resend.json');
  resend = createFakeResend();
  client = await resendServer.client({
    ...{ baseUrl: await resend.listen(), apiKey: 're_sandbox_key', from: 'Studio <no-reply@example.com>' },
    ...{ accessToken: () => Promise.reject(new Error('there is no token')), accountId: null, fetch },
    ...{ pace: async () => {}, companyId: 'rossi', step: null, host: null },
    hasReceived: async () => true,
  });
  await send({ text: 'Ecco' });
  await send({
    ...{ to: ['a@b.example', 'Anna <c@d.example>'], html: '<p>Ecco</p>', text: 'Ecco' },
    ...{
      cc: 'e@f.example',
      bcc: 'g@h.example',
      replyTo: 'i@l.example',
      senderName: 'Ufficio',
      attachments: ['doc_1'],
    },
  });
  await client.sdk.emails.get(resend.emails[0]?.id ?? '');
  await resendServer.test?.(client);
  await receive();
});
afterAll(() => resend.close());

/** The block as the engine runs it. */
async function send(config: Record<string, Json>): Promise<void> {
  const input = sendEmail.input.parse({ to: 'laura@studio.example', subject: 'Contratto', ...config });
  const file = { filename: 'contratto.pdf', contentType: 'application/pdf', bytes: Buffer.from('%PDF') };
  const step = mockBlockContext({ effectKey: `run/${resend.calls.length}` });
  const outcome = await runSendEmail.run({ input, client, step, openFile: async () => file });
  expect(sendEmail.output.safeParse((outcome as { output: unknown }).output).success).toBe(true);
}

/** The trigger's first step and the opening of an attachment, as the engine runs them. */
async function receive(): Promise<void> {
  const email = resend.receive({
    ...{ from: 'Laura <laura@rossi.example>', to: ['wf@in.example.com'], subject: 'Fattura', text: 'Ecco' },
    attachments: [{ filename: 'fattura.pdf', contentType: 'application/pdf', content: Buffer.from('%PDF') }],
  });
  notice = JSON.parse(await noticeTo(email));
  const { announced } = readNotice(notice) ?? {};
  const input = { announced, config: {} };
  const openFile = () => Promise.reject(new Error('no file is opened here'));
  const outcome = await runInboundEmail.run({ input, client, step: mockBlockContext(), openFile });
  const payload = inboundEmail.output.parse((outcome as { output: unknown }).output);
  const file = await resendServer.openFile?.(client, payload.attachments[0]?.id ?? '');
  expect(Buffer.from(file?.bytes ?? []).toString()).toBe('%PDF');
  await client.sdk.emails.receiving.attachments.list({ emailId: email.id });
}

/** The body of a notice as our stand-in sends it. */
async function noticeTo(email: FakeInboundEmail): Promise<string> {
  let body = '';
  const server = createServer((request, response) => {
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => response.end());
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await resend.notify(email, { url, secret: `whsec_${Buffer.alloc(32, 1).toString('base64')}` });
  await new Promise((done) => server.close(done));
  return body;
}

/** The link of an attachment is none of the API's, and `html_format` is younger than its description. */
const exchanges = (): Exchange[] =>
  resend.calls
    .filter(({ operation }) => operation !== 'download')
    .map(({ method, path, query: { html_format: _, ...query }, body, answer }) => ({
      ...{ method, path, query, body, status: answer?.status ?? 0, answer: answer?.body },
    }));

describe('the calls of the block, against the description of Resend', () => {
  it('are all of them described there', () => {
    expect(exchanges().map((exchange) => spec.operationOf(exchange))).toEqual([
      ...['emails/send', 'emails/send', 'emails/get', 'domains/list'],
      ...['emails/get-receiving', 'emails/get-receiving-attachment', 'emails/list-receiving-attachments'],
    ]);
    const operations = resend.calls.map(({ operation }) => operation);
    expect(operations.filter((operation) => operation !== 'download')).toEqual(
      exchanges().map((exchange) => spec.operationOf(exchange)),
    );
  });

  it('are made as it asks, with keys no longer than it takes', () => {
    expect(exchanges().flatMap((exchange) => spec.requestProblems(exchange))).toEqual([]);
    for (const { idempotencyKey } of resend.calls)
      expect((idempotencyKey ?? '').length).toBeLessThanOrEqual(256);
  });

  it('are answered by our stand-in as it says', () => {
    expect(exchanges().flatMap((exchange) => spec.answerProblems(exchange))).toEqual([]);
  });

  it('and the notices it sends are those of its description', () => {
    expect(spec.problemsOf('EmailReceivedEvent', notice)).toEqual([]);
    expect(spec.problemsOf('EmailReceivedEvent', { ...notice, data: {} })).not.toEqual([]);
  });

  it('would be found out if they were not', () => {
    const [sent] = exchanges() as [Exchange];
    const without = { ...(sent.body as object), subject: undefined };
    expect(spec.requestProblems({ ...sent, body: JSON.parse(JSON.stringify(without)) })).not.toEqual([]);
    expect(spec.requestProblems({ ...sent, body: { ...(sent.body as object), replyTo: 'x' } })).not.toEqual(
      [],
    );
    expect(spec.answerProblems({ ...sent, answer: { id: 7 } })).not.toEqual([]);
  });
});
