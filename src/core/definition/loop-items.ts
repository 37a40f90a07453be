import * as z from 'zod';
import type { BlockLookup } from '../block/define';
import { unwrap } from '../block/form';
import { givenBy } from '../block/payload';
import { getOwn, type Json } from '../json';
import { parseTemplate, soleReference } from '../template/parse';
import { TRIGGER_ID, type WorkflowDefinition, type WorkflowNode } from './schema';

/** What is known of a value before a run: its schema, and an example or a value of the last run. */
export interface KnownValue {
  schema: z.core.$ZodType | undefined;
  sample: Json | undefined;
}

const unknown: KnownValue = { schema: undefined, sample: undefined };

/** One item of the list a loop goes through, as far as its reference tells. An outer loop's item is followed to its own list. */
export function loopItem(
  loop: WorkflowNode,
  definition: WorkflowDefinition,
  blocks: BlockLookup,
  values: Readonly<Record<string, Json>>,
  outerLoops: readonly string[],
): KnownValue {
  const { items } = loop.config;
  if (Array.isArray(items)) return { schema: undefined, sample: items[0] };
  const reference = typeof items === 'string' ? soleReference(parseTemplate(items)) : null;
  if (!reference) return unknown;
  const nodeOf = (id: string) => definition.nodes.find((node) => node.id === id);
  const outputOf = (id: string): KnownValue => {
    const node = nodeOf(id);
    const block = blocks.get(node?.type ?? '');
    if (!node || !block) return unknown;
    const { schema, sample } = givenBy(block, node.config);
    return { schema, sample: (getOwn(values, id) as Json | undefined) ?? sample };
  };
  const [first, ...rest] = reference.path;
  switch (reference.root) {
    case 'trigger':
      return elementOf(walk(outputOf(TRIGGER_ID), rest));
    case 'step':
      return elementOf(walk(outputOf(String(first)), rest.slice(1)));
    case 'loop': {
      const isNamed = outerLoops.includes(String(first));
      const outer = nodeOf(isNamed ? String(first) : (outerLoops[0] ?? ''));
      if (!outer) return unknown;
      const further = outerLoops.slice(outerLoops.indexOf(outer.id) + 1);
      return elementOf(
        walk(loopItem(outer, definition, blocks, values, further), isNamed ? rest.slice(1) : rest),
      );
    }
    default:
      return unknown;
  }
}

function walk(value: KnownValue, path: readonly (string | number)[]): KnownValue {
  return path.reduce<KnownValue>(
    ({ schema, sample }, key) => ({
      schema: childSchema(schema, key),
      sample: getOwn(sample, key) as Json | undefined,
    }),
    value,
  );
}

function elementOf({ schema, sample }: KnownValue): KnownValue {
  return { schema: childSchema(schema, 0), sample: Array.isArray(sample) ? sample[0] : undefined };
}

/** Schema of a key of an object or a record, or of an item of a list. */
export function childSchema(
  schema: z.core.$ZodType | undefined,
  key: string | number,
): z.core.$ZodType | undefined {
  const inner = schema && unwrap(schema).schema;
  if (inner instanceof z.ZodArray) return inner.element as z.core.$ZodType;
  if (inner instanceof z.ZodRecord) return inner.valueType as z.core.$ZodType;
  return inner instanceof z.ZodObject ? (getOwn(inner.shape, key) as z.core.$ZodType | undefined) : undefined;
}
