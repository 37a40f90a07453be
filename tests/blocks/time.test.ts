import fc from 'fast-check';
import { addDuration, parseMoment } from '../../src/blocks/flow/time.server';

const DAY = 86_400_000;
const iso = (ms: number): string => new Date(ms).toISOString();
const moment = (text: string, timeZone = 'Europe/Rome') => iso(parseMoment(text, timeZone));
const days = (from: string, amount: number, at?: string, timeZone = 'Europe/Rome') =>
  iso(addDuration(Date.parse(from), { amount, unit: 'days', at }, timeZone));

/** The European rule, from the directive and not from the zone database: last Sunday of the month. */
function lastSunday(year: number, month: number): string {
  const last = new Date(Date.UTC(year, month, 0));
  return iso(last.getTime() - last.getUTCDay() * DAY).slice(0, 10);
}

const dayBefore = (day: string): string => iso(Date.parse(day) - DAY).slice(0, 10);

describe.each([2026, 2027, 2028, 2029, 2030])('the clock in Rome in %d', (year) => {
  const spring = lastSunday(year, 3);
  const autumn = lastSunday(year, 10);

  it('goes forward: what it leaves out is the first instant after the gap', () => {
    expect(moment(`${spring}T01:59`)).toBe(`${spring}T00:59:00.000Z`);
    for (const time of ['02:00', '02:30', '02:59', '03:00'])
      expect(moment(`${spring}T${time}`)).toBe(`${spring}T01:00:00.000Z`);
    expect(moment(`${spring}T03:01`)).toBe(`${spring}T01:01:00.000Z`);
  });

  it('goes back: what comes twice is the first', () => {
    expect(moment(`${autumn}T01:59`)).toBe(`${dayBefore(autumn)}T23:59:00.000Z`);
    expect(moment(`${autumn}T02:00`)).toBe(`${autumn}T00:00:00.000Z`);
    expect(moment(`${autumn}T02:30`)).toBe(`${autumn}T00:30:00.000Z`);
    expect(moment(`${autumn}T02:59`)).toBe(`${autumn}T00:59:00.000Z`);
    expect(moment(`${autumn}T03:00`)).toBe(`${autumn}T02:00:00.000Z`);
  });

  it('shows the same time a day later, though that day has 23 or 25 hours', () => {
    expect(days(`${dayBefore(spring)}T08:00:00.000Z`, 1)).toBe(`${spring}T07:00:00.000Z`);
    expect(days(`${dayBefore(autumn)}T07:00:00.000Z`, 1)).toBe(`${autumn}T08:00:00.000Z`);
  });

  it('does not change what 24 hours are', () => {
    const hours = (from: string) =>
      iso(addDuration(Date.parse(from), { amount: 24, unit: 'hours' }, 'Europe/Rome'));
    expect(hours(`${dayBefore(spring)}T08:00:00.000Z`)).toBe(`${spring}T08:00:00.000Z`);
    expect(hours(`${dayBefore(autumn)}T07:00:00.000Z`)).toBe(`${autumn}T07:00:00.000Z`);
  });

  it('ends a wait in days in the gap or in the overlap by the same rules, with a time of its own or without', () => {
    expect(days(`${dayBefore(spring)}T01:30:00.000Z`, 1)).toBe(`${spring}T01:00:00.000Z`);
    expect(days(`${dayBefore(spring)}T12:00:00.000Z`, 1, '02:30')).toBe(`${spring}T01:00:00.000Z`);
    expect(days(`${dayBefore(autumn)}T00:30:00.000Z`, 1)).toBe(`${autumn}T00:30:00.000Z`);
    expect(days(`${dayBefore(autumn)}T12:00:00.000Z`, 1, '02:30')).toBe(`${autumn}T00:30:00.000Z`);
  });
});

describe('a moment', () => {
  it.each([
    ['a day is its start', '2027-03-28', 'Europe/Rome', '2027-03-27T23:00:00.000Z'],
    [
      'a day whose midnight is left out begins after it',
      '2018-11-04',
      'America/Sao_Paulo',
      '2018-11-04T03:00:00.000Z',
    ],
    ['a leap day', '2028-02-29T12:00', 'Europe/Rome', '2028-02-29T11:00:00.000Z'],
    ['seconds count', '2026-12-24T18:00:30.250', 'Europe/Rome', '2026-12-24T17:00:30.250Z'],
    ['UTC stays', '2027-03-28T02:30:00Z', 'Europe/Rome', '2027-03-28T02:30:00.000Z'],
    ['an offset wins over the zone', '2027-03-28T02:30-05:00', 'Europe/Rome', '2027-03-28T07:30:00.000Z'],
    ['the gap of New York', '2027-03-14T02:30', 'America/New_York', '2027-03-14T07:00:00.000Z'],
    ['the overlap of New York', '2027-11-07T01:30', 'America/New_York', '2027-11-07T05:30:00.000Z'],
    ['the half-hour gap of Lord Howe', '2026-10-04T02:10', 'Australia/Lord_Howe', '2026-10-03T15:30:00.000Z'],
    ['no gap in UTC', '2027-03-28T02:30', 'UTC', '2027-03-28T02:30:00.000Z'],
  ])('%s: %s in %s', (_, text, timeZone, expected) => {
    expect(moment(text, timeZone)).toBe(expected);
  });

  it.each(['', 'tomorrow', '2027-02-30', '2027-13-01T10:00', '28/03/2027'])('is refused: "%s"', (text) => {
    expect(() => parseMoment(text, 'Europe/Rome')).toThrow(RangeError);
  });
});

