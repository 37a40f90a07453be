import { createVault } from '../../src/server/integrations/vault';

const key = (fill: number) => Buffer.alloc(32, fill).toString('base64');
const owner = { companyId: 'rossi', provider: 'slack', connectionId: 'c1' };
const secret = { accessToken: 'xoxb-secret' };

describe('the vault', () => {
  const vault = createVault(`k1:${key(1)}`);

  it('opens what it sealed, and shows nothing of it sealed', () => {
    const sealed = vault.seal(owner, secret);
    expect(vault.open(owner, sealed)).toEqual(secret);
    expect(JSON.stringify(sealed)).not.toContain('xoxb');
    expect(vault.seal(owner, secret).ct).not.toBe(sealed.ct);
  });

  it.each([
    ['company', { ...owner, companyId: 'bianchi' }],
    ['provider', { ...owner, provider: 'fatture-in-cloud' }],
    ['connection', { ...owner, connectionId: 'c2' }],
    ['split of the same letters', { ...owner, companyId: 'rossis', provider: 'lack' }],
  ])('refuses a credential moved to another %s', (_, other) => {
    expect(() => vault.open(other, vault.seal(owner, secret))).toThrow();
  });

  it('refuses every single flipped byte and every truncation', () => {
    const sealed = vault.seal(owner, secret);
    for (const part of ['dek', 'ct'] as const) {
      const bytes = Buffer.from(sealed[part], 'base64');
      for (let index = 0; index < bytes.length; index += 1) {
        const flipped = Buffer.from(bytes);
        flipped[index] = (flipped[index] as number) ^ 1;
        expect(() => vault.open(owner, { ...sealed, [part]: flipped.toString('base64') })).toThrow();
        expect(() =>
          vault.open(owner, { ...sealed, [part]: bytes.subarray(0, index).toString('base64') }),
        ).toThrow();
      }
    }
  });

  it('reads with an older key and writes with the first; without the older key it names it', () => {
    const sealed = vault.seal(owner, secret);
    const rotated = createVault(`k2:${key(2)},k1:${key(1)}`);
    expect(rotated.open(owner, sealed)).toEqual(secret);
    expect(rotated.seal(owner, secret).kid).toBe('k2');
    expect(() => createVault(`k2:${key(2)}`).open(owner, sealed)).toThrow('"k1"');
    expect(() => rotated.open(owner, { ...sealed, kid: 'k2' })).toThrow();
  });

  it('wraps a credential anew without touching what is sealed, and only for its owner', () => {
    const sealed = vault.seal(owner, secret);
    const both = createVault(`k2:${key(2)},k1:${key(1)}`);
    const renewed = both.rewrap(owner, sealed);
    expect(renewed).toEqual({ v: 1, kid: 'k2', ct: sealed.ct, dek: expect.not.stringMatching(sealed.dek) });
    expect(createVault(`k2:${key(2)}`).open(owner, renewed)).toEqual(secret);
    expect(() => vault.open(owner, renewed)).toThrow('"k2"');
    expect(() => both.rewrap({ ...owner, companyId: 'bianchi' }, sealed)).toThrow();
    const other = vault.seal(owner, secret);
    expect(() => both.rewrap(owner, { ...sealed, ct: other.ct })).toThrow();
    expect(() => createVault(`k2:${key(2)}`).rewrap(owner, sealed)).toThrow('"k1"');
  });

  it('refuses a tag that was cut short, which Node would take', () => {
    const sealed = vault.seal(owner, secret);
    const bytes = Buffer.from(sealed.ct, 'base64');
    const short = Buffer.concat([bytes.subarray(0, 12 + 4), bytes.subarray(12 + 16)]);
    expect(() => vault.open(owner, { ...sealed, ct: short.toString('base64') })).toThrow();
  });

  it.each(['', 'k1', 'k1:short', `:${key(1)}`, `k1:${key(1)},k1:${key(2)}`])(
    'refuses the malformed key ring "%s"',
    (keys) => {
      expect(() => createVault(keys)).toThrow('encryptionKeys is malformed');
    },
  );
});
