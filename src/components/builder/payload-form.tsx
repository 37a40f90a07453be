import { useId } from 'react';
import type { AnyBlock } from '../../core';
import { useTrama } from '../shared/provider';
import type { ManualField } from './run-payload';

export interface PayloadFormProps {
  /** `null`: the trigger takes an event, written as JSON. */
  fields: readonly ManualField[] | null;
  typed: Readonly<Record<string, string>>;
  onTyped: (typed: Record<string, string>) => void;
  json: string;
  onJson: (json: string) => void;
  trigger: AnyBlock | undefined;
}

const inputTypes = { text: 'text', number: 'text', date: 'date' } as const;

/** The data a run starts with. */
export function PayloadForm({ fields, typed, onTyped, json, onJson, trigger }: PayloadFormProps) {
  const { locale, t } = useTrama();
  const id = useId();
  if (!fields) {
    return (
      <div className="trama-field">
        <label htmlFor={id}>{t('runNow.payload')}</label>
        <textarea
          id={id}
          className="trama-field-box trama-code"
          rows={14}
          spellCheck={false}
          aria-describedby={`${id}-hint`}
          value={json}
          onChange={(event) => onJson(event.target.value)}
        />
        <p id={`${id}-hint`} className="trama-field-hint">
          {t('runNow.payloadHint', { trigger: trigger?.label[locale] ?? '' })}
        </p>
      </div>
    );
  }
  if (fields.length === 0) return <p className="trama-muted">{t('runNow.noFields')}</p>;
  return fields.map(({ name, type, required }) => {
    const set = (value: string) => onTyped({ ...typed, [name]: value });
    if (type === 'boolean') {
      return (
        <label key={name} className="trama-switch-row">
          <input
            type="checkbox"
            checked={typed[name] === 'true'}
            onChange={(event) => set(String(event.target.checked))}
          />
          {name}
        </label>
      );
    }
    return (
      <div key={name} className="trama-field">
        <label htmlFor={`${id}-${name}`}>
          {name}
          {!required && <span className="trama-field-optional"> · {t('common.optional')}</span>}
        </label>
        <input
          id={`${id}-${name}`}
          className="trama-field-box"
          type={inputTypes[type]}
          inputMode={type === 'number' ? 'decimal' : undefined}
          aria-required={required}
          value={typed[name] ?? ''}
          onChange={(event) => set(event.target.value)}
        />
      </div>
    );
  });
}
