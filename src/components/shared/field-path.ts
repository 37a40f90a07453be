import type { FormField } from '../../core';

/** `conditions[0].left` → `['conditions', 0, 'left']`. */
export function parsePath(path: string): (string | number)[] {
  return path
    .split(/[.[\]]+/)
    .filter((part) => part !== '')
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}

/** The field of a form that a path into its values leads to. */
export function fieldAt(form: readonly FormField[], path: string): FormField | undefined {
  let fields: readonly FormField[] = form;
  let found: FormField | undefined;
  for (const key of parsePath(path)) {
    if (typeof key === 'number') {
      if (found?.kind === 'list')
        found = { ...found.item, label: found.item.name ? found.item.label : found.label };
      fields = childrenOf(found);
      continue;
    }
    const next = fields.find((field) => field.name === key);
    if (!next) return found;
    found = next;
    fields = childrenOf(found);
  }
  return found;
}

function childrenOf(field: FormField | undefined): readonly FormField[] {
  if (field?.kind === 'object') return field.fields;
  return field?.kind === 'union' ? field.variants.flatMap((variant) => variant.fields) : [];
}
