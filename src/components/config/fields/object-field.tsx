import { useId } from 'react';
import { type FormField, type Json, shownFields } from '../../../core';
import { useConfig } from '../config-context';
import { asObject, type ControlProps, type FieldOf, joinPath, withKey } from './control';
import { NestedControl } from './nested-control';

/** Fields that belong together, under one heading. Emptied, an optional object goes away as a whole. */
export function ObjectField({ field, path, value, onChange }: ControlProps<FieldOf<'object'>>) {
  const { naming } = useConfig();
  const id = useId();
  const hint = field.hint?.[naming.locale];
  return (
    <fieldset className="trama-group" aria-labelledby={id} aria-describedby={hint && `${id}-hint`}>
      <legend>
        <span id={id}>{field.label[naming.locale]}</span>
        {!field.required && <span className="trama-field-optional"> · {naming.t('common.optional')}</span>}
      </legend>
      {hint && (
        <p id={`${id}-hint`} className="trama-field-hint">
          {hint}
        </p>
      )}
      <FieldList
        fields={field.fields}
        path={path}
        value={asObject(value)}
        onChange={(next) => onChange(!field.required && Object.keys(next).length === 0 ? undefined : next)}
      />
    </fieldset>
  );
}

export interface FieldListProps {
  fields: readonly FormField[];
  path: string;
  value: Record<string, Json>;
  onChange: (value: Record<string, Json>) => void;
}

/** The fields of an object one under the other; what another field's value hides keeps its value, unseen. */
export function FieldList({ fields, path, value, onChange }: FieldListProps) {
  return shownFields(fields, value).map((field) => (
    <NestedControl
      key={field.name}
      field={field}
      path={joinPath(path, field.name)}
      value={value[field.name]}
      onChange={(next) => onChange(withKey(value, field.name, next))}
    />
  ));
}
