import { useMemo, useRef, useState } from 'react';
import type { AnyBlock, Issue, WorkflowDefinition } from '../core';
import type { EditEvent } from './builder/edit-operations';
import { EditorSurface } from './builder/editor-surface';
import { useEditor } from './builder/use-editor';
import type { FlowCanvasHandle } from './canvas/types';
import type { FindOption, LoadOptions } from './config/config-context';
import type { SampleValues } from './config/sample-scope';
import { BlocksOverride } from './shared/provider';
import { useValidate } from './use-issues';

export interface WorkflowEditorProps {
  value: WorkflowDefinition;
  /** Every change as one intent; the host stores `next` and hands it back as `value`. */
  onChange?: (next: WorkflowDefinition, event: EditEvent) => void;
  /** @default the provider's blocks */
  blocks?: readonly AnyBlock[];
  /** @default false */
  readOnly?: boolean;
  /** @default what the core finds in `value` */
  issues?: readonly Issue[];
  /** Connected providers by id. @default connections are not looked at */
  connections?: ReadonlySet<string>;
  onConnect?: (providerId: string) => void;
  /** Loads the choices of remote fields. @default ids are typed */
  loadOptions?: LoadOptions;
  /** Names stored ids of remote fields; keep it the same between renders. @default ids are shown, or what `loadOptions` calls them */
  findOption?: FindOption;
  /** Sample values by node id for the variable picker. @default the blocks' samples */
  values?: SampleValues;
}

/** The canvas, palette and dialogs around a definition its host holds. It never calls the network. */
export function WorkflowEditor({ blocks, ...props }: WorkflowEditorProps) {
  if (!blocks) return <ControlledEditor {...props} />;
  return (
    <BlocksOverride blocks={blocks}>
      <ControlledEditor {...props} />
    </BlocksOverride>
  );
}

function ControlledEditor(props: Omit<WorkflowEditorProps, 'blocks'>) {
  const { value, onChange = ignore, readOnly = false, connections } = props;
  const editor = useEditor(value, onChange, readOnly);
  const validate = useValidate(connections);
  const found = useMemo(() => props.issues ?? validate(value), [props.issues, validate, value]);
  const canvas = useRef<FlowCanvasHandle>(null);
  const [isPanelOpen, setIsPanelOpen] = useState(false);
  return (
    <EditorSurface
      editor={editor}
      issues={found}
      validate={validate}
      canvas={canvas}
      connections={connections}
      onConnect={props.onConnect}
      loadOptions={props.loadOptions}
      findOption={props.findOption}
      values={props.values}
      isIssuePanelOpen={isPanelOpen}
      onIssuePanel={setIsPanelOpen}
    />
  );
}

const ignore = () => {};
