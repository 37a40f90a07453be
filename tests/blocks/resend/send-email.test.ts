import { Resend } from 'resend';
import { bareAddress, isAddress, splitAddresses } from '../../../src/blocks/resend/addresses';
import { ResendOverFetch } from '../../../src/blocks/resend/sdk.server';
import { sendEmail } from '../../../src/blocks/resend/send-email';
import { cpuSeconds } from '../../support/cpu-time';
import { API_KEY, email, FROM, type ResendTest, sendFrom, startResend } from './harness';

describe('sending an email', () => {
  let test: ResendTest;
  beforeAll(async () => {
    test = await startResend();
  });
  afterAll(() => test.close());
  const last = () => test.resend.emails.at(-1);

  it('goes out as written, marked as sent by a workflow, under the step’s key', async () => {
    const { run, step } = await sendFrom(
      test,
      email({
        to: 'Laura Rossi <laura@studio.example>, "Verdi, Anna" <anna@verdi.example>; ',
        subject: 'Firmato:\n {{trigger.payload.title}}',
        text: 'Importo: {{trigger.payload.importo | currency: "EUR"}}',
        cc: ['marco@studio.example'],
        bcc: '{{trigger.payload.archive}}',
        replyTo: 'ufficio@studio.example',
        senderName: 'Ufficio "contratti" <x>',
      }),
      { payload: { title: 'Contratto <Verdi>', importo: 1200, archive: ['a@b.example', 'c@d.example'] } },
    );
    expect(run.status).toBe('succeeded');
    expect(last()).toMatchObject({
      from: '"Ufficio  contratti   x" <no-reply@example.com>',
      to: ['Laura Rossi <laura@studio.example>', '"Verdi, Anna" <anna@verdi.example>'],
      cc: ['marco@studio.example'],
      bcc: ['a@b.example', 'c@d.example'],
      replyTo: ['ufficio@studio.example'],
      subject: 'Firmato: Contratto <Verdi>',
      text: 'Importo: 1.200,00 €',
      html: null,
      headers: { 'Auto-Submitted': 'auto-generated', 'X-Trama-Run': last()?.idempotencyKey },
    });
    expect(last()?.idempotencyKey).toMatch(/^[0-9a-f]{64}$/);
    expect(step?.output).toEqual({ id: last()?.id, to: last()?.to, subject: 'Firmato: Contratto <Verdi>' });
  });

  it('never lets a value become markup in HTML, and leaves the author’s own', async () => {
    const html = '<p class="x">{{trigger.payload.name}}</p>';
    const name = `<img src=x onerror="alert(1)"> & 'co'`;
    await sendFrom(test, { to: 'a@b.example', subject: 'S', html }, { payload: { name } });
    expect(last()?.html).toBe(
      '<p class="x">&lt;img src=x onerror=&quot;alert(1)&quot;&gt; &amp; &#39;co&#39;</p>',
    );
    await sendFrom(
      test,
      { to: 'a@b.example', subject: 'S', html: '{{trigger.payload.name}}' },
      { payload: { name } },
    );
    expect(last()?.html).not.toContain('<');
  });

  it('attaches documents by their id, the signed rendition where there is one', async () => {
    test.host.addDocument({ companyId: 'rossi', id: 'doc_1', title: 'Contratto' });
    test.host.addDocument({ companyId: 'rossi', id: 'doc_2', title: 'Preventivo' });
    test.host.complete('doc_1');
    const { run } = await sendFrom(test, email({ attachments: ['doc_1', '{{trigger.payload.id}}'] }), {
      payload: { id: 'doc_2' },
    });
    expect(run.status).toBe('succeeded');
    expect(
      last()?.attachments.map(({ filename, contentType, content }) => [
        filename,
        contentType,
        Buffer.from(content).toString(),
      ]),
    ).toEqual([
      ['doc_1-signed.pdf', 'application/pdf', '%PDF-1.7 Contratto\n% signed'],
      ['doc_2.pdf', 'application/pdf', '%PDF-1.7 Preventivo'],
    ]);
  });

  it('refuses attachments that are too large together, and sends nothing', async () => {
    const bytes = Buffer.alloc(7 * 1024 * 1024);
    for (const id of ['big_1', 'big_2', 'big_3'])
      test.host.addDocument({
        companyId: 'rossi',
        id,
        original: { filename: `${id}.pdf`, contentType: 'application/pdf', bytes },
      });
    const before = test.resend.emails.length;
    const { run } = await sendFrom(test, email({ attachments: ['big_1', 'big_2', 'big_3'] }));
    expect(run).toMatchObject({
      status: 'failed',
      error: { code: 'attachments_too_large', path: 'attachments' },
    });
    expect(test.resend.emails).toHaveLength(before);
  });

  it('attaches nothing of another company', async () => {
    test.host.addDocument({ companyId: 'bianchi', id: 'doc_b' });
    const before = test.resend.emails.length;
    const { run } = await sendFrom(test, email({ attachments: ['doc_b'] }));
    expect(run).toMatchObject({ status: 'failed', error: { code: 'not_found' } });
    expect(test.resend.emails).toHaveLength(before);
  });

  it.each([
    ['no address', { to: '{{trigger.payload.none}}' }, 'to'],
    ['what is no address', { to: 'laura@studio.example, laura' }, 'to'],
    ['a line break in one', { to: '{{trigger.payload.broken}}' }, 'to'],
    ['no text at all', { text: '{{trigger.payload.none}}' }, 'text'],
  ])('fails for %s, and says where', async (_, config, path) => {
    const before = test.resend.calls.length;
    const payload = { none: '', broken: ['a@b.example\r\nBcc: all@x.example'] };
    const ended = await sendFrom(test, email(config), { payload }).catch((error) => ({ run: null, error }));
    if (ended.run)
      expect(ended.run).toMatchObject({ status: 'failed', error: { code: 'input_invalid', path } });
    else
      expect(ended).toMatchObject({ error: { code: 'definition_invalid', details: { issues: [{ path }] } } });
    expect(test.resend.calls).toHaveLength(before);
  });
});

