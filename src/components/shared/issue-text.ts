import type * as z from 'zod';
import { describeForm, formatPath, type Issue, labelOf, parseTemplate } from '../../core';
import { fieldAt } from './field-path';
import type { IssueMessageKey } from './issue-messages';
import { describeReference, type Naming, referenceText } from './reference-label';

/** An issue in the reader's language: labels of steps, fields and values are looked up, never taken from the English text. */
export function issueText(issue: Issue, naming: Naming<IssueMessageKey>): string {
  const { t, definition, blocks, locale } = naming;
  const node = definition.nodes.find((candidate) => candidate.id === issue.nodeId);
  const params = { ...issue.params };
  if (node && issue.code !== 'reference_unreachable' && issue.code !== 'reference_unknown_field') {
    params.label = labelOf(node, blocks, locale);
  }
  if (params.source) Object.assign(params, referenceParams(params.source, issue, naming));
  if (node && params.field !== undefined)
    params.field = fieldText(node.type, issue.path, params.field, naming);
  if (issue.code === 'field_invalid' && node) {
    // Where the block gives its own reason, it gives it in every language.
    if (params.reason_it === undefined) params.reason = reasonText(issue, node.config, naming, params.reason);
    else if (locale === 'it') params.reason = params.reason_it;
  }
  if (issue.code === 'block_warning' && locale === 'it') params.text = params.text_it ?? '';
  return t(`issue.${issue.code}`, params);
}

/** The same where nothing around it says which step is meant: `«Oltre 1.000 €?»: manca «Valore».` */
export function issueLine(issue: Issue, naming: Naming<IssueMessageKey>): string {
  const text = issueText(issue, naming);
  const node = naming.definition.nodes.find((candidate) => candidate.id === issue.nodeId);
  // Only what is wrong inside a step has a path; the other sentences name the step themselves.
  if (!node || issue.path === undefined) return text;
  const label = labelOf(node, naming.blocks, naming.locale);
  return naming.t('builder.issues.inStep', { label, text: text.charAt(0).toLowerCase() + text.slice(1) });
}

/** A reference by the names people know, and the step it points at. */
function referenceParams(
  source: string,
  issue: Issue,
  naming: Naming<IssueMessageKey>,
): Record<string, string> {
  const [part] = parseTemplate(source);
  if (part?.kind !== 'reference' || issue.code === 'template_invalid') return {};
  const label = describeReference(part.reference, naming);
  return { source: `“${referenceText(label)}”`, label: label.group };
}

function fieldText(
  type: string,
  path: string | undefined,
  fallback: string,
  { blocks, locale }: Naming,
): string {
  const block = blocks.get(type);
  const form = block ? describeForm(block.input as z.ZodObject) : [];
  return (path === undefined ? undefined : fieldAt(form, path))?.label[locale] ?? fallback;
}

/** Why a value is refused, from what zod found at that place, in words of ours. */
function reasonText(
  issue: Issue,
  config: unknown,
  naming: Naming<IssueMessageKey>,
  fallback: string | undefined,
): string {
  const { blocks, t, definition } = naming;
  const type = definition.nodes.find((node) => node.id === issue.nodeId)?.type ?? '';
  const parsed = (blocks.get(type)?.input as z.ZodObject | undefined)?.safeParse(config);
  const found = parsed?.error?.issues.find((candidate) => formatPath(candidate.path) === issue.path);
  if (!found) return fallback ?? t('reason.other');
  switch (found.code) {
    case 'too_small':
      return t(sizeKey('too_small', found.origin), { minimum: String(found.minimum) });
    case 'too_big':
      return t(sizeKey('too_big', found.origin), { maximum: String(found.maximum) });
    case 'invalid_type':
      if (found.expected === 'number' || found.expected === 'int') return t('reason.number');
      return t(found.expected === 'array' ? 'reason.list' : 'reason.other');
    case 'invalid_value':
      return t('reason.choice');
    case 'invalid_format':
      return t('reason.format');
    default:
      return t('reason.other');
  }
}

function sizeKey(code: 'too_small' | 'too_big', origin: string): IssueMessageKey {
  if (origin === 'string') return `reason.${code}_text`;
  return origin === 'array' ? `reason.${code}_list` : `reason.${code}_number`;
}

/** Issues of one node, errors before warnings. */
export function issuesOf(issues: readonly Issue[], nodeId: string): Issue[] {
  return issues
    .filter((issue) => issue.nodeId === nodeId)
    .sort((a, b) => Number(a.severity === 'warning') - Number(b.severity === 'warning'));
}

export function countIssues(issues: readonly Issue[]): { errors: number; warnings: number } {
  const errors = issues.filter((issue) => issue.severity === 'error').length;
  return { errors, warnings: issues.length - errors };
}
