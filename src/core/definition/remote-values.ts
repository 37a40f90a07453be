import type { LocalText } from '../block/define';
import type { FormField } from '../block/form';
import { formatPath, getOwn } from '../json';
import { hasReferences } from '../template/parse';

/** An id a provider must have, written into a configuration as it is. */
export interface RemoteValue {
  path: string;
  label: LocalText;
  /** Name of the provider's option loader. */
  options: string;
  value: string;
}

/** The literal values of remote fields, however deep; those with references are known only when a run resolves them. */
export function listRemoteValues(fields: readonly FormField[], config: unknown): RemoteValue[] {
  return fields.flatMap((field) => valuesIn(field, getOwn(config, field.name), [field.name]));
}

function valuesIn(field: FormField, value: unknown, path: readonly PropertyKey[]): RemoteValue[] {
  const inside = (child: FormField, key: string | number) =>
    valuesIn(child, getOwn(value, key), [...path, key]);
  switch (field.kind) {
    case 'remote':
      if (typeof value !== 'string' || value === '' || hasReferences(value)) return [];
      return [{ path: formatPath(path), label: field.label, options: field.options, value }];
    case 'object':
      return field.fields.flatMap((child) => inside(child, child.name));
    case 'list':
      return Array.isArray(value) ? value.flatMap((_, index) => inside(field.item, index)) : [];
    case 'record':
      return value !== null && typeof value === 'object'
        ? Object.keys(value).flatMap((key) => inside(field.value, key))
        : [];
    case 'union': {
      const chosen = field.variants.find((variant) => variant.value === getOwn(value, field.discriminator));
      return (chosen?.fields ?? []).flatMap((child) => inside(child, child.name));
    }
    default:
      return [];
  }
}
