import * as z from 'zod';
import {
  type BlockLookup,
  type FieldMeta,
  humanize,
  labelOf,
  type Reference,
  TRIGGER_ID,
  unwrap,
  type WorkflowDefinition,
} from '../../core';
import type { Locale, Translate } from './messages';

export interface ReferenceLabel {
  /** The step the value comes from; `null` when it does not exist. */
  nodeId: string | null;
  /** What people call the source: the step's label. */
  group: string;
  /** What people call the value; empty for everything a step gives. */
  field: string;
}

export interface Naming {
  definition: WorkflowDefinition;
  blocks: BlockLookup;
  locale: Locale;
  t: Translate;
}

/** A reference in words: the label of its step and of the value. It follows the step's name, because it is bound to its id. */
export function describeReference({ root, path }: Reference, naming: Naming): ReferenceLabel {
  switch (root) {
    case 'trigger':
      return describeOutput(TRIGGER_ID, path.slice(1), naming);
    case 'step':
      return describeOutput(String(path[0] ?? ''), path.slice(2), naming);
    case 'loop':
      return describeLoop(path, naming);
    case 'run':
    case 'workflow':
      return {
        nodeId: null,
        group: naming.t(`reference.${root}`),
        field: humanize(String(path.at(-1) ?? '')),
      };
    default:
      return root satisfies never;
  }
}

/** `Documento completato · titolo`. */
export function referenceText({ group, field }: ReferenceLabel): string {
  return field === '' ? group : `${group} · ${field}`;
}

function describeOutput(
  nodeId: string,
  path: (string | number)[],
  { definition, blocks, locale }: Naming,
): ReferenceLabel {
  const node = definition.nodes.find((candidate) => candidate.id === nodeId);
  if (!node) return { nodeId: null, group: nodeId, field: lastName(path) };
  const output = blocks.get(node.type)?.output as z.core.$ZodType | undefined;
  return { nodeId, group: labelOf(node, blocks, locale), field: fieldName(output, path, locale) };
}

function describeLoop(path: (string | number)[], { definition, blocks, locale, t }: Naming): ReferenceLabel {
  const node = definition.nodes.find((candidate) => candidate.id === path[0]);
  const rest = node ? path.slice(1) : path;
  const group = node ? labelOf(node, blocks, locale) : t('reference.item');
  if (rest[0] === 'index') return { nodeId: node?.id ?? null, group, field: t('reference.index') };
  const field = lastName(rest.slice(1));
  return { nodeId: node?.id ?? null, group, field: field === '' && node ? t('reference.item') : field };
}

/** The label the schema gives the last name of a path; positions in lists count from 1 for people. */
function fieldName(schema: z.core.$ZodType | undefined, path: (string | number)[], locale: Locale): string {
  let current = schema;
  let label = '';
  for (const key of path) {
    const inner = childOf(current, key);
    const meta = inner ? (unwrap(inner).meta as Partial<FieldMeta>) : undefined;
    label = typeof key === 'number' ? `${label} ${key + 1}`.trim() : (meta?.label?.[locale] ?? humanize(key));
    current = inner;
  }
  return label;
}

function childOf(schema: z.core.$ZodType | undefined, key: string | number): z.core.$ZodType | undefined {
  const inner = schema && unwrap(schema).schema;
  if (inner instanceof z.ZodObject) return (inner.shape as Record<string, z.core.$ZodType>)[String(key)];
  if (inner instanceof z.ZodArray) return inner.element as z.core.$ZodType;
  return inner instanceof z.ZodRecord ? (inner.valueType as z.core.$ZodType) : undefined;
}

function lastName(path: (string | number)[]): string {
  const last = path.at(-1);
  if (last === undefined) return '';
  if (typeof last === 'string') return humanize(last);
  return `${lastName(path.slice(0, -1))} ${last + 1}`.trim();
}
