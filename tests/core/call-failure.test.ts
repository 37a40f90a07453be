import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BlockError, findBlockError, isUnsent } from '../../src/core';

const wrap = (cause: unknown) => new Error('the SDK failed', { cause });
const coded = (code: string, facts: object = {}) => Object.assign(new Error(code), { code, ...facts });

const failureOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => null,
    (error: unknown) => error,
  );

describe('what became of a call without an answer', () => {
  it('finds our own refusal however deep an SDK has wrapped it', () => {
    const refusal = new BlockError({ kind: 'terminal', code: 'host_not_allowed', message: 'no' });
    expect(findBlockError(refusal)).toBe(refusal);
    expect(findBlockError(wrap(wrap(refusal)))).toBe(refusal);
    expect(findBlockError(wrap(coded('ECONNRESET')))).toBeNull();
    expect(findBlockError('text')).toBeNull();
  });

  it.each([
    ['ECONNREFUSED', {}],
    ['ENOTFOUND', { syscall: 'getaddrinfo' }],
    ['EAI_AGAIN', {}],
    ['UND_ERR_CONNECT_TIMEOUT', {}],
    ['EHOSTUNREACH', { syscall: 'connect' }],
    ['CERT_HAS_EXPIRED', {}],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', {}],
    ['ERR_TLS_CERT_ALTNAME_INVALID', {}],
  ])('knows that nothing was sent: %s %j', (code, facts) => {
    const error = coded(code, facts);
    expect(isUnsent(error)).toBe(true);
    expect(isUnsent(wrap(wrap(error)))).toBe(true);
  });

  it.each([
    ['ECONNRESET', { syscall: 'read' }],
    ['EHOSTUNREACH', { syscall: 'read' }],
    ['ETIMEDOUT', {}],
    ['UND_ERR_SOCKET', {}],
  ])('says nothing of the kind otherwise: %s %j', (code, facts) => {
    expect(isUnsent(wrap(coded(code, facts)))).toBe(false);
  });

  it('says nothing of the kind of a time-out, or of what is no error', () => {
    for (const thrown of [new DOMException('too slow', 'TimeoutError'), 'text', null])
      expect(isUnsent(thrown)).toBe(false);
  });

  it('comes to an end when causes lead back to themselves', () => {
    const error = new Error('a');
    error.cause = wrap(error);
    expect(isUnsent(error)).toBe(false);
    expect(findBlockError(error)).toBeNull();
  });

  it('reads what fetch really throws', async () => {
    const server = createServer((_, res) => res.socket?.destroy());
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect(isUnsent(await failureOf(fetch(origin)))).toBe(false);
    await new Promise((done) => server.close(done));
    expect(isUnsent(await failureOf(fetch(origin)))).toBe(true);
  });
});
