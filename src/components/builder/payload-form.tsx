import { useId } from 'react';
import type { ManualField } from '../../blocks/flow/manual-fields';
import type { AnyBlock } from '../../core';
import { useTexts, useTrama } from '../shared/provider';
import { dialogMessages } from './dialog-messages';
import { labelOfField, type PayloadProblem, type PayloadWay } from './run-payload';

export interface PayloadFormProps {
  way: PayloadWay;
  typed: Readonly<Record<string, string>>;
  onTyped: (typed: Record<string, string>) => void;
  /** Shown at its field, where it is about one. */
  problem: PayloadProblem | null;
  json: string;
  onJson: (json: string) => void;
  trigger: AnyBlock | undefined;
}

/** The data a run starts with. */
export function PayloadForm({ way, typed, onTyped, problem, json, onJson, trigger }: PayloadFormProps) {
  const t = useTexts(dialogMessages);
  switch (way.kind) {
    case 'json':
      return <JsonField {...{ json, onJson, trigger }} />;
    case 'clock':
      return <p className="trama-muted">{t('schedule.runNow')}</p>;
    case 'fields':
      if (way.fields.length === 0) return <p className="trama-muted">{t('runNow.noFields')}</p>;
      return way.fields.map((field) => (
        <AskedField
          key={field.name}
          field={field}
          value={typed[field.name] ?? ''}
          problem={problem?.field === field.name ? problem.problem : null}
          onValue={(value) => onTyped({ ...typed, [field.name]: value })}
        />
      ));
    default:
      return way satisfies never;
  }
}

function JsonField({ json, onJson, trigger }: Pick<PayloadFormProps, 'json' | 'onJson' | 'trigger'>) {
  const { locale } = useTrama();
  const t = useTexts(dialogMessages);
  const id = useId();
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

interface AskedFieldProps {
  field: ManualField;
  value: string;
  problem: string | null;
  onValue: (value: string) => void;
}

function AskedField({ field, value, problem, onValue }: AskedFieldProps) {
  const t = useTexts(dialogMessages);
  const id = useId();
  const label = labelOfField(field);
  if (field.type === 'boolean') {
    return (
      <label className="trama-switch-row">
        <input
          type="checkbox"
          checked={value === 'true'}
          onChange={(event) => onValue(String(event.target.checked))}
        />
        {label}
      </label>
    );
  }
  return (
    <div className="trama-field">
      <label htmlFor={id}>
        {label}
        {!field.required && <span className="trama-field-optional"> · {t('common.optional')}</span>}
      </label>
      <AskedControl {...{ field, value, problem, onValue, id }} />
      {problem && (
        <p id={`${id}-error`} className="trama-field-errors" role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}

function AskedControl({ field, value, problem, onValue, id }: AskedFieldProps & { id: string }) {
  const t = useTexts(dialogMessages);
  const common = {
    ...{ id, value, className: 'trama-field-box', 'aria-required': field.required },
    ...(problem ? { 'aria-invalid': true, 'aria-describedby': `${id}-error` } : {}),
    onChange: (event: { target: { value: string } }) => onValue(event.target.value),
  };
  switch (field.type) {
    case 'long-text':
      return <textarea {...common} rows={4} maxLength={20_000} />;
    case 'choice':
      return (
        <select {...common}>
          <option value="">{t('field.choose')}</option>
          {(field.choices ?? []).map((choice) => (
            <option key={choice} value={choice}>
              {choice}
            </option>
          ))}
        </select>
      );
    case 'date':
      return <input {...common} type="date" />;
    case 'money':
      return (
        <div className="trama-field-box trama-number">
          <span aria-hidden="true">€</span>
          <input {...common} className="trama-num" type="text" inputMode="decimal" />
        </div>
      );
    case 'number':
      return <input {...common} type="text" inputMode="decimal" />;
    default:
      return <input {...common} type="text" maxLength={2_000} />;
  }
}
