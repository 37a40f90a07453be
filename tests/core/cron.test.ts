import fc from 'fast-check';
import { type Cron, nextLocalMinute, parseCron, planText, readPlan, writePlan } from '../../src/core';

const read = (text: string): Cron => {
  const parsed = parseCron(text);
  if ('problem' in parsed) throw new Error(parsed.problem.en);
  return parsed.cron;
};
const minute = (text: string) => Date.parse(`${text}:00Z`) / 60_000;
/** The next `count` local times after `from`. */
function times(cron: string, from: string, count = 1): string[] {
  const found: string[] = [];
  let at: number | null = minute(from);
  while (found.length < count && at !== null) {
    at = nextLocalMinute(read(cron), at);
    if (at !== null) found.push(new Date(at * 60_000).toISOString().slice(0, 16));
  }
  return found;
}

describe('a cron', () => {
  it.each([
    ['0 9 * * *', '2026-11-25T09:00', ['2026-11-26T09:00', '2026-11-27T09:00']],
    ['0 9 * * 1-5', '2026-11-27T10:00', ['2026-11-30T09:00', '2026-12-01T09:00']],
    ['0 9 * * mon,FRI', '2026-11-27T10:00', ['2026-11-30T09:00', '2026-12-04T09:00']],
    ['*/20 8-9 * * *', '2026-11-25T08:30', ['2026-11-25T08:40', '2026-11-25T09:00', '2026-11-25T09:20']],
    ['5/30 0 * * *', '2026-11-25T00:00', ['2026-11-25T00:05', '2026-11-25T00:35', '2026-11-26T00:05']],
    ['0 0 31 * *', '2026-11-25T00:00', ['2026-12-31T00:00', '2027-01-31T00:00', '2027-03-31T00:00']],
    ['0 18 L * *', '2027-01-31T18:00', ['2027-02-28T18:00', '2027-03-31T18:00']],
    ['0 18 L 2 *', '2027-03-01T00:00', ['2028-02-29T18:00', '2029-02-28T18:00']],
    ['0 0 29 2 *', '2096-03-01T00:00', ['2104-02-29T00:00']],
    ['0 12 1,15 * *', '2026-12-01T12:00', ['2026-12-15T12:00', '2027-01-01T12:00']],
    ['0 0 * jan-feb 7', '2026-11-25T00:00', ['2027-01-03T00:00', '2027-01-10T00:00']],
    // Both kinds of days: either is enough.
    [
      '0 0 13 * 5',
      '2026-11-25T00:00',
      ['2026-11-27T00:00', '2026-12-04T00:00', '2026-12-11T00:00', '2026-12-13T00:00'],
    ],
    ['59 23 31 12 *', '2026-12-31T23:59', ['2027-12-31T23:59']],
  ])('%s after %s', (cron, from, expected) => {
    expect(times(cron, from, expected.length)).toEqual(expected);
  });

  it.each([
    ['', 'five fields'],
    ['0 9 * *', 'five fields'],
    ['0 0 9 * * *', 'five fields'],
    ['@daily', 'five fields'],
    ['60 9 * * *', '"60" is no minute'],
    ['0 24 * * *', '"24" is no hour'],
    ['0 9 0 * *', '"0" is no day of the month'],
    ['0 9 32 * *', '"32" is no day of the month'],
    ['0 9 * 13 *', '"13" is no month'],
    ['0 9 * * 8', '"8" is no day of the week'],
    ['0 9 * * mun', '"mun" is no day of the week'],
    ['0 9 * mon *', '"mon" is no month'],
    ['5-1 9 * * *', '"5-1" is no minute'],
    ['*/0 9 * * *', '"*/0" is no minute'],
    ['*/x 9 * * *', '"*/x" is no minute'],
    ['1,,2 9 * * *', '"1,,2" is no minute'],
    ['1-2-3 9 * * *', '"1-2-3" is no minute'],
    ['-1 9 * * *', '"-1" is no minute'],
    ['1.5 9 * * *', '"1.5" is no minute'],
    ['0 L * * *', '"l" is no hour'],
    ['0 9 30 2 *', 'no such day ever comes'],
    ['0 9 31 4,6,9,11 *', 'no such day ever comes'],
  ])('%p is refused with what is wrong with it', (cron, problem) => {
    expect(parseCron(cron)).toEqual({
      problem: { en: expect.stringContaining(problem), it: expect.stringMatching(/\S/) },
    });
  });

  it('whatever it is, comes next at the first minute that fits, and at no other', () => {
    const part = (min: number, max: number) =>
      fc.oneof(
        fc.constant('*'),
        fc.integer({ min, max }).map(String),
        fc.integer({ min: 2, max: Math.min(max, 12) }).map((step) => `*/${step}`),
        fc
          .tuple(fc.integer({ min, max }), fc.integer({ min, max }))
          .map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`),
      );
    const crons = fc
      .tuple(part(0, 59), part(0, 23), part(1, 28), part(1, 12), part(0, 6))
      .map((parts) => parts.join(' '));
    const start = minute('2026-01-01T00:00');
    fc.assert(
      fc.property(crons, fc.integer({ min: 0, max: 3 * 525_600 }), (text, offset) => {
        const cron = read(text);
        const after = start + offset;
        const next = nextLocalMinute(cron, after);
        if (next === null) throw new Error('never');
        expect(fits(text, next)).toBe(true);
        // The minutes in between, as far as that takes no time.
        for (let at = after + 1; at < Math.min(next, after + 300); at += 1)
          expect(fits(text, at)).toBe(false);
      }),
      { numRuns: 150 },
    );
  });
});

/** Said a second time, minute by minute, from the rule and not from the code. */
function fits(text: string, at: number): boolean {
  const [minutes, hours, days, months, weekdays] = text.split(' ') as [
    string,
    string,
    string,
    string,
    string,
  ];
  const date = new Date(at * 60_000);
  const has = (field: string, value: number, min: number): boolean => {
    if (field.startsWith('*')) return (value - min) % Number(field.split('/')[1] ?? 1) === 0;
    const [from, to = from] = field.split('-').map(Number) as [number, number?];
    return value >= from && value <= to;
  };
  const isDay = has(days, date.getUTCDate(), 1);
  const isWeekday = has(weekdays, date.getUTCDay(), 0) || (weekdays === '7' && date.getUTCDay() === 0);
  const isEither = !days.startsWith('*') && !weekdays.startsWith('*');
  return (
    has(minutes, date.getUTCMinutes(), 0) &&
    has(hours, date.getUTCHours(), 0) &&
    has(months, date.getUTCMonth() + 1, 1) &&
    (isEither ? isDay || isWeekday : isDay && isWeekday)
  );
}

describe('a schedule in words', () => {
  it.each([
    ['0 9 * * *', 'Every day at 09:00', 'Ogni giorno alle 09:00'],
    ['30 8 * * 1-5', 'Monday to Friday at 08:30', 'Dal lunedì al venerdì alle 08:30'],
    ['0 9 * * 1,4', 'Every Monday and Thursday at 09:00', 'Ogni lunedì e giovedì alle 09:00'],
    ['0 9 * * 7', 'Every Sunday at 09:00', 'Ogni domenica alle 09:00'],
    ['0 7 1 * *', 'On day 1 of every month at 07:00', 'Il giorno 1 di ogni mese alle 07:00'],
    ['0 18 L * *', 'On the last day of the month at 18:00', 'L’ultimo giorno del mese alle 18:00'],
    ['*/15 * * * *', '*/15 * * * *', '*/15 * * * *'],
    ['0 9 * 8 *', '0 9 * 8 *', '0 9 * 8 *'],
  ])('%s', (cron, en, it) => {
    const plan = readPlan(cron);
    expect([planText(plan, 'en'), planText(plan, 'it')]).toEqual([en, it]);
    expect(writePlan(plan)).toBe(cron);
  });

  it('takes Sunday for the seventh day, however it is written', () => {
    expect(readPlan('0 9 * * 0')).toEqual({ every: 'week', time: '09:00', weekdays: [7] });
  });
});
