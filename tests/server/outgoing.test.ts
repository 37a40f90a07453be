import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BlockError, defineProvider, findBlockError } from '../../src/core';
import { createOutgoingFetch, type OutgoingOptions } from '../../src/server/integrations/outgoing';

const provider = defineProvider({
  id: 'shop',
  label: { en: 'Shop', it: 'Negozio' },
  description: { en: '', it: '' },
  icon: 'S',
  color: '#000000',
  auth: { type: 'none' },
  hosts: ['files.shop.example', '*.cdn.shop.example'],
});

interface Received {
  path: string;
  authorization: string | undefined;
  body: string;
}

describe('calls to a provider', () => {
  let server: Server;
  let elsewhere: Server;
  let baseUrl: string;
  let received: Received[];
  let receivedElsewhere: Received[];
  let answer: (request: IncomingMessage, response: ServerResponse, count: number) => void;

  const listen = async (into: () => Received[], reply: typeof answer) => {
    const http = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      into().push({ path: request.url ?? '', authorization: request.headers.authorization, body });
      reply(request, response, into().length);
    });
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    return http;
  };
  const originOf = (http: Server) => `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const send = (url: string, init?: RequestInit, options: Partial<OutgoingOptions> = {}) =>
    createOutgoingFetch({ provider, baseUrl, ...options })(url, init);
  const refusal = async (call: Promise<unknown>) => {
    const error = await call.then(
      () => null,
      (reason) => findBlockError(reason),
    );
    return error?.failure ?? null;
  };
  const authorized = { headers: { authorization: 'Bearer old' } };

  beforeEach(async () => {
    received = [];
    receivedElsewhere = [];
    answer = (_, response) => response.end('fine');
    server = await listen(
      () => received,
      (...parts) => answer(...parts),
    );
    elsewhere = await listen(
      () => receivedElsewhere,
      (_, response) => response.end('caught'),
    );
    baseUrl = originOf(server);
  });
  afterEach(async () => {
    for (const http of [server, elsewhere]) {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    }
  });

  it('reach the origin they are for', async () => {
    const response = await send(`${baseUrl}/items?x=1`, authorized);
    expect([response.status, await response.text()]).toEqual([200, 'fine']);
    expect(received).toEqual([{ path: '/items?x=1', authorization: 'Bearer old', body: '' }]);
  });

  it('reach no other origin', async () => {
    expect(await refusal(send(`${originOf(elsewhere)}/`, authorized))).toMatchObject({
      kind: 'terminal',
      code: 'host_not_allowed',
      actor: 'developer',
    });
    expect(receivedElsewhere).toEqual([]);
  });

  it.each([
    'https://files.shop.example/a',
    'https://FILES.shop.example/a',
    'https://eu.cdn.shop.example/a',
    'https://a.b.cdn.shop.example/a',
  ])('may go to %s', async (url) => {
    const out = jest.spyOn(globalThis, 'fetch').mockResolvedValueOnce(new Response('fine'));
    const response = await send(url);
    expect([await response.text(), out.mock.calls.map(([request]) => (request as Request).url)]).toEqual([
      'fine',
      [new URL(url).href],
    ]);
    out.mockRestore();
  });

  it.each([
    ['a host that ends alike', 'https://evilfiles.shop.example/'],
    ['a host that begins alike', 'https://files.shop.example.evil.example/'],
    ['what stands above a wildcard', 'https://cdn.shop.example/'],
    ['a host that only looks like the wildcard', 'https://evil-cdn.shop.example/'],
    ['another port', 'https://files.shop.example:8443/'],
    ['plain http', 'http://files.shop.example/'],
    ['another protocol', 'ftp://files.shop.example/'],
    ['a user name before a foreign host', 'https://files.shop.example@evil.example/'],
    ['a user name before its own host', 'https://user:pass@files.shop.example/'],
    ['an address in numbers', 'https://2130706433/'],
    ['the cloud’s metadata', 'http://169.254.169.254/latest'],
    ['a trailing dot', 'https://files.shop.example./'],
    ['data in place of an address', 'data:text/plain,hello'],
  ])('never go to %s', async (_, url) => {
    const call = send(url, authorized);
    // `fetch` itself refuses an address with a password in it.
    await expect(call).rejects.toThrow();
    expect([null, 'host_not_allowed']).toContain((await refusal(send(url, authorized)))?.code ?? null);
    expect(received).toEqual([]);
  });

  it('refuse a stand-in that is reached by plain http over the network', async () => {
    const call = send('http://shop.example/a', authorized, { baseUrl: 'http://shop.example' });
    expect(await refusal(call)).toMatchObject({ code: 'host_not_allowed' });
  });

  it('go to the listed hosts alone when the provider has no origin', async () => {
    expect(await refusal(send(`${baseUrl}/a`, authorized, { baseUrl: '' }))).toMatchObject({
      code: 'host_not_allowed',
    });
  });

  it.each([301, 302, 303, 307, 308])(
    'follow no redirect (%d), so that the token goes no further',
    async (status) => {
      answer = (_, response) => response.writeHead(status, { location: `${originOf(elsewhere)}/` }).end();
      expect(await refusal(send(`${baseUrl}/a`, authorized))).toMatchObject({
        kind: 'uncertain',
        code: 'redirected',
      });
      expect(receivedElsewhere).toEqual([]);
    },
  );

  it('end after their time, though headers have come', async () => {
    answer = (_, response) => void response.writeHead(200).write('a');
    const read = send(`${baseUrl}/a`, {}, { timeoutMs: 100 }).then((response) => response.text());
    await expect(read).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  it('end with the signal of the caller', async () => {
    answer = () => {};
    const stop = new AbortController();
    const call = send(`${baseUrl}/a`, { signal: stop.signal });
    stop.abort(new Error('the step is over'));
    await expect(call).rejects.toThrow('the step is over');
  });

  it.each([
    ['that says how long it is', (response: ServerResponse) => response.end('x'.repeat(101))],
    [
      'that comes in pieces',
      (response: ServerResponse) => {
        response.write('x'.repeat(60));
        response.end('x'.repeat(60));
      },
    ],
  ])('read no more than the cap of an answer %s, and all of one at the cap', async (_, reply) => {
    const options = { answerBytes: 100 };
    answer = (__, response) => reply(response);
    const read = send(`${baseUrl}/a`, {}, options).then((response) => response.text());
    expect(await refusal(read)).toMatchObject({ kind: 'uncertain', code: 'answer_too_large' });
    answer = (__, response) => response.end('x'.repeat(100));
    expect(await (await send(`${baseUrl}/a`, {}, options)).text()).toHaveLength(100);
  });

  it('pass an empty answer on', async () => {
    answer = (_, response) => response.writeHead(204).end();
    expect((await send(`${baseUrl}/a`)).status).toBe(204);
  });

  describe('that are refused with 401', () => {
    const refreshes: string[] = [];
    const refresh = async (token: string) => {
      refreshes.push(token);
      return 'fresh';
    };
    beforeEach(() => {
      refreshes.length = 0;
      answer = (request, response) =>
        response.writeHead(request.headers.authorization === 'Bearer fresh' ? 200 : 401).end('said');
    });

    it('are repeated once with a fresh token', async () => {
      const response = await send(`${baseUrl}/a`, authorized, { refresh });
      expect(response.status).toBe(200);
      expect(refreshes).toEqual(['old']);
      expect(received.map(({ authorization }) => authorization)).toEqual(['Bearer old', 'Bearer fresh']);
    });

    it('are never repeated twice', async () => {
      answer = (_, response) => response.writeHead(401).end('said');
      const response = await send(`${baseUrl}/a`, authorized, { refresh });
      expect([response.status, await response.text()]).toEqual([401, 'said']);
      expect(received).toHaveLength(2);
    });

    it('are passed on as they are when there is no fresh token, or the call carried none', async () => {
      const without = await send(`${baseUrl}/a`, authorized, { refresh: async () => null });
      expect([without.status, await without.text()]).toEqual([401, 'said']);
      expect((await send(`${baseUrl}/a`, {}, { refresh })).status).toBe(401);
      expect(refreshes).toEqual([]);
      expect(received).toHaveLength(2);
    });

    it('say why when the token cannot be renewed now', async () => {
      const failure = { kind: 'retry', code: 'token_not_renewed', message: 'later' } as const;
      const call = send(`${baseUrl}/a`, authorized, {
        refresh: () => Promise.reject(new BlockError(failure)),
      });
      expect(await refusal(call)).toEqual(failure);
    });

    const form = () => {
      const data = new FormData();
      data.set('name', 'Rossi');
      data.set('file', new Blob(['%PDF-1.7 à']), 'contratto.pdf');
      return data;
    };
    const stream = () => new Blob(['streamed body']).stream();
    it.each([
      ['text', () => ({ body: 'plain body' }), 'plain body'],
      ['a form with a file', () => ({ body: form() }), '%PDF-1.7 à'],
      ['a stream', () => ({ body: stream(), duplex: 'half' }), 'streamed body'],
    ])('carry their whole body again: %s', async (_, init, part) => {
      const options = { method: 'POST', ...authorized, ...init() } as RequestInit;
      expect((await send(`${baseUrl}/a`, options, { refresh })).status).toBe(200);
      expect(received).toHaveLength(2);
      expect(received[0]?.body).toContain(part);
      expect(received[1]?.body).toBe(received[0]?.body);
    });
  });
});
