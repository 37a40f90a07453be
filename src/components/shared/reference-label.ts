import type * as z from 'zod';
import {
  type BlockLookup,
  childSchema,
  type FieldMeta,
  givenBy,
  humanize,
  labelOf,
  loopItem,
  type Reference,
  TRIGGER_ID,
  unwrap,
  type WorkflowDefinition,
  type WorkflowNode,
} from '../../core';
import type { Locale, Translate } from './translate';

export interface ReferenceLabel {
  /** The step the value comes from; `null` when it does not exist. */
  nodeId: string | null;
  /** What people call the source: the step's label. */
  group: string;
  /** What people call the value; empty for everything a step gives. */
  field: string;
}

/** What references and issues are put into words with; `Key` are texts beyond the common ones. */
export interface Naming<Key extends string = never> {
  definition: WorkflowDefinition;
  blocks: BlockLookup;
  locale: Locale;
  t: Translate<Key>;
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
  const block = blocks.get(node.type);
  const output = block && givenBy(block, node.config).schema;
  return { nodeId, group: labelOf(node, blocks, locale), field: fieldName(output, path, locale) };
}

function describeLoop(path: (string | number)[], naming: Naming): ReferenceLabel {
  const { definition, blocks, locale, t } = naming;
  const node = definition.nodes.find((candidate) => candidate.id === path[0]);
  const rest = node ? path.slice(1) : path;
  const group = node ? labelOf(node, blocks, locale) : t('reference.item');
  if (rest[0] === 'index') return { nodeId: node?.id ?? null, group, field: t('reference.index') };
  const field = itemField(node, rest.slice(1), naming);
  return { nodeId: node?.id ?? null, group, field: field === '' && node ? t('reference.item') : field };
}

/** A field of an item. `loop.item` names no loop: its list is known when there is only one loop it can mean. */
function itemField(
  named: WorkflowNode | undefined,
  path: (string | number)[],
  { definition, blocks, locale }: Naming,
): string {
  const loops = definition.nodes.filter(({ type }) => {
    const block = blocks.get(type);
    return block?.kind === 'action' && block.bodyHandle !== undefined;
  });
  const loop = named ?? (loops.length === 1 ? loops[0] : undefined);
  if (!loop) return lastName(path);
  return fieldName(loopItem(loop, definition, blocks, {}, []).schema, path, locale);
}

/** The label the schema gives the last name of a path; positions in lists count from 1 for people. */
export function fieldName(
  schema: z.core.$ZodType | undefined,
  path: (string | number)[],
  locale: Locale,
): string {
  let current = schema;
  let label = '';
  for (const key of path) {
    const inner = childSchema(current, key);
    const meta = inner ? (unwrap(inner).meta as Partial<FieldMeta>) : undefined;
    label = typeof key === 'number' ? `${label} ${key + 1}`.trim() : (meta?.label?.[locale] ?? humanize(key));
    current = inner;
  }
  return label;
}

function lastName(path: (string | number)[]): string {
  const last = path.at(-1);
  if (last === undefined) return '';
  if (typeof last === 'string') return humanize(last);
  return `${lastName(path.slice(0, -1))} ${last + 1}`.trim();
}
