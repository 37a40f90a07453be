import type { Json } from '../../../core';
import { initialConfig } from '../../builder/edit-operations';
import { useConfig } from '../config-context';
import { ReferenceInput } from '../reference-input';
import { asObject, type ControlProps, type FieldOf, isTemplate, joinPath } from './control';
import { FieldFrame } from './field-frame';
import { ListActions } from './list-actions';
import { NestedControl } from './nested-control';
import { FieldList } from './object-field';
import { moved, useItemKeys } from './use-item-keys';

/** Any number of items, to add, remove and put in order. */
export function ListField(props: ControlProps<FieldOf<'list'>>) {
  const { field, path, value, onChange } = props;
  const { naming, readOnly } = useConfig();
  const items = Array.isArray(value) ? value : [];
  const itemKeys = useItemKeys(items.length);
  const label = field.label[naming.locale];
  const change = (next: Json[]) => onChange(next.length === 0 && !field.required ? undefined : next);
  if (isTemplate(value)) {
    return (
      <FieldFrame field={field} path={path}>
        {(parts) => <ReferenceInput {...parts} value={value} onChange={onChange} isNew={false} />}
      </FieldFrame>
    );
  }
  const add = () => change([...items, field.item.kind === 'object' ? initialConfig(field.item.fields) : '']);
  return (
    <FieldFrame field={field} path={path}>
      {(parts) => (
        <fieldset
          id={parts.id}
          aria-labelledby={parts.labelId}
          aria-describedby={parts.describedBy}
          className="trama-list"
        >
          {items.map((item, index) => (
            <div key={itemKeys.keys[index]} className="trama-list-item" data-kind={field.item.kind}>
              <div className="trama-list-fields">
                <ListItem
                  {...props}
                  index={index}
                  item={item}
                  onItem={(next) =>
                    change(items.map((other, place) => (place === index ? (next ?? '') : other)))
                  }
                />
              </div>
              {!readOnly && (
                <ListActions
                  label={label}
                  index={index}
                  count={items.length}
                  onMove={(to) => {
                    itemKeys.move(index, to);
                    change(moved(items, index, to));
                  }}
                  onRemove={() => {
                    itemKeys.remove(index);
                    change(items.filter((_, place) => place !== index));
                  }}
                />
              )}
            </div>
          ))}
          {!readOnly && (
            <button
              type="button"
              className="trama-button trama-add"
              aria-label={naming.t('field.addNamed', { label })}
              onClick={add}
            >
              + {naming.t('field.add')}
            </button>
          )}
        </fieldset>
      )}
    </FieldFrame>
  );
}

interface ListItemProps extends ControlProps<FieldOf<'list'>> {
  index: number;
  item: Json;
  onItem: (value: Json | undefined) => void;
}

function ListItem({ field, path, index, item, onItem }: ListItemProps) {
  const place = joinPath(path, index);
  if (field.item.kind === 'object') {
    return <FieldList fields={field.item.fields} path={place} value={asObject(item)} onChange={onItem} />;
  }
  const name = `${index + 1}`;
  return (
    <NestedControl
      field={{ ...field.item, label: { en: name, it: name } }}
      path={place}
      value={item}
      onChange={onItem}
    />
  );
}
