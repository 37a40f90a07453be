import { useState } from 'react';
import type { Json } from '../../../core';
import { Icon } from '../../shared/icons';
import { IconButton } from '../../shared/ui';
import { useConfig } from '../config-context';
import { asObject, type ControlProps, type FieldOf, joinPath } from './control';
import { FieldFrame } from './field-frame';
import { NestedControl } from './nested-control';
import { useItemKeys } from './use-item-keys';

type Row = [key: string, value: Json | undefined];

/** Pairs of a name and a value. Rows are kept here while names are being typed: two rows may share a name for a moment. */
export function RecordField({ field, path, value, onChange }: ControlProps<FieldOf<'record'>>) {
  const { naming, readOnly } = useConfig();
  const { t } = naming;
  const [rows, setRows] = useState<Row[]>(() => Object.entries(asObject(value)));
  const itemKeys = useItemKeys(rows.length);
  const label = field.label[naming.locale];
  const change = (next: Row[]) => {
    setRows(next);
    const entries = next.filter(([key]) => key !== '').map(([key, item]) => [key, item ?? '']);
    onChange(
      entries.length === 0 && !field.required
        ? undefined
        : (Object.fromEntries(entries) as Record<string, Json>),
    );
  };
  return (
    <FieldFrame field={field} path={path}>
      {(parts) => (
        <fieldset
          id={parts.id}
          aria-labelledby={parts.labelId}
          aria-describedby={parts.describedBy}
          className="trama-list"
        >
          {rows.map(([key, item], index) => (
            <div key={itemKeys.keys[index]} className="trama-list-item trama-record-row">
              <input
                type="text"
                className="trama-field-box"
                aria-label={`${t('field.key')} ${index + 1}`}
                placeholder={t('field.key')}
                value={key}
                readOnly={readOnly}
                onChange={(event) =>
                  change(
                    rows.map((row, place): Row => (place === index ? [event.target.value, row[1]] : row)),
                  )
                }
              />
              <NestedControl
                field={{ ...field.value, label: { en: `Value ${index + 1}`, it: `Valore ${index + 1}` } }}
                path={joinPath(path, key)}
                value={item}
                onChange={(next) =>
                  change(rows.map((row, place): Row => (place === index ? [row[0], next] : row)))
                }
              />
              {!readOnly && (
                <IconButton
                  label={t('field.removeItem', { label, index: index + 1 })}
                  onClick={() => {
                    itemKeys.remove(index);
                    change(rows.filter((_, place) => place !== index));
                  }}
                >
                  <Icon name="close" />
                </IconButton>
              )}
            </div>
          ))}
          {!readOnly && (
            <button
              type="button"
              className="trama-button trama-add"
              aria-label={t('field.addNamed', { label })}
              onClick={() => change([...rows, ['', undefined]])}
            >
              + {t('field.add')}
            </button>
          )}
        </fieldset>
      )}
    </FieldFrame>
  );
}
