import { type ForwardedRef, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { type Issue, migrateDefinition, type Workflow, type WorkflowDefinition } from '../../core';
import type { FlowCanvasHandle } from '../canvas/types';
import type { FindOption, LoadOptions } from '../config/config-context';
import { useTexts, useTrama } from '../shared/provider';
import { useValidate } from '../use-issues';
import type { WorkflowBuilderProps } from '../workflow-builder';
import { useBuilderHandle, type WorkflowBuilderHandle } from './builder-handle';
import { BuilderProblems } from './builder-problems';
import { EditorSurface } from './editor-surface';
import { builderMessages } from './messages';
import { Toolbar } from './toolbar';
import { useConnections } from './use-connections';
import { useDialogs } from './use-dialogs';
import { useDraft } from './use-draft';
import { useEditor } from './use-editor';
import { useLastValues } from './use-last-values';
import { usePublish } from './use-publish';
import { useRename } from './use-rename';
import { useServerWarnings } from './use-server-warnings';

export interface LoadedBuilderProps extends WorkflowBuilderProps {
  workflow: Workflow;
  handle: ForwardedRef<WorkflowBuilderHandle>;
}

const DEFAULT_DELAY_MS = 1500;

/** The builder once its workflow is there. */
export function LoadedBuilder(props: LoadedBuilderProps) {
  const { mode = 'edit', autosave, components = {} } = props;
  const { client, blocks } = useTrama();
  const t = useTexts(builderMessages);
  const readOnly = mode === 'view';
  const dialogs = useDialogs();
  const [workflow, setWorkflow] = useState(props.workflow);
  const canvas = useRef<FlowCanvasHandle>(null);
  const [isPanelOpen, setIsPanelOpen] = useState(false);
  const [dialog, setDialog] = useState<'run' | null>(null);
  const [isPutOff, setIsPutOff] = useState(false);
  const delayMs = autosave === false || readOnly ? null : (autosave?.delayMs ?? DEFAULT_DELAY_MS);

  const draft = useDraft({
    client,
    workflow: props.workflow,
    ...{ delayMs, readOnly },
    migrate: (stored) => migrateDefinition(stored, blocks),
    onSaved: (saved) => {
      setWorkflow(saved);
      props.onSave?.(saved);
    },
    onConflict: (conflict) => {
      setIsPutOff(false);
      props.onConflict?.(conflict);
    },
  });
  const { definition, save, settle, getRevision } = draft;
  const editor = useEditor(definition, draft.change, readOnly);
  const { say } = editor;
  const { connections, onConnect, ...account } = useConnections(say);
  const check = useValidate(connections);
  const warn = useServerWarnings(workflow.draft.definition, connections);
  const validate = useCallback(
    (candidate: WorkflowDefinition) => withUnlisted(check(candidate), warn(candidate)),
    [check, warn],
  );
  const found = useMemo(() => validate(definition), [validate, definition]);
  const notifyPublished = useLatest(props.onPublish);
  const onPublished = useCallback(
    (published: Workflow) => {
      setWorkflow(published);
      say(t('builder.published', { version: published.publishedVersion ?? '' }));
      notifyPublished.current?.(published);
    },
    [say, t, notifyPublished],
  );
  const publishing = usePublish({ client, workflowId: workflow.id, save, getRevision, onPublished });
  const refused = publishing.state.kind === 'refused' ? publishing.state.issues : none;
  const issues = useMemo(() => withUnlisted(found, refused), [found, refused]);
  const notifyIssues = useLatest(props.onIssuesChange);
  useEffect(() => {
    notifyIssues.current?.(issues);
  }, [issues, notifyIssues]);
  const { reset } = publishing;
  // What the server refused was about the definition as it was then.
  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of the definition is the occasion
  useEffect(reset, [definition, reset]);
  const publish = useCallback(async () => {
    const isDone = await publishing.publish();
    if (!isDone) setIsPanelOpen(true);
    return isDone;
  }, [publishing.publish]);

  const loadOptions = useCallback<LoadOptions>(
    (provider, name, q, cursor) =>
      client.listOptions({ params: { provider, name }, query: { q, ...(cursor ? { cursor } : {}) } }),
    [client],
  );
  const findOption = useCallback<FindOption>(
    async (provider, name, value) =>
      (await client.listOptions({ params: { provider, name }, query: { value } })).items[0] ?? null,
    [client],
  );
  const values = useLastValues(workflow.id);
  const { rename, error: renameError } = useRename(workflow, setWorkflow);
  useBuilderHandle(props.handle, {
    ...{ editor, canvas, validate, save, publish },
    getDefinition: editor.current,
  });

  const Bar = components.Toolbar === undefined ? Toolbar : components.Toolbar;
  const Start = components.ToolbarStart;
  const bar = Bar && (
    <Bar
      name={workflow.name}
      onRename={rename}
      editor={editor}
      saveState={draft.state}
      publishedVersion={workflow.publishedVersion}
      isEnabled={workflow.enabled}
      issues={issues}
      isIssuePanelOpen={isPanelOpen}
      onIssuePanel={setIsPanelOpen}
      isPublishing={publishing.state.kind === 'publishing'}
      onSave={() => {
        setIsPutOff(false);
        void save();
      }}
      onPublish={() => void publish()}
      onRun={() => setDialog('run')}
      start={Start && <Start />}
    />
  );
  return (
    <>
      <EditorSurface
        workflowId={workflow.id}
        editor={editor}
        issues={issues}
        validate={validate}
        canvas={canvas}
        connections={connections}
        onConnect={onConnect}
        loadOptions={loadOptions}
        findOption={findOption}
        values={values}
        isIssuePanelOpen={isPanelOpen}
        onIssuePanel={setIsPanelOpen}
        bar={
          <>
            {bar}
            <BuilderProblems
              saveState={draft.state}
              publishState={publishing.state}
              renameError={renameError}
              onSave={() => void save()}
            />
          </>
        }
      />
      {dialogs && draft.state.kind === 'conflict' && !isPutOff && (
        <dialogs.ConflictDialog
          mine={definition}
          theirs={draft.state.theirs}
          onKeepMine={() => {
            if (draft.state.kind === 'conflict') settle(draft.state.theirs, 'mine');
            say(t('conflict.kept'));
          }}
          onTakeTheirs={() => {
            if (draft.state.kind !== 'conflict') return;
            settle(draft.state.theirs, 'theirs');
            editor.replace(draft.state.theirs.definition);
            say(t('conflict.taken'));
          }}
          onLater={() => setIsPutOff(true)}
        />
      )}
      {dialogs && account.choosing && (
        <dialogs.AccountDialog
          integration={account.choosing}
          onChosen={account.onChosen}
          onClose={account.onChoiceLeft}
        />
      )}
      {dialogs && dialog === 'run' && (
        <dialogs.RunDialog
          workflowId={workflow.id}
          name={workflow.name}
          definition={definition}
          publishedVersion={workflow.publishedVersion}
          save={save}
          onStarted={props.onRunStarted}
          onOpenRun={props.onOpenRun}
          onClose={() => setDialog(null)}
        />
      )}
    </>
  );
}

const none: readonly Issue[] = [];

/** The issues, and those of the others that are not among them. */
function withUnlisted(issues: Issue[], others: readonly Issue[]): Issue[] {
  const isListed = (issue: Issue) =>
    issues.some(
      (other) =>
        other.code === issue.code &&
        other.nodeId === issue.nodeId &&
        other.path === issue.path &&
        other.edgeId === issue.edgeId,
    );
  return [...issues, ...others.filter((issue) => !isListed(issue))];
}

/** A callback prop for effects that must not run again because the host wrote it inline. */
function useLatest<T>(value: T): { current: T } {
  const ref = useRef(value);
  ref.current = value;
  return ref;
}
