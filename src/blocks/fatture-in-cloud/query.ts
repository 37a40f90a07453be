/**
 * The `q` filter of lists. Values come from workflow data, so a text ends only where we end it: a quote is doubled, the fields are a
 * closed list, and numbers are numbers. The SDK's own filter builder leaves quotes as they are.
 */
export type QueryField = 'any_subject' | 'date' | 'entity.id' | 'entity.name' | 'name' | 'vat_number';

export type Condition =
  | { field: QueryField; op: '=' | '>=' | '<=' | 'contains'; value: string | number }
  | { anyOf: readonly Condition[] };

/** All of the conditions; `undefined` when there are none. */
export function buildQuery(conditions: readonly Condition[]): string | undefined {
  return conditions.length === 0 ? undefined : conditions.map(writeCondition).join(' and ');
}

function writeCondition(condition: Condition): string {
  if ('anyOf' in condition) return `(${condition.anyOf.map(writeCondition).join(' or ')})`;
  return `${condition.field} ${condition.op} ${writeValue(condition.value)}`;
}

function writeValue(value: string | number): string {
  if (typeof value === 'string') return `'${plainText(value).replaceAll("'", "''")}'`;
  if (!Number.isSafeInteger(value)) throw new TypeError('A filter compares whole numbers only.');
  return String(value);
}

/** One line, and no longer than anybody searches for. */
const plainText = (value: string): string =>
  value
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must go
    .replace(/[\u0000-\u001f\u007f]+/g, ' ')
    .slice(0, 200);
