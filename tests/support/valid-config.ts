import type * as z from 'zod';
import {
  type AnyBlock,
  describeForm,
  type FormField,
  fileRef,
  formatPath,
  type Json,
  shownFields,
} from '../../src/core';

/** What a field of text may have to look like; the first that its schema takes is used. */
const texts = [
  'testo di prova',
  '2026-12-01',
  '2026-12-01T10:00',
  'anna@rossi.example',
  '1405895017.000506',
  '07:30',
  'document.id',
  'IT01234567890',
  '12',
  'C0FATTURE',
  '0 9 * * 1-5',
  'Europe/Rome',
];
const values: Json[] = [
  [1, 2],
  'testo di prova',
  '1405895017.000506',
  'anna@rossi.example',
  fileRef({
    provider: 'doc-manager',
    id: 'doc_1',
    filename: 'contratto.pdf',
    contentType: 'application/pdf',
  }),
];

/** Literal ids of remote options by `provider/name`, as the stand-ins know them. */
export type KnownOptions = Readonly<Record<string, string>>;

/**
 * A configuration of the block with every field that is shown filled in by a literal. Throws when there is no such configuration: then a
 * field needs a candidate above.
 */
export function validConfig(
  block: AnyBlock,
  options: KnownOptions = {},
  chosen: Readonly<Record<string, Json>> = {},
): Record<string, Json> {
  const form = describeForm(block.input as z.ZodObject);
  let config: Record<string, Json> = { ...chosen };
  // What is shown depends on what is filled in, so fill in until nothing more appears.
  for (let round = 0; round < 5; round += 1) {
    for (const field of shownFields(form, config)) {
      if (config[field.name] === undefined)
        config = { ...config, [field.name]: fill(block, config, field, [field.name], options) };
    }
  }
  const parsed = (block.input as z.ZodObject).safeParse(config);
  if (parsed.success) return config;
  const [first] = parsed.error.issues;
  throw new Error(
    `No valid configuration of ${block.type}: ${formatPath(first?.path ?? [])}: ${first?.message}`,
  );
}

/** The first candidate at `path` that the block's input does not complain of there. */
function fill(
  block: AnyBlock,
  config: Record<string, Json>,
  field: FormField,
  path: (string | number)[],
  options: KnownOptions,
): Json {
  const candidates = candidatesFor(block, config, field, path, options);
  const accepted = candidates.find((candidate) => {
    const parsed = (block.input as z.ZodObject).safeParse(put(config, path, candidate));
    return parsed.success || !parsed.error.issues.some((found) => startsWith(found.path, path));
  });
  if (accepted === undefined)
    throw new Error(
      `No value for "${formatPath(path)}" of ${block.type} (${field.kind}) among ${JSON.stringify(candidates)}.`,
    );
  return accepted;
}

function candidatesFor(
  block: AnyBlock,
  config: Record<string, Json>,
  field: FormField,
  path: (string | number)[],
  options: KnownOptions,
): Json[] {
  const inside = (child: FormField, key: string | number) =>
    fill(block, config, child, [...path, key], options);
  const objectOf = (fields: readonly FormField[], rest: Record<string, Json> = {}): Json => {
    const made = { ...rest };
    for (const child of fields) {
      const known = candidatesFor(block, config, child, [...path, child.name], options);
      const fits = known.find((candidate) =>
        accepts(block, config, path, { ...made, [child.name]: candidate }, child.name),
      );
      made[child.name] = fits ?? known[0] ?? null;
    }
    return made;
  };
  switch (field.kind) {
    case 'text':
      return texts;
    case 'number':
      return [field.min ?? 1, 1, 12, 100];
    case 'boolean':
      return [true];
    case 'date':
      return field.time ? ['2026-12-01T10:00', '2026-12-01T10:00:00Z', '2026-12-01'] : ['2026-12-01'];
    case 'enum':
      return field.choices.map(({ value }) => value);
    case 'remote':
      return [options[`${block.provider}/${field.options}`] ?? 'C0FATTURE', ...texts];
    case 'value':
      return values;
    case 'object':
      return [objectOf(field.fields)];
    case 'list':
      return [[inside(field.item, 0)]];
    case 'record':
      return [{ chiave: inside(field.value, 'chiave') }];
    case 'union':
      return field.variants.map((variant) =>
        objectOf(variant.fields, { [field.discriminator]: variant.value }),
      );
    default:
      return field satisfies never;
  }
}

/** Whether the input finds nothing wrong with `key` of the object put at `path`. */
function accepts(
  block: AnyBlock,
  config: Record<string, Json>,
  path: (string | number)[],
  object: Record<string, Json>,
  key: string,
): boolean {
  const parsed = (block.input as z.ZodObject).safeParse(put(config, path, object));
  return parsed.success || !parsed.error.issues.some((found) => startsWith(found.path, [...path, key]));
}

const startsWith = (path: readonly PropertyKey[], start: readonly PropertyKey[]): boolean =>
  start.every((key, index) => path[index] === key);

/** A copy of `value` with `next` at `path`; `undefined` takes away what is there. */
export function put(
  value: Record<string, Json>,
  path: readonly (string | number)[],
  next: Json | undefined,
): Record<string, Json> {
  return putAt(value, path, next) as Record<string, Json>;
}

function putAt(
  value: Json | undefined,
  [key, ...rest]: readonly (string | number)[],
  next: Json | undefined,
): Json | undefined {
  if (key === undefined) return next;
  if (typeof key === 'number') {
    const list = Array.isArray(value) ? [...value] : [];
    const item = putAt(list[key], rest, next);
    if (item === undefined) list.splice(key, 1);
    else list[key] = item;
    return list;
  }
  const object = { ...(value as Record<string, Json> | undefined) };
  const child = putAt(object[key], rest, next);
  if (child === undefined) delete object[key];
  else object[key] = child;
  return object;
}
