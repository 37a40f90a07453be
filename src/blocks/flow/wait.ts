import * as z from 'zod';
import { defineBlock, field } from '../../core/block/define';
import type { Json } from '../../core/json';
import { amountSchema, durationText, unitField, unitSchema } from './duration';

const showFor = (kind: 'duration' | 'until' | 'event') => ({ when: { field: 'for', in: [kind] } });

/** A day, a local day and time, or an instant with its offset; impossible days are refused. */
const momentPattern = new RegExp(
  `${z.regexes.date.source}|${z.regexes.datetime({ local: true, offset: true }).source}`,
);

export const waitBlock = defineBlock({
  type: 'flow.wait',
  provider: 'flow',
  label: { en: 'Wait', it: 'Attendi' },
  description: {
    en: 'Goes on later, or when something has happened',
    it: 'Prosegue più tardi, o quando qualcosa è accaduto',
  },
  icon: '◷',
  sideEffect: 'none',
  handles: ['next', 'resumed', 'timed_out'],
  handlesFor: (config) => (config.for === 'event' ? ['resumed', 'timed_out'] : ['next']),
  handleLabels: {
    resumed: { en: 'It happened', it: 'È accaduto' },
    timed_out: { en: 'Not in time', it: 'Non in tempo' },
  },
  input: z.strictObject({
    for: z
      .enum(['duration', 'until', 'event'])
      .default('duration')
      .meta(
        field({
          label: { en: 'Wait', it: 'Attendi' },
          values: {
            duration: { en: 'for a time', it: 'per un tempo' },
            until: { en: 'until a date', it: 'fino a una data' },
            event: { en: 'for an event', it: 'un evento' },
          },
        }),
      ),
    amount: amountSchema.optional().meta(
      field({
        label: { en: 'How long', it: 'Per quanto' },
        ...showFor('duration'),
        requiredWhenShown: true,
      }),
    ),
    unit: unitSchema.meta(field({ ...unitField, ...showFor('duration') })),
    at: z
      .string()
      .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'write hours and minutes, such as 09:00')
      .optional()
      .meta(
        field({
          label: { en: 'At', it: 'Alle ore' },
          hint: {
            en: 'Local time on that day. Empty: the time it is when the wait begins',
            it: 'Ora locale di quel giorno. Vuoto: l’ora in cui comincia l’attesa',
          },
          placeholder: { en: '09:00', it: '09:00' },
          when: { field: 'unit', in: ['days'] },
        }),
      ),
    until: z
      .string()
      .regex(momentPattern, 'write a date such as 2027-03-28, 2027-03-28T09:00 or 2027-03-28T09:00:00+02:00')
      .optional()
      .meta(
        field({
          label: { en: 'Until', it: 'Fino a' },
          hint: {
            en: 'What is past goes on at once. A date without a time is the start of that day',
            it: 'Se è già passata si prosegue subito. Una data senza ora è l’inizio di quel giorno',
          },
          widget: 'date-time',
          ...showFor('until'),
          requiredWhenShown: true,
        }),
      ),
    event: z
      .string()
      .min(1)
      .max(120)
      .optional()
      .meta(
        field({
          label: { en: 'Event', it: 'Evento' },
          placeholder: { en: 'document.completed', it: 'document.completed' },
          widget: 'event-type',
          ...showFor('event'),
          requiredWhenShown: true,
        }),
      ),
    where: z
      .array(
        z.strictObject({
          path: z
            .string()
            .max(200)
            .regex(/^[^.\s[\]]+(\.[^.\s[\]]+)*$/, 'write names with dots between them, such as document.id')
            .meta(
              field({
                label: { en: 'Field of the event', it: 'Campo dell’evento' },
                placeholder: { en: 'document.id', it: 'document.id' },
              }),
            ),
          equals: z
            .unknown()
            .refine(isComparable, 'it must be a text, a number, or yes or no')
            .meta(field({ label: { en: 'Value', it: 'Valore' } })),
        }),
      )
      .min(1)
      .max(5)
      .optional()
      .meta(
        field({
          label: { en: 'Only the event where', it: 'Solo l’evento in cui' },
          hint: {
            en: 'What tells this run’s event from all others, such as the id of its document',
            it: 'Ciò che distingue l’evento di questa esecuzione dagli altri, come l’id del suo documento',
          },
          ...showFor('event'),
          requiredWhenShown: true,
        }),
      ),
    timeoutAmount: amountSchema.optional().meta(
      field({
        label: { en: 'At most', it: 'Al massimo' },
        hint: {
          en: 'Empty: it waits as long as a run may last',
          it: 'Vuoto: attende per la durata massima di un’esecuzione',
        },
        ...showFor('event'),
      }),
    ),
    timeoutUnit: unitSchema.meta(field({ ...unitField, ...showFor('event') })),
  }),
  output: z.object({
    waitedUntil: z
      .string()
      .optional()
      .meta(field({ label: { en: 'Went on at', it: 'Proseguito il' } })),
    event: z
      .object({
        id: z.string().meta(field({ label: { en: 'Event id', it: 'Id evento' } })),
        type: z.string().meta(field({ label: { en: 'Kind', it: 'Tipo' } })),
        at: z.string().meta(field({ label: { en: 'Happened at', it: 'Accaduto il' } })),
        data: z.json().meta(field({ label: { en: 'Data', it: 'Dati' } })),
      })
      .optional()
      .meta(field({ label: { en: 'Event', it: 'Evento' } })),
    timedOutAt: z
      .string()
      .optional()
      .meta(field({ label: { en: 'Gave up at', it: 'Scaduto il' } })),
  }),
  sample: {
    waitedUntil: '2026-11-24T08:00:00.000Z',
    event: {
      id: 'evt_1042',
      type: 'document.completed',
      at: '2026-11-24T08:00:00.000Z',
      data: { document: { id: 'doc_9', title: 'Contratto Rossi' } },
    },
    timedOutAt: '2026-12-01T08:00:00.000Z',
  },
  summary: (config, locale) => summaries[locale][kindOf(config)](config),
});

