import type { FormField, Json } from '../../../core';

/** What every control of the form gets. `path` leads from the configuration's root: `conditions[0].left`. */
export interface ControlProps<F extends FormField = FormField> {
  field: F;
  path: string;
  value: Json | undefined;
  /** `undefined` takes the key away. */
  onChange: (value: Json | undefined) => void;
}

export type FieldOf<K extends FormField['kind']> = Extract<FormField, { kind: K }>;

export const isTemplate = (value: unknown): value is string =>
  typeof value === 'string' && value.includes('{{');

export const asObject = (value: Json | undefined): Record<string, Json> =>
  value !== null && typeof value === 'object' && !Array.isArray(value) ? value : {};

/** A copy of an object with one key set, or taken away. */
export function withKey(
  object: Record<string, Json>,
  key: string,
  value: Json | undefined,
): Record<string, Json> {
  const { [key]: _, ...rest } = object;
  return value === undefined ? rest : { ...object, [key]: value };
}

export const joinPath = (path: string, key: string | number): string => {
  if (typeof key === 'number') return `${path}[${key}]`;
  return path === '' ? key : `${path}.${key}`;
};
