import { useConfig } from '../config-context';
import type { ControlProps, FieldOf } from './control';
import { SwitchableField } from './mode-switch';

/** A day, or a day and an hour (stored as an instant). */
export function DateField(props: ControlProps<FieldOf<'date'>>) {
  const { field, value, onChange } = props;
  const { readOnly } = useConfig();
  const text = typeof value === 'string' ? value : '';
  return (
    <SwitchableField {...props}>
      {(parts) => (
        <input
          id={parts.id}
          type={field.time ? 'datetime-local' : 'date'}
          className="trama-field-box trama-num"
          value={field.time ? toLocal(text) : text.slice(0, 10)}
          readOnly={readOnly}
          aria-describedby={parts.describedBy}
          aria-invalid={parts.isInvalid}
          onBlur={parts.onBlur}
          onChange={(event) =>
            onChange(field.time ? toInstant(event.target.value) : event.target.value || undefined)
          }
        />
      )}
    </SwitchableField>
  );
}

function toLocal(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return '';
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function toInstant(local: string): string | undefined {
  const date = new Date(local);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}
