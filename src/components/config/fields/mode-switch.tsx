import { useState } from 'react';
import { Icon } from '../../shared/icons';
import { useConfig } from '../config-context';
import { ReferenceInput } from '../reference-input';
import { type ControlProps, isTemplate } from './control';
import { FieldFrame, type FrameParts } from './field-frame';

export interface SwitchableFieldProps extends ControlProps {
  /** Whether a fixed value can be given up for one from a step; one already taken can be given back all the same. */
  offersSteps?: boolean;
  children: (parts: FrameParts) => React.ReactNode;
}

/** A typed control that can instead hold one value from an earlier step. */
export function SwitchableField({ offersSteps = true, children, ...props }: SwitchableFieldProps) {
  const { field, path, value, onChange } = props;
  const { naming, readOnly, canRefer } = useConfig();
  const [isAsked, setIsAsked] = useState(false);
  const isFromStep = isTemplate(value) || isAsked;
  const toggle = () => {
    setIsAsked(!isFromStep);
    onChange(undefined);
  };
  const action = !readOnly && ((canRefer && offersSteps) || isFromStep) && (
    <button
      type="button"
      className="trama-field-mode"
      aria-pressed={isFromStep}
      aria-label={`${naming.t('field.fromStep')}: ${field.label[naming.locale]}`}
      title={naming.t(isFromStep ? 'field.fixed' : 'field.fromStep')}
      onClick={toggle}
    >
      <Icon name="braces" size={12} />
      <span>{naming.t(isFromStep ? 'field.fixed' : 'field.fromStep')}</span>
    </button>
  );
  return (
    <FieldFrame field={field} path={path} action={action}>
      {(parts) =>
        isFromStep ? (
          <ReferenceInput {...parts} value={value} onChange={onChange} isNew={isAsked} />
        ) : (
          children(parts)
        )
      }
    </FieldFrame>
  );
}
