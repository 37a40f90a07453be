import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import * as fc from 'fast-check';
import { signBody, verifyBody } from '../../src/blocks/signature.server';
import { createHostHandler, type HostCall, HostError, httpHost } from '../../src/server';
import { createFakeHost, type FakeHost } from '../../src/testing';
import { definition, node } from '../support/definitions';
import { follow, publishWorkflow, startTestServer } from '../support/server';

const secretOf = (text: string) => `whsec_${Buffer.from(text.padEnd(32, '.')).toString('base64')}`;
const SECRET = secretOf('shared by both ends');
const OTHER = secretOf('somebody else’s');

const call: HostCall = {
  companyId: 'rossi',
  actor: { type: 'workflow', workflowId: 'w', runId: 'r', stepId: 's' },
  idempotencyKey: 'key-1',
  signal: new AbortController().signal,
};

const opened: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0)) await close();
});

/** Serves on loopback until the test ends. */
async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  opened.push(async () => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** An address nobody listens at any more. */
async function closedPort(): Promise<string> {
  const url = await serve(() => {});
  await opened.pop()?.();
  return url;
}

async function pair(secret = SECRET) {
  const fake = createFakeHost([{ companyId: 'rossi', id: 'doc_1', title: 'Contratto', externalId: 'x1' }], {
    people: [{ id: 'user_anna', label: 'Anna Conti' }],
  });
  const baseUrl = await fake.listen(SECRET);
  opened.push(() => fake.close());
  return { fake, baseUrl, host: httpHost({ baseUrl, secret }) };
}

const failureOf = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (error) => error,
  );

