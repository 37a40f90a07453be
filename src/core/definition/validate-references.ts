import type * as z from 'zod';
import type { AnyBlock, BlockLookup } from '../block/define';
import { deferredFields } from '../block/form';
import { givenBy } from '../block/payload';
import { formatPath } from '../json';
import { filterNames } from '../template/filters';
import { type LocatedReference, listReferences, type Reference } from '../template/parse';
import { ancestorsOf, enclosingLoops, type WorkflowGraph } from './graph';
import { type Issue, issue } from './issues';
import { labelOf } from './node';
import { mayHave } from './output-path';
import { TRIGGER_ID, type WorkflowNode } from './schema';
import type { Subject } from './validate-config';

/** Every reference in a configuration, held against the graph and against what its source gives. */
export function checkReferences(subject: Subject): Issue[] {
  return listReferences(subject.node.config).flatMap((found) => checkReference(found, subject));
}

function checkReference({ at: path, part }: LocatedReference, subject: Subject): Issue[] {
  const place = { nodeId: subject.node.id, path: formatPath(path) };
  const { source } = part;
  if (part.kind === 'foreign') return [issue('warning', 'braces_foreign', { source }, place)];
  if (part.kind === 'invalid')
    return [issue('error', 'template_invalid', { source, reason: part.message }, place)];
  if (subject.node.id === TRIGGER_ID) return [issue('error', 'reference_in_trigger', { source }, place)];
  const { reference } = part;
  const issues = reference.filters
    .filter((filter) => !filterNames.includes(filter.name))
    .map((filter) =>
      issue('error', 'filter_unknown', { filter: filter.name, known: filterNames.join(', ') }, place),
    );
  if (reference.root === 'step') issues.push(...checkStepReference(reference, source, place, subject));
  if (reference.root === 'loop') issues.push(...checkLoopReference(reference, source, place, subject));
  if (reference.root === 'trigger') issues.push(...checkTriggerReference(reference, source, place, subject));
  if ((reference.root === 'run' && reference.path[0] !== 'id') || isUnknownWorkflowField(reference)) {
    issues.push(issue('error', 'reference_unknown_field', { source, label: reference.root }, place));
  }
  return issues;
}

const isUnknownWorkflowField = ({ root, path }: Reference): boolean =>
  root === 'workflow' && path[0] !== 'name' && path[0] !== 'id';

function checkTriggerReference(
  reference: Reference,
  source: string,
  place: { nodeId: string; path: string },
  { graph, blocks }: Subject,
): Issue[] {
  const [first, ...rest] = reference.path;
  const trigger = graph.nodes.get(TRIGGER_ID);
  const triggerBlock = blocks.get(trigger?.type ?? '');
  const output = triggerBlock && trigger && givenBy(triggerBlock, trigger.config).schema;
  const isKnown = first === 'payload' && (!output || isForgiving(reference) || mayHave(output, rest));
  if (isKnown) return [];
  const label = trigger ? labelOf(trigger, blocks) : TRIGGER_ID;
  return [issue('error', 'reference_unknown_field', { source, label }, place)];
}

/** Says itself what stands in for a value that is not there. */
const isForgiving = ({ optional, filters }: Reference): boolean =>
  optional || filters.some(({ name }) => name === 'default');

/** Whether the target may give such a value; one whose failure is passed over gives `error` instead. */
function mayGive(target: WorkflowNode, [key, ...rest]: Reference['path'], blocks: BlockLookup): boolean {
  const output = blocks.get(target.type)?.output as z.ZodType | undefined;
  const passesErrors = target.onError === 'continue' || target.onError === 'branch';
  if (!output || key === undefined || (passesErrors && key === 'error')) return true;
  return mayHave(output, [key, ...rest]);
}

function checkStepReference(
  reference: Reference,
  source: string,
  place: { nodeId: string; path: string },
  { node, block, graph, blocks }: Subject,
): Issue[] {
  const { path } = reference;
  const target = graph.nodes.get(String(path[0]));
  if (!target || target.id === TRIGGER_ID) return [issue('error', 'reference_unknown', { source }, place)];
  const label = labelOf(target, blocks);
  if (path[1] !== 'output') return [issue('error', 'reference_unknown_field', { source, label }, place)];
  // A loop's collect template looks into its own body, which runs before it is read.
  const isOwnBody = isDeferred(block, place.path) && graph.loopOf.get(target.id) === node.id;
  const isBefore = ancestorsOf(graph, node.id).has(target.id) && isVisibleFrom(graph, node.id, target.id);
  if (!isBefore && !isOwnBody) return [issue('error', 'reference_unreachable', { source, label }, place)];
  if (isForgiving(reference) || mayGive(target, path.slice(2), blocks)) return [];
  return [issue('error', 'reference_unknown_field', { source, label }, place)];
}

const isDeferred = ({ input }: AnyBlock, path: string): boolean => deferredFields(input).has(path);

/** Steps inside a loop are seen only from inside the same loop. */
function isVisibleFrom(graph: WorkflowGraph, from: string, target: string): boolean {
  const loop = graph.loopOf.get(target) ?? null;
  return loop === null || enclosingLoops(graph, from).includes(loop);
}

function checkLoopReference(
  { path }: Reference,
  source: string,
  place: { nodeId: string; path: string },
  { node, block, graph }: Subject,
): Issue[] {
  const loops = enclosingLoops(graph, node.id);
  if (isDeferred(block, place.path)) loops.unshift(node.id);
  if (loops.length === 0) return [issue('error', 'reference_outside_loop', { source }, place)];
  const isNamed = graph.nodes.has(String(path[0])) && path[0] !== 'item' && path[0] !== 'index';
  if (isNamed && !loops.includes(String(path[0])))
    return [issue('error', 'reference_outside_loop', { source }, place)];
  const key = isNamed ? path[1] : path[0];
  if (key !== 'item' && key !== 'index')
    return [issue('error', 'reference_unknown_field', { source, label: 'loop' }, place)];
  return [];
}
