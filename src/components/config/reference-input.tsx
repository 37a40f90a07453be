import { useEffect, useMemo, useRef } from 'react';
import type { Json } from '../../core';
import { Icon } from '../shared/icons';
import { IconButton } from '../shared/ui';
import { type InsertTarget, useConfig } from './config-context';
import { isTemplate } from './fields/control';
import type { FrameParts } from './fields/field-frame';
import { useChipLook } from './use-chip-look';

export interface ReferenceInputProps extends FrameParts {
  value: Json | undefined;
  onChange: (value: Json | undefined) => void;
  /** It was just asked for: the picker comes up. */
  isNew: boolean;
}

/** Holds exactly one value from an earlier step, which keeps its type. Choosing another replaces it. */
export function ReferenceInput(props: ReferenceInputProps) {
  const { id, label, labelId, value, onChange, describedBy, isNew, onBlur } = props;
  const { naming, register, activate, openPicker, readOnly } = useConfig();
  const look = useChipLook();
  const button = useRef<HTMLButtonElement>(null);
  const change = useRef(onChange);
  change.current = onChange;
  const target = useMemo<InsertTarget>(
    () => ({
      insert: (reference) => {
        change.current(`{{${reference}}}`);
        button.current?.focus();
      },
      focus: () => button.current?.focus(),
    }),
    [],
  );
  useEffect(() => register(target), [register, target]);
  const wasNew = useRef(isNew);
  useEffect(() => {
    if (!wasNew.current) return;
    activate(target);
    openPicker();
  }, [activate, openPicker, target]);
  const chip = isTemplate(value) ? look(value) : null;
  return (
    <div className="trama-field-box trama-reference">
      <button
        ref={button}
        id={id}
        type="button"
        disabled={readOnly}
        aria-labelledby={`${labelId} ${id}`}
        aria-describedby={describedBy}
        onFocus={() => activate(target)}
        onBlur={onBlur}
        onClick={() => {
          activate(target);
          openPicker();
        }}
      >
        {chip ? (
          <span className="trama-chip" title={chip.title} data-broken={chip.isBroken || undefined}>
            {chip.text}
          </span>
        ) : (
          <span className="trama-placeholder">{naming.t('field.pickReference')}</span>
        )}
      </button>
      {chip && !readOnly && (
        <IconButton label={naming.t('field.clearNamed', { label })} onClick={() => onChange(undefined)}>
          <Icon name="close" />
        </IconButton>
      )}
    </div>
  );
}
