import * as z from 'zod';
import { unwrap } from '../block/form';
import { getOwn } from '../json';

/**
 * Whether a value of this schema may have something at the path. Only what is certain is denied: a key that an object does not have, anything
 * inside a text or a number. Objects that keep keys they do not name, and values of any kind, may have everything.
 */
export function mayHave(schema: z.core.$ZodType, path: readonly (string | number)[]): boolean {
  const [key, ...rest] = path;
  if (key === undefined) return true;
  const inner = unwrap(schema).schema;
  if (inner instanceof z.ZodObject) {
    const child = getOwn(inner.shape, key) as z.core.$ZodType | undefined;
    return child ? mayHave(child, rest) : isOpen(inner);
  }
  if (inner instanceof z.ZodArray)
    return key === 'length' || (typeof key === 'number' && mayHave(inner.element as z.core.$ZodType, rest));
  if (inner instanceof z.ZodRecord) return mayHave(inner.valueType as z.core.$ZodType, rest);
  if (inner instanceof z.ZodUnion)
    return (inner.options as z.core.$ZodType[]).some((option) => mayHave(option, path));
  return !isPlain(inner);
}

/** Keeps keys that its shape does not name. */
const isOpen = ({ def: { catchall } }: z.ZodObject): boolean =>
  catchall !== undefined && !(catchall instanceof z.ZodNever);

const plainKinds = new Set([
  'string',
  'number',
  'boolean',
  'bigint',
  'date',
  'enum',
  'literal',
  'null',
  'undefined',
  'never',
]);

const isPlain = (schema: z.core.$ZodType): boolean => plainKinds.has((schema as z.ZodType).def.type);
