import fc from 'fast-check';
import { buildQuery } from '../../../src/blocks/fatture-in-cloud/query';
import { parseQuery } from '../../../src/testing/fatture-in-cloud/query';

const contains = (value: string) => buildQuery([{ field: 'any_subject', op: 'contains', value }]) ?? '';

describe('a filter', () => {
  it('is nothing without conditions, and joins those there are', () => {
    expect(buildQuery([])).toBeUndefined();
    expect(
      buildQuery([
        { field: 'entity.id', op: '=', value: 54321 },
        { field: 'date', op: '>=', value: '2026-01-01' },
        {
          anyOf: [
            { field: 'name', op: 'contains', value: "D'Angelo" },
            { field: 'vat_number', op: '=', value: '1' },
          ],
        },
      ]),
    ).toBe("entity.id = 54321 and date >= '2026-01-01' and (name contains 'D''Angelo' or vat_number = '1')");
  });

  it.each([1.5, Number.NaN, Number.POSITIVE_INFINITY])('refuses the number %p', (value) => {
    expect(() => buildQuery([{ field: 'entity.id', op: '=', value }])).toThrow(TypeError);
  });

  it('means exactly the text it was given, and nothing more can be said by it', () => {
    const nasty = fc.array(
      fc.constantFrom("'", "''", ' or ', "' or name = '", ')', '(', '--', '\n', '\\', 'a', '%', '€'),
    );
    fc.assert(
      fc.property(nasty, (parts) => {
        const value = parts.join('');
        const matches = parseQuery(contains(value));
        if (!matches) throw new Error(`not readable: ${contains(value)}`);
        const asSent = value.replace(/\n+/g, ' ');
        expect(matches({ subject: `x ${asSent} y` })).toBe(true);
        if (asSent !== '') expect(matches({ subject: '', visible_subject: '' })).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  it('stays one text for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (value) => {
        const q = contains(value);
        // Between the outer quotes every quote is doubled.
        expect(q.slice("any_subject contains '".length, -1).replaceAll("''", '')).not.toContain("'");
        expect(parseQuery(q)).not.toBeNull();
      }),
    );
  });
});
