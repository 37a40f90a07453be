import { Webhook } from 'standardwebhooks';
import { follow } from '../support/server';
import { DOMAIN, type InboundTest, OLD_SECRET, SECRET, startInbound } from './inbound-harness';

let test: InboundTest;
beforeAll(async () => {
  test = await startInbound();
});
afterAll(() => test.close());

const OTHER_SECRET = `whsec_${Buffer.from('a secret of somebody else entirely').toString('base64')}`;

/** A request as it stands: whatever headers and bytes. */
async function post(body: string | Buffer, headers: Record<string, string>) {
  const response = await fetch(test.hook, {
    method: 'POST',
    headers,
    body: new Uint8Array(Buffer.from(body)),
  });
  return { status: response.status, text: await response.text() };
}

/** Headers as Svix makes them for these bytes. */
function signed(body: string, { secret = SECRET, id = 'msg_1', at = new Date(), prefix = 'svix' } = {}) {
  return {
    'content-type': 'application/json',
    [`${prefix}-id`]: id,
    [`${prefix}-timestamp`]: String(Math.floor(at.getTime() / 1000)),
    [`${prefix}-signature`]: new Webhook(secret).sign(id, at, body),
  };
}

const noticeTo = (address: string, emailId: string, change: Record<string, unknown> = {}) =>
  JSON.stringify({
    type: 'email.received',
    created_at: '2026-11-24T09:12:00.000Z',
    data: {
      ...{ email_id: emailId, created_at: '2026-11-24T09:12:00.000Z', from: 'Laura <laura@rossi.example>' },
      ...{ to: [address], cc: [], bcc: [], message_id: '<1@x>', subject: 'Fattura', attachments: [] },
      ...change,
    },
  });

describe('an email to the address of a workflow', () => {
  it('starts it before the notice is answered, and its steps see what was in it', async () => {
    const { id, address } = await test.workflow();
    const { email, status } = await test.send({
      ...{ to: [address], subject: 'Fattura 41', text: 'In allegato.', html: '<p>In allegato.</p>' },
    });
    const [run] = await test.runsOf(id);
    const detail = await follow(test.clientOf(), run?.id ?? '');
    expect({ status, run: detail.run.status, title: run?.title }).toEqual({
      ...{ status: 200, run: 'succeeded', title: 'Fattura 41' },
    });
    expect(detail.run.businessKeys).toEqual(['laura@rossi.example', email.id]);
    expect(detail.steps.map(({ key, status: is, output }) => ({ key, is, output }))).toEqual([
      {
        key: 'trigger',
        is: 'succeeded',
        output: {
          ...{ from: 'laura@rossi.example', fromName: 'Laura', to: [address], cc: [], subject: 'Fattura 41' },
          ...{ date: email.createdAt, messageId: email.messageId, emailId: email.id, isShortened: false },
          ...{ text: 'In allegato.', html: '<p>In allegato.</p>', attachments: [], images: [] },
        },
      },
      {
        key: 'stop_1',
        is: 'succeeded',
        output: { status: 'succeeded', message: 'Fattura 41: In allegato.' },
      },
    ]);
  });

  it('is never searched for references: what it says stays as it is', async () => {
    const { id, address } = await test.workflow();
    await test.send({ to: [address], subject: '{{run.id}}', text: '{{workflow.name}} {{step.x.output}}' });
    const [run] = await test.runsOf(id);
    const { steps } = await follow(test.clientOf(), run?.id ?? '');
    expect(steps.at(-1)?.output).toMatchObject({
      message: '{{run.id}}: {{workflow.name}} {{step.x.output}}',
    });
  });

  it('starts nothing while the workflow is switched off, and says so to who looks', async () => {
    const { id, address } = await test.workflow();
    const client = test.clientOf();
    await client.updateWorkflow({ params: { id }, body: { enabled: false } });
    const { email, status } = await test.send({ to: [address] });
    expect({ status, runs: await test.runsOf(id) }).toEqual({ status: 200, runs: [] });
    const { refused } = await client.getInboundAddress({ params: { id } });
    expect(refused).toEqual([{ at: expect.any(String), from: 'laura@rossi.example', reason: 'inactive' }]);
    await client.updateWorkflow({ params: { id }, body: { enabled: true } });
    await test.notify(email);
    expect(await test.runsOf(id)).toHaveLength(1);
    expect((await client.getInboundAddress({ params: { id } })).refused).toEqual([]);
  });

  it('starts each of the workflows it was sent to, in whichever company, once', async () => {
    const [one, two, three] = [
      await test.workflow(),
      await test.workflow(),
      await test.workflow({ companyId: 'bianchi' }),
    ];
    await test.send({
      to: [one.address, `Due <${two.address.toUpperCase()}>`],
      cc: [three.address, one.address],
    });
    expect([
      ...[(await test.runsOf(one.id)).length, (await test.runsOf(two.id)).length],
      (await test.runsOf(three.id, 'bianchi')).length,
    ]).toEqual([1, 1, 1]);
    expect(await test.runsOf(three.id)).toEqual([]);
  });

  it('starts the others though one cannot be started, and that one when it is told again', async () => {
    const [broken, sound] = [await test.workflow(), await test.workflow()];
    await test.query('update workflow set published_version = 9 where id = $1', [broken.id]);
    const { email, status } = await test.send({ to: [broken.address, sound.address] });
    expect([status, await test.runsOf(broken.id), (await test.runsOf(sound.id)).length]).toEqual([
      500,
      [],
      1,
    ]);
    await test.query('update workflow set published_version = 1 where id = $1', [broken.id]);
    expect((await test.notify(email)).status).toBe(200);
    expect([(await test.runsOf(broken.id)).length, (await test.runsOf(sound.id)).length]).toEqual([1, 1]);
  });

  it('is delivered to whom Resend says it was received for, and without that to all it names', async () => {
    const [named, hidden] = [await test.workflow(), await test.workflow()];
    await test.send({ to: [named.address], receivedFor: [hidden.address] });
    expect([await test.runsOf(named.id), (await test.runsOf(hidden.id)).length]).toEqual([[], 1]);
    await test.send({ to: ['a@b.example'], bcc: [named.address], receivedFor: null });
    expect(await test.runsOf(named.id)).toHaveLength(1);
  });

  it.each([
    ['an address nobody has', `wf-${'a'.repeat(26)}@${DOMAIN}`],
    ['another domain', `wf-${'a'.repeat(26)}@elsewhere.example`],
    ['no address at all', 'x'],
    ['a hostile one', `wf-' or 1=1 --@${DOMAIN}`],
  ])('is answered like any other when it goes to %s', async (_, to) => {
    const known = await test.workflow();
    const good = await test.notify(test.resend.receive({ from: 'a@b.example', to: [known.address] }));
    const bad = await test.notify(test.resend.receive({ from: 'a@b.example', to: [to] }));
    expect([bad.status, await bad.text()]).toEqual([good.status, await good.text()]);
  });
});

