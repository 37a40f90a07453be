import * as z from 'zod';
import { type FieldMeta, field } from '../../core/block/define';

/** A calendar day, or a moment that is turned into the day it is in the company's time zone. */
export const day = (meta: Omit<FieldMeta, 'widget'>) =>
  z
    .string()
    .refine(isDayOrMoment, 'it is no date. Write it as 2026-11-23')
    .meta(field({ ...meta, widget: 'date' }));

function isDayOrMoment(text: string): boolean {
  const date = /^(\d{4}-\d{2}-\d{2})(?:[T ]\d{2}:\d{2}.*)?$/.exec(text)?.[1];
  return date !== undefined && isCalendarDay(date) && !Number.isNaN(Date.parse(text));
}

/** `Date` turns 30 February into 2 March. */
const isCalendarDay = (date: string): boolean => {
  const time = Date.parse(`${date}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(date);
};

/** `2026-11-23`: the text's own day, or that of the moment it names. A time without a zone is taken as it stands. */
export function toDay(text: string, timeZone: string): string {
  const hasZone = /[T ]\d{2}:\d{2}.*(Z|[+-]\d{2}:?\d{2})$/i.test(text);
  return hasZone ? dayOf(Date.parse(text), timeZone) : text.slice(0, 10);
}

/** The calendar day of a moment in a time zone. */
export function dayOf(time: number, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).formatToParts(time);
  const part = (type: string) => parts.find((candidate) => candidate.type === type)?.value ?? '';
  return `${part('year')}-${part('month')}-${part('day')}`;
}

export const addDays = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
