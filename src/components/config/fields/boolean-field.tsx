import { useConfig } from '../config-context';
import { Switch } from '../switch';
import type { ControlProps, FieldOf } from './control';
import { SwitchableField } from './mode-switch';

/** On or off. */
export function BooleanField(props: ControlProps<FieldOf<'boolean'>>) {
  const { field, value, onChange } = props;
  const { naming, readOnly } = useConfig();
  const isOn = value === undefined ? field.default === true : value === true;
  return (
    <SwitchableField {...props}>
      {(parts) => (
        <div className="trama-switch-row">
          <Switch
            id={parts.id}
            checked={isOn}
            disabled={readOnly}
            aria-labelledby={parts.labelId}
            aria-describedby={parts.describedBy}
            onChange={onChange}
          />
          <span aria-hidden="true">{naming.t(isOn ? 'common.yes' : 'common.no')}</span>
        </div>
      )}
    </SwitchableField>
  );
}
