import { useCallback, useEffect, useRef, useState } from 'react';
import { type Workflow, type WorkflowClient, type WorkflowDefinition, WorkflowError } from '../../core';
import { toError } from '../shared/use-query';

export type Draft = Workflow['draft'];

/** Where the draft stands between this page and the server. */
export type SaveState =
  | { kind: 'saved'; at: string }
  | { kind: 'unsaved' }
  | { kind: 'saving' }
  | { kind: 'failed'; error: Error }
  /** Someone else saved in the meantime; nothing is sent until a person has chosen. */
  | { kind: 'conflict'; theirs: Draft };

export interface DraftOptions {
  client: WorkflowClient;
  workflow: Workflow;
  /** Milliseconds of quiet before the draft is saved; `null` never saves by itself. */
  delayMs: number | null;
  /** Whether nothing may be changed: then nothing is marked as changed either. */
  readOnly: boolean;
  /** Brings what was stored up to the blocks in use now; the very same object when there is nothing to do. */
  migrate: (definition: WorkflowDefinition) => WorkflowDefinition;
  onSaved: (workflow: Workflow) => void;
  onConflict: (conflict: { mine: WorkflowDefinition; theirs: Draft }) => void;
}

/** The draft being edited, saved after each pause. What could not be saved stays, and says so. */
export function useDraft(options: DraftOptions) {
  const { client, workflow, delayMs, readOnly, migrate, onSaved, onConflict } = options;
  const [definition, setDefinition] = useState(() => migrate(workflow.draft.definition));
  const isChanged = !readOnly && definition !== workflow.draft.definition;
  const [state, setState] = useState<SaveState>(
    isChanged ? { kind: 'unsaved' } : { kind: 'saved', at: workflow.updatedAt },
  );
  const newest = useRef(definition);
  const stored = useRef(isChanged ? workflow.draft.definition : definition);
  const revision = useRef(workflow.draft.revision);
  const inFlight = useRef<Promise<boolean> | null>(null);
  const isBlocked = useRef(false);
  const callbacks = useRef({ onSaved, onConflict });
  callbacks.current = { onSaved, onConflict };

  const send = useCallback(async (): Promise<boolean> => {
    const sent = newest.current;
    setState({ kind: 'saving' });
    try {
      const saved = await client.saveDraft({
        params: { id: workflow.id },
        body: { definition: sent, revision: revision.current },
      });
      revision.current = saved.draft.revision;
      stored.current = sent;
      setState(newest.current === sent ? { kind: 'saved', at: saved.updatedAt } : { kind: 'unsaved' });
      callbacks.current.onSaved(saved);
      return true;
    } catch (cause) {
      const theirs = conflictingDraft(cause);
      isBlocked.current = theirs !== null;
      setState(theirs ? { kind: 'conflict', theirs } : { kind: 'failed', error: toError(cause) });
      if (theirs) callbacks.current.onConflict({ mine: sent, theirs });
      return false;
    }
  }, [client, workflow.id]);

  /** Saves what is there now; true when the server holds it. Calls under way are waited for, never doubled. */
  const save = useCallback(async (): Promise<boolean> => {
    while (inFlight.current) await inFlight.current;
    if (isBlocked.current) return false;
    if (newest.current === stored.current) return true;
    inFlight.current = send();
    try {
      return await inFlight.current;
    } finally {
      inFlight.current = null;
    }
  }, [send]);

  const change = useCallback((next: WorkflowDefinition) => {
    newest.current = next;
    setDefinition(next);
    setState((previous) =>
      previous.kind === 'conflict' || previous.kind === 'saving' ? previous : { kind: 'unsaved' },
    );
  }, []);

  /** Ends a conflict: the next save is based on the other draft, whichever definition it holds. */
  const settle = useCallback((theirs: Draft, take: 'mine' | 'theirs') => {
    revision.current = theirs.revision;
    isBlocked.current = false;
    if (take === 'theirs') stored.current = theirs.definition;
    setState({ kind: 'unsaved' });
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: each change of the definition starts the wait anew
  useEffect(() => {
    if (delayMs === null || state.kind !== 'unsaved') return;
    const timer = setTimeout(() => void save(), delayMs);
    return () => clearTimeout(timer);
  }, [definition, state, delayMs, save]);

  useLeaveGuard(newest, stored, delayMs === null ? null : save);
  const getRevision = useCallback(() => revision.current, []);
  return { definition, state, change, save, settle, getRevision };
}

/** Saves what is open when the component goes away, and asks before the page does. */
function useLeaveGuard(
  newest: { current: WorkflowDefinition },
  stored: { current: WorkflowDefinition },
  save: (() => Promise<boolean>) | null,
): void {
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => {
      if (newest.current !== stored.current) event.preventDefault();
    };
    window.addEventListener('beforeunload', ask);
    return () => {
      window.removeEventListener('beforeunload', ask);
      void save?.();
    };
  }, [newest, stored, save]);
}

/** The draft that stands in the way, from a 409. */
export function conflictingDraft(cause: unknown): Draft | null {
  if (!(cause instanceof WorkflowError) || cause.code !== 'revision_conflict') return null;
  return (cause.details as { draft?: Draft } | undefined)?.draft ?? null;
}