describe('the host over HTTP', () => {
  it('answers every method as the host in the same process does', async () => {
    const { fake, host } = await pair();
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
    const file = {
      filename: 'è.bin',
      contentType: 'application/octet-stream',
      bytes,
      size: 256,
      sha256: 'a'.repeat(64),
    };
    const uploaded = await host.uploadDocument(call, {
      title: 'Nuovo',
      file,
      tags: ['a'],
      customFields: { n: 1, b: null },
    });
    expect(uploaded).toMatchObject({ id: 'doc_2', title: 'Nuovo', status: 'draft' });
    expect(fake.documents[1]).toMatchObject({ companyId: 'rossi', customFields: { n: 1, b: null } });
    const asked = {
      documentId: 'doc_2',
      signers: [{ name: 'A', email: 'a@x.it', order: 1 }],
      message: 'm',
      expiresAt: '2027-01-01T00:00:00Z',
    };
    expect(await host.requestSignature(call, asked)).toMatchObject({
      signatureRequestId: 'sr_2',
      document: { status: 'sent' },
    });
    expect(await host.updateStatus(call, { documentId: 'doc_1', status: 'sent', note: 'n' })).toEqual(
      await fake.getDocument(call, { documentId: 'doc_1' }),
    );
    expect(await host.archiveDocument(call, { documentId: 'doc_1', reason: 'r' })).toMatchObject({
      status: 'archived',
      externalId: 'x1',
    });
    expect(await host.getDocument(call, { documentId: 'doc_1' })).toMatchObject({ status: 'archived' });
    expect(await host.downloadDocument(call, { documentId: 'doc_2', rendition: 'original' })).toEqual({
      filename: 'è.bin',
      contentType: 'application/octet-stream',
      bytes,
    });
    expect(await host.list?.folders?.(call, 'fat')).toEqual([{ id: 'fld_fatture', label: 'Fatture' }]);
    expect(await host.list?.statuses?.(call)).toHaveLength(5);
    expect(await host.list?.people?.(call, 'conti')).toEqual([{ id: 'user_anna', label: 'Anna Conti' }]);
    expect(await host.list?.documents?.({ ...call, companyId: 'bianchi' }, '')).toEqual([]);
    expect(fake.calls[0]).toMatchObject({ companyId: 'rossi', actor: call.actor, idempotencyKey: 'key-1' });
  });

  it('carries the idempotency key, so that a repeated call gets the first answer', async () => {
    const { fake, host } = await pair();
    const archive = () => host.archiveDocument(call, { documentId: 'doc_1' });
    expect(await archive()).toEqual(await archive());
    expect(fake.calls.map(({ replayed }) => replayed)).toEqual([false, true]);
  });

  it.each(['not_found', 'conflict', 'invalid', 'forbidden', 'rate_limited', 'unavailable'] as const)(
    'hands on %s with its message and its pause',
    async (code) => {
      const { fake, host } = await pair();
      fake.failNext('archiveDocument', new HostError(code, 'Perché sì.', { retryAfterMs: 1500 }));
      const error = await failureOf(host.archiveDocument(call, { documentId: 'doc_1' }));
      expect(error).toBeInstanceOf(HostError);
      expect(error).toMatchObject({ code, message: 'Perché sì.', retryAfterMs: 1500 });
    },
  );

  it('tells nothing of an error the host did not mean to tell', async () => {
    const fake = createFakeHost();
    const seen: unknown[] = [];
    const error = new Error('password=hunter2');
    fake.failNext('getDocument', error);
    const baseUrl = await serve(createHostHandler(fake, { secret: SECRET, onError: (it) => seen.push(it) }));
    const told = await failureOf(
      httpHost({ baseUrl, secret: SECRET }).getDocument(call, { documentId: 'x' }),
    );
    expect(String(told)).not.toContain('hunter2');
    expect(told).not.toBeInstanceOf(HostError);
    expect(seen).toEqual([error]);
  });

  it.each([
    ['nobody listens', closedPort, { name: 'HostError', code: 'unavailable' }],
    [
      'a proxy asks to slow down',
      (): Promise<string> => serve((_, res) => res.writeHead(429, { 'retry-after': '7' }).end()),
      { code: 'rate_limited', retryAfterMs: 7000 },
    ],
    [
      'a proxy is up and the host is not',
      () => serve((_, res) => res.writeHead(503).end('<html>')),
      { code: 'unavailable' },
    ],
    [
      'another page stands there',
      () => serve((_, res) => res.writeHead(404).end('<html>')),
      { failure: { kind: 'terminal', code: 'host_unreadable_answer', actor: 'developer' } },
    ],
    [
      'an answer is cut off by an error page',
      () => serve((_, res) => res.writeHead(502).end('<html>')),
      { failure: { kind: 'uncertain', code: 'host_unreadable_answer' } },
    ],
    [
      'an answer is not what the method gives',
      () => serve((_, res) => res.end('{"result":{}}')),
      { failure: { kind: 'uncertain', code: 'host_unreadable_answer' } },
    ],
    [
      'it is sent elsewhere',
      () => serve((_, res) => res.writeHead(307, { location: 'http://127.0.0.1:1/' }).end()),
      { failure: { code: 'redirected' } },
    ],
    [
      'an answer is endless',
      () =>
        serve((_, res) => {
          const more = () => res.write(Buffer.alloc(1 << 20), () => !res.destroyed && more());
          more();
        }),
      { failure: { code: 'answer_too_large' } },
    ],
    ['an answer never comes', () => serve(() => {}), { name: 'TimeoutError' }, 500],
  ])('says what to do when %s', async (_, start, expected, timeoutMs = 60_000) => {
    const host = httpHost({ baseUrl: await start(), secret: SECRET, timeoutMs });
    expect(await failureOf(host.archiveDocument(call, { documentId: 'doc_1' }))).toMatchObject(expected);
  });

  it('serves workflows from another process, files included', async () => {
    const fake: FakeHost = createFakeHost([{ companyId: 'rossi', id: 'doc_1', title: 'Contratto' }]);
    const baseUrl = await fake.listen(SECRET);
    const test = await startTestServer({ host: httpHost({ baseUrl, secret: SECRET }) });
    try {
      const step = node('step_1', 'doc-manager.upload-document', {
        config: { file: 'doc_1', title: 'Copia' },
      });
      const { id } = await publishWorkflow(test.clientOf(), definition([step], ['trigger -> step_1']));
      const { run } = await test.clientOf().startRun({ params: { id }, body: { payload: {} } });
      expect((await follow(test.clientOf(), run.id)).run.status).toBe('succeeded');
      expect(Buffer.from(fake.documents[1]?.original.bytes ?? []).toString()).toBe('%PDF-1.7 Contratto');
    } finally {
      await test.close();
      await fake.close();
    }
  });
});

