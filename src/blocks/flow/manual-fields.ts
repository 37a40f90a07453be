import * as z from 'zod';
import { because, field, type LocalText } from '../../core/block/define';
import type { Json } from '../../core/json';

/** Kinds of values a person can be asked for when starting a run. */
export const manualFieldTypes = {
  text: { en: 'Text', it: 'Testo' },
  'long-text': { en: 'Long text', it: 'Testo lungo' },
  number: { en: 'Number', it: 'Numero' },
  money: { en: 'Amount of money', it: 'Importo' },
  date: { en: 'Date', it: 'Data' },
  boolean: { en: 'Yes or no', it: 'Sì o no' },
  choice: { en: 'One of several', it: 'Scelta' },
} satisfies Record<string, LocalText>;

type ManualFieldType = keyof typeof manualFieldTypes;
const types = Object.keys(manualFieldTypes) as [ManualFieldType, ...ManualFieldType[]];

const nameSchema = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,59}$/, 'use letters, digits and _');
const choicesSchema = z.array(z.string().min(1).max(120)).max(50);

/** One value that is asked for. */
export const manualFieldSchema = z
  .strictObject({
    name: nameSchema.meta(
      field({
        label: { en: 'Name', it: 'Nome' },
        hint: {
          en: 'How steps refer to it: letters, digits and _',
          it: 'Come lo richiamano i passi: lettere, cifre e _',
        },
      }),
    ),
    label: z
      .string()
      .max(120)
      .optional()
      .meta(
        field({
          label: { en: 'Label', it: 'Etichetta' },
          hint: { en: 'What people read. Empty: the name', it: 'Ciò che si legge. Vuoto: il nome' },
        }),
      ),
    type: z
      .enum(types)
      .default('text')
      .meta(field({ label: { en: 'Kind', it: 'Tipo' }, values: manualFieldTypes })),
    choices: choicesSchema.optional().meta(
      field({
        label: { en: 'Choices', it: 'Valori tra cui scegliere' },
        when: { field: 'type', in: ['choice'] },
        requiredWhenShown: true,
      }),
    ),
    required: z
      .boolean()
      .default(false)
      .meta(field({ label: { en: 'Required', it: 'Obbligatorio' } })),
  })
  .superRefine(({ type, choices }, context) => {
    if (type !== 'choice' || (choices?.length ?? 0) > 0) return;
    const text = { en: 'write at least one value to choose from', it: 'scrivi almeno un valore' };
    context.addIssue({ code: 'custom', path: ['choices'], ...because(text) });
  });

export type ManualField = z.output<typeof manualFieldSchema>;

/** The fields of a configuration as it stands, also while it is being written; what cannot be one yet is left out. */
export function readManualFields(config: Readonly<Record<string, Json>>): ManualField[] {
  const fields = Array.isArray(config.fields) ? config.fields : [];
  return fields.flatMap((value) => {
    const parsed = manualFieldSchema.safeParse(value);
    return parsed.success ? [parsed.data] : [];
  });
}

/** What a run is started with where these fields are asked for: each of its kind, and nothing else. */
export function manualPayloadSchema(fields: readonly ManualField[]): z.ZodType {
  const shape = fields.map((asked) => {
    const label = asked.label?.trim() || asked.name;
    return [asked.name, valueSchema(asked).meta(field({ label: { en: label, it: label } }))] as const;
  });
  return z.strictObject(Object.fromEntries(shape));
}

function valueSchema({ type, required, choices = [] }: ManualField): z.ZodType {
  const optional = (schema: z.ZodType) => (required ? schema : schema.optional());
  switch (type) {
    case 'text':
      return optional(
        z
          .string()
          .min(required ? 1 : 0)
          .max(2_000),
      );
    case 'long-text':
      return optional(
        z
          .string()
          .min(required ? 1 : 0)
          .max(20_000),
      );
    case 'number':
      return optional(z.number());
    case 'money':
      return optional(z.number().refine(hasCents, 'an amount has two decimals at most'));
    case 'date':
      return optional(z.iso.date());
    case 'boolean':
      // A box that was not ticked is an answer too.
      return required ? z.boolean() : z.boolean().default(false);
    case 'choice':
      return optional(z.enum(choices as [string, ...string[]]));
    default:
      return type satisfies never;
  }
}

const hasCents = (amount: number): boolean => Math.abs(Math.round(amount * 100) / 100 - amount) < 1e-9;

/** An example of what is filled in. */
export function manualSample(fields: readonly ManualField[]): Json {
  const samples: Record<ManualFieldType, Json> = {
    ...{ text: 'Rossi S.r.l.', 'long-text': 'Una nota su più righe', number: 12, money: 1220 },
    ...{ date: '2026-11-24', boolean: true, choice: null },
  };
  return Object.fromEntries(
    fields.map(({ name, type, choices }) => [name, type === 'choice' ? (choices?.[0] ?? '') : samples[type]]),
  );
}
