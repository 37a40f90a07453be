import * as z from 'zod';
import { BlockError } from './errors';
import { type Json, stableJson } from './json';
import { momentOf } from './template/dates';
import { asNumber, defaultFormatting, kindOf, toText } from './template/filters';

export const conditionOperators = [
  'eq',
  'neq',
  'gt',
  'gte',
  'lt',
  'lte',
  'contains',
  'not_contains',
  'starts_with',
  'ends_with',
  'in',
  'not_in',
  'matches_any',
  'is_empty',
  'is_not_empty',
  'is_true',
  'is_false',
  'before',
  'after',
] as const;

export const conditionOperatorSchema = z.enum(conditionOperators);
export type ConditionOperator = z.infer<typeof conditionOperatorSchema>;

/** Operators that look at the left side only. */
export const unaryOperators: ReadonlySet<ConditionOperator> = new Set([
  'is_empty',
  'is_not_empty',
  'is_true',
  'is_false',
]);

export interface Condition {
  left: unknown;
  op: ConditionOperator;
  right?: unknown;
}

/**
 * Decides one comparison of resolved values.
 *
 * 1. Two sides that both read as numbers compare as numbers (`"1000"` is 1000); else text compares as text, without case for
 *    the text operators.
 * 2. `in` and `matches_any` take a list, or text separated by commas.
 * 3. A date without a zone is one on the clock of `timeZone`, as everywhere (docs/time.md).
 * 4. A comparison that cannot be made (text > number, a date that is none) is an error that says why, never `false`.
 */
export function evaluateCondition(
  { left, op, right }: Condition,
  timeZone = defaultFormatting.timeZone,
): boolean {
  const a = (left ?? null) as Json;
  const b = (right ?? null) as Json;
  switch (op) {
    case 'eq':
      return isEqual(a, b);
    case 'neq':
      return !isEqual(a, b);
    case 'gt':
      return compare(a, b, op, timeZone) > 0;
    case 'gte':
      return compare(a, b, op, timeZone) >= 0;
    case 'lt':
      return compare(a, b, op, timeZone) < 0;
    case 'lte':
      return compare(a, b, op, timeZone) <= 0;
    case 'before':
      return instant(a, op, timeZone) < instant(b, op, timeZone);
    case 'after':
      return instant(a, op, timeZone) > instant(b, op, timeZone);
    case 'contains':
      return contains(a, b);
    case 'not_contains':
      return !contains(a, b);
    case 'starts_with':
      return fold(a).startsWith(fold(b));
    case 'ends_with':
      return fold(a).endsWith(fold(b));
    case 'in':
      return listOf(b).some((item) => isEqual(a, item));
    case 'not_in':
      return !listOf(b).some((item) => isEqual(a, item));
    case 'matches_any':
      return listOf(b).some((item) => contains(a, item));
    case 'is_empty':
      return isEmpty(a);
    case 'is_not_empty':
      return !isEmpty(a);
    case 'is_true':
      return truth(a, op);
    case 'is_false':
      return !truth(a, op);
    default:
      return op satisfies never;
  }
}

/** @param timeZone the company's. @default Europe/Rome */
export function evaluateConditions(
  match: 'all' | 'any',
  conditions: readonly Condition[],
  timeZone?: string,
): boolean {
  const holds = (condition: Condition) => evaluateCondition(condition, timeZone);
  return match === 'all' ? conditions.every(holds) : conditions.some(holds);
}

function isEqual(a: Json, b: Json): boolean {
  const [x, y] = [asNumber(a), asNumber(b)];
  if (x !== null && y !== null) return x === y;
  if (typeof a === 'object' || typeof b === 'object') return stableJson(a) === stableJson(b);
  return toText(a) === toText(b);
}

function compare(a: Json, b: Json, op: ConditionOperator, timeZone: string): number {
  const [x, y] = [asNumber(a), asNumber(b)];
  if (x !== null && y !== null) return x - y;
  const [at, other] = [momentOf(a, timeZone), momentOf(b, timeZone)];
  if (at !== null && other !== null) return at - other;
  throw impossible(op, 'both sides must be numbers or both dates', a, b);
}

function instant(value: Json, op: ConditionOperator, timeZone: string): number {
  const moment = momentOf(value, timeZone);
  if (moment === null) throw impossible(op, 'both sides must be dates such as 2026-11-23', value, undefined);
  return moment;
}

function contains(a: Json, b: Json): boolean {
  if (Array.isArray(a)) return a.some((item) => isEqual(item, b));
  return fold(a).includes(fold(b));
}

const fold = (value: Json): string => toText(value).toLowerCase();

function listOf(value: Json): Json[] {
  if (Array.isArray(value)) return value;
  return toText(value)
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

function isEmpty(value: Json): boolean {
  if (value === null) return true;
  if (typeof value === 'string') return value.trim() === '';
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

function truth(value: Json, op: ConditionOperator): boolean {
  if (typeof value === 'boolean') return value;
  if (value === 'true' || value === 'false') return value === 'true';
  throw impossible(op, 'the value must be true or false', value, undefined);
}

function impossible(op: ConditionOperator, need: string, a: Json, b: Json | undefined): BlockError {
  const got = b === undefined ? kindOf(a) : `${kindOf(a)} and ${kindOf(b)}`;
  return new BlockError({
    kind: 'terminal',
    code: 'comparison_impossible',
    message: `The comparison "${op}" cannot be made: ${need}, got ${got}. Choose another operator or another value.`,
    actor: 'customer',
  });
}
