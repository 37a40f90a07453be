import type * as z from 'zod';
import { type AnyBlock, formatPath, type Json, TRIGGER_ID, type WorkflowDefinition } from '../../core';
import type { Translate } from '../shared/messages';

/** A value `flow.manual` asks for. */
export interface ManualField {
  name: string;
  type: 'text' | 'number' | 'date' | 'boolean';
  required: boolean;
}

/** What a person fills in to start the workflow by hand; `null` when its trigger takes an event instead. */
export function manualFields(definition: WorkflowDefinition): ManualField[] | null {
  const trigger = definition.nodes.find((node) => node.id === TRIGGER_ID);
  if (trigger?.type !== 'flow.manual') return null;
  const fields = Array.isArray(trigger.config.fields) ? trigger.config.fields : [];
  return fields.flatMap((field) => {
    const { name, type = 'text', required = false } = field as unknown as Partial<ManualField>;
    return name ? [{ name, type, required }] : [];
  });
}

export type PayloadResult = { payload: Json } | { problem: string };

/** The payload of filled-in fields: numbers as numbers, what is empty left out. */
export function readFields(
  fields: readonly ManualField[],
  typed: Readonly<Record<string, string>>,
  t: Translate,
): PayloadResult {
  const payload: Record<string, Json> = {};
  for (const { name, type, required } of fields) {
    const text = (typed[name] ?? '').trim();
    if (type === 'boolean') payload[name] = text === 'true';
    else if (text === '') {
      if (required) return { problem: t('runNow.required', { field: name }) };
    } else if (type === 'number') {
      const number = Number(text.replace(',', '.'));
      if (!Number.isFinite(number)) return { problem: t('runNow.number', { field: name }) };
      payload[name] = number;
    } else payload[name] = text;
  }
  return { payload };
}

/** The payload written as JSON, checked against what the trigger gives. */
export function readJson(text: string, trigger: AnyBlock | undefined, t: Translate): PayloadResult {
  let payload: Json;
  try {
    payload = JSON.parse(text) as Json;
  } catch (error) {
    return {
      problem: t('runNow.badJson', { reason: error instanceof Error ? error.message : String(error) }),
    };
  }
  const parsed = (trigger?.output as z.ZodType | undefined)?.safeParse(payload);
  const first = parsed?.error?.issues[0];
  if (first)
    return {
      problem: `${t('runNow.badPayload', { path: formatPath(first.path) || 'payload' })}: ${first.message}`,
    };
  return { payload };
}
