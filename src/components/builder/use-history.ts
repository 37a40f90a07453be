import { useCallback, useLayoutEffect, useRef, useState } from 'react';
import type { WorkflowDefinition } from '../../core';
import type { EditEvent } from './edit-operations';

const MAX_ENTRIES = 100;

export interface History {
  /** The newest definition, also between a change and the render that shows it. */
  current: () => WorkflowDefinition;
  commit: (next: WorkflowDefinition, event: EditEvent) => void;
  undo: () => boolean;
  redo: () => boolean;
  canUndo: boolean;
  canRedo: boolean;
}

/** Undo and redo around a definition that its owner holds: one entry per commit, and one for a change that came from outside. */
export function useHistory(
  value: WorkflowDefinition,
  onChange: (next: WorkflowDefinition, event: EditEvent) => void,
): History {
  const newest = useRef(value);
  const stacks = useRef<{ past: WorkflowDefinition[]; future: WorkflowDefinition[] }>({
    past: [],
    future: [],
  });
  const [, setSizes] = useState('');
  const emit = useRef(onChange);

  useLayoutEffect(() => {
    emit.current = onChange;
    newest.current = value;
  });

  const move = useCallback((next: WorkflowDefinition, event: EditEvent) => {
    newest.current = next;
    setSizes(`${stacks.current.past.length}/${stacks.current.future.length}`);
    emit.current(next, event);
  }, []);

  const commit = useCallback(
    (next: WorkflowDefinition, event: EditEvent) => {
      if (next === newest.current) return;
      stacks.current = { past: [...stacks.current.past.slice(1 - MAX_ENTRIES), newest.current], future: [] };
      move(next, event);
    },
    [move],
  );

  const undo = useCallback(() => {
    const { past, future } = stacks.current;
    const previous = past.at(-1);
    if (!previous) return false;
    stacks.current = { past: past.slice(0, -1), future: [...future, newest.current] };
    move(previous, { type: 'undo' });
    return true;
  }, [move]);

  const redo = useCallback(() => {
    const { past, future } = stacks.current;
    const next = future.at(-1);
    if (!next) return false;
    stacks.current = { past: [...past, newest.current], future: future.slice(0, -1) };
    move(next, { type: 'redo' });
    return true;
  }, [move]);

  const { past, future } = stacks.current;
  const current = useCallback(() => newest.current, []);
  return { current, commit, undo, redo, canUndo: past.length > 0, canRedo: future.length > 0 };
}
