import { useId, useRef } from 'react';
import { Icon } from '../shared/icons';
import { useTexts } from '../shared/provider';
import { configMessages } from './messages';
import { Switch } from './switch';

export interface StepExtrasProps {
  isTrigger: boolean;
  isEnabled: boolean;
  note: string;
  readOnly: boolean;
  onEnabled: (isEnabled: boolean) => void;
  onNote: (note: string) => void;
}

/** Switching a step off, and a note for colleagues. */
export function StepExtras({ isTrigger, isEnabled, note, readOnly, onEnabled, onNote }: StepExtrasProps) {
  const t = useTexts(configMessages);
  const id = useId();
  // Open from the start where there is something to see, and never shut while a person is emptying it.
  const wasUsed = useRef(note !== '' || !isEnabled);
  return (
    <details className="trama-extras" open={wasUsed.current}>
      <summary>
        <Icon name="right" size={12} />
        {t(isTrigger ? 'config.moreTrigger' : 'config.more')}
      </summary>
      {!isTrigger && (
        <div className="trama-field">
          <div className="trama-switch-row">
            <Switch
              id={`${id}-enabled`}
              checked={isEnabled}
              disabled={readOnly}
              aria-describedby={`${id}-hint`}
              onChange={onEnabled}
            />
            <label htmlFor={`${id}-enabled`}>{t('config.enabled')}</label>
          </div>
          <p id={`${id}-hint`} className="trama-field-hint">
            {t('config.enabledHint')}
          </p>
        </div>
      )}
      <div className="trama-field">
        <label htmlFor={`${id}-note`}>{t('config.note')}</label>
        <textarea
          id={`${id}-note`}
          className="trama-field-box"
          rows={2}
          maxLength={4000}
          readOnly={readOnly}
          aria-describedby={`${id}-note-hint`}
          value={note}
          onChange={(event) => onNote(event.target.value)}
        />
        <p id={`${id}-note-hint`} className="trama-field-hint">
          {t('config.noteHint')}
        </p>
      </div>
    </details>
  );
}
