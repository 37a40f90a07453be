import { execFileSync } from 'node:child_process';
import {
  BlockError,
  type Formatting,
  filterNames,
  formatDate,
  type Json,
  resolveTemplate,
  type Scope,
} from '../../src/core';

const scopeOf = (value: Json): Scope => ({
  trigger: { payload: { v: value } },
  stepOutput: () => undefined,
  loops: [],
  run: { id: 'r' },
  workflow: { id: 'w', name: 'W' },
});
const filtered = (value: Json, filter: string, formatting?: Formatting) =>
  resolveTemplate(`{{trigger.payload.v | ${filter}}}`, scopeOf(value), formatting);
const english: Formatting = { locale: 'en-US', timeZone: 'America/New_York' };

function failureOf(value: Json, filter: string) {
  try {
    filtered(value, filter);
  } catch (error) {
    if (error instanceof BlockError) return error.failure;
    throw error;
  }
  throw new Error('It resolved.');
}

describe('the filters', () => {
  it('are a closed list', () => {
    expect(filterNames).toEqual([
      ...[
        'default',
        'upper',
        'lower',
        'trim',
        'truncate',
        'replace',
        'join',
        'first',
        'last',
        'size',
        'json',
      ],
      ...['number', 'round', 'currency', 'date', 'add_days'],
    ]);
  });

  it.each<[string, Json, Json]>([
    ['default: "x"', null, 'x'],
    ['default: "x"', 'y', 'y'],
    ['upper', 'città', 'CITTÀ'],
    ['upper', 12, '12'],
    ['lower', 'CITTÀ', 'città'],
    ['number', 1234.5, '1.234,5'],
    ['number: 2', '1234.5', '1.234,50'],
    ['number: 0', 0.5, '1'],
    ['number', -3, '-3'],
    ['currency', 1234.5, '1.234,50 €'],
    ['currency: "USD"', '12', '12,00 USD'],
    ['date', '2026-11-23T10:15:00Z', '23/11/2026'],
    ['date: "d/M/yy HH:mm:ss"', '2026-01-02T23:30:05Z', '3/1/26 00:30:05'],
    ['date: "EEEE d MMMM yyyy"', '2026-11-23', 'lunedì 23 novembre 2026'],
    ['date: "dd MMM"', 0, '01 gen'],
    ['json', { a: [1, null] }, '{"a":[1,null]}'],
    ['json', 'a"b', '"a\\"b"'],
    ['json', null, 'null'],
    ['join', ['a', 1, null, { b: 2 }], 'a, 1, , {"b":2}'],
    ['join: " + "', ['a', 'b'], 'a + b'],
    ['join', [], ''],
    ['trim', '  Rossi S.r.l.\n', 'Rossi S.r.l.'],
    ['truncate: 10', 'Contratto Rossi', 'Contratto…'],
    ['truncate: 10, " (segue)"', 'Contratto Rossi', 'Co (segue)'],
    ['truncate: 2, "..."', 'Contratto', '..'],
    ['truncate: 9', 'Contratto', 'Contratto'],
    ['truncate: 2', '👍👍👍', '👍…'],
    ['replace: ".", ","', '1.200.000', '1,200,000'],
    ['replace: "a", "$&"', 'casa', 'c$&s$&'],
    ['replace: "x"', 'fax', 'fa'],
    ['first', ['a', { b: 1 }], 'a'],
    ['last', ['a', { b: 1 }], { b: 1 }],
    ['first', [], null],
    ['last', [], null],
    ['size', [1, 2, 3], 3],
    ['size', { a: 1 }, 1],
    ['size', 'città 👍', 7],
    ['size', null, 0],
    ['round', 2.5, 3],
    ['round', -2.5, -3],
    ['round: 2', 1.005, 1.01],
    ['round: 2', '1234.567', 1234.57],
    ['round: 2', 1e-7, 0],
    ['add_days: 30', '2026-12-31', '2027-01-30'],
    ['add_days: -1', ' 2027-03-01T09:00 ', '2027-02-28T09:00'],
    ['add_days: "1"', '2028-02-28', '2028-02-29'],
  ])('%s of %j is %j', (filter, value, expected) => {
    expect(filtered(value, filter)).toEqual(expected);
  });

  it('follow the company’s language and time zone', () => {
    expect(filtered(1234.5, 'number', english)).toBe('1,234.5');
    expect(filtered(1234.5, 'currency: "USD"', english)).toBe('$1,234.50');
    expect(filtered('2026-01-02T03:30:00Z', 'date: "MMMM d, HH:mm"', english)).toBe('January 1, 22:30');
  });

  it('make no text so long that it would fill the memory', () => {
    const long = 'a'.repeat(60_000);
    expect(failureOf(long, `replace: "a", "${'b'.repeat(500)}"`).message).toContain('30000000 characters');
    expect(failureOf([...long], `join: "${'b'.repeat(500)}"`).message).toContain('at most 1000000 are made');
  });

  it('go one after the other', () => {
    expect(filtered(['b', 'a'], 'join: "-" | upper | json')).toBe('"B-A"');
  });

  it.each<[string, Json, string]>([
    ['number', 'many', 'a number is needed, got text'],
    ['number', null, 'a number is needed, got nothing'],
    ['number: 99', 1, 'decimals must be a whole number from 0 to 20, got 99'],
    ['number: -1', 1, 'decimals must be a whole number from 0 to 20, got -1'],
    ['number: "x"', 1, 'decimals must be a whole number from 0 to 20, got x'],
    ['currency: "EURO"', 1, 'a currency has three letters such as EUR, got EURO'],
    ['currency', [], 'a number is needed, got a list of 0'],
    ['date', 'yesterday', 'a date such as 2026-11-23 or 2026-11-23T10:15:00Z is needed, got text'],
    ['date', '2026-02-31', 'a date such as 2026-11-23 or 2026-11-23T10:15:00Z is needed, got text'],
    ['date', 1e20, 'a date such as 2026-11-23 or 2026-11-23T10:15:00Z is needed, got a number'],
    ['join', 'text', '"join" needs a list, got text'],
    ['first', { a: 1 }, '"first" needs a list, got an object with a'],
    ['last', null, '"last" needs a list, got nothing'],
    ['truncate', 'x', '"truncate" needs a number of characters, as in truncate: 80, got none'],
    ['truncate: 0', 'x', '"truncate" needs a number of characters, as in truncate: 80, got 0'],
    ['replace', 'x', '"replace" needs the text to look for, as in replace: "a", "b"'],
    ['round', 'many', 'a number is needed, got text'],
    ['add_days', '2026-11-23', '"add_days" needs a whole number of days, as in add_days: 30, got none'],
    ['add_days: 0.5', '2026-11-23', '"add_days" needs a whole number of days, as in add_days: 30, got 0.5'],
    ['add_days: 1', 'domani', 'a date such as 2026-11-23 or 2026-11-23T10:15:00Z is needed, got text'],
    ['add_days: 9000000', '2026-11-23', 'no calendar goes 9000000 days from there'],
    ['shout', 1, `"shout" is not a filter; there are ${filterNames.join(', ')}`],
    ['constructor', 1, `"constructor" is not a filter; there are ${filterNames.join(', ')}`],
  ])('%s of %j is an error naming filter, value and need', (filter, value, need) => {
    const name = filter.split(':')[0];
    expect(failureOf(value, filter)).toMatchObject({
      kind: 'terminal',
      code: 'filter_failed',
      message: `The filter "${name}" cannot be applied to {{trigger.payload.v}}: ${need}.`,
      actor: 'customer',
    });
  });
});

