import Big from 'big.js';
import fc from 'fast-check';
import { amount, formatEuro, readAmount, sumOfLines } from '../../../src/blocks/fatture-in-cloud/money';

const schema = amount({ label: { en: 'Price', it: 'Prezzo' } });
const read = (value: unknown) => schema.safeParse(value);

describe('an amount', () => {
  it.each([
    ['1200.50', 1200.5],
    ['1200,50', 1200.5],
    ['1.200,50', 1200.5],
    ['1,200.50', 1200.5],
    ['€ 1.234.567,89', 1234567.89],
    ['1.200.000', 1200000],
    ['1 200,50 EUR', 1200.5],
    ['1\u00a0234\u202f567.89\u00a0€', 1234567.89],
    ['-12\u2009000', -12000],
    [' 1 200\n', 1200],
    ['0,125', 0.125],
    ['1200.505', 1200.505],
    ['-15', -15],
    [0.1 + 0.2, 0.3],
    ['12,3456789', 12.345679],
  ])('is read as an office writes it: %s', (value, expected) => {
    expect(read(value)).toMatchObject({ success: true, data: expected });
  });

  it.each(['1.200', '1,200', '€ 12.345', '-999,999'])(
    'is refused when it can be read in two ways: %s',
    (value) => {
      const { success, error } = read(value);
      expect(success).toBe(false);
      expect(error?.issues[0]?.message).toContain('can be read in two ways');
    },
  );

  it.each([
    ...[
      '',
      'abc',
      '12a',
      '1.2.3',
      '1,2,3',
      '1.20.000',
      '1.200,50.1',
      '12.',
      ',5',
      '1e5',
      '--1',
      '0x10',
      '1.200,5,0',
      '1200 50',
      '1 2',
      '12 34,50',
      '1200 500',
      '1  200',
      '1\t200',
      '1 200\n300',
      '1 200,50 100',
      '1.200 ,50',
      '1 200.000,00',
      '0 125',
      '- 15',
    ],
    ...[Number.NaN, Number.POSITIVE_INFINITY, 1e9, -1e9, '1000000000', '9'.repeat(40), null, true, {}, ['1']],
  ])('is refused when it is none, or too large: %p', (value) => {
    expect(read(value).success).toBe(false);
  });

  it('comes out of every way to write it as it went in', () => {
    const cents = fc.integer({ min: -99_999_999_999, max: 99_999_999_999 });
    const groupings = ['', 'point', ' ', '\u00a0', '\u202f'];
    fc.assert(
      fc.property(cents, fc.constantFrom('.', ','), fc.constantFrom(...groupings), (value, decimal, mark) => {
        const [whole = '', rest = ''] = Big(value).div(100).toFixed(2).split('.');
        const grouping = mark === 'point' ? (decimal === ',' ? '.' : ',') : mark;
        const grouped = whole.replace(/\B(?=(\d{3})+$)/g, grouping);
        const result = readAmount(`${grouped}${decimal}${rest}`);
        expect(result).toEqual({ amount: Big(value).div(100).toNumber() });
      }),
    );
  });

  it('never becomes another amount, whatever the text', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9., \u00a0\u202f\t]{1,14}$/), (text) => {
        const result = readAmount(text);
        if ('problem' in result) return;
        // Two amounts side by side are not one: a space within is there for the thousands.
        if (/\s/.test(text.trim())) expect(text.trim()).toMatch(/^\d{1,3}([ \u00a0\u202f]\d{3})+([.,]\d+)?$/);
        // Its digits are those of the text, in their order, with a point between some two of them; what comes after the sixth decimal is rounded.
        const digits = text.replace(/\D/g, '');
        const readings = [...digits, ''].map((_, decimals) => Big(digits).div(Big(10).pow(decimals)));
        expect(readings.map((amount) => amount.round(6).toNumber())).toContain(result.amount);
      }),
    );
  });
});

describe('a sum of lines', () => {
  it('rounds each line to cents before it adds, never as floats', () => {
    expect(sumOfLines([{ quantity: 3, netPrice: 0.335 }]).toNumber()).toBe(1.01);
    expect(
      sumOfLines([
        { quantity: 1, netPrice: 1.005 },
        { quantity: 1, netPrice: 2.675 },
      ]).toNumber(),
    ).toBe(3.69);
    const lines = Array.from({ length: 10 }, () => ({ quantity: 1, netPrice: 0.1 }));
    expect(sumOfLines(lines).toNumber()).toBe(1);
  });

  it('is the sum of whole cents for any lines', () => {
    const line = fc.record({
      quantity: fc.integer({ min: 1, max: 1000 }),
      netPrice: fc.integer({ min: -9_999_999, max: 9_999_999 }).map((cents) => cents / 100),
    });
    fc.assert(
      fc.property(fc.array(line, { maxLength: 20 }), (lines) => {
        const cents = lines.reduce(
          (sum, { quantity, netPrice }) => sum + quantity * Math.round(netPrice * 100),
          0,
        );
        expect(sumOfLines(lines).times(100).toNumber()).toBe(cents + 0);
      }),
    );
  });

  it('is written as the language has it', () => {
    expect(formatEuro(1234567.8, 'it')).toBe('€ 1.234.567,80');
    expect(formatEuro(1234567.8, 'en')).toBe('€ 1,234,567.80');
    expect(formatEuro('-1200.505', 'it')).toBe('€ -1.200,51');
  });
});
