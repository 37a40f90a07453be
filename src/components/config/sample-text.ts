import type { Json } from '../../core';

const MAX_CHARS = 60;

/** A sample value in a few words: dates and numbers as the reader writes them, lists and objects by what names their items. */
export function sampleText(value: Json | undefined, locale: 'en' | 'it', timeZone: string): string {
  if (value === undefined || value === null) return '';
  const tag = locale === 'it' ? 'it-IT' : 'en-GB';
  if (typeof value === 'number') return new Intl.NumberFormat(tag).format(value);
  if (typeof value === 'boolean') return { it: ['no', 'sì'], en: ['no', 'yes'] }[locale][Number(value)] ?? '';
  if (typeof value === 'string') return formatTime(value, tag, timeZone) ?? value.slice(0, MAX_CHARS);
  if (Array.isArray(value))
    return value
      .map((item) => nameOf(item))
      .join(', ')
      .slice(0, MAX_CHARS);
  return nameOf(value);
}

/** A day or an instant as the reader writes it; `null` for any other text. */
function formatTime(text: string, tag: string, timeZone: string): string | null {
  const match = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}.*)?$/.exec(text);
  if (!match || Number.isNaN(Date.parse(text))) return null;
  // A day alone is the same day everywhere.
  const options: Intl.DateTimeFormatOptions = match[1]
    ? { timeZone, timeStyle: 'short' }
    : { timeZone: 'UTC' };
  return new Intl.DateTimeFormat(tag, { dateStyle: 'short', ...options }).format(new Date(text));
}

/** What an object is called by: its title, its name, else nothing. */
function nameOf(value: Json): string {
  if (value === null || typeof value !== 'object') return String(value ?? '');
  if (Array.isArray(value)) return `(${value.length})`;
  const name = value.title ?? value.name ?? value.label ?? value.filename ?? value.id;
  return typeof name === 'string' ? name : '';
}