describe('the host’s handler', () => {
  const body = JSON.stringify({
    method: 'archiveDocument',
    call: { companyId: 'rossi', actor: call.actor },
    input: { documentId: 'doc_1' },
  });
  const post = (url: string, text: string, headers: object) =>
    fetch(url, { method: 'POST', body: text, headers: headers as Record<string, string> });

  it.each([
    ['without a signature', () => ({})],
    ['signed with another secret', () => ({ ...signBody([OTHER], 'k', body) })],
    ['signed for another body', () => ({ ...signBody([SECRET], 'k', `${body} `) })],
    ['signed 301 seconds ago', () => ({ ...signBody([SECRET], 'k', body, new Date(Date.now() - 301_000)) })],
    [
      'signed ten minutes ahead',
      () => ({ ...signBody([SECRET], 'k', body, new Date(Date.now() + 600_000)) }),
    ],
    ['under another key', () => ({ ...signBody([SECRET], 'k', body), 'webhook-id': 'k2' })],
  ])('refuses a call %s, and the host hears nothing of it', async (_, headers) => {
    const { fake, baseUrl } = await pair();
    const answer = await post(baseUrl, body, headers());
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ error: { code: 'signature_invalid' } });
    expect(fake.calls).toEqual([]);
  });

  it('knows the old secret and the new one while it is being replaced, whichever end is first', async () => {
    const fake = createFakeHost([{ companyId: 'rossi', id: 'doc_1' }]);
    const both = await serve(createHostHandler(fake, { secret: `${OTHER},${SECRET}` }));
    const old = await serve(createHostHandler(fake, { secret: SECRET }));
    for (const [baseUrl, secret] of [
      [both, SECRET],
      [both, OTHER],
      [old, `${OTHER}, ${SECRET}`],
    ] as const)
      expect(await httpHost({ baseUrl, secret }).getDocument(call, { documentId: 'doc_1' })).toMatchObject({
        id: 'doc_1',
      });
    const told = await failureOf(
      httpHost({ baseUrl: old, secret: OTHER }).getDocument(call, { documentId: 'doc_1' }),
    );
    expect(told).toMatchObject({
      failure: { kind: 'terminal', code: 'host_signature_invalid', actor: 'developer' },
    });
  });

  it.each([
    ['no JSON', '{', 'invalid_request'],
    [
      'a method there is not',
      JSON.stringify({ method: 'dropTables', call: { companyId: 'rossi', actor: call.actor }, input: {} }),
      'invalid_request',
    ],
    [
      'no company',
      JSON.stringify({ method: 'getDocument', call: { actor: call.actor }, input: { documentId: 'doc_1' } }),
      'invalid_request',
    ],
    ['more than it takes', `"${'x'.repeat(3000)}"`, 'too_large'],
  ])('refuses %s, though signed', async (_, text, code) => {
    const fake = createFakeHost();
    const url = await serve(createHostHandler(fake, { secret: SECRET, maxBytes: 2000 }));
    const answer = await post(url, text, signBody([SECRET], 'k', text));
    expect(await answer.json()).toMatchObject({ error: { code } });
    expect(fake.calls).toEqual([]);
  });

  it('says where it must be mounted when a body parser was first, and takes raw bytes', async () => {
    const fake = createFakeHost([{ companyId: 'rossi', id: 'doc_1' }]);
    const handler = createHostHandler(fake, { secret: SECRET });
    const late = await serve(express().use(express.json(), handler));
    const raw = await serve(express().use(express.raw({ type: () => true }), handler));
    const headers = { 'content-type': 'application/json', ...signBody([SECRET], 'k', body) };
    expect(await (await post(late, body, headers)).json()).toMatchObject({
      error: { code: 'body_already_read' },
    });
    expect((await post(raw, body, headers)).status).toBe(200);
  });

  it('names a function the host lacks', async () => {
    const { archiveDocument: _, ...incomplete } = createFakeHost();
    const baseUrl = await serve(createHostHandler(incomplete as FakeHost, { secret: SECRET }));
    const told = await failureOf(
      httpHost({ baseUrl, secret: SECRET }).archiveDocument(call, { documentId: 'doc_1' }),
    );
    expect(told).toMatchObject({
      failure: { code: 'host_method_missing', message: expect.stringContaining('"archiveDocument"') },
    });
  });

  it('does not start without a secret, with a malformed one, or with an address that is none', () => {
    for (const secret of ['', 'whsec_', 'not base64 !', `${SECRET},whsec_?`]) {
      expect(() => createHostHandler(createFakeHost(), { secret })).toThrow(/whsec_/);
      expect(() => httpHost({ baseUrl: 'https://host.example', secret })).toThrow(/whsec_/);
    }
    expect(() => httpHost({ baseUrl: '/host', secret: SECRET })).toThrow(/absolute/);
  });
});

