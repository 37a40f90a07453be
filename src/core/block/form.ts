import * as z from 'zod';
import { getOwn } from '../json';
import type { FieldMeta, LocalText, ShownWhen, Widget } from './define';

interface FieldBase {
  /** Key in the parent object; empty for a list's item or the root. */
  name: string;
  label: LocalText;
  hint?: LocalText | undefined;
  placeholder?: LocalText | undefined;
  /** While it is shown. */
  required: boolean;
  default?: unknown;
  sensitive: boolean;
  when?: ShownWhen | undefined;
}

export interface Choice {
  value: string;
  label: LocalText;
}

/** One field of a block's form, read off its zod input. Every kind has a control; there is no fallback. */
export type FormField = FieldBase &
  (
    | {
        kind: 'text';
        multiline: boolean;
        minLength?: number | undefined;
        maxLength?: number | undefined;
        /** The type of an event: offer those the triggers declare. */
        eventType?: boolean;
        /** A cron, chosen in words. */
        schedule?: boolean;
      }
    | { kind: 'number'; integer: boolean; money: boolean; min?: number | undefined; max?: number | undefined }
    | { kind: 'boolean' }
    | { kind: 'date'; time: boolean }
    | { kind: 'enum'; choices: Choice[] }
    | { kind: 'remote'; options: string }
    /** A value of any kind: a reference to an earlier step first of all (`reference`), or text with references in it. */
    | { kind: 'value'; reference: boolean }
    | { kind: 'object'; fields: FormField[] }
    | { kind: 'list'; item: FormField }
    | { kind: 'record'; value: FormField }
    | {
        kind: 'union';
        discriminator: string;
        variants: { value: string; label: LocalText; fields: FormField[] }[];
      }
  );

interface Wrapped {
  schema: z.core.$ZodType;
  meta: Partial<FieldMeta>;
  required: boolean;
  default?: unknown;
}

/** The form of an object schema, field by field. Throws on a schema kind that has no control. */
export function describeForm(schema: z.ZodObject): FormField[] {
  return Object.entries(schema.shape).map(([name, child]) => describeField(name, child as z.core.$ZodType));
}

export function describeField(name: string, schema: z.core.$ZodType): FormField {
  const wrapped = unwrap(schema);
  const { meta } = wrapped;
  if (meta.when && wrapped.required) {
    throw new Error(
      `The field "${name}" is not always shown, so its schema must be optional or have a default. ` +
        'Say `requiredWhenShown: true` beside `when` if it must be filled in while it is shown.',
    );
  }
  const base: FieldBase = {
    name,
    label: meta.label ?? { en: humanize(name), it: humanize(name) },
    hint: meta.hint,
    placeholder: meta.placeholder,
    required: wrapped.required || (meta.requiredWhenShown ?? false),
    ...('default' in wrapped ? { default: wrapped.default } : {}),
    sensitive: meta.sensitive ?? false,
    ...(meta.when ? { when: meta.when } : {}),
  };
  return { ...base, ...describeKind(name, wrapped) } as FormField;
}

type Kind = FormField extends infer F ? (F extends FormField ? Omit<F, keyof FieldBase> : never) : never;

function describeKind(name: string, { schema, meta }: Wrapped): Kind {
  if (meta.widget === 'reference') return { kind: 'value', reference: true };
  const def = (schema as z.ZodType).def as z.core.$ZodTypeDef & Record<string, unknown>;
  switch (def.type) {
    case 'string':
      return describeText(schema as z.ZodString, meta);
    case 'number': {
      const number = schema as z.ZodNumber;
      return {
        kind: 'number',
        integer: number.format === 'safeint' || number.format === 'int32',
        money: meta.widget === 'money',
        min: finite(number.minValue),
        max: finite(number.maxValue),
      };
    }
    case 'boolean':
      return { kind: 'boolean' };
    case 'date':
      return { kind: 'date', time: meta.widget === 'date-time' };
    case 'enum':
    case 'literal':
      return { kind: 'enum', choices: choicesOf(schema, meta) };
    case 'object':
      return { kind: 'object', fields: describeForm(schema as z.ZodObject) };
    case 'array':
      return { kind: 'list', item: describeField('', (schema as z.ZodArray).element as z.core.$ZodType) };
    case 'record':
      return {
        kind: 'record',
        value: describeField('', (schema as z.ZodRecord).valueType as z.core.$ZodType),
      };
    case 'union':
      if ('discriminator' in def) return describeUnion(schema as z.ZodDiscriminatedUnion, meta);
      break;
    case 'unknown':
    case 'lazy':
      return { kind: 'value', reference: false };
  }
  throw new Error(
    `The field "${name}" has a zod schema of kind "${def.type}", for which the form has no control. ` +
      'Use text, number, boolean, date, enum, object, array, record, discriminatedUnion or unknown.',
  );
}

