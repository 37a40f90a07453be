import { useId } from 'react';
import { useTexts, useTrama } from '../shared/provider';
import { configMessages } from './messages';

export interface TriggerChoiceProps {
  type: string;
  readOnly: boolean;
  onChange: (type: string) => void;
}

/** Which trigger starts the workflow. */
export function TriggerChoice({ type, readOnly, onChange }: TriggerChoiceProps) {
  const { blocks, providers, locale } = useTrama();
  const t = useTexts(configMessages);
  const id = useId();
  const triggers = [...blocks.values()].filter((block) => block.kind === 'trigger');
  const description = blocks.get(type)?.description[locale];
  return (
    <div className="trama-field">
      <label htmlFor={id}>{t('config.trigger')}</label>
      <select
        id={id}
        className="trama-field-box"
        value={type}
        disabled={readOnly}
        aria-describedby={`${id}-hint`}
        onChange={(event) => onChange(event.target.value)}
      >
        {!blocks.has(type) && <option value={type}>{type}</option>}
        {triggers.map((trigger) => (
          <option key={trigger.type} value={trigger.type}>
            {trigger.label[locale]} · {providers.get(trigger.provider)?.label[locale]}
          </option>
        ))}
      </select>
      <p id={`${id}-hint`} className="trama-field-hint">
        {description}
      </p>
    </div>
  );
}