describe('a date', () => {
  const rome: Formatting = { locale: 'it-IT', timeZone: 'Europe/Rome' };
  it('keeps what is no token of its pattern', () => {
    expect(formatDate(new Date('2026-11-23T10:15:00Z'), 'yyyy/MM [HH:mm] — €', rome)).toBe(
      '2026/11 [11:15] — €',
    );
  });

  it('pads hours, minutes and seconds to two digits at midnight too', () => {
    expect(formatDate(new Date('2026-01-01T23:05:09Z'), 'HH:mm:ss', rome)).toBe('00:05:09');
  });

  it.each(['Europe/Rome', 'America/New_York'])(
    'written without a zone is written as it stands in %s',
    (timeZone) => {
      const written = (value: Json) => filtered(value, 'date: "dd/MM/yyyy HH:mm"', { ...rome, timeZone });
      expect(written('2026-12-31')).toBe('31/12/2026 00:00');
      expect(written(' 2026-11-24T09:00 ')).toBe('24/11/2026 09:00');
      expect(written('2026-11-24 23:59:59.5')).toBe('24/11/2026 23:59');
      // The hour that Rome, and the one that New York passes over when its clock goes forward.
      expect(written('2027-03-28T02:30')).toBe('28/03/2027 02:30');
      expect(written('2027-03-14T02:30')).toBe('14/03/2027 02:30');
    },
  );

  it.each([
    ['Europe/Rome', ['01/01/2027 00:30', '01/01/2027 00:30', '01/01/2027 00:30']],
    ['America/New_York', ['31/12/2026 18:30', '31/12/2026 18:30', '31/12/2026 18:30']],
  ])('written with a zone, or as a number, is a moment on the clock of %s', (timeZone, expected) => {
    const moments = ['2026-12-31T23:30Z', '2027-01-01T00:30+01:00', Date.parse('2026-12-31T23:30:00Z')];
    const written = moments.map((moment) =>
      filtered(moment, 'date: "dd/MM/yyyy HH:mm"', { ...rome, timeZone }),
    );
    expect(written).toEqual(expected);
  });

  it.each([
    // Clocks go forward on 28 March 2027 at 2:00, and back on 31 October at 3:00.
    ['2027-03-27T08:00:00.250Z', 1, '2027-03-28T07:00:00.250Z'],
    ['2027-03-27T01:30:00Z', 1, '2027-03-28T01:30:00.000Z'],
    ['2027-10-30T00:30:00Z', 1, '2027-10-31T00:30:00.000Z'],
    ['2027-10-30T12:00:00+02:00', 2, '2027-11-01T11:00:00.000Z'],
    ['2027-11-01T11:00:00Z', -2, '2027-10-30T10:00:00.000Z'],
  ])(
    'that is a moment keeps its time of day on the company’s clock: %s and %i days',
    (value, days, expected) => {
      expect(filtered(value, `add_days: ${days}`, rome)).toBe(expected);
      expect(filtered(Date.parse(value), `add_days: ${days}`, rome)).toBe(Date.parse(expected));
    },
  );

  it('written without a zone stays so, whatever the zone of the machine that reads it', () => {
    const program = `
      import { resolveTemplate } from './src/core/index.ts';
      const read = (v) => resolveTemplate('{{trigger.payload.v | date: "dd HH:mm"}}', { trigger: { payload: { v } } });
      const local = new Date(2026, 0, 1).getTimezoneOffset();
      console.log(JSON.stringify([local, read('2026-11-23 10:00'), read('2026-11-23'), read('2026-11-23T10:00:00+05:30')]));
    `;
    const told = execFileSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], {
      env: { ...process.env, TZ: 'Pacific/Auckland' },
      encoding: 'utf8',
    });
    expect(JSON.parse(told)).toEqual([-780, '23 10:00', '23 00:00', '23 05:30']);
  });
});
