import { createRedactor } from '../../src/server/integrations/redactor';

const token = 'a/b+canary:token=1';

describe('the redactor', () => {
  it.each([
    ['as it is', token],
    ['in a URL', encodeURIComponent(token)],
    ['with escaped slashes', 'a\\/b+canary:token=1'],
    ['in base64', Buffer.from(token).toString('base64')],
    ['in base64 for URLs', Buffer.from(token).toString('base64url')],
  ])('strikes out a secret %s, at every place, and leaves the rest', (_, form) => {
    const redactor = createRedactor();
    redactor.learn(token);
    expect(redactor.text(`before ${form}, ${form}`).replaceAll('=', '')).toBe('before ••••••, ••••••');
    expect(redactor.text('a/b+canary')).toBe('a/b+canary');
  });

  it('strikes out the longer of two that begin alike', () => {
    const redactor = createRedactor();
    redactor.learn('canary-token', 'canary-token-longer');
    expect(redactor.text('canary-token-longer canary-token')).toBe('•••••• ••••••');
  });

  it('looks into lists, objects and their keys, and copies only what it changes', () => {
    const redactor = createRedactor();
    redactor.learn(token);
    const plain = { a: [1, null, 'x'], b: true };
    expect(redactor.json(plain)).toBe(plain);
    const mixed = { plain, list: [token], [token]: 1 };
    const struck = redactor.json(mixed);
    expect(struck).toEqual({ plain, list: ['••••••'], '••••••': 1 });
    expect(struck.plain).toBe(plain);
  });

  it('passes over what is short or absent', () => {
    const redactor = createRedactor();
    redactor.learn('short', '', null, undefined);
    expect(redactor.text('short and null')).toBe('short and null');
  });

  it('forgets what it learned longest ago, but not what it learned again nor the server’s own', () => {
    const redactor = createRedactor(['canary-of-the-server']);
    redactor.learn('canary-oldest', 'canary-in-use');
    for (let count = 0; count < 12_000; count += 1) {
      redactor.learn(`filler-${count}-value`);
      if (count % 100 === 0) redactor.learn('canary-in-use');
    }
    expect(redactor.text('canary-oldest canary-in-use canary-of-the-server')).toBe(
      'canary-oldest •••••• ••••••',
    );
  });
});
