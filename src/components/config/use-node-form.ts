import { useDeferredValue, useMemo, useRef, useState } from 'react';
import { useForm } from 'react-hook-form';
import type * as z from 'zod';
import type { BlockLookup, Issue, Json, WorkflowDefinition, WorkflowNode } from '../../core';
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

/**
 * Settings that are written anew, where older ones could not be converted or belong to another block, are those of the block in use now. What
 * the old ones had and its form does not goes: nobody could take it away there.
 */
function rewrite(
  node: WorkflowNode,
  { type = '', config = {} }: Partial<WorkflowNode>,
  blocks: BlockLookup,
): Partial<WorkflowNode> {
  const block = blocks.get(type);
  const version = block?.version ?? 1;
  const blockVersion = version > 1 ? version : undefined;
  if (type !== node.type) return { blockVersion };
  const isOld = version > (node.blockVersion ?? 1);
  if (!block || !isOld || JSON.stringify(config) === JSON.stringify(node.config)) return {};
  const isKnown = ([name]: [string, Json]) => Object.hasOwn((block.input as z.ZodObject).shape, name);
  return { blockVersion, config: Object.fromEntries(Object.entries(config).filter(isKnown)) };
}

/** The same for react-hook-form, whose path types cannot follow JSON's recursion. */
type FormShape = Omit<NodeFormValues, 'config' | 'retry'> & { config: unknown; retry: unknown };

/**
 * The form of one node: its values, what is wrong with them in the workflow around, and what of that to show yet. `current` is the workflow
 * with what was typed; `draft` the same, a moment later where drawing it would hold up typing.
 */
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
  const typed = toNodeChange(values);
  const key = JSON.stringify(typed);
  const change = { ...typed, ...rewrite(node, typed, blocks) };
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` stands for what was typed; the object is new on every render
  const current = useMemo(
    () => configureNode(definition, node.id, change, blocks),
    [definition, node.id, key, blocks],
  );
  const draft = useDeferredValue(current);
  const issues = useMemo(() => issuesOf(validate(draft), node.id), [validate, draft, node.id]);
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
  return { form, set, values, change, current, draft, issues, issuesAt, onTouch, isDirty };
}
