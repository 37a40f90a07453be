import {
  type ConditionOperator,
  conditionOperators,
  type FormField,
  type Json,
  toText,
  unaryOperators,
} from '../../../core';
import { initialConfig } from '../../builder/edit-operations';
import { Icon } from '../../shared/icons';
import { issueText } from '../../shared/issue-text';
import { IconButton } from '../../shared/ui';
import { useConfig } from '../config-context';
import { TemplateEditor } from '../template-editor';
import { asObject, type ControlProps, type FieldOf, joinPath, withKey } from './control';
import { FieldFrame } from './field-frame';
import { useItemKeys } from './use-item-keys';

/** Whether a list holds comparisons: its items have a left side, an operator of ours and a right side. */
export function isConditionList(field: FieldOf<'list'>): boolean {
  if (field.item.kind !== 'object') return false;
  const op = field.item.fields.find((child) => child.name === 'op');
  const names = new Set(field.item.fields.map((child) => child.name));
  if (op?.kind !== 'enum' || !names.has('left') || !names.has('right')) return false;
  return op.choices.every((choice) => (conditionOperators as readonly string[]).includes(choice.value));
}

/** Comparisons, one to a row: a value, how it compares, and with what. */
export function ConditionsField({ field, path, value, onChange }: ControlProps<FieldOf<'list'>>) {
  const { naming, readOnly } = useConfig();
  const rows = Array.isArray(value) ? value : [];
  const itemKeys = useItemKeys(rows.length);
  const fields = field.item.kind === 'object' ? field.item.fields : [];
  const replace = (index: number, next: Json) =>
    onChange(rows.map((row, place) => (place === index ? next : row)));
  return (
    <FieldFrame field={field} path={path}>
      {(parts) => (
        <fieldset
          id={parts.id}
          aria-labelledby={parts.labelId}
          aria-describedby={parts.describedBy}
          className="trama-list"
        >
          {rows.map((row, index) => (
            <ConditionRow
              key={itemKeys.keys[index]}
              fields={fields}
              path={joinPath(path, index)}
              index={index}
              value={asObject(row)}
              onChange={(next) => replace(index, next)}
              onRemove={
                rows.length > 1 && !readOnly
                  ? () => {
                      itemKeys.remove(index);
                      onChange(rows.filter((_, place) => place !== index));
                    }
                  : undefined
              }
            />
          ))}
          {!readOnly && (
            <button
              type="button"
              className="trama-button trama-add"
              onClick={() => onChange([...rows, initialConfig(fields)])}
            >
              + {naming.t('condition.add')}
            </button>
          )}
        </fieldset>
      )}
    </FieldFrame>
  );
}

interface ConditionRowProps {
  fields: readonly FormField[];
  path: string;
  index: number;
  value: Record<string, Json>;
  onChange: (value: Record<string, Json>) => void;
  onRemove: (() => void) | undefined;
}

function ConditionRow({ fields, path, index, value, onChange, onRemove }: ConditionRowProps) {
  const { naming, issuesAt, onTouch, readOnly } = useConfig();
  const { t, locale } = naming;
  const op = fields.find((field) => field.name === 'op');
  const number = index + 1;
  const isUnary = unaryOperators.has(value.op as ConditionOperator);
  const issues = ['left', 'op', 'right'].flatMap((key) => issuesAt(joinPath(path, key)));
  const side = (key: 'left' | 'right', label: string, placeholder: string) => (
    <TemplateEditor
      value={toText(value[key] ?? null)}
      onChange={(next) => onChange(withKey(value, key, next === '' ? undefined : next))}
      onBlur={() => onTouch(joinPath(path, key))}
      placeholder={placeholder}
      aria-label={label}
      aria-invalid={issuesAt(joinPath(path, key)).length > 0}
    />
  );
  return (
    <div className="trama-condition" data-unary={isUnary || undefined}>
      {side('left', t('condition.value', { index: number }), t('condition.placeholderLeft'))}
      <select
        className="trama-field-box"
        aria-label={t('condition.operator', { index: number })}
        value={String(value.op ?? '')}
        disabled={readOnly}
        onChange={(event) => onChange(withKey(value, 'op', event.target.value))}
      >
        {op?.kind === 'enum' &&
          op.choices.map((choice) => (
            <option key={choice.value} value={choice.value}>
              {choice.label[locale]}
            </option>
          ))}
      </select>
      {!isUnary && side('right', t('condition.with', { index: number }), t('condition.placeholderRight'))}
      {onRemove && (
        <IconButton label={t('condition.remove', { index: number })} onClick={onRemove}>
          <Icon name="close" />
        </IconButton>
      )}
      {issues.length > 0 && (
        <div className="trama-field-errors">
          {issues.map((issue, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the same issue may stand twice
            <p key={place} data-severity={issue.severity}>
              {issueText(issue, naming)}
            </p>
          ))}
        </div>
      )}
    </div>
  );
}
