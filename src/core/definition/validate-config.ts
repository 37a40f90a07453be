import type * as z from 'zod';
import type { AnyBlock, BlockLookup } from '../block/define';
import { deferredFields, describeForm, type FormField, shownConfig, shownFields } from '../block/form';
import { formatPath, getOwn } from '../json';
import { filterNames } from '../template/filters';
import {
  hasReferences,
  type LocatedReference,
  listReferences,
  parseTemplate,
  type Reference,
} from '../template/parse';
import { ancestorsOf, enclosingLoops, type WorkflowGraph } from './graph';
import { type Issue, issue } from './issues';
import { labelOf } from './node';
import { type Caps, TRIGGER_ID, type WorkflowDefinition, type WorkflowNode } from './schema';

interface Subject {
  node: WorkflowNode;
  block: AnyBlock;
  definition: WorkflowDefinition;
  graph: WorkflowGraph;
  caps: Caps;
  blocks: BlockLookup;
}

/** Checks one node's configuration: its fields against the block's input, and every reference against the graph. */
export function validateConfig(subject: Subject): Issue[] {
  const config = shownConfig(subject.block.input as z.ZodObject, subject.node.config);
  const shown = { ...subject, node: { ...subject.node, config } };
  return [
    ...checkFields(shown),
    ...checkShown(shown),
    ...checkTemplates(shown),
    ...checkReferences(shown),
    ...checkWarnings(shown),
  ];
}

/** What the block itself finds doubtful. */
function checkWarnings({ node, block }: Subject): Issue[] {
  return (block.warnings?.(node.config) ?? []).map(({ path, text }) =>
    issue('warning', 'block_warning', { text: text.en, text_it: text.it }, { nodeId: node.id, path }),
  );
}

/** A field written as a template is checked when it is resolved; here only what is already known can be wrong. */
function checkFields({ node, block }: Subject): Issue[] {
  const parsed = (block.input as z.ZodObject).safeParse(node.config);
  if (parsed.success) return [];
  const form = describeForm(block.input as z.ZodObject);
  // Which fields there are cannot wait until the run.
  const literals = new Set(form.flatMap((field) => field.when?.field ?? []));
  return parsed.error.issues.flatMap((found): Issue[] => {
    const value = at(node.config, found.path);
    const path = formatPath(found.path);
    const place = { nodeId: node.id, path };
    const field = fieldLabel(form, found.path);
    // Before references are looked for: what the issue is about is the key, not the values beside it.
    if (found.code === 'unrecognized_keys') {
      return found.keys.map((key) =>
        issue(
          'error',
          'field_unknown',
          { field: key },
          { nodeId: node.id, path: formatPath([...found.path, key]) },
        ),
      );
    }
    if (containsReference(value) && !literals.has(String(found.path[0]))) return [];
    const isMissing =
      value === undefined || value === '' || value === null || (Array.isArray(value) && value.length === 0);
    if (isMissing) return [issue('error', 'field_required', { field }, place)];
    return [issue('error', 'field_invalid', { field, reason: found.message }, place)];
  });
}

/** What the input alone does not say: a field it calls optional may have to be filled in, and an event may not exist. */
function checkShown({ node, block, blocks }: Subject): Issue[] {
  return shownFields(describeForm(block.input as z.ZodObject), node.config).flatMap((field): Issue[] => {
    const value = getOwn(node.config, field.name);
    const place = { nodeId: node.id, path: field.name };
    // What the input itself requires it has already found missing.
    if (value === undefined && field.required && field.when)
      return [issue('error', 'field_required', { field: field.label.en }, place)];
    const isEvent = field.kind === 'text' && field.eventType && typeof value === 'string' && value !== '';
    if (!isEvent || containsReference(value)) return [];
    const known = eventTypes(blocks);
    if (known.includes(value)) return [];
    return [issue('error', 'event_unknown', { event: value, known: known.join(', ') || '–' }, place)];
  });
}

/** Types of the events that triggers declare; the host's `emit` takes no others. */
const eventTypes = (blocks: BlockLookup): string[] => [
  ...new Set([...blocks.values()].flatMap((block) => (block.kind === 'trigger' && block.event) || [])),
];

