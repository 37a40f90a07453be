import * as z from 'zod';
import type { BlockLookup, FieldMeta, LocalText } from '../block/define';
import { humanize, unwrap } from '../block/form';
import { givenBy } from '../block/payload';
import { getOwn, type Json } from '../json';
import { formatReference, type ReferenceRoot } from '../template/parse';
import { ancestorsOf, buildGraph, enclosingLoops } from './graph';
import { type KnownValue, loopItem } from './loop-items';
import { labelOf } from './node';
import { TRIGGER_ID, type WorkflowDefinition } from './schema';

/** A value an earlier step gives, as the variable picker shows it. */
export interface Variable {
  /** What stands between the braces: `step.invoice_m3xa.output.total`. */
  reference: string;
  label: LocalText;
  /** From the last run or the block's sample. */
  sample: Json | undefined;
  children: Variable[];
}

/** The values of one source: the trigger, a step, the loop around or the run itself. */
export interface VariableGroup {
  nodeId: string | null;
  kind: 'trigger' | 'step' | 'loop' | 'run';
  label: LocalText;
  variables: Variable[];
}

/** What a node may refer to: the trigger, the steps before it that it can see, the loops around it and the run. */
export function listVariables(
  definition: WorkflowDefinition,
  nodeId: string,
  blocks: BlockLookup,
  /** Real values by node id (the trigger's payload under `trigger`); the blocks' samples stand in for the rest. */
  values: Readonly<Record<string, Json>> = {},
): VariableGroup[] {
  const graph = buildGraph(definition, blocks);
  const loops = enclosingLoops(graph, nodeId);
  const before = ancestorsOf(graph, nodeId);
  const sources = definition.nodes.filter((node) => {
    const loop = graph.loopOf.get(node.id) ?? null;
    return before.has(node.id) && (loop === null || loops.includes(loop));
  });
  const groups = sources.flatMap((node): VariableGroup[] => {
    const block = blocks.get(node.type);
    if (!block) return [];
    const label = { en: labelOf(node, blocks, 'en'), it: labelOf(node, blocks, 'it') };
    if (loops.includes(node.id)) {
      const outer = enclosingLoops(graph, node.id);
      return [
        loopGroup(node.id, label, loops[0] === node.id, loopItem(node, definition, blocks, values, outer)),
      ];
    }
    const isTrigger = node.id === TRIGGER_ID;
    const root: ReferenceRoot = isTrigger ? 'trigger' : 'step';
    const path = isTrigger ? ['payload'] : [node.id, 'output'];
    const { schema, sample } = givenBy(block, node.config);
    const value = (getOwn(values, node.id) as Json | undefined) ?? sample;
    const variables = describeValue(root, path, schema, value).children;
    return variables.length > 0
      ? [{ nodeId: node.id, kind: isTrigger ? 'trigger' : 'step', label, variables }]
      : [];
  });
  // What is nearest first: the item of the loop around is what its steps are about.
  const around = loops.flatMap((loop) => groups.filter((group) => group.nodeId === loop));
  return [...around, ...groups.filter((group) => !around.includes(group)), runGroup];
}

function loopGroup(nodeId: string, label: LocalText, isNearest: boolean, known: KnownValue): VariableGroup {
  const path = isNearest ? [] : [nodeId];
  const item = describeValue('loop', [...path, 'item'], known.schema, known.sample);
  return {
    nodeId,
    kind: 'loop',
    label,
    variables: [
      { ...item, label: { en: 'Item', it: 'Elemento' } },
      {
        reference: formatReference('loop', [...path, 'index']),
        label: { en: 'Position (from 0)', it: 'Posizione (da 0)' },
        sample: 0,
        children: [],
      },
    ],
  };
}

const runGroup: VariableGroup = {
  nodeId: null,
  kind: 'run',
  label: { en: 'This run', it: 'Questa esecuzione' },
  variables: [
    { reference: 'run.id', label: { en: 'Run id', it: 'Id esecuzione' }, sample: undefined, children: [] },
    {
      reference: 'workflow.name',
      label: { en: 'Workflow name', it: 'Nome del flusso' },
      sample: undefined,
      children: [],
    },
  ],
};

/** Deepest level and most children listed; deeper values are still reachable by typing the path. */
const MAX_DEPTH = 6;
const MAX_CHILDREN = 60;

function describeValue(
  root: ReferenceRoot,
  path: (string | number)[],
  schema: z.core.$ZodType | undefined,
  sample: Json | undefined,
  depth = 0,
): Variable {
  const unwrapped = schema ? unwrap(schema) : undefined;
  const name = String(path.at(-1) ?? root);
  const label = (unwrapped?.meta as Partial<FieldMeta> | undefined)?.label ?? {
    en: humanize(name),
    it: humanize(name),
  };
  const children: Variable[] = [];
  if (depth < MAX_DEPTH) {
    for (const [key, child] of childrenOf(unwrapped?.schema, sample).slice(0, MAX_CHILDREN)) {
      children.push(describeValue(root, [...path, key], child.schema, child.sample, depth + 1));
    }
  }
  return { reference: formatReference(root, path), label, sample, children };
}

type Child = { schema: z.core.$ZodType | undefined; sample: Json | undefined };

function childrenOf(
  schema: z.core.$ZodType | undefined,
  sample: Json | undefined,
): [string | number, Child][] {
  if (Array.isArray(sample) || schema instanceof z.ZodArray) {
    const element = schema instanceof z.ZodArray ? (schema.element as z.core.$ZodType) : undefined;
    const first = Array.isArray(sample) ? sample[0] : undefined;
    return first === undefined && !element ? [] : [[0, { schema: element, sample: first }]];
  }
  const shape = schema instanceof z.ZodObject ? (schema.shape as Record<string, z.core.$ZodType>) : {};
  const object = sample !== null && typeof sample === 'object' ? (sample as Record<string, Json>) : {};
  const valueType = schema instanceof z.ZodRecord ? (schema.valueType as z.core.$ZodType) : undefined;
  const keys = new Set([...Object.keys(shape), ...Object.keys(object)]);
  // Own properties only: a payload may have a field named `toString`.
  return [...keys].map((key) => [
    key,
    {
      schema: (getOwn(shape, key) as z.core.$ZodType | undefined) ?? valueType,
      sample: getOwn(object, key) as Json | undefined,
    },
  ]);
}