describe('the signature', () => {
  const signed = (body: string, at = new Date()) => ({
    body: Buffer.from(body),
    headers: { ...signBody([SECRET], 'evt_1', body, at) },
  });

  it('holds for what was signed, to the last second of five minutes', () => {
    for (const seconds of [-299, 0, 299]) {
      const { body, headers } = signed('{"a":"è \ufffd"}', new Date(Date.now() + seconds * 1000));
      expect(verifyBody([OTHER, SECRET], body, headers)).toBe('{"a":"è \ufffd"}');
    }
  });

  it('holds for no change of a body, an id, a time or a signature', () => {
    let accepted = 0;
    const edit = fc.record({
      part: fc.constantFrom('body', 'webhook-id', 'webhook-timestamp', 'webhook-signature'),
      at: fc.nat(),
      how: fc.constantFrom('replace', 'insert', 'delete', 'truncate'),
      byte: fc.integer({ min: 0, max: 255 }),
      text: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }),
      asText: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.json(), edit, (json, { part, at, how, byte, text, asText }) => {
        const { body, headers } = signed(json);
        const before = part === 'body' ? body : Buffer.from(headers[part as keyof typeof headers]);
        const index = at % before.length;
        const inserted = asText ? Buffer.from(text) : Buffer.from([byte]);
        const tail = {
          replace: before.subarray(index + 1),
          insert: before.subarray(index),
          delete: before.subarray(index + 1),
          truncate: Buffer.alloc(0),
        }[how];
        const middle = how === 'replace' || how === 'insert' ? inserted : Buffer.alloc(0);
        const after = Buffer.concat([before.subarray(0, index), middle, tail]);
        fc.pre(!after.equals(before));
        const forged = part === 'body' ? headers : { ...headers, [part]: after.toString('latin1') };
        // Another signature beside the right one is what the rotation of secrets is made of.
        fc.pre(
          part !== 'webhook-signature' ||
            !after.toString('latin1').split(' ').includes(headers['webhook-signature']),
        );
        if (verifyBody([SECRET], part === 'body' ? after : body, forged) !== null) accepted += 1;
      }),
      { numRuns: 2000 },
    );
    expect(accepted).toBe(0);
  });

  it('is of bytes, not of what a lenient reader makes of them', () => {
    const { body, headers } = signed('"\ufffd"');
    const broken = Buffer.from('"\xff"', 'latin1');
    expect(verifyBody([SECRET], body, headers)).toBe('"\ufffd"');
    expect(verifyBody([SECRET], broken, headers)).toBeNull();
    expect(verifyBody([SECRET], Buffer.concat([Buffer.from('\ufeff'), body]), headers)).toBeNull();
  });

  it('is not shared between id, time and body', () => {
    const endsLikeATime = `order.${Math.floor(Date.now() / 1000)}`;
    const overheard = signBody([SECRET], endsLikeATime, '{}');
    expect(verifyBody([SECRET], Buffer.from('{}'), { ...overheard })).toBe('{}');
    const [id, time] = endsLikeATime.split('.');
    const moved = { ...overheard, 'webhook-id': id, 'webhook-timestamp': time };
    expect(verifyBody([SECRET], Buffer.from(`${overheard['webhook-timestamp']}.{}`), moved)).toBeNull();
    const { body, headers } = signed('1.2.3');
    expect(
      verifyBody([SECRET], Buffer.from('2.3'), {
        ...headers,
        'webhook-id': `evt_1.${headers['webhook-timestamp']}`,
        'webhook-timestamp': '1',
      }),
    ).toBeNull();
    expect(
      verifyBody([SECRET], body, { ...headers, 'webhook-timestamp': `${headers['webhook-timestamp']}x` }),
    ).toBeNull();
    expect(
      verifyBody([SECRET], body, { ...headers, 'webhook-signature': [headers['webhook-signature']] }),
    ).toBeNull();
  });
});
