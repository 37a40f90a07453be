import * as z from 'zod';
import { because, type ConfigWarning, defineTrigger, field } from '../../core/block/define';
import type { Json } from '../../core/json';
import { isTimeZone, parseCron } from '../../core/schedule/cron';
import { planText, readPlan } from '../../core/schedule/plan';

/** Started by the clock: every working day at nine, on the first of the month. */
export const schedule = defineTrigger({
  type: 'flow.schedule',
  provider: 'flow',
  label: { en: 'On a schedule', it: 'A orari stabiliti' },
  description: {
    en: 'Starts by itself, on certain days at a certain time',
    it: 'Parte da solo, in certi giorni a una certa ora',
  },
  icon: '◷',
  input: z.strictObject({
    cron: z
      .string()
      .max(120)
      .superRefine((text, context) => {
        const parsed = parseCron(text);
        if ('problem' in parsed) context.addIssue({ code: 'custom', ...because(parsed.problem) });
      })
      .meta(field({ label: { en: 'When', it: 'Quando' }, widget: 'schedule' })),
    timeZone: z
      .string()
      .max(60)
      .refine(
        isTimeZone,
        because({
          en: 'there is no such time zone; write one such as Europe/Rome',
          it: 'questo fuso orario non esiste; scrivine uno come Europe/Rome',
        }),
      )
      .optional()
      .meta(
        field({
          label: { en: 'Time zone', it: 'Fuso orario' },
          hint: { en: 'Empty: that of your company', it: 'Vuoto: quello della tua azienda' },
          placeholder: { en: 'Europe/Rome', it: 'Europe/Rome' },
        }),
      ),
  }),
  output: z.object({
    scheduledAt: z.string().meta(field({ label: { en: 'Planned for', it: 'Previsto per' } })),
    localTime: z.string().meta(field({ label: { en: 'Local time', it: 'Ora locale' } })),
    timeZone: z.string().meta(field({ label: { en: 'Time zone', it: 'Fuso orario' } })),
  }),
  sample: { scheduledAt: '2026-11-24T08:00:00.000Z', localTime: '2026-11-24T09:00', timeZone: 'Europe/Rome' },
  schedule: ({ cron, timeZone }) => ({ cron, timeZone }),
  title: ({ localTime }) => localTime.replace('T', ' '),
  warnings: ({ cron }) => missingDays(cron),
  summary: ({ cron }, locale) => {
    if (typeof cron === 'string' && cron !== '') return planText(readPlan(cron), locale);
    return locale === 'it' ? 'Da configurare' : 'Not set up yet';
  },
});

/** Who says the 31st often means the end of the month. */
function missingDays(cron: Json | undefined): ConfigWarning[] {
  const plan = typeof cron === 'string' ? readPlan(cron) : null;
  if (plan?.every !== 'month' || plan.day < 29 || plan.day > 31) return [];
  const { day } = plan;
  const text = {
    en: `Months without a ${day}th are passed over. For the end of every month choose the last day.`.replace(
      '31th',
      '31st',
    ),
    it: `I mesi senza il giorno ${day} vengono saltati. Per la fine di ogni mese scegli l’ultimo giorno.`,
  };
  return [{ path: 'cron', text }];
}
