import { BooleanField } from './boolean-field';
import { ConditionsField, isConditionList } from './conditions-field';
import type { ControlProps } from './control';
import { DateField } from './date-field';
import { EnumField } from './enum-field';
import { EventField } from './event-field';
import { ListField } from './list-field';
import { NumberField } from './number-field';
import { ObjectField } from './object-field';
import { RecordField } from './record-field';
import { RemoteField } from './remote-field';
import { ScheduleField } from './schedule-field';
import { TextField } from './text-field';
import { UnionField } from './union-field';
import { ValueField } from './value-field';

/** The control of a field, by its kind. A kind without one does not compile. */
export function FieldControl({ field, ...rest }: ControlProps) {
  switch (field.kind) {
    case 'text':
      if (field.schedule) return <ScheduleField field={field} {...rest} />;
      return field.eventType ? <EventField field={field} {...rest} /> : <TextField field={field} {...rest} />;
    case 'number':
      return <NumberField field={field} {...rest} />;
    case 'boolean':
      return <BooleanField field={field} {...rest} />;
    case 'date':
      return <DateField field={field} {...rest} />;
    case 'enum':
      return <EnumField field={field} {...rest} />;
    case 'remote':
      return <RemoteField field={field} {...rest} />;
    case 'value':
      return <ValueField field={field} {...rest} />;
    case 'object':
      return <ObjectField field={field} {...rest} />;
    case 'list':
      return isConditionList(field) ? (
        <ConditionsField field={field} {...rest} />
      ) : (
        <ListField field={field} {...rest} />
      );
    case 'record':
      return <RecordField field={field} {...rest} />;
    case 'union':
      return <UnionField field={field} {...rest} />;
    default:
      return field satisfies never;
  }
}
