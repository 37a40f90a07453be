/** Dates in templates: read from what steps give, written for people, and counted on by days of the calendar. */
import type { Json } from '../json';
import type { Formatting } from './filters';

const isoPattern =
  /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[+-]\d{2}:\d{2})?)?$/i;

/**
 * The instant a value names: epoch milliseconds or ISO 8601 text. A date alone is midnight UTC and a time without a zone is UTC: never
 * the zone of the machine, which differs from one server to the next.
 */
export function asDate(value: unknown): Date | null {
  if (typeof value === 'number') return possible(new Date(value));
  const match = typeof value === 'string' ? isoPattern.exec(value.trim()) : null;
  const [, day = '', time = '00:00', zone = 'Z'] = match ?? [];
  // The day apart: `2026-02-31` would quietly become the 3rd of March.
  if (
    !possible(new Date(`${day}T00:00Z`))
      ?.toISOString()
      .startsWith(day)
  )
    return null;
  return possible(new Date(`${day}T${time}${zone.toUpperCase()}`));
}

/** Whether a date is one on the clock of whoever reads it: a day, or a time without a zone. It is written as it stands. */
export const isWallTime = (value: Json): boolean =>
  typeof value === 'string' && isoPattern.exec(value.trim())?.[3] === undefined;

/** Milliseconds since 1970 of what a value names, a date without a zone being one on the company's clock; `null` when it is no date. */
export function momentOf(value: Json, timeZone: string): number | null {
  const date = asDate(value);
  if (!date) return null;
  return isWallTime(value) ? fromClock(date.getTime(), timeZone) : date.getTime();
}

const possible = (date: Date): Date | null => (Number.isNaN(date.getTime()) ? null : date);

const DAY_MS = 86_400_000;
const FIRST = Date.UTC(1000, 0, 2);
const LAST = Date.UTC(9999, 11, 30);

/**
 * The same time of day some days later, or earlier, in the form it came: a day stays a day, a time without a zone one without, a moment becomes
 * a moment on the company's clock. A time the clock skips is taken later by as much, of one that comes twice the first is meant (docs/time.md).
 *
 * @returns `null` when no calendar goes that far
 */
export function addDays(value: string | number, date: Date, days: number, timeZone: string): Json {
  const shift = days * DAY_MS;
  const isWall = typeof value === 'string' && isWallTime(value);
  const shown = (isWall ? date.getTime() : clockOf(date.getTime(), timeZone)) + shift;
  // Four digits for the year: what is longer nobody reads as a date.
  if (!(shown > FIRST && shown < LAST)) return null;
  if (isWall) return new Date(shown).toISOString().slice(0, 10) + value.trim().slice(10);
  const moved = fromClock(shown, timeZone);
  return typeof value === 'number' ? moved : new Date(moved).toISOString();
}

/** Making a clock costs far more than reading it, and a company has one zone. */
const clocks = new Map<string, Intl.DateTimeFormat>();

function clockIn(timeZone: string): Intl.DateTimeFormat {
  const known = clocks.get(timeZone);
  if (known) return known;
  const options = { timeZone, hourCycle: 'h23' } as const;
  const digits = { year: 'numeric', month: 'numeric', day: 'numeric' } as const;
  const time = { hour: 'numeric', minute: 'numeric', second: 'numeric' } as const;
  const clock = new Intl.DateTimeFormat('en', { ...options, ...digits, ...time });
  clocks.set(timeZone, clock);
  return clock;
}

/** What a clock in the zone shows at an instant, as milliseconds as if it stood in UTC. */
function clockOf(instant: number, timeZone: string): number {
  const parts = new Map(
    clockIn(timeZone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, value]),
  );
  const of = (type: Intl.DateTimeFormatPartTypes) => Number(parts.get(type));
  const shown = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
  return shown + (((instant % 1000) + 1000) % 1000);
}

/** The instant at which a clock in the zone shows this. */
function fromClock(shown: number, timeZone: string): number {
  // A zone changes its clock once within these two days at most.
  const [before, after] = [shown - DAY_MS, shown + DAY_MS].map(
    (near) => shown - (clockOf(near, timeZone) - near),
  ) as [number, number];
  const meant = [before, after].filter((instant) => clockOf(instant, timeZone) === shown);
  return meant.length > 0 ? Math.min(...meant) : before;
}

type DateToken = readonly [options: Intl.DateTimeFormatOptions, part: Intl.DateTimeFormatPartTypes];

const dateTokens: Record<string, DateToken> = {
  yyyy: [{ year: 'numeric' }, 'year'],
  yy: [{ year: '2-digit' }, 'year'],
  MMMM: [{ month: 'long', day: 'numeric' }, 'month'],
  MMM: [{ month: 'short', day: 'numeric' }, 'month'],
  MM: [{ month: '2-digit' }, 'month'],
  M: [{ month: 'numeric' }, 'month'],
  dd: [{ day: '2-digit' }, 'day'],
  d: [{ day: 'numeric' }, 'day'],
  EEEE: [{ weekday: 'long' }, 'weekday'],
  HH: [{ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }, 'hour'],
  mm: [{ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }, 'minute'],
  ss: [{ minute: '2-digit', second: '2-digit' }, 'second'],
};

/** Tokens: `yyyy yy MMMM MMM MM M dd d EEEE HH mm ss`; anything else is kept. */
export function formatDate(date: Date, pattern: string, { locale, timeZone }: Formatting): string {
  return pattern.replace(/yyyy|yy|MMMM|MMM|MM|M|dd|d|EEEE|HH|mm|ss/g, (token) => {
    const [options, type] = dateTokens[token] as DateToken;
    const parts = new Intl.DateTimeFormat(locale, { timeZone, ...options }).formatToParts(date);
    const value = parts.find((part) => part.type === type)?.value ?? '';
    // Some locales write single digits where two were asked for.
    return token.length === 2 ? value.padStart(2, '0') : value;
  });
}
