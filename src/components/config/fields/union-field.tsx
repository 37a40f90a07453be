import { useRef } from 'react';
import type { Json } from '../../../core';
import { initialConfig } from '../../builder/edit-operations';
import { useConfig } from '../config-context';
import { asObject, type ControlProps, type FieldOf, withKey } from './control';
import { FieldFrame } from './field-frame';
import { FieldList } from './object-field';

/** One of several shapes: the choice first, then the fields of what was chosen. Changing one's mind twice loses nothing. */
export function UnionField({ field, path, value, onChange }: ControlProps<FieldOf<'union'>>) {
  const { naming, readOnly } = useConfig();
  const object = asObject(value);
  const kept = useRef(new Map<string, Record<string, Json>>());
  const chosen = field.variants.find((variant) => variant.value === object[field.discriminator]);
  const choose = (next: string) => {
    if (chosen) kept.current.set(chosen.value, object);
    const variant = field.variants.find((candidate) => candidate.value === next);
    if (!variant) onChange(undefined);
    else
      onChange(kept.current.get(next) ?? { [field.discriminator]: next, ...initialConfig(variant.fields) });
  };
  return (
    <div className="trama-group">
      <FieldFrame field={field} path={path}>
        {(parts) => (
          <select
            id={parts.id}
            className="trama-field-box"
            value={chosen?.value ?? ''}
            disabled={readOnly}
            aria-describedby={parts.describedBy}
            aria-invalid={parts.isInvalid}
            onBlur={parts.onBlur}
            onChange={(event) => choose(event.target.value)}
          >
            {(!chosen || !field.required) && <option value="">{naming.t('field.choose')}</option>}
            {field.variants.map((variant) => (
              <option key={variant.value} value={variant.value}>
                {variant.label[naming.locale]}
              </option>
            ))}
          </select>
        )}
      </FieldFrame>
      {chosen && (
        <FieldList
          fields={chosen.fields}
          path={path}
          value={object}
          onChange={(next) => onChange(withKey(next, field.discriminator, chosen.value))}
        />
      )}
    </div>
  );
}