describe('a notice that is told again', () => {
  it('starts the workflow once, however many copies come at once', async () => {
    const { id, address } = await test.workflow();
    const email = test.resend.receive({ from: 'a@b.example', to: [address] });
    const copies = await Promise.all(Array.from({ length: 20 }, () => test.notify(email)));
    expect(new Set(copies.map(({ status }) => status))).toEqual(new Set([200]));
    expect(await test.runsOf(id)).toHaveLength(1);
  });

  it('is known by the email, where two notices tell of one', async () => {
    const { id, address } = await test.workflow();
    const email = test.resend.receive({ from: 'a@b.example', to: [address] });
    for (const noticeId of ['msg_one', 'msg_two']) await test.notify(email, { noticeId });
    expect(await test.runsOf(id)).toHaveLength(1);
  });

  it('is known by its own id, where the email has another', async () => {
    const { id, address } = await test.workflow();
    for (const emailId of ['email-one', 'email-two']) {
      const body = noticeTo(address, emailId);
      expect((await post(body, signed(body, { id: 'msg_the_same' }))).status).toBe(200);
    }
    expect(await test.runsOf(id)).toHaveLength(1);
  });

  it('is known for forty days, and by its run for as long as that is kept', async () => {
    const { id, address } = await test.workflow();
    const email = test.resend.receive({ from: 'a@b.example', to: [address] });
    await test.notify(email);
    await test.query(
      `update workflow_inbound_email set at = now() - interval '31 days' where email_id = $1`,
      [email.id],
    );
    await test.notify(email);
    expect(
      await test.query('select outcome from workflow_inbound_email where email_id = $1', [email.id]),
    ).toEqual([{ outcome: 'started' }]);
    await test.query('delete from workflow_inbound_email where email_id = $1', [email.id]);
    await test.notify(email);
    expect(await test.runsOf(id)).toHaveLength(1);
  });
});

