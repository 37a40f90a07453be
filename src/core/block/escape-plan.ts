import * as z from 'zod';
import type { EscapePlan } from '../template/escape';
import { unwrap } from './form';

/** Schemas do not change, and the engine asks at every step. */
const known = new WeakMap<z.ZodObject, { plan: EscapePlan | undefined }>();

/** Where a block's input asks for escaping (`escape` in a field's meta); `undefined` when nowhere. */
export function escapePlanOf(schema: z.ZodObject): EscapePlan | undefined {
  const found = known.get(schema) ?? { plan: planOf(schema) };
  known.set(schema, found);
  return found.plan;
}

/** Lazy schemas are not followed: they may hold themselves. */
function planOf(outer: z.core.$ZodType): EscapePlan | undefined {
  const { schema, meta } = unwrap(outer);
  if (meta.escape) return meta.escape;
  if (schema instanceof z.ZodObject) return planOfFields(Object.entries(schema.shape));
  if (schema instanceof z.ZodArray) return planOfEach(schema.element);
  if (schema instanceof z.ZodRecord) return planOfEach(schema.valueType);
  // Which variant it will be is not known; a field of any variant that asks for escaping gets it.
  if (schema instanceof z.ZodUnion)
    return planOfFields(schema.options.flatMap((option) => Object.entries(shapeOf(option))));
  return undefined;
}

const shapeOf = (schema: z.core.$ZodType): Readonly<Record<string, z.core.$ZodType>> => {
  const inner = unwrap(schema).schema;
  return inner instanceof z.ZodObject ? inner.shape : {};
};

function planOfFields(shape: readonly (readonly [string, z.core.$ZodType])[]): EscapePlan | undefined {
  const fields = new Map<string, EscapePlan>();
  for (const [name, child] of shape) {
    const plan = planOf(child);
    if (plan) fields.set(name, plan);
  }
  return fields.size === 0 ? undefined : { fields };
}

function planOfEach(item: z.core.$ZodType): EscapePlan | undefined {
  const each = planOf(item);
  return each && { fields: new Map(), each };
}
