import { ifBlock } from '../../src/blocks/flow/if';

const summary = (op: string, right?: string, locale: 'en' | 'it' = 'it') =>
  ifBlock.summary?.(
    { conditions: [{ left: 'Titolo', op, ...(right === undefined ? {} : { right }) }] },
    locale,
  );

describe('a condition in one line', () => {
  it('uses a sign everybody knows, and words for all the rest', () => {
    expect(summary('gt', '1000')).toBe('Titolo > 1000');
    expect(summary('eq', 'x')).toBe('Titolo = x');
    expect(summary('contains', 'contratto')).toBe('Titolo contiene contratto');
    expect(summary('contains', 'contract', 'en')).toBe('Titolo contains contract');
    expect(summary('not_in', 'a, b')).toBe('Titolo non è tra a, b');
    expect(summary('is_empty')).toBe('Titolo è vuoto');
    expect(summary('before', '1/1/2027')).toBe('Titolo è prima di 1/1/2027');
  });
});
