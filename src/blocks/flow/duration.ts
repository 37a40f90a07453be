import * as z from 'zod';
import type { FieldMeta, LocalText } from '../../core/block/define';

const durationUnits = ['minutes', 'hours', 'days'] as const;
export type DurationUnit = (typeof durationUnits)[number];

export interface Duration {
  amount: number;
  unit: DurationUnit;
}

/** More than any run may last; it keeps the result within what a date can hold. */
const MAX_AMOUNT = 1_000_000;

export const amountSchema = z.int().min(1).max(MAX_AMOUNT);
export const unitSchema = z.enum(durationUnits).default('days');

const plural: Record<DurationUnit, LocalText> = {
  minutes: { en: 'minutes', it: 'minuti' },
  hours: { en: 'hours', it: 'ore' },
  days: { en: 'days', it: 'giorni' },
};
const singular: Record<DurationUnit, LocalText> = {
  minutes: { en: 'minute', it: 'minuto' },
  hours: { en: 'hour', it: 'ora' },
  days: { en: 'day', it: 'giorno' },
};

export const unitField: FieldMeta = { label: { en: 'Unit', it: 'Unità' }, values: plural };

/** `3 days`, also where the amount is a reference or, so far, missing. */
export function durationText(amount: unknown, unit: unknown, locale: 'en' | 'it'): string {
  const words = amount === 1 ? singular : plural;
  const key = durationUnits.find((known) => known === unit) ?? 'days';
  return `${String(amount ?? '…')} ${words[key][locale]}`;
}