type Config = Readonly<Record<string, Json>>;

const kindOf = (config: Config) =>
  config.for === 'until' || config.for === 'event' ? config.for : 'duration';

const summaries = {
  en: {
    duration: (config: Config) =>
      durationText(config.amount, config.unit, 'en') + (atOf(config) && ` at ${atOf(config)}`),
    until: (config: Config) => `Until ${momentText(config.until, 'en')}`,
    event: (config: Config) => `${String(config.event ?? '…')}${limitOf(config, 'en', 'at most')}`,
  },
  it: {
    duration: (config: Config) =>
      durationText(config.amount, config.unit, 'it') + (atOf(config) && ` alle ${atOf(config)}`),
    until: (config: Config) => `Fino al ${momentText(config.until, 'it')}`,
    event: (config: Config) => `${String(config.event ?? '…')}${limitOf(config, 'it', 'al massimo')}`,
  },
};

const atOf = ({ unit = 'days', at }: Config): string => (unit === 'days' && at ? String(at) : '');

const limitOf = ({ timeoutAmount, timeoutUnit }: Config, locale: 'en' | 'it', words: string): string =>
  timeoutAmount === undefined ? '' : `, ${words} ${durationText(timeoutAmount, timeoutUnit, locale)}`;

/** A literal as people write dates; a reference as it stands. */
function momentText(value: Json | undefined, locale: 'en' | 'it'): string {
  if (typeof value !== 'string' || value === '') return '…';
  if (!momentPattern.test(value)) return value;
  const isDay = value.length === 10;
  // Without an offset JavaScript takes a date for UTC and a date with a time for local.
  const date = new Date(isDay ? `${value}T00:00` : value);
  return date.toLocaleString(locale, { dateStyle: 'medium', ...(isDay ? {} : { timeStyle: 'short' }) });
}

function isComparable(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}
