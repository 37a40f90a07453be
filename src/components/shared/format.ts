import type { RunStatus, StepStatus } from '../../core/run/status';
import type { StatusMessageKey } from '../runs/status-messages';
import type { Locale } from './translate';
import type { Tone } from './ui';

/** Shape that goes with a status, drawn by `StatusMark`. */
export type StatusSymbol = 'check' | 'cross' | 'clock' | 'spinner' | 'question' | 'skip' | 'circle' | 'stop';

export interface StatusLook {
  tone: Tone;
  symbol: StatusSymbol;
  label: StatusMessageKey;
}

const looks = {
  queued: { tone: 'neutral', symbol: 'circle' },
  pending: { tone: 'neutral', symbol: 'circle' },
  running: { tone: 'run', symbol: 'spinner' },
  waiting: { tone: 'wait', symbol: 'clock' },
  succeeded: { tone: 'ok', symbol: 'check' },
  failed: { tone: 'bad', symbol: 'cross' },
  skipped: { tone: 'neutral', symbol: 'skip' },
  canceled: { tone: 'neutral', symbol: 'stop' },
  needs_attention: { tone: 'warn', symbol: 'question' },
  in_doubt: { tone: 'warn', symbol: 'question' },
} as const satisfies Record<RunStatus | StepStatus, Omit<StatusLook, 'label'>>;

export function runStatusLook(status: RunStatus): StatusLook {
  return { ...looks[status], label: `run.status.${status}` };
}

export function stepStatusLook(status: StepStatus): StatusLook {
  return { ...looks[status], label: `step.status.${status}` };
}

/** Dates, times and durations as the reader writes them. Times are ISO 8601. */
export interface Formats {
  /** `10:42` */
  time: (iso: string) => string;
  /** `12/10/2026` */
  date: (iso: string) => string;
  /** `12/10/2026, 10:42:07` */
  dateTime: (iso: string) => string;
  /** `10:42` today, `12 ott` this year, else the whole date: for lists. */
  listTime: (iso: string) => string;
  /** `oggi, 10:42`, `ieri, 10:42`, `domani, 10:42`, else date and time. */
  day: (iso: string) => string;
  /** `4 minuti fa` */
  relative: (iso: string) => string;
  /** `890 ms`, `3,2 s`, `4 min 12 s`, `2 h 5 min`, `3 g 4 h` from milliseconds. */
  duration: (ms: number) => string;
  number: (value: number) => string;
  /** `a, b e c` */
  list: (items: readonly string[]) => string;
}

/** English as it is written in Europe: day before month, 24 hours. */
const tags: Record<Locale, string> = { en: 'en-GB', it: 'it-IT' };

export function createFormats(locale: Locale, timeZone: string, now: () => number = Date.now): Formats {
  const tag = tags[locale];
  const format = (options: Intl.DateTimeFormatOptions) => {
    const formatter = new Intl.DateTimeFormat(tag, { timeZone, ...options });
    return (iso: string) => formatter.format(new Date(iso));
  };
  const time = format({ hour: '2-digit', minute: '2-digit' });
  const date = format({ day: '2-digit', month: '2-digit', year: 'numeric' });
  const seconds = format({ hour: '2-digit', minute: '2-digit', second: '2-digit' });
  const shortDate = format({ day: 'numeric', month: 'short' });
  const year = format({ year: 'numeric' });
  const relativeDay = new Intl.RelativeTimeFormat(tag, { numeric: 'auto' });
  const conjunction = new Intl.ListFormat(tag, { type: 'conjunction' });
  const number = new Intl.NumberFormat(tag);
  /** 0 today, -1 yesterday, 1 tomorrow, as the calendar has them; `null` for other days. */
  const dayOffset = (iso: string) => {
    const day = (offset: number) => date(new Date(now() + offset * 86_400_000).toISOString());
    return [0, -1, 1].find((offset) => day(offset) === date(iso)) ?? null;
  };
  return {
    time,
    date,
    dateTime: (iso) => `${date(iso)}, ${seconds(iso)}`,
    listTime: (iso) => {
      if (dayOffset(iso) === 0) return time(iso);
      return year(iso) === year(new Date(now()).toISOString()) ? shortDate(iso) : date(iso);
    },
    day: (iso) => {
      const offset = dayOffset(iso);
      return `${offset === null ? date(iso) : relativeDay.format(offset, 'day')}, ${time(iso)}`;
    },
    relative: (iso) => formatRelative(relativeDay, Date.parse(iso) - now()),
    duration: (ms) => formatDuration(ms, locale, number),
    number: (value) => number.format(value),
    list: (items) => conjunction.format(items),
  };
}

function formatRelative(formatter: Intl.RelativeTimeFormat, differenceMs: number): string {
  const steps: [Intl.RelativeTimeFormatUnit, number][] = [
    ['day', 86_400_000],
    ['hour', 3_600_000],
    ['minute', 60_000],
  ];
  for (const [unit, size] of steps) {
    if (Math.abs(differenceMs) >= size) return formatter.format(Math.trunc(differenceMs / size), unit);
  }
  return formatter.format(0, 'second');
}

const dayUnit: Record<Locale, string> = { en: 'd', it: 'g' };

function formatDuration(ms: number, locale: Locale, number: Intl.NumberFormat): string {
  if (ms < 999.5) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < 59_950) return `${number.format(Math.round(ms / 100) / 10)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return twoUnits(Math.floor(seconds / 60), 'min', seconds % 60, 's');
  const minutes = Math.floor(seconds / 60);
  if (minutes < 1440) return twoUnits(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
  const hours = Math.floor(minutes / 60);
  return twoUnits(Math.floor(hours / 24), dayUnit[locale], hours % 24, 'h');
}

const twoUnits = (large: number, largeUnit: string, small: number, smallUnit: string): string =>
  small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
