import { resendServer } from '../../src/blocks/resend/client.server';
import { sendEmail } from '../../src/blocks/resend/send-email';
import { runSendEmail } from '../../src/blocks/resend/send-email.server';
import type { Json } from '../../src/core/json';
import { createFakeResend, type FakeResend, mockBlockContext } from '../../src/testing';
import { type Exchange, type OpenApi, readOpenApi } from './openapi';

let spec: OpenApi;
let resend: FakeResend;
let client: Awaited<ReturnType<typeof resendServer.client>>;

beforeAll(async () => {
  spec = readOpenApi('resend/resend.json');
  resend = createFakeResend();
  client = await resendServer.client({
    ...{ baseUrl: await resend.listen(), apiKey: 're_sandbox_key', from: 'Studio <no-reply@example.com>' },
    ...{ accessToken: () => Promise.reject(new Error('there is no token')), accountId: null, fetch },
    ...{ pace: async () => {}, companyId: 'rossi', step: null, host: null },
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

const exchanges = (): Exchange[] =>
  resend.calls.map(({ method, path, body, answer }) => ({
    ...{ method, path, body, status: answer?.status ?? 0, answer: answer?.body },
  }));

describe('the calls of the block, against the description of Resend', () => {
  it('are all of them described there', () => {
    expect(exchanges().map((exchange) => spec.operationOf(exchange))).toEqual([
      ...['emails/send', 'emails/send', 'emails/get', 'domains/list'],
    ]);
    expect(resend.calls.map(({ operation }) => operation)).toEqual(
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
