import { type ReactNode, useId } from 'react';
import type { FormField } from '../../../core';
import { issueText } from '../../shared/issue-text';
import { useConfig } from '../config-context';

/** Ids and states a control needs to belong to its label, its hint and its errors. */
export interface FrameParts {
  id: string;
  labelId: string;
  label: string;
  describedBy: string | undefined;
  isInvalid: boolean;
  onBlur: () => void;
}

export interface FieldFrameProps {
  field: FormField;
  path: string;
  /** Beside the label: the switch to a value from a step. */
  action?: ReactNode;
  /** Under the control: a preview. */
  after?: ReactNode;
  /** Under the control, before the errors. */
  hint?: ReactNode;
  children: (parts: FrameParts) => ReactNode;
}

/** Label, control, hint and what is wrong. */
export function FieldFrame({ field, path, action, after, hint, children }: FieldFrameProps) {
  const { naming, issuesAt, onTouch } = useConfig();
  const id = useId();
  const issues = issuesAt(path);
  const label = field.label[naming.locale];
  const text = hint ?? field.hint?.[naming.locale];
  const describedBy =
    [text && `${id}-hint`, issues.length > 0 && `${id}-error`].filter(Boolean).join(' ') || undefined;
  const isInvalid = issues.some((issue) => issue.severity === 'error');
  const parts = { id, labelId: `${id}-label`, label, describedBy, isInvalid, onBlur: () => onTouch(path) };
  return (
    <div className="trama-field" data-path={path}>
      <div className="trama-field-head">
        <label id={parts.labelId} htmlFor={id}>
          {label}
          {!field.required && field.default === undefined && (
            <span className="trama-field-optional"> · {naming.t('common.optional')}</span>
          )}
        </label>
        {action}
      </div>
      {children(parts)}
      {text && (
        <p id={`${id}-hint`} className="trama-field-hint">
          {text}
        </p>
      )}
      {issues.length > 0 && (
        <div id={`${id}-error`} className="trama-field-errors">
          {issues.map((issue, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the same issue may stand twice
            <p key={index} data-severity={issue.severity}>
              {issueText(issue, naming)}
            </p>
          ))}
        </div>
      )}
      {after}
    </div>
  );
}
