import type { Json } from '../json';
import type { FilterCall } from './parse';

/** How values become text: the company's language and time zone. */
export interface Formatting {
  /** BCP 47. @default 'it-IT' */
  locale: string;
  /** IANA. @default 'Europe/Rome' */
  timeZone: string;
}

export const defaultFormatting: Formatting = { locale: 'it-IT', timeZone: 'Europe/Rome' };

/** Why a filter cannot take its value. */
export class FilterError extends Error {}

type Filter = (value: Json, args: (string | number)[], formatting: Formatting) => Json;

const filters: Record<string, Filter> = {
  default: (value, [fallback]) => (value === null || value === '' ? (fallback ?? '') : value),
  upper: (value, _, { locale }) => toText(value).toLocaleUpperCase(locale),
  lower: (value, _, { locale }) => toText(value).toLocaleLowerCase(locale),
  number: (value, [decimals], { locale }) => {
    const digits = decimals === undefined ? undefined : toDecimals(decimals);
    return new Intl.NumberFormat(locale, {
      minimumFractionDigits: digits,
      maximumFractionDigits: digits ?? MAX_DECIMALS,
      useGrouping: true,
    }).format(toNumber(value));
  },
  currency: (value, [code = 'EUR'], { locale }) =>
    new Intl.NumberFormat(locale, { style: 'currency', currency: toCurrency(code), useGrouping: true })
      .format(toNumber(value))
      .replaceAll('\u00a0', ' '),
  date: (value, [pattern = 'dd/MM/yyyy'], formatting) =>
    formatDate(
      toDate(value),
      String(pattern),
      isWallTime(value) ? { ...formatting, timeZone: 'UTC' } : formatting,
    ),
  json: (value) => JSON.stringify(value),
  join: (value, [separator = ', ']) => {
    if (!Array.isArray(value)) throw new FilterError(`"join" needs a list, got ${kindOf(value)}`);
    return value.map(toText).join(String(separator));
  },
};

export const filterNames: readonly string[] = Object.keys(filters);

export function applyFilter(call: FilterCall, value: Json, formatting: Formatting): Json {
  const filter = Object.hasOwn(filters, call.name) ? filters[call.name] : undefined;
  if (!filter) throw new FilterError(`"${call.name}" is not a filter; there are ${filterNames.join(', ')}`);
  return filter(value, call.args, formatting);
}

/** The value as it appears inside text: nothing for null, JSON for lists and objects. */
export function toText(value: Json): string {
  if (value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** `list`, `text`, `number`, ... for messages. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  switch (typeof value) {
    case 'string':
      return 'text';
    case 'object':
      return `an object with ${Object.keys(value).slice(0, 8).join(', ') || 'no fields'}`;
    default:
      return `a ${typeof value}`;
  }
}

/** The number a value is, or is written as (`"1000"`, `" 12.5 "`); `null` otherwise. */
export function asNumber(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value !== 'string' || value.trim() === '' || value.length > 40) return null;
  const number = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value.trim()) ? Number(value) : Number.NaN;
  return Number.isFinite(number) ? number : null;
}

function toNumber(value: Json): number {
  const number = asNumber(value);
  if (number === null) throw new FilterError(`a number is needed, got ${kindOf(value)}`);
  return number;
}

const MAX_DECIMALS = 20;

function toDecimals(value: string | number): number {
  const digits = Number(value);
  if (Number.isInteger(digits) && digits >= 0 && digits <= MAX_DECIMALS) return digits;
  throw new FilterError(`decimals must be a whole number from 0 to ${MAX_DECIMALS}, got ${value}`);
}

function toCurrency(value: string | number): string {
  if (/^[a-z]{3}$/i.test(String(value))) return String(value);
  throw new FilterError(`a currency has three letters such as EUR, got ${value}`);
}

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
const isWallTime = (value: Json): boolean =>
  typeof value === 'string' && isoPattern.exec(value.trim())?.[3] === undefined;

const possible = (date: Date): Date | null => (Number.isNaN(date.getTime()) ? null : date);

function toDate(value: Json): Date {
  const date = asDate(value);
  if (!date)
    throw new FilterError(
      `a date such as 2026-11-23 or 2026-11-23T10:15:00Z is needed, got ${kindOf(value)}`,
    );
  return date;
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
