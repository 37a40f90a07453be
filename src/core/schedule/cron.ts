/**
 * When something happens again and again, as cron writes it: minute, hour, day of the month, month, day of the week. Fields are `*`,
 * numbers, lists, ranges and steps; months and weekdays may be names; `L` is the last day of the month. Where both kinds of days are
 * given, either is enough; a field that begins with `*` gives none. Pure: a cron knows local times, and nothing of time zones.
 */
import type { LocalText } from '../block/define';

export interface Cron {
  /** Ascending. */
  minutes: readonly number[];
  hours: readonly number[];
  months: ReadonlySet<number>;
  days: ReadonlySet<number>;
  hasLastDay: boolean;
  /** 0 is Sunday. */
  weekdays: ReadonlySet<number>;
  isAnyDay: boolean;
  isAnyWeekday: boolean;
}

interface FieldRule {
  label: LocalText;
  min: number;
  max: number;
  names?: readonly string[];
}

const fieldRules: readonly FieldRule[] = [
  { label: { en: 'minute', it: 'minuto' }, min: 0, max: 59 },
  { label: { en: 'hour', it: 'ora' }, min: 0, max: 23 },
  { label: { en: 'day of the month', it: 'giorno del mese' }, min: 1, max: 31 },
  {
    label: { en: 'month', it: 'mese' },
    ...{ min: 1, max: 12 },
    names: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
  },
  {
    label: { en: 'day of the week', it: 'giorno della settimana' },
    ...{ min: 0, max: 7 },
    names: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'],
  },
];

/** Days of each month, at most. */
const monthDays = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Reads five fields, or says what is wrong with them. */
export function parseCron(text: string): { cron: Cron } | { problem: LocalText } {
  const fields = text.trim().toLowerCase().split(/\s+/);
  if (fields.length !== 5) {
    return {
      problem: {
        en: 'write five fields with spaces between them (minute, hour, day, month, weekday), such as 0 9 * * 1-5',
        it: 'servono cinque campi separati da spazi (minuto, ora, giorno, mese, giorno della settimana), come 0 9 * * 1-5',
      },
    };
  }
  const sets: Set<number>[] = [];
  for (const [index, rule] of fieldRules.entries()) {
    const parsed = parseField(
      index === 2 ? withoutLast(fields[2] as string) : (fields[index] as string),
      rule,
    );
    if (!parsed) return { problem: describeProblem(fields[index] as string, rule) };
    sets.push(parsed);
  }
  const [minutes, hours, days, months, weekdays] = sets as [Numbers, Numbers, Numbers, Numbers, Numbers];
  const cron: Cron = {
    minutes: sorted(minutes),
    hours: sorted(hours),
    ...{ days, months, hasLastDay: (fields[2] as string).split(',').includes('l') },
    weekdays: new Set([...weekdays].map((day) => day % 7)),
    isAnyDay: (fields[2] as string).startsWith('*'),
    isAnyWeekday: (fields[4] as string).startsWith('*'),
  };
  return canHappen(cron) ? { cron } : { problem: neverHappens };
}

type Numbers = Set<number>;

const neverHappens: LocalText = {
  en: 'no such day ever comes: the months named do not have that day',
  it: 'un giorno così non arriva mai: i mesi indicati non hanno quel giorno',
};

const sorted = (numbers: ReadonlySet<number>): number[] => [...numbers].sort((a, b) => a - b);

/** `1,l` → `1`; `l` alone → nothing. */
const withoutLast = (field: string): string =>
  field
    .split(',')
    .filter((part) => part !== 'l')
    .join(',');

function parseField(field: string, rule: FieldRule): Set<number> | null {
  const numbers = new Set<number>();
  if (field === '') return rule.max === 31 ? numbers : null;
  for (const part of field.split(',')) {
    const range = parsePart(part, rule);
    if (!range) return null;
    for (let number = range.from; number <= range.to; number += range.step) numbers.add(number);
  }
  return numbers;
}

function parsePart(part: string, rule: FieldRule): { from: number; to: number; step: number } | null {
  const [span = '', stepText, ...rest] = part.split('/');
  const step = stepText === undefined ? 1 : readNumber(stepText, { ...rule, min: 1, names: [] });
  if (rest.length > 0 || step === null) return null;
  if (span === '*') return { from: rule.min, to: rule.max, step };
  const [first = '', last, ...more] = span.split('-');
  const from = readNumber(first, rule);
  // `5/10` begins at 5 and goes to the end, as in most crons.
  const open = stepText === undefined ? from : rule.max;
  const to = last === undefined ? open : readNumber(last, rule);
  if (more.length > 0 || from === null || to === null || from > to) return null;
  return { from, to, step };
}

function readNumber(text: string, { min, max, names = [] }: FieldRule): number | null {
  const name = names.indexOf(text);
  if (name !== -1) return name + min;
  const number = /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN;
  return number >= min && number <= max ? number : null;
}

function describeProblem(field: string, { label, min, max }: FieldRule): LocalText {
  return {
    en: `"${field}" is no ${label.en}: write *, a number from ${min} to ${max}, a list (1,15), a range (1-5) or a step (*/15)`,
    it: `«${field}» non va bene per ${label.it}: scrivi *, un numero da ${min} a ${max}, un elenco (1,15), un intervallo (1-5) o un passo (*/15)`,
  };
}

function canHappen({ days, months, hasLastDay, isAnyWeekday }: Cron): boolean {
  if (!isAnyWeekday || hasLastDay) return true;
  return [...months].some((month) => [...days].some((day) => day <= (monthDays[month - 1] as number)));
}

const DAY_MINUTES = 1440;
/** From one 29 February that is a Sunday to the next there may be forty years. */
const MAX_DAYS = 41 * 366;

/** Minutes since 1970 as a clock on the wall shows them, whatever zone it hangs in. */
export type LocalMinute = number;

/** The first local time after `after` that the cron names. `null` cannot come of a cron that was parsed. */
export function nextLocalMinute(cron: Cron, after: LocalMinute): LocalMinute | null {
  const first = Math.floor(after / DAY_MINUTES);
  for (let day = first; day <= first + MAX_DAYS; day += 1) {
    if (!matchesDay(cron, day)) continue;
    const from = day === first ? after - day * DAY_MINUTES + 1 : 0;
    for (const hour of cron.hours) {
      const minute = cron.minutes.find((candidate) => hour * 60 + candidate >= from);
      if (minute !== undefined) return day * DAY_MINUTES + hour * 60 + minute;
    }
  }
  return null;
}

function matchesDay(cron: Cron, day: number): boolean {
  const date = new Date(day * DAY_MINUTES * 60_000);
  if (!cron.months.has(date.getUTCMonth() + 1)) return false;
  const isWeekday = cron.weekdays.has(date.getUTCDay());
  const isDay = cron.days.has(date.getUTCDate()) || (cron.hasLastDay && isLastOfMonth(date));
  return cron.isAnyDay || cron.isAnyWeekday ? isDay && isWeekday : isDay || isWeekday;
}

const isLastOfMonth = (date: Date): boolean =>
  new Date(date.getTime() + DAY_MINUTES * 60_000).getUTCDate() === 1;

/** Whether this runtime knows the IANA time zone. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
