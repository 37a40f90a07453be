import { toText } from '../../../core';
import { useConfig } from '../config-context';
import { TemplateEditor } from '../template-editor';
import { TemplatePreview } from '../template-preview';
import { type ControlProps, type FieldOf, isTemplate } from './control';
import { FieldFrame } from './field-frame';

/** Text, short or long, with values of earlier steps in it. */
export function TextField({ field, path, value, onChange }: ControlProps<FieldOf<'text'>>) {
  const { naming, readOnly, canRefer } = useConfig();
  const text = toText(value ?? null);
  const change = (next: string) => onChange(next === '' ? undefined : next);
  if (field.sensitive) return <SecretField field={field} path={path} value={value} onChange={onChange} />;
  const [before, after] = naming.t('field.hint').split('{braces}');
  const hint =
    field.hint?.[naming.locale] ??
    (field.multiline && canRefer && (
      <>
        {before}
        <b>{'{{'}</b>
        {after}
      </>
    ));
  return (
    <FieldFrame
      field={field}
      path={path}
      hint={readOnly ? undefined : hint}
      after={isTemplate(value) && <TemplatePreview template={value} />}
    >
      {(parts) => (
        <TemplateEditor
          id={parts.id}
          value={text}
          onChange={change}
          onBlur={parts.onBlur}
          multiline={field.multiline}
          placeholder={field.placeholder?.[naming.locale]}
          aria-labelledby={parts.labelId}
          aria-describedby={parts.describedBy}
          aria-invalid={parts.isInvalid}
          aria-required={field.required}
        />
      )}
    </FieldFrame>
  );
}

function SecretField({ field, path, value, onChange }: ControlProps) {
  const { readOnly } = useConfig();
  return (
    <FieldFrame field={field} path={path}>
      {(parts) => (
        <input
          id={parts.id}
          type="password"
          autoComplete="off"
          className="trama-field-box"
          value={toText(value ?? null)}
          readOnly={readOnly}
          aria-describedby={parts.describedBy}
          aria-invalid={parts.isInvalid}
          onBlur={parts.onBlur}
          onChange={(event) => onChange(event.target.value || undefined)}
        />
      )}
    </FieldFrame>
  );
}
