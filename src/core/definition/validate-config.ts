import type * as z from 'zod';
import type { AnyBlock, BlockLookup, LocalText } from '../block/define';
import { describeForm, type FormField, shownConfig, shownFields } from '../block/form';
import { formatPath, getOwn } from '../json';
import { hasReferences, parseTemplate } from '../template/parse';
import type { WorkflowGraph } from './graph';
import { type Issue, issue } from './issues';
import type { Caps, WorkflowDefinition, WorkflowNode } from './schema';
import { checkReferences } from './validate-references';

/** A node's configuration and what it is checked against. */
export interface Subject {
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
    const text = found.code === 'custom' ? (found.params?.text as LocalText | undefined) : undefined;
    const reason = { reason: found.message, ...(text ? { reason_it: text.it } : {}) };
    return [issue('error', 'field_invalid', { field, ...reason }, place)];
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
