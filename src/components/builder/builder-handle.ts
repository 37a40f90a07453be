import { type ForwardedRef, useImperativeHandle } from 'react';
import {
  type InsertionPoint,
  type Issue,
  parseDefinition,
  type WorkflowDefinition,
  WorkflowError,
} from '../../core';
import type { FlowCanvasHandle } from '../canvas/types';
import type { Editor } from './use-editor';

/** What a host can do with a builder from outside. */
export interface WorkflowBuilderHandle {
  getDefinition: () => WorkflowDefinition;
  /** Replaces the draft as one step of the undo list. */
  setDefinition: (definition: WorkflowDefinition) => void;
  /** Resolves to whether the server now holds the draft. */
  save: () => Promise<boolean>;
  /** Saves and publishes; resolves to whether a new version is live. */
  publish: () => Promise<boolean>;
  validate: () => Issue[];
  undo: () => void;
  redo: () => void;
  /** Adds a block, by default behind the selection or at the end; the new node's id, or `null` for an unknown block. */
  addNode: (blockType: string, point?: InsertionPoint) => string | null;
  selectNode: (nodeId: string | null) => void;
  fitView: () => void;
  /** Drops positions made by hand. */
  layout: () => void;
  exportJson: () => string;
  /** Throws a `WorkflowError` (`definition_invalid`, the issues in `details`) and changes nothing when the text is no definition. */
  importJson: (json: string) => void;
}

export interface HandleSources {
  editor: Editor;
  canvas: { current: FlowCanvasHandle | null };
  getDefinition: () => WorkflowDefinition;
  validate: (definition: WorkflowDefinition) => Issue[];
  save: () => Promise<boolean>;
  publish: () => Promise<boolean>;
}

export function useBuilderHandle(ref: ForwardedRef<WorkflowBuilderHandle>, sources: HandleSources): void {
  const { editor, canvas, getDefinition, validate, save, publish } = sources;
  useImperativeHandle(ref, () => ({
    getDefinition,
    setDefinition: editor.replace,
    save,
    publish,
    validate: () => validate(getDefinition()),
    undo: editor.undo,
    redo: editor.redo,
    addNode: editor.add,
    selectNode: (nodeId) => {
      editor.select({ nodeId });
      if (nodeId) canvas.current?.focusNode(nodeId);
    },
    fitView: () => canvas.current?.fitView(),
    layout: editor.tidyUp,
    exportJson: () => JSON.stringify(getDefinition(), null, 2),
    importJson: (json) => editor.replace(readDefinition(json)),
  }));
}

function readDefinition(json: string): WorkflowDefinition {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw new WorkflowError('definition_invalid', 'The text is not JSON, so nothing was imported.', {
      cause,
    });
  }
  const parsed = parseDefinition(value);
  if ('definition' in parsed) return parsed.definition;
  const [first] = parsed.issues;
  throw new WorkflowError(
    'definition_invalid',
    `${first?.message ?? 'It is no workflow.'} Nothing was imported.`,
    {
      details: { issues: parsed.issues },
    },
  );
}
