import { useConfig } from '../config-context';
import type { ControlProps, FieldOf } from './control';
import { SwitchableField } from './mode-switch';

/** More choices, or longer ones, are a list instead of a row of buttons. */
const MAX_SEGMENTS = 3;
const MAX_SEGMENT_CHARS = 44;

/** One of a few choices. */
export function EnumField(props: ControlProps<FieldOf<'enum'>>) {
  const { field } = props;
  const { locale } = useConfig().naming;
  const length = field.choices.reduce((sum, choice) => sum + choice.label[locale].length, 0);
  const isShort = field.choices.length <= MAX_SEGMENTS && length <= MAX_SEGMENT_CHARS;
  return (
    // A choice is how the step works, not data: taking it from a step stays possible where a definition says so.
    <SwitchableField {...props} offersSteps={false}>
      {(parts) => (isShort ? <Segments {...props} {...parts} /> : <Select {...props} {...parts} />)}
    </SwitchableField>
  );
}

type Part = Parameters<Parameters<typeof SwitchableField>[0]['children']>[0];

function Segments({
  field,
  value,
  onChange,
  id,
  labelId,
  describedBy,
}: ControlProps<FieldOf<'enum'>> & Part) {
  const { naming, readOnly } = useConfig();
  const chosen = value ?? field.default;
  return (
    // The group takes the id, not its first radio: a press on the group's name must not choose anything.
    <div
      id={id}
      className="trama-segments"
      role="radiogroup"
      aria-labelledby={labelId}
      aria-describedby={describedBy}
    >
      {field.choices.map((choice) => (
        <label key={choice.value} data-checked={choice.value === chosen || undefined}>
          <input
            type="radio"
            name={id}
            checked={choice.value === chosen}
            disabled={readOnly}
            onChange={() => onChange(choice.value)}
          />
          {choice.label[naming.locale]}
        </label>
      ))}
    </div>
  );
}

/** A list of choices; a stored value that is none of them stays as one more. */
export function Select({
  field,
  value,
  onChange,
  id,
  describedBy,
  isInvalid,
  onBlur,
}: ControlProps<FieldOf<'enum'>> & Part) {
  const { naming, readOnly } = useConfig();
  const chosen = value ?? field.default;
  const isOdd = typeof chosen === 'string' && !field.choices.some((choice) => choice.value === chosen);
  return (
    <select
      id={id}
      className="trama-field-box"
      value={typeof chosen === 'string' ? chosen : ''}
      disabled={readOnly}
      aria-describedby={describedBy}
      aria-invalid={isInvalid}
      onBlur={onBlur}
      onChange={(event) => onChange(event.target.value || undefined)}
    >
      {(field.default === undefined || isOdd) && <option value="">{naming.t('field.choose')}</option>}
      {isOdd && <option value={chosen}>{chosen}</option>}
      {field.choices.map((choice) => (
        <option key={choice.value} value={choice.value}>
          {choice.label[naming.locale]}
        </option>
      ))}
    </select>
  );
}
