import {
  lastOccurrence,
  localTimeAt,
  nextOccurrence,
  occurrencesOf,
} from '../../src/server/runs/occurrences';

const DAY = 86_400_000;
const iso = (ms: number): string => new Date(ms).toISOString();

/** Every instant from `from` up to and without `to`. */
function occurrences(cron: string, from: string, to: string, timeZone = 'Europe/Rome'): string[] {
  const known = occurrencesOf(cron, timeZone);
  const found: string[] = [];
  for (
    let at = nextOccurrence(known, Date.parse(from) - 1);
    at < Date.parse(to);
    at = nextOccurrence(known, at)
  )
    found.push(iso(at));
  return found;
}

/** The European rule, from the directive and not from the zone database: last Sunday of the month. */
function lastSunday(year: number, month: number): string {
  const last = new Date(Date.UTC(year, month, 0));
  return iso(last.getTime() - last.getUTCDay() * DAY).slice(0, 10);
}

describe.each([2026, 2027, 2028, 2029, 2030])('a schedule in Rome in %d', (year) => {
  const spring = lastSunday(year, 3);
  const autumn = lastSunday(year, 10);

  it.each(['00:00', '01:59', '02:00', '02:30', '02:59', '03:00', '09:00', '23:59'])(
    'at %s comes once on every day of the year',
    (time) => {
      const [hour, minute] = time.split(':').map(Number);
      const found = occurrences(
        `${minute} ${hour} * * *`,
        `${year - 1}-12-31T23:00:00Z`,
        `${year}-12-31T23:00:00Z`,
      );
      const days = found.map((at) => localTimeAt(Date.parse(at), 'Europe/Rome').slice(0, 10));
      expect(days.length).toBe(year % 4 === 0 ? 366 : 365);
      expect(new Set(days).size).toBe(days.length);
      const others = found.filter((at) => localTimeAt(Date.parse(at), 'Europe/Rome').slice(11) !== time);
      const isLeftOut = time >= '02:00' && time < '03:00';
      expect(others).toEqual(isLeftOut ? [`${spring}T01:00:00.000Z`] : []);
    },
  );

  it('that falls into the gap comes at its end, with whatever else does', () => {
    expect(occurrences('*/30 1-3 * * *', `${spring}T00:00:00Z`, `${spring}T02:30:00Z`)).toEqual([
      ...[`${spring}T00:00:00.000Z`, `${spring}T00:30:00.000Z`],
      ...[`${spring}T01:00:00.000Z`, `${spring}T01:30:00.000Z`],
    ]);
  });

  it('that falls into the hour that comes twice comes in the first, and not in the second', () => {
    expect(occurrences('*/30 1-3 * * *', `${autumn}T00:00:00Z`, `${autumn}T03:00:00Z`)).toEqual([
      ...[`${autumn}T00:00:00.000Z`, `${autumn}T00:30:00.000Z`],
      ...[`${autumn}T02:00:00.000Z`, `${autumn}T02:30:00.000Z`],
    ]);
    // Also when one looks only now, in the middle of the second.
    expect(occurrences('*/30 * * * *', `${autumn}T01:10:00Z`, `${autumn}T02:10:00Z`)).toEqual([
      `${autumn}T02:00:00.000Z`,
    ]);
  });
});

describe('a schedule', () => {
  it('is read in its own time zone', () => {
    expect(
      occurrences('0 9 * * *', '2026-11-25T00:00:00Z', '2026-11-26T00:00:00Z', 'America/New_York'),
    ).toEqual(['2026-11-25T14:00:00.000Z']);
    expect(
      occurrences('0 2 * * *', '2026-10-03T00:00:00Z', '2026-10-04T23:00:00Z', 'Australia/Lord_Howe'),
    ).toEqual(['2026-10-03T15:30:00.000Z', '2026-10-04T15:00:00.000Z']);
  });

  it('gives the last time that has passed, however far back it lies', () => {
    const from = Date.parse('2026-11-02T08:00:00Z');
    const to = Date.parse('2026-11-25T08:10:00Z');
    const last = (cron: string) => {
      const at = lastOccurrence(occurrencesOf(cron, 'Europe/Rome'), from, to);
      return at === null ? null : iso(at);
    };
    expect(last('* * * * *')).toBe('2026-11-25T08:10:00.000Z');
    expect(last('0 9 * * *')).toBe('2026-11-25T08:00:00.000Z');
    expect(last('0 10 * * *')).toBe('2026-11-24T09:00:00.000Z');
    expect(last('0 9 2 * *')).toBe('2026-11-02T08:00:00.000Z');
    expect(last('59 8 2 * *')).toBeNull();
  });
});