describe('the sender', () => {
  it('is chosen by the application, for each company where it wants', async () => {
    const test = await startResend({}, { from: (companyId) => `${companyId}@example.com` });
    try {
      await sendFrom(test, email({ senderName: 'Bianchi' }), { companyId: 'bianchi' });
      expect(test.resend.emails.map(({ from }) => from)).toEqual(['"Bianchi" <bianchi@example.com>']);
    } finally {
      await test.close();
    }
  });

  it('is asked for when there is none, and so is the key', async () => {
    const noSender = await startResend({}, { from: undefined });
    const noKey = await startResend({}, { apiKey: undefined });
    try {
      expect((await sendFrom(noSender, email())).run.error).toMatchObject({
        code: 'sender_missing',
        actor: 'developer',
      });
      expect((await sendFrom(noKey, email())).run.error).toMatchObject({
        code: 'api_key_missing',
        actor: 'developer',
      });
      expect([...noSender.resend.calls, ...noKey.resend.calls]).toEqual([]);
    } finally {
      await noSender.close();
      await noKey.close();
    }
  });
});

describe('the integration', () => {
  const stateOf = async (test: ResendTest) => {
    const client = test.clientOf();
    const integration = (await client.listIntegrations()).items.find(({ provider }) => provider === 'resend');
    const block = (await client.listBlocks()).items.find(({ type }) => type === 'resend.send-email');
    const definition = {
      schemaVersion: 1,
      nodes: [
        { id: 'trigger', type: 'flow.manual', config: {} },
        { id: 'mail_1', type: 'resend.send-email', config: email() },
      ],
      edges: [{ id: 'e', source: 'trigger', sourceHandle: 'next', target: 'mail_1' }],
    };
    const { issues } = await client.validateDefinition({ body: { definition } });
    const verdict = await client.testIntegration({ params: { provider: 'resend' } });
    return {
      ...{ configured: integration?.configured, state: integration?.state, connection: block?.connection },
      ...{ issues: issues.map(({ severity, code }) => `${severity} ${code}`), verdict },
    };
  };

  it('is there with the key of the application, a key that may only send included', async () => {
    const test = await startResend({ isSendingOnly: true });
    try {
      expect(await stateOf(test)).toEqual({
        ...{ configured: true, state: 'active', connection: 'active', issues: [] },
        verdict: { ok: true, state: 'active', message: null },
      });
    } finally {
      await test.close();
    }
  });

  it('says that the application has not set it up, and when the key is not accepted', async () => {
    const without = await startResend({}, { apiKey: undefined });
    const wrong = await startResend({ apiKey: 're_another' });
    try {
      expect(await stateOf(without)).toEqual({
        ...{ configured: false, state: 'not_connected', connection: 'not_connected' },
        issues: ['warning provider_not_configured'],
        verdict: { ok: false, state: 'not_connected', message: null },
      });
      const { verdict } = await stateOf(wrong);
      expect(verdict).toMatchObject({
        ok: false,
        state: 'error',
        message: expect.stringContaining('providers.resend.apiKey'),
      });
      expect(JSON.stringify(verdict)).not.toContain(API_KEY);
    } finally {
      await without.close();
      await wrong.close();
    }
  });
});

