import type { LocalText } from '../block/define';
import { parseCron } from './cron';

/** The schedules people ask for in words; a cron that is none of them is `custom`. `time` is "HH:MM". */
export type Plan =
  | { every: 'day'; time: string }
  | { every: 'working-day'; time: string }
  /** 1 is Monday, 7 Sunday. */
  | { every: 'week'; time: string; weekdays: readonly number[] }
  /** 32 stands for the last day, whichever it is. */
  | { every: 'month'; time: string; day: number }
  | { every: 'custom'; cron: string };

/** The day of a month's plan that is the last one. */
export const LAST_DAY = 32;

export const planKinds = ['day', 'working-day', 'week', 'month', 'custom'] as const;

export function readPlan(cron: string): Plan {
  const [minute = '', hour = '', day = '', month = '', weekday = '', ...rest] = cron
    .trim()
    .toUpperCase()
    .split(/\s+/);
  const isPlain = /^\d{1,2}$/.test(minute) && /^\d{1,2}$/.test(hour) && month === '*' && rest.length === 0;
  if (!isPlain || 'problem' in parseCron(cron)) return { every: 'custom', cron };
  const time = `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`;
  if (day === '*' && weekday === '*') return { every: 'day', time };
  if (day === '*' && (weekday === '1-5' || weekday === 'MON-FRI')) return { every: 'working-day', time };
  if (day === '*' && /^[0-7](,[0-7])*$/.test(weekday)) {
    const weekdays = new Set(weekday.split(',').map((text) => Number(text) || 7));
    return { every: 'week', time, weekdays: [...weekdays].sort() };
  }
  if (weekday === '*' && /^(\d{1,2}|L)$/.test(day))
    return { every: 'month', time, day: day === 'L' ? LAST_DAY : Number(day) };
  return { every: 'custom', cron };
}

export function writePlan(plan: Plan): string {
  if (plan.every === 'custom') return plan.cron;
  const [hour, minute] = plan.time.split(':').map(Number);
  const at = `${minute} ${hour}`;
  switch (plan.every) {
    case 'day':
      return `${at} * * *`;
    case 'working-day':
      return `${at} * * 1-5`;
    case 'week':
      return `${at} * * ${[...plan.weekdays].sort().join(',')}`;
    case 'month':
      return `${at} ${plan.day === LAST_DAY ? 'L' : plan.day} * *`;
    default:
      return plan satisfies never;
  }
}

export const weekdayNames: readonly LocalText[] = [
  { en: 'Monday', it: 'lunedì' },
  { en: 'Tuesday', it: 'martedì' },
  { en: 'Wednesday', it: 'mercoledì' },
  { en: 'Thursday', it: 'giovedì' },
  { en: 'Friday', it: 'venerdì' },
  { en: 'Saturday', it: 'sabato' },
  { en: 'Sunday', it: 'domenica' },
];

/** `Every Monday and Thursday at 09:00`; what is not put in words is shown as it stands. */
export function planText(plan: Plan, locale: 'en' | 'it'): string {
  if (plan.every === 'custom') return plan.cron;
  const { time } = plan;
  const at = locale === 'it' ? `alle ${time}` : `at ${time}`;
  switch (plan.every) {
    case 'day':
      return locale === 'it' ? `Ogni giorno ${at}` : `Every day ${at}`;
    case 'working-day':
      return locale === 'it' ? `Dal lunedì al venerdì ${at}` : `Monday to Friday ${at}`;
    case 'week': {
      const days = plan.weekdays.map((day) => (weekdayNames[day - 1] as LocalText)[locale]);
      const list = new Intl.ListFormat(locale, { type: 'conjunction' }).format(days);
      return locale === 'it' ? `Ogni ${list} ${at}` : `Every ${list} ${at}`;
    }
    case 'month':
      if (plan.day === LAST_DAY)
        return locale === 'it' ? `L’ultimo giorno del mese ${at}` : `On the last day of the month ${at}`;
      return locale === 'it'
        ? `Il giorno ${plan.day} di ogni mese ${at}`
        : `On day ${plan.day} of every month ${at}`;
    default:
      return plan satisfies never;
  }
}
