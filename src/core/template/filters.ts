import type { Json } from '../json';
import { addDays, asDate, formatDate, isWallTime } from './dates';
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
  trim: (value) => toText(value).trim(),
  truncate: (value, [length, end = '…']) => truncate(toText(value), toCount(length), String(end)),
  replace: (value, [search = '', replacement = '']) => {
    if (search === '') throw new FilterError('"replace" needs the text to look for, as in replace: "a", "b"');
    return glue(toText(value).split(String(search)), String(replacement));
  },
  join: (value, [separator = ', ']) => glue(listOf(value, 'join').map(toText), String(separator)),
  first: (value) => listOf(value, 'first')[0] ?? null,
  last: (value) => listOf(value, 'last').at(-1) ?? null,
  size: (value) => sizeOf(value),
  json: (value) => JSON.stringify(value),
  number: (value, [decimals], { locale }) => {
    const digits = decimals === undefined ? undefined : toDecimals(decimals);
    return new Intl.NumberFormat(locale, {
      minimumFractionDigits: digits,
      maximumFractionDigits: digits ?? MAX_DECIMALS,
      useGrouping: true,
    }).format(toNumber(value));
  },
  round: (value, [decimals = 0]) => round(toNumber(value), toDecimals(decimals)),
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
  add_days: (value, [days], { timeZone }) => {
    const moved = addDays(value as string | number, toDate(value), toDays(days), timeZone);
    if (moved === null) throw new FilterError(`no calendar goes ${days} days from there`);
    return moved;
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

function toDate(value: Json): Date {
  const date = asDate(value);
  if (date) return date;
  throw new FilterError(`a date such as 2026-11-23 or 2026-11-23T10:15:00Z is needed, got ${kindOf(value)}`);
}

function toDays(value: string | number | undefined): number {
  const days = value === undefined ? null : asNumber(value);
  if (days !== null && Number.isInteger(days)) return days;
  throw new FilterError(
    `"add_days" needs a whole number of days, as in add_days: 30, got ${value ?? 'none'}`,
  );
}

function toCount(value: string | number | undefined): number {
  const count = value === undefined ? null : asNumber(value);
  if (count !== null && Number.isInteger(count) && count > 0) return count;
  throw new FilterError(
    `"truncate" needs a number of characters, as in truncate: 80, got ${value ?? 'none'}`,
  );
}

function listOf(value: Json, filter: string): Json[] {
  if (Array.isArray(value)) return value;
  throw new FilterError(`"${filter}" needs a list, got ${kindOf(value)}`);
}

/** Longest text a filter makes of a short one, characters. */
const MAX_TEXT = 1_000_000;

function glue(parts: readonly string[], between: string): string {
  const length = parts.reduce((sum, part) => sum + part.length, (parts.length - 1) * between.length);
  if (length <= MAX_TEXT) return parts.join(between);
  throw new FilterError(`the text would have ${length} characters; at most ${MAX_TEXT} are made`);
}

/** Items of a list, fields of an object, characters of a text; of nothing, none. */
function sizeOf(value: Json): number {
  if (value === null) return 0;
  if (Array.isArray(value)) return value.length;
  return typeof value === 'object' ? Object.keys(value).length : [...toText(value)].length;
}

/** At most so many characters, the end that tells of the rest among them. */
function truncate(text: string, length: number, end: string): string {
  const characters = [...text];
  if (characters.length <= length) return text;
  const kept = Math.max(0, length - [...end].length);
  return characters.slice(0, kept).join('') + [...end].slice(0, length - kept).join('');
}

/** Halves away from zero, of the number as it is written: 1.005 becomes 1.01. */
const round = (number: number, digits: number): number =>
  Number(new Intl.NumberFormat('en', { maximumFractionDigits: digits, useGrouping: false }).format(number));
