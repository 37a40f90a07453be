import type { Fault } from '../../../src/testing';
import { follow } from '../../support/server';
import { API_KEY, email, type ResendTest, sendFrom, startResend } from './harness';

const refusal = (status: number, name: string): Fault => ({
  status,
  body: { statusCode: status, name, message: 'of Resend' },
});

describe('a failed call to Resend', () => {
  let now = Date.parse('2027-01-11T08:00:00Z');
  let test: ResendTest;
  beforeAll(async () => {
    test = await startResend({ now: () => now }, {}, { clock: { now: () => now } });
  });
  afterAll(() => test.close());
  beforeEach(() => test.resend.clearFaults());

  /** Lets retries come at once: the clock of the test only moves here. */
  async function sendWith(faults: Fault[], config = email(), options: Parameters<typeof sendFrom>[2] = {}) {
    const { emails, calls } = test.resend;
    const [sent, called] = [emails.length, calls.length];
    for (const fault of faults) test.resend.failNext('emails/send', fault);
    const moving = setInterval(() => {
      now += 1000;
    }, 20);
    try {
      const { run, step } = await sendFrom(test, config, options);
      return { run, step, emails: emails.slice(sent), calls: calls.slice(called) };
    } finally {
      clearInterval(moving);
    }
  }

  it.each([
    ['429 with a pause', { ...(refusal(429, 'rate_limit_exceeded') as object), retryAfter: 2 } as Fault],
    ['a call still under way', refusal(409, 'concurrent_idempotent_requests')],
    ['500', refusal(500, 'internal_server_error')],
    ['502 with a page', { status: 502, body: '<html>' } as Fault],
    ['200 with a page', { status: 200, body: '<html>' } as Fault],
    ['a cut connection', 'reset' as Fault],
    ['a lost answer', 'answer-lost' as Fault],
    ['an answer after the effect', { status: 500, done: true, body: {} } as Fault],
  ])('%s: is tried again, and one email goes out', async (_, fault) => {
    const { run, step, emails, calls } = await sendWith([fault]);
    expect(run.status).toBe('succeeded');
    expect(step?.attempt).toBe(2);
    expect(emails).toHaveLength(1);
    expect(new Set(calls.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(1);
    expect(step?.output).toMatchObject({ id: emails[0]?.id });
  });

  it.each([
    ['invalid_idempotent_request', refusal(409, 'invalid_idempotent_request'), 'customer', /other content/],
    ['daily_quota_exceeded', refusal(429, 'daily_quota_exceeded'), 'developer', /today/],
    ['monthly_quota_exceeded', refusal(429, 'monthly_quota_exceeded'), 'developer', /this month/],
    ['missing_api_key', refusal(401, 'missing_api_key'), 'developer', /apiKey/],
    ['invalid_api_key', refusal(403, 'invalid_api_key'), 'developer', /apiKey/],
    ['restricted_api_key', refusal(401, 'restricted_api_key'), 'developer', /permission/],
    ['invalid_from_address', refusal(422, 'invalid_from_address'), 'developer', /from/],
    ['invalid_attachment', refusal(422, 'invalid_attachment'), 'customer', /attachments/],
    ['validation_error', refusal(403, 'validation_error'), 'developer', /verified/],
    ['validation_error', refusal(422, 'validation_error'), 'customer', /validation_error/],
  ] as const)('%s: fails at once, with who must act', async (code, fault, actor, message) => {
    const { run, step, emails } = await sendWith([fault]);
    expect(run).toMatchObject({
      status: 'failed',
      error: { kind: 'terminal', code, actor, message: expect.stringMatching(message) },
    });
    expect(run.error?.message).not.toContain('of Resend');
    expect(step?.attempt).toBe(1);
    expect(emails).toEqual([]);
  });

  it('whose answers are all lost waits for a person, with one email sent', async () => {
    const { run, step, emails } = await sendWith(['answer-lost', 'answer-lost', 'answer-lost']);
    expect(run.status).toBe('needs_attention');
    expect(step).toMatchObject({
      status: 'in_doubt',
      error: { code: 'resend_unreachable', kind: 'uncertain' },
    });
    expect(emails).toHaveLength(1);
  });

  it('that would be repeated after Resend forgot its key waits for a person, and no second email goes out', async () => {
    const hour = { delayMs: 3_600_000, maxDelayMs: 3_600_000 };
    const { emails } = test.resend;
    const sent = emails.length;
    test.resend.failNext('emails/send', 'answer-lost');
    const waiting = await sendFrom(test, email(), { retry: hour, until: (status) => status === 'waiting' });
    expect(waiting.step?.error).toMatchObject({ kind: 'uncertain' });
    now += 40 * 3_600_000;
    const doubt = await follow(test.clientOf(), waiting.run.id, (status) => status === 'needs_attention');
    expect(doubt.steps.find(({ key }) => key === 'step_1')?.status).toBe('in_doubt');
    expect(emails.length - sent).toBe(1);
  });

  it('goes out when a person says, days later, that it never did', async () => {
    const { emails } = test.resend;
    const sent = emails.length;
    test.resend.failNext('emails/send', 'reset');
    const waiting = await sendFrom(test, email(), {
      retry: { maxAttempts: 1 },
      until: (status) => status === 'needs_attention',
    });
    now += 70 * 3_600_000;
    const client = test.clientOf();
    const params = { id: waiting.run.id };
    await client.settleStep({ params, body: { stepKey: 'step_1', happened: false } });
    expect((await follow(client, params.id)).run.status).toBe('succeeded');
    expect(emails.length - sent).toBe(1);
  });

  it('says the same in a retry, so that Resend knows it again', async () => {
    const { emails, calls } = test.resend;
    const [sent, called] = [emails.length, calls.length];
    test.resend.failNext('emails/send', 'answer-lost');
    const hour = { delayMs: 3_600_000, maxDelayMs: 3_600_000 };
    const { run } = await sendFrom(test, email(), { retry: hour, until: (status) => status === 'waiting' });
    const client = test.clientOf();
    await client.cancelRun({ params: { id: run.id } });
    const { run: again } = await client.retryRun({ params: { id: run.id }, body: {} });
    expect((await follow(client, again.id)).run.status).toBe('succeeded');
    expect([emails.length - sent, calls.length - called]).toEqual([1, 2]);
  });

  it('that is put off for a day after an attempt that may have sent it waits for a person, too', async () => {
    const { emails } = test.resend;
    const sent = emails.length;
    const later = { ...(refusal(429, 'rate_limit_exceeded') as object), retryAfter: 86_400 } as Fault;
    for (const fault of ['answer-lost' as Fault, later]) test.resend.failNext('emails/send', fault);
    const { run } = await sendFrom(test, email(), { until: (status) => status === 'waiting' });
    now += 1000;
    const attempts = async () =>
      (await test.clientOf().getRun({ params: { id: run.id } })).steps.at(-1)?.attempts ?? [];
    while ((await attempts()).length < 2) await new Promise(setImmediate);
    const called = test.resend.calls.length;
    now += 25 * 3_600_000;
    const { steps } = await follow(test.clientOf(), run.id, (status) => status === 'needs_attention');
    expect(steps.find(({ key }) => key === 'step_1')).toMatchObject({ status: 'in_doubt' });
    expect(emails.length - sent).toBe(1);
    expect(test.resend.calls.length).toBe(called);
  });

  it('that repeats our key in its answer leaves no trace of it', async () => {
    const { run, step } = await sendWith([{ echoAuthorization: true } as Fault]);
    expect(run.status).toBe('failed');
    expect(JSON.stringify({ run, step })).not.toContain(API_KEY);
  });

  it('that nobody answers is stopped, and a person is asked whether the email went out', async () => {
    const { run, emails } = await sendWith(['hang'], email(), { retry: { maxAttempts: 1 } });
    expect(run.status).toBe('needs_attention');
    expect(run.error).toMatchObject({ code: 'resend_unreachable', kind: 'uncertain' });
    expect(emails).toEqual([]);
  }, 40_000);
});

it('nobody listening at Resend’s address: nothing happened, and the step says so', async () => {
  const test = await startResend();
  await test.resend.close();
  try {
    const { run } = await sendFrom(test, email(), { retry: { maxAttempts: 1 } });
    expect(run).toMatchObject({ status: 'failed', error: { kind: 'retry', code: 'resend_unreachable' } });
  } finally {
    await test.close();
  }
});
