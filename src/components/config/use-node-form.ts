import { useDeferredValue, useMemo, useRef, useState } from 'react';
import { useForm } from 'react-hook-form';
import type { Issue, Json, WorkflowDefinition, WorkflowNode } from '../../core';
import { configureNode } from '../builder/edit-operations';
import { issuesOf } from '../shared/issue-text';
import { useTrama } from '../shared/provider';

/** What the dialog edits of a node; empty texts and switched-off switches are stored as absent. */
export interface NodeFormValues {
  type: string;
  label: string;
  note: string;
  isEnabled: boolean;
  config: Record<string, Json>;
  retry: WorkflowNode['retry'];
  onError: WorkflowNode['onError'];
}

export function toFormValues(node: WorkflowNode): NodeFormValues {
  const { type, config, retry, onError } = node;
  return {
    type,
    label: node.label ?? '',
    note: node.note ?? '',
    isEnabled: !node.disabled,
    config,
    retry,
    onError,
  };
}

export function toNodeChange(values: NodeFormValues): Partial<WorkflowNode> {
  const { type, config, retry, onError } = values;
  const label = values.label.trim() || undefined;
  const note = values.note.trim() || undefined;
  return { type, label, note, disabled: values.isEnabled ? undefined : true, config, retry, onError };
}

/** The same for react-hook-form, whose path types cannot follow JSON's recursion. */
type FormShape = Omit<NodeFormValues, 'config' | 'retry'> & { config: unknown; retry: unknown };

/** The form of one node: its values, what is wrong with them in the workflow around, and what of that to show yet. */
export function useNodeForm(
  definition: WorkflowDefinition,
  node: WorkflowNode,
  isNew: boolean,
  validate: (definition: WorkflowDefinition) => Issue[],
) {
  const { blocks } = useTrama();
  const initial = useRef(toFormValues(node));
  const form = useForm<FormShape>({ defaultValues: initial.current as FormShape });
  const values = form.watch() as NodeFormValues;
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set());
  const change = toNodeChange(values);
  const key = JSON.stringify(change);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` stands for what was typed; the object is new on every render
  const draft = useMemo(
    () => configureNode(definition, node.id, change, blocks),
    [definition, node.id, key, blocks],
  );
  const settled = useDeferredValue(draft);
  const issues = useMemo(() => issuesOf(validate(settled), node.id), [validate, settled, node.id]);
  const isDirty = key !== JSON.stringify(toNodeChange(initial.current));
  const issuesAt = useMemo(() => {
    // Someone who has not yet been in a field knows that it is empty.
    const isShown = (issue: Issue) =>
      !isNew || issue.code !== 'field_required' || touched.has(issue.path ?? '');
    return (path: string) => issues.filter((issue) => issue.path === path && isShown(issue));
  }, [issues, isNew, touched]);
  const set = <K extends keyof NodeFormValues>(name: K, value: NodeFormValues[K]) =>
    form.setValue(name, value as never, { shouldDirty: true });
  const onTouch = useMemo(
    () => (path: string) =>
      setTouched((previous) => (previous.has(path) ? previous : new Set([...previous, path]))),
    [],
  );
  return { form, set, values, change, draft: settled, issues, issuesAt, onTouch, isDirty };
}