describe('a number of days', () => {
  it.each([
    ['over the end of a month', '2027-01-31T09:00:00.000Z', 1, '2027-02-01T09:00:00.000Z'],
    ['into a leap day', '2028-02-28T09:00:00.000Z', 1, '2028-02-29T09:00:00.000Z'],
    ['over a leap day', '2028-02-28T09:00:00.000Z', 2, '2028-03-01T09:00:00.000Z'],
    ['over a February without one', '2027-02-28T09:00:00.000Z', 1, '2027-03-01T09:00:00.000Z'],
    ['over the new year', '2026-12-31T22:30:00.000Z', 1, '2027-01-01T22:30:00.000Z'],
    [
      'over half a year and a change of the clock',
      '2026-12-01T09:00:00.000Z',
      182,
      '2027-06-01T08:00:00.000Z',
    ],
  ])('%s', (_, from, amount, expected) => {
    expect(days(from, amount)).toBe(expected);
  });

  it('is counted from the local day, not from that of UTC', () => {
    // A quarter past midnight on the 25th in Rome, still the 24th in UTC.
    expect(days('2026-11-24T23:15:00.000Z', 1, '09:00')).toBe('2026-11-26T08:00:00.000Z');
    expect(days('2026-11-24T23:15:00.000Z', 1, '09:00', 'UTC')).toBe('2026-11-25T09:00:00.000Z');
    expect(days('2026-11-24T23:15:00.000Z', 1, '09:00', 'America/New_York')).toBe('2026-11-25T14:00:00.000Z');
  });
});

describe('for any time in any zone', () => {
  const shifting = [
    'Europe/Rome',
    'America/New_York',
    'Australia/Lord_Howe',
    'America/Sao_Paulo',
    'Africa/Cairo',
    'Africa/Casablanca',
  ];
  const steady = ['UTC', 'Asia/Tokyo', 'Asia/Kolkata', 'America/Phoenix'];
  const zone = fc.constantFrom(...shifting, ...steady);
  /** Every other one within three days of a change of the European clock. */
  const changes = [2026, 2027, 2028, 2029, 2030].flatMap((year) =>
    [3, 10].map((month) => Date.parse(`${lastSunday(year, month)}T01:00:00.000Z`)),
  );
  const now = fc.oneof(
    fc.integer({ min: Date.UTC(2010, 0, 1), max: Date.UTC(2060, 0, 1) }),
    fc
      .tuple(fc.constantFrom(...changes), fc.integer({ min: -3 * 1440, max: 3 * 1440 }))
      .map(([change, minutes]) => change + minutes * 60_000),
  );
  const amount = fc.integer({ min: 1, max: 800 });
  const unit = fc.constantFrom('minutes' as const, 'hours' as const, 'days' as const);
  const at = fc
    .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
    .map((parts) => parts.map((part) => String(part).padStart(2, '0')).join(':'));

  /** What the clock on the wall shows, as Intl tells it: `2027-03-28 03:00:00,000`. */
  const formats = new Map(
    [...shifting, ...steady].map((timeZone) => [
      timeZone,
      new Intl.DateTimeFormat('sv-SE', {
        timeZone,
        year: 'numeric',
        month: '2-digit',
        day: '2-digit',
        hour: '2-digit',
        minute: '2-digit',
        second: '2-digit',
        fractionalSecondDigits: 3,
      }),
    ]),
  );
  const wall = (ms: number, timeZone: string): string =>
    (formats.get(timeZone) as Intl.DateTimeFormat).format(ms);

  it('a longer wait ends later', () => {
    fc.assert(
      fc.property(now, amount, unit, zone, (start, count, of, timeZone) => {
        const one = addDuration(start, { amount: count, unit: of }, timeZone);
        expect(one).toBeGreaterThan(start);
        expect(addDuration(start, { amount: count + 1, unit: of }, timeZone)).toBeGreaterThan(one);
      }),
      { numRuns: 1000 },
    );
  });

  it('days end at the same time on the wall, the first one there is; in a gap at its end', () => {
    fc.assert(
      fc.property(now, amount, fc.option(at, { nil: undefined }), zone, (start, count, time, timeZone) => {
        const end = addDuration(start, { amount: count, unit: 'days', at: time }, timeZone);
        const [day = '', clock = ''] = wall(start, timeZone).split(' ');
        const endDay = iso(Date.parse(day) + count * DAY).slice(0, 10);
        const expected = `${endDay} ${time === undefined ? clock : `${time}:00,000`}`;
        if (wall(end, timeZone) === expected) {
          for (const minutes of [30, 60]) expect(wall(end - minutes * 60_000, timeZone)).not.toBe(expected);
        } else {
          expect(wall(end, timeZone) > expected).toBe(true);
          expect(wall(end - 1, timeZone) < expected).toBe(true);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('where the clock never changes a day is 24 hours, and days add up', () => {
    fc.assert(
      fc.property(
        now,
        amount,
        amount,
        fc.constantFrom('UTC', 'Asia/Tokyo', 'Asia/Kolkata'),
        (start, a, b, timeZone) => {
          const add = (from: number, count: number) =>
            addDuration(from, { amount: count, unit: 'days' }, timeZone);
          expect(add(start, a)).toBe(start + a * DAY);
          expect(add(add(start, a), b)).toBe(add(start, a + b));
        },
      ),
    );
  });

  it('minutes and hours are what they are everywhere', () => {
    fc.assert(
      fc.property(now, amount, zone, (start, count, timeZone) => {
        expect(addDuration(start, { amount: count, unit: 'minutes' }, timeZone)).toBe(start + count * 60_000);
        expect(addDuration(start, { amount: count, unit: 'hours' }, timeZone)).toBe(
          start + count * 3_600_000,
        );
      }),
    );
  });
});
