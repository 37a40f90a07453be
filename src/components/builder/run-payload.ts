import type * as z from 'zod';
import { type ManualField, readManualFields } from '../../blocks/flow/manual-fields';
import {
  type AnyBlock,
  formatPath,
  givenBy,
  type Json,
  TRIGGER_ID,
  type WorkflowDefinition,
  type WorkflowNode,
} from '../../core';
import { parseNumber } from '../config/fields/number-field';
import type { Locale, Translate } from '../shared/translate';
import type { DialogMessageKey } from './dialog-messages';

/**
 * How the data of a run is put in: filled in field by field, written as JSON where an event would bring it, or not at all where the clock
 * starts the workflow.
 */
export type PayloadWay =
  | { kind: 'fields'; fields: readonly ManualField[] }
  | { kind: 'json' }
  | { kind: 'clock' };

export const triggerNode = (definition: WorkflowDefinition): WorkflowNode | undefined =>
  definition.nodes.find((node) => node.id === TRIGGER_ID);

export function payloadWay(node: WorkflowNode | undefined, trigger: AnyBlock | undefined): PayloadWay {
  if (node?.type === 'flow.manual') return { kind: 'fields', fields: readManualFields(node.config) };
  return trigger?.kind === 'trigger' && trigger.schedule ? { kind: 'clock' } : { kind: 'json' };
}

export const labelOfField = ({ name, label }: ManualField): string => label?.trim() || name;

/** `field`: name of the one that is wrong, where it is one. */
export interface PayloadProblem {
  problem: string;
  field?: string;
}

export type PayloadResult = { payload: Json | undefined } | PayloadProblem;

/** The payload of filled-in fields, each with its type; what is empty is left out. */
export function readFields(
  fields: readonly ManualField[],
  typed: Readonly<Record<string, string>>,
  locale: Locale,
  t: Translate<DialogMessageKey>,
): PayloadResult {
  const payload: Record<string, Json> = {};
  for (const field of fields) {
    const { name, type, required } = field;
    const text = (typed[name] ?? '').trim();
    if (type === 'boolean') payload[name] = text === 'true';
    else if (text === '') {
      if (required) return { problem: t('runNow.required', { field: labelOfField(field) }), field: name };
    } else if (type === 'number' || type === 'money') {
      const number = parseNumber(text, locale);
      if (typeof number !== 'number')
        return { problem: t('runNow.number', { field: labelOfField(field) }), field: name };
      payload[name] = number;
    } else payload[name] = text;
  }
  return { payload };
}

/** The payload written as JSON. */
export function readJson(text: string, t: Translate<DialogMessageKey>): PayloadResult {
  try {
    return { payload: JSON.parse(text) as Json };
  } catch (error) {
    return {
      problem: t('runNow.badJson', { reason: error instanceof Error ? error.message : String(error) }),
    };
  }
}

/** What is wrong with a payload, held against what the trigger gives; `null` when nothing is. */
export function payloadProblem(
  payload: Json | undefined,
  node: WorkflowNode | undefined,
  trigger: AnyBlock | undefined,
  t: Translate<DialogMessageKey>,
): PayloadProblem | null {
  if (payload === undefined || !node || !trigger) return null;
  const schema: z.ZodType = givenBy(trigger, node.config).schema;
  const first = schema.safeParse(payload).error?.issues[0];
  if (!first) return null;
  const problem = `${t('runNow.badPayload', { path: formatPath(first.path) || 'payload' })}: ${first.message}`;
  return { problem, field: String(first.path[0] ?? '') };
}