function checkTemplates({ node, block, caps }: Subject): Issue[] {
  const form = describeForm(block.input as z.ZodObject);
  const issues: Issue[] = [];
  const visit = (value: unknown, path: PropertyKey[]) => {
    if (typeof value === 'string' && value.includes('{{')) {
      const place = { nodeId: node.id, path: formatPath(path) };
      const field = fieldLabel(form, path);
      if (value.length > caps.templateChars) {
        issues.push(
          issue(
            'error',
            'template_too_long',
            { field, actual: value.length, limit: caps.templateChars },
            place,
          ),
        );
        return;
      }
      const count = parseTemplate(value).filter((part) => part.kind === 'reference').length;
      if (count > caps.templateReferences) {
        issues.push(
          issue(
            'error',
            'too_many_references',
            { field, actual: count, limit: caps.templateReferences },
            place,
          ),
        );
      }
    } else if (value !== null && typeof value === 'object') {
      for (const [key, child] of Object.entries(value))
        visit(child, [...path, Array.isArray(value) ? Number(key) : key]);
    }
  };
  visit(node.config, []);
  return issues;
}

function checkReferences(subject: Subject): Issue[] {
  return listReferences(subject.node.config).flatMap((found) => checkReference(found, subject));
}

function checkReference({ at: path, part }: LocatedReference, subject: Subject): Issue[] {
  const place = { nodeId: subject.node.id, path: formatPath(path) };
  const { source } = part;
  if (part.kind === 'foreign') return [issue('warning', 'braces_foreign', { source }, place)];
  if (part.kind === 'invalid')
    return [issue('error', 'template_invalid', { source, reason: part.message }, place)];
  const { reference } = part;
  const issues = reference.filters
    .filter((filter) => !filterNames.includes(filter.name))
    .map((filter) =>
      issue('error', 'filter_unknown', { filter: filter.name, known: filterNames.join(', ') }, place),
    );
  if (reference.root === 'step') issues.push(...checkStepReference(reference, source, place, subject));
  if (reference.root === 'loop') issues.push(...checkLoopReference(reference, source, place, subject));
  if (reference.root === 'trigger' && reference.path[0] !== 'payload') {
    issues.push(issue('error', 'reference_unknown_field', { source, label: TRIGGER_ID }, place));
  }
  if ((reference.root === 'run' && reference.path[0] !== 'id') || isUnknownWorkflowField(reference)) {
    issues.push(issue('error', 'reference_unknown_field', { source, label: reference.root }, place));
  }
  return issues;
}

const isUnknownWorkflowField = ({ root, path }: Reference): boolean =>
  root === 'workflow' && path[0] !== 'name' && path[0] !== 'id';

function checkStepReference(
  { path }: Reference,
  source: string,
  place: { nodeId: string; path: string },
  { node, block, graph, blocks }: Subject,
): Issue[] {
  const target = graph.nodes.get(String(path[0]));
  if (!target || target.id === TRIGGER_ID) return [issue('error', 'reference_unknown', { source }, place)];
  const label = labelOf(target, blocks);
  if (path[1] !== 'output') return [issue('error', 'reference_unknown_field', { source, label }, place)];
  // A loop's collect template looks into its own body, which runs before it is read.
  const isOwnBody = isDeferred(block, place.path) && graph.loopOf.get(target.id) === node.id;
  const isBefore = ancestorsOf(graph, node.id).has(target.id) && isVisibleFrom(graph, node.id, target.id);
  if (!isBefore && !isOwnBody) return [issue('error', 'reference_unreachable', { source, label }, place)];
  return [];
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

function containsReference(value: unknown): boolean {
  if (typeof value === 'string') return hasReferences(value);
  return value !== null && typeof value === 'object' && Object.values(value).some(containsReference);
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => getOwn(inner, typeof key === 'number' ? key : String(key)),
    value,
  );
}

/** The label a person sees for a place in the configuration. */
function fieldLabel(form: readonly FormField[], path: readonly PropertyKey[]): string {
  let fields = form;
  let label = formatPath(path);
  for (const key of path) {
    const found = fields.find((field) => field.name === key);
    if (!found) continue;
    label = found.label.en;
    if (found.kind === 'object') fields = found.fields;
    if (found.kind === 'list' && found.item.kind === 'object') fields = found.item.fields;
    if (found.kind === 'union') fields = found.variants.flatMap((variant) => variant.fields);
  }
  return label;
}
