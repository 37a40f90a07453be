/**
 * Values of fields marked `sensitive`, masked on their way into the journal. The executor has the value; nothing that is stored or shown has.
 */
import type * as z from 'zod';
import type { Json } from '../json';
import { unwrap } from './form';

/** Stands for a value that is not kept. */
export const MASK = '••••••';

type Mask = (value: Json) => Json;

/** The value with its sensitive parts masked, in objects, lists, records and variants as well. What is empty stays empty. */
export function maskSensitive(schema: z.ZodType, value: Json): Json {
  return maskOf(schema)?.(value) ?? value;
}

/** Schemas do not change, and the engine asks at every step; most hold nothing sensitive. */
const known = new WeakMap<z.core.$ZodType, Mask | null>();

function maskOf(schema: z.core.$ZodType): Mask | null {
  const found = known.get(schema);
  if (found !== undefined) return found;
  // For a schema that holds itself: where it comes round again, the mask is the one that is being made.
  let made: Mask | null = null;
  known.set(schema, (value) => made?.(value) ?? value);
  made = makeMask(schema);
  known.set(schema, made);
  return made;
}

function makeMask(schema: z.core.$ZodType): Mask | null {
  const { schema: inner, meta } = unwrap(schema);
  if (meta.sensitive) return (value) => (value === null || value === '' ? value : MASK);
  const def = (inner as z.ZodType).def as z.core.$ZodTypeDef;
  switch (def.type) {
    case 'object':
      return maskFields((inner as z.ZodObject).shape);
    case 'array':
      return maskItems(maskOf((inner as z.ZodArray).element as z.core.$ZodType));
    case 'record':
      return maskEntries(maskOf((inner as z.ZodRecord).valueType as z.core.$ZodType));
    case 'tuple':
      return maskPlaces((inner as z.ZodTuple).def.items);
    case 'union':
      return maskVariants((inner as z.ZodUnion).options);
    case 'intersection':
      return maskVariants([(inner as z.ZodIntersection).def.left, (inner as z.ZodIntersection).def.right]);
    case 'lazy':
      return maskOf((inner as z.ZodLazy).def.getter());
    default:
      return null;
  }
}

function maskFields(shape: Readonly<Record<string, z.core.$ZodType>>): Mask | null {
  const masks = new Map(
    Object.entries(shape).flatMap(([name, child]) => {
      const mask = maskOf(child);
      return mask ? [[name, mask] as const] : [];
    }),
  );
  return masks.size === 0 ? null : mapEntries((name) => masks.get(name) ?? null);
}

const maskItems = (mask: Mask | null): Mask | null =>
  mask && ((value) => (Array.isArray(value) ? value.map(mask) : value));

function maskPlaces(items: readonly z.core.$ZodType[]): Mask | null {
  const masks = items.map(maskOf);
  if (masks.every((mask) => mask === null)) return null;
  return (value) => (Array.isArray(value) ? value.map((item, at) => masks[at]?.(item) ?? item) : value);
}

const maskEntries = (mask: Mask | null): Mask | null => mask && mapEntries(() => mask);

/** Which variant a value is of need not be known: what is sensitive in any of them is masked. */
function maskVariants(options: readonly z.core.$ZodType[]): Mask | null {
  const masks = options.map(maskOf).filter((mask) => mask !== null);
  return masks.length === 0 ? null : (value) => masks.reduce((masked, mask) => mask(masked), value);
}

const mapEntries =
  (maskFor: (name: string) => Mask | null): Mask =>
  (value) => {
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [name, maskFor(name)?.(item) ?? item]),
    );
  };
