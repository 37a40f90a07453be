import type * as z from 'zod';
import {
  type AnyBlock,
  buildGraph,
  deferredFields,
  describeForm,
  enclosingLoops,
  type Formatting,
  formatReference,
  getOwn,
  type Json,
  labelOf,
  listReferences,
  type Reference,
  resolveTemplate,
  type Scope,
  shownFields,
  TRIGGER_ID,
  type WorkflowDefinition,
  type WorkflowNode,
} from '../../../core';
import { describeReference, type Naming, referenceText } from '../../shared/reference-label';
import { type SampleValues, sampleScope } from '../sample-scope';

/** What a step reads of the steps before it, and where a trial takes it from. */
export interface TrialData {
  /** What the last run gave of it; samples stand for the rest. */
  payload: Json | undefined;
  outputs: Record<string, Json>;
  /** Names of the steps it reads that the last run has no data of. */
  fromSamples: string[];
  /** Whether the last run has any data it reads. */
  hasLast: boolean;
  isInLoop: boolean;
}

/** The part of the last run's values that a step and the loops around it read: no more is sent than that. */
export function trialData(
  definition: WorkflowDefinition,
  nodeId: string,
  values: SampleValues,
  { blocks, locale }: Naming,
): TrialData {
  const loops = enclosingLoops(buildGraph(definition, blocks), nodeId);
  const read = new Set(
    definition.nodes
      .filter(({ id }) => id === nodeId || loops.includes(id))
      .flatMap(({ config }) => referencesIn(config).flatMap(sourceOf)),
  );
  const known = [...read].filter((id) => getOwn(values, id) !== undefined);
  const unknown = definition.nodes.filter(({ id }) => read.has(id) && !known.includes(id));
  return {
    payload: known.includes(TRIGGER_ID) ? values[TRIGGER_ID] : undefined,
    outputs: Object.fromEntries(
      known.filter((id) => id !== TRIGGER_ID).map((id) => [id, values[id] as Json]),
    ),
    fromSamples: unknown.map((node) => labelOf(node, blocks, locale)),
    hasLast: known.length > 0,
    isInLoop: loops.length > 0,
  };
}

/** Names of the values a step refers to that are not there in these data. */
export function missingValues(
  node: WorkflowNode,
  block: AnyBlock,
  values: SampleValues,
  naming: Naming,
  formatting: Formatting,
): string[] {
  const { definition, blocks } = naming;
  const scope = sampleScope(definition, node.id, buildGraph(definition, blocks), blocks, values);
  const input = block.input as z.ZodObject;
  const deferred = deferredFields(input);
  const names = shownFields(describeForm(input), node.config)
    .map(({ name }) => name)
    .filter((name) => !deferred.has(name));
  const read = Object.fromEntries(names.map((name) => [name, node.config[name]]));
  const missing = referencesIn(read).filter((reference) => !hasValue(reference, scope, formatting));
  return [...new Set(missing.map((reference) => referenceText(describeReference(reference, naming))))];
}

function referencesIn(config: unknown): Reference[] {
  return listReferences(config).flatMap(({ part }) => (part.kind === 'reference' ? [part.reference] : []));
}

function sourceOf({ root, path }: Reference): string[] {
  if (root === 'trigger') return [TRIGGER_ID];
  return root === 'step' ? [String(path[0] ?? '')] : [];
}

function hasValue({ root, path, optional, filters }: Reference, scope: Scope, formatting: Formatting) {
  if (optional || filters[0]?.name === 'default') return true;
  try {
    resolveTemplate(`{{${formatReference(root, path)}}}`, scope, formatting);
    return true;
  } catch {
    return false;
  }
}