function describeText(schema: z.ZodString, meta: Partial<FieldMeta>): Kind {
  const widget: Widget = meta.widget ?? 'text';
  if (widget === 'remote-select') return { kind: 'remote', options: meta.options ?? '' };
  if (widget === 'date' || widget === 'date-time') return { kind: 'date', time: widget === 'date-time' };
  const format = (schema.def as { format?: string }).format;
  if (format === 'date' || format === 'datetime') return { kind: 'date', time: format === 'datetime' };
  return {
    kind: 'text',
    multiline: widget === 'long-text',
    minLength: finite(schema.minLength),
    maxLength: finite(schema.maxLength),
    ...(widget === 'event-type' ? { eventType: true } : {}),
    ...(widget === 'schedule' ? { schedule: true } : {}),
  };
}

function describeUnion(schema: z.ZodDiscriminatedUnion, meta: Partial<FieldMeta>): Kind {
  const discriminator = schema.def.discriminator;
  const variants = (schema.options as z.ZodObject[]).map((option) => {
    const tag = unwrap(option.shape[discriminator] as z.core.$ZodType);
    const value = String((tag.schema as z.ZodLiteral).value);
    const fields = describeForm(option).filter((child) => child.name !== discriminator);
    return { value, label: meta.values?.[value] ?? sameText(humanize(value)), fields };
  });
  return { kind: 'union', discriminator, variants };
}

function choicesOf(schema: z.core.$ZodType, meta: Partial<FieldMeta>): Choice[] {
  const values =
    schema instanceof z.ZodLiteral
      ? [...schema.values].map(String)
      : (schema as z.ZodEnum).options.map((option) => String(option));
  return values.map((value) => ({ value, label: meta.values?.[value] ?? sameText(humanize(value)) }));
}

/** The fields to show beside these values, in order. What hangs on a hidden field is hidden with it. */
export function shownFields(
  fields: readonly FormField[],
  values: Readonly<Record<string, unknown>>,
): FormField[] {
  const byName = new Map(fields.map((field) => [field.name, field]));
  const isShown = ({ when }: FormField): boolean => {
    if (!when) return true;
    const other = byName.get(when.field);
    const value = getOwn(values, when.field) ?? other?.default;
    return other !== undefined && isShown(other) && when.in.includes(String(value));
  };
  return fields.filter(isShown);
}

/** A configuration without what its hidden fields hold: that is kept for when they are shown again, but means nothing now. */
export function shownConfig<T>(
  schema: z.ZodObject,
  config: Readonly<Record<string, T>>,
): Readonly<Record<string, T>> {
  if (!traitsOf(schema).hasWhen) return config;
  const form = describeForm(schema);
  const shown = shownFields(form, config);
  const hidden = new Set(form.filter((field) => !shown.includes(field)).map((field) => field.name));
  return Object.fromEntries(Object.entries(config).filter(([name]) => !hidden.has(name)));
}

/** Names of the top-level fields that are stored as written and resolved later (`deferred` in their meta). */
export function deferredFields(schema: z.ZodObject): ReadonlySet<string> {
  return traitsOf(schema).deferred;
}

interface Traits {
  deferred: ReadonlySet<string>;
  /** Whether there are fields that are shown beside certain values only. */
  hasWhen: boolean;
}

/** Schemas do not change, and the engine asks at every step. */
const known = new WeakMap<z.ZodObject, Traits>();

function traitsOf(schema: z.ZodObject): Traits {
  const found = known.get(schema);
  if (found) return found;
  const fields = Object.entries(schema.shape).map(
    ([name, child]) => [name, unwrap(child as z.core.$ZodType).meta] as const,
  );
  const traits = {
    deferred: new Set(fields.filter(([, meta]) => meta.deferred).map(([name]) => name)),
    hasWhen: fields.some(([, meta]) => meta.when !== undefined),
  };
  known.set(schema, traits);
  return traits;
}

/** Peels optional, nullable, default, readonly and pipes; the outermost meta wins, key by key. */
export function unwrap(schema: z.core.$ZodType): Wrapped {
  let current = schema;
  let required = true;
  let meta: Partial<FieldMeta> = {};
  const defaults: { default?: unknown } = {};
  for (;;) {
    meta = { ...(z.globalRegistry.get(current) as Partial<FieldMeta> | undefined), ...meta };
    const def = (current as z.ZodType).def as z.core.$ZodTypeDef & {
      innerType?: z.core.$ZodType;
      in?: z.core.$ZodType;
      out?: z.core.$ZodType;
      defaultValue?: unknown;
    };
    if (def.type === 'optional' || def.type === 'nullable') required = false;
    if (def.type === 'default' || def.type === 'prefault') {
      required = false;
      defaults.default = def.defaultValue;
    }
    // Of `z.preprocess` the first half is a function; what the field is, its second half says.
    const half = def.in && (def.in as z.ZodType).def.type === 'transform' ? def.out : def.in;
    const inner = def.innerType ?? (def.type === 'pipe' ? half : undefined);
    if (!inner) return { schema: current, meta, required, ...defaults };
    current = inner;
  }
}

const finite = (value: number | null | undefined): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) && Math.abs(value) < Number.MAX_SAFE_INTEGER
    ? value
    : undefined;

const sameText = (text: string): LocalText => ({ en: text, it: text });

/** `customFields` → `Custom fields`. */
export function humanize(name: string): string {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/[_-]+/g, ' ')
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
