import { useTrama } from '../../shared/provider';
import { useConfig } from '../config-context';
import type { ControlProps, FieldOf } from './control';
import { Select } from './enum-field';
import { FieldFrame } from './field-frame';
import { TextField } from './text-field';

/** The type of an event: one of those the triggers start with, called as they are; typed where no trigger has any. */
export function EventField(props: ControlProps<FieldOf<'text'>>) {
  const { field, path } = props;
  const { blocks } = useTrama();
  const { locale } = useConfig().naming;
  const choices = [...blocks.values()].flatMap((block) =>
    block.kind === 'trigger' && block.event ? [{ value: block.event, label: block.label }] : [],
  );
  if (choices.length === 0) return <TextField {...props} />;
  choices.sort((a, b) => a.label[locale].localeCompare(b.label[locale], locale));
  return (
    <FieldFrame field={field} path={path}>
      {(parts) => <Select {...props} {...parts} field={{ ...field, kind: 'enum', choices }} />}
    </FieldFrame>
  );
}