describe('the signature of a notice', () => {
  const variants: [string, (body: string) => Record<string, string>][] = [
    ['made with the secret before', (body) => signed(body, { secret: OLD_SECRET })],
    ['under the names of Standard Webhooks', (body) => signed(body, { prefix: 'webhook' })],
    ['four minutes old', (body) => signed(body, { at: new Date(Date.now() - 240_000) })],
    [
      'beside one made with an unknown secret',
      (body) => {
        const good = signed(body);
        const other = signed(body, { secret: OTHER_SECRET })['svix-signature'];
        return { ...good, 'svix-signature': `${other} ${good['svix-signature']}` };
      },
    ],
    [
      'beside one of another version',
      (body) => {
        const good = signed(body);
        return {
          ...good,
          'svix-signature': `v1a,${Buffer.from('x').toString('base64')} ${good['svix-signature']}`,
        };
      },
    ],
    ['over a body of another content type', (body) => ({ ...signed(body), 'content-type': 'text/plain' })],
    ['with a charset', (body) => ({ ...signed(body), 'content-type': 'application/json; charset=utf-8' })],
  ];

  it.each(variants)('is accepted %s', async (_, headersOf) => {
    const { id, address } = await test.workflow();
    const body = noticeTo(address, `accepted-${id}`);
    expect(await post(body, headersOf(body))).toEqual({ status: 200, text: '{"received":true}' });
    expect(await test.runsOf(id)).toHaveLength(1);
  });

  it('is accepted over a body that is printed prettily: it is the bytes that count', async () => {
    const { id, address } = await test.workflow();
    const body = JSON.stringify(JSON.parse(noticeTo(address, `pretty-${id}`)), null, 4);
    expect((await post(body, signed(body))).status).toBe(200);
    expect(await test.runsOf(id)).toHaveLength(1);
  });

  const refused: [string, (body: string) => { body?: string | Buffer; headers: Record<string, string> }][] = [
    ['made with another secret', (body) => ({ headers: signed(body, { secret: OTHER_SECRET }) })],
    ['six minutes old', (body) => ({ headers: signed(body, { at: new Date(Date.now() - 360_000) }) })],
    ['six minutes early', (body) => ({ headers: signed(body, { at: new Date(Date.now() + 360_000) }) })],
    ['of a body with one byte more', (body) => ({ body: `${body} `, headers: signed(body) })],
    ['of a body with a mark before it', (body) => ({ body: `\ufeff${body}`, headers: signed(body) })],
    [
      'of a body that is no UTF-8',
      (body) => ({ body: Buffer.concat([Buffer.from(body), Buffer.from([0xff])]), headers: signed(body) }),
    ],
    ['under another id', (body) => ({ headers: { ...signed(body), 'svix-id': 'msg_2' } })],
    ['with another time', (body) => ({ headers: { ...signed(body), 'svix-timestamp': '1764061200' } })],
    ['that is empty', (body) => ({ headers: { ...signed(body), 'svix-signature': '' } })],
    ['that says v1 and nothing', (body) => ({ headers: { ...signed(body), 'svix-signature': 'v1,' } })],
    ['without a time', (body) => ({ headers: { ...signed(body), 'svix-timestamp': '' } })],
    [
      'split over both families of names',
      (body) => ({
        headers: { ...signed(body, { prefix: 'webhook' }), 'svix-id': 'msg_1' },
      }),
    ],
    ['that is missing, headers and all', () => ({ headers: { 'content-type': 'application/json' } })],
  ];

  it.each(refused)('is refused %s', async (_, make) => {
    const { id, address } = await test.workflow();
    const good = noticeTo(address, `refused-${id}`);
    const { body = good, headers } = make(good);
    const answer = await post(body, headers);
    expect(answer.status).toBe(401);
    expect(JSON.parse(answer.text)).toMatchObject({ error: { code: 'signature_invalid' } });
    expect(await test.runsOf(id)).toEqual([]);
  });
});

describe('a notice that is signed and odd', () => {
  const send = async (body: string) => post(body, signed(body));

  it('is passed over when it tells of something else', async () => {
    expect((await send('{"type":"email.delivered","data":{}}')).status).toBe(200);
  });

  it.each([
    ['no JSON', '{'],
    ['no object', '[]'],
    ['without an id', '{"type":"email.received","data":{}}'],
    ['an id that leads elsewhere', noticeTo('a@b.example', '../domains')],
    ['deeper than anybody nests', `{"type":"email.received","data":${'['.repeat(500)}${']'.repeat(500)}}`],
  ])('is refused when it is %s', async (_, body) => {
    const { status, text } = await send(body);
    expect([status, JSON.parse(text).error.code]).toEqual([400, 'invalid_request']);
  });

  it('is refused unread when it is larger than a notice may be', async () => {
    const body = noticeTo('a@b.example', 'large', { subject: 'x'.repeat(1_100_000) });
    expect((await send(body)).status).toBe(413);
  });

  it('starts the workflow though its texts are long, empty or hold what no database keeps', async () => {
    const { id, address } = await test.workflow();
    const strange = {
      from: 'La\u0000ura <la\u0000ura@rossi.example\ud800>',
      subject: `a\u0000b\r\nBcc: x ${'y'.repeat(5000)}`,
      message_id: null,
    };
    const body = noticeTo(address, `odd-${id}`, { ...strange, cc: Array(3000).fill('a@b.example') });
    expect((await send(body)).status).toBe(200);
    const [run] = await test.runsOf(id);
    expect(run?.title).toMatch(/^ab Bcc: x y+$/);
  });
});

it('answers 404 where no secret was given, and nobody can tell what is there', async () => {
  const other = await startInbound({}, { webhookSecret: undefined });
  const response = await fetch(other.hook, { method: 'POST', body: '{}' });
  expect(response.status).toBe(404);
  const { id } = await other.clientOf().createWorkflow({ body: { name: 'x' } });
  expect(await other.clientOf().createInboundAddress({ params: { id } })).toEqual({
    ...{ address: null, configured: false, refused: [] },
  });
  await other.close();
});