describe('addresses', () => {
  it.each([
    ['a@b.it, c@d.it;e@f.it\n g@h.it', ['a@b.it', 'c@d.it', 'e@f.it', 'g@h.it']],
    ['"Rossi, Mario" <m@r.it>, Anna <a@b.it>', ['"Rossi, Mario" <m@r.it>', 'Anna <a@b.it>']],
    [
      ['a@b.it, c@d.it', ' e@f.it '],
      ['a@b.it', 'c@d.it', 'e@f.it'],
    ],
    [' ,; ', []],
  ])('are told apart in %j', (value, expected) => {
    expect(splitAddresses(value)).toEqual(expected);
  });

  it('are accepted or not', () => {
    for (const right of ['a@b.it', 'a.b+c@d-e.example', 'Mario Rossi <m@r.it>', "o'neill@x.ie"])
      expect([right, isAddress(right)]).toEqual([right, true]);
    for (const wrong of [
      '',
      'a',
      'a@b',
      '@b.it',
      'a@b.',
      'a b@c.it',
      'a@b.it>',
      'M <a@b.it',
      'a@b.it\nBcc: x@y.it',
      `${'a'.repeat(320)}@b.it`,
    ])
      expect([wrong, isAddress(wrong)]).toEqual([wrong, false]);
    expect(bareAddress('Mario <M@R.it>')).toBe('m@r.it');
  });

  it('are read in a time that grows with their length', () => {
    const read = () => [isAddress(`${'a.'.repeat(150)}@`), splitAddresses('<,'.repeat(1_000_000))];
    expect(cpuSeconds(read)).toBeLessThan(10);
  });

  it('are wanted in every field of the form', () => {
    expect(sendEmail.input.safeParse(email({ cc: 'x' })).success).toBe(false);
    expect(sendEmail.input.safeParse({ to: 'a@b.it', subject: 'S' }).error?.issues).toMatchObject([
      { path: ['text'] },
    ]);
  });
});

describe('the SDK', () => {
  it('reaches the network through the server’s own way out only, whichever of its methods is called', async () => {
    const around = jest.spyOn(globalThis, 'fetch').mockRejectedValue(new Error('around the way out'));
    const seen: string[] = [];
    const send: typeof fetch = async (input) => {
      seen.push(String(input));
      return new Response('{"id":"x"}');
    };
    const sdk: Resend = new ResendOverFetch(API_KEY, 'https://api.resend.test', send);
    await sdk.emails.send({ from: FROM, to: 'a@b.it', subject: 'S', text: 'T' });
    await sdk.emails.get('x');
    await sdk.domains.list();
    await sdk.emails.receiving.get('x');
    await sdk.batch.send([]);
    expect(seen).toHaveLength(5);
    expect(seen.every((url) => url.startsWith('https://api.resend.test/'))).toBe(true);
    expect(around).not.toHaveBeenCalled();
    around.mockRestore();
    expect(Object.getOwnPropertyNames(Resend.prototype)).toContain('fetchRequest');
  });
});
