import { toText } from '../../../core';
import { useConfig } from '../config-context';
import { TemplateEditor } from '../template-editor';
import { TemplatePreview } from '../template-preview';
import { type ControlProps, type FieldOf, isTemplate } from './control';
import { FieldFrame } from './field-frame';

/** A value of any kind: one from an earlier step keeps its type, anything typed is text. */
export function ValueField({ field, path, value, onChange }: ControlProps<FieldOf<'value'>>) {
  const { naming } = useConfig();
  return (
    <FieldFrame field={field} path={path} after={isTemplate(value) && <TemplatePreview template={value} />}>
      {(parts) => (
        <TemplateEditor
          id={parts.id}
          value={toText(value ?? null)}
          onChange={(next) => onChange(next === '' ? undefined : next)}
          onBlur={parts.onBlur}
          placeholder={
            field.placeholder?.[naming.locale] ??
            (field.reference ? naming.t('field.pickReference') : undefined)
          }
          aria-labelledby={parts.labelId}
          aria-describedby={parts.describedBy}
          aria-invalid={parts.isInvalid}
          aria-required={field.required}
        />
      )}
    </FieldFrame>
  );
}
