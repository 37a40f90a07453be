import type { Locale } from './texts';

/** These companies are Italian: their times are, wherever the browser is. */
export const TIME_ZONE = 'Europe/Rome';

const bcp47 = (locale: Locale): string => (locale === 'it' ? 'it-IT' : 'en-GB');

export const formatTime = (iso: string, locale: Locale): string =>
  new Intl.DateTimeFormat(bcp47(locale), {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone: TIME_ZONE,
  }).format(new Date(iso));

/** A day without an hour, `2026-12-31`. */
export const formatDay = (day: string, locale: Locale): string =>
  new Intl.DateTimeFormat(bcp47(locale), { dateStyle: 'medium', timeZone: 'UTC' }).format(new Date(day));

export const formatClock = (date: Date, locale: Locale): string =>
  new Intl.DateTimeFormat(bcp47(locale), { timeStyle: 'short', timeZone: TIME_ZONE }).format(date);

export const formatMoney = (amount: number, locale: Locale): string =>
  new Intl.NumberFormat(bcp47(locale), { style: 'currency', currency: 'EUR', useGrouping: true }).format(
    amount,
  );
