import { type ReactNode, type RefObject, useEffect, useMemo, useState } from 'react';
import type { InsertionPoint, Issue, WorkflowDefinition } from '../../core';
import { FlowCanvas } from '../canvas/flow-canvas';
import type { CanvasEditing, FlowCanvasHandle, FlowCanvasProps } from '../canvas/types';
import type { FindOption, LoadOptions } from '../config/config-context';
import type { SampleValues } from '../config/sample-scope';
import { useTexts, useTrama } from '../shared/provider';
import { Button, Pill } from '../shared/ui';
import { EmptyGuide } from './empty-guide';
import { InsertMenu } from './insert-menu';
import { IssuePanel } from './issue-panel';
import { builderMessages } from './messages';
import { nodeBadges } from './node-badges';
import { NodeMenu } from './node-menu';
import { Palette } from './palette';
import { useDialogs } from './use-dialogs';
import type { Editor } from './use-editor';
import { useShortcuts } from './use-shortcuts';

export interface EditorSurfaceProps {
  /** The workflow on the server; absent where there is none, and no step can be tried. */
  workflowId?: string | undefined;
  editor: Editor;
  issues: readonly Issue[];
  validate: (definition: WorkflowDefinition) => Issue[];
  canvas: RefObject<FlowCanvasHandle | null>;
  /** Connected providers; absent where connections are not looked at. */
  connections?: ReadonlySet<string> | undefined;
  onConnect?: ((providerId: string) => void) | undefined;
  loadOptions?: LoadOptions | undefined;
  findOption?: FindOption | undefined;
  values?: SampleValues | undefined;
  isIssuePanelOpen: boolean;
  onIssuePanel: (isOpen: boolean) => void;
  /** Above the palette and the canvas. */
  bar?: ReactNode;
}

const noValues: SampleValues = {};

type Menu =
  | { kind: 'insert'; point: InsertionPoint; anchor: HTMLElement }
  | { kind: 'node'; nodeId: string; anchor: HTMLElement };

/** Palette, canvas, menus, the dialog of a step and the issue panel around one editor. */
export function EditorSurface(props: EditorSurfaceProps) {
  const { editor, issues, connections, onConnect } = props;
  const canConnect = onConnect !== undefined;
  const { blocks, providers, locale } = useTrama();
  const t = useTexts(builderMessages);
  const dialogs = useDialogs();
  const [menu, setMenu] = useState<Menu | null>(null);
  const [shownConfigs, setShownConfigs] = useState<FlowCanvasProps['shownConfigs']>();
  const [isPaletteUp, setIsPaletteUp] = useState(false);
  const shortcuts = useShortcuts(editor);
  const { definition, readOnly, selection, opened, notice } = editor;
  const badges = useMemo(
    () => nodeBadges(issues, { definition, blocks, locale, t }, providers, canConnect),
    [issues, definition, blocks, locale, t, providers, canConnect],
  );
  const editing = useMemo<CanvasEditing>(
    () => ({
      selectedEdgeId: selection.edgeId,
      onSelectEdge: (edgeId) => editor.select({ edgeId }),
      onInsert: (point, anchor) => setMenu({ kind: 'insert', point, anchor }),
      onDropBlock: (type, point) => editor.add(type, point),
      onMove: editor.move,
      onConnect: editor.connect,
      canConnect: editor.canConnect,
      onNodeMenu: (nodeId, anchor) => setMenu({ kind: 'node', nodeId, anchor }),
      onTidy: editor.tidyUp,
    }),
    [editor, selection.edgeId],
  );
  const openedNode = opened && definition.nodes.find((node) => node.id === opened.nodeId);
  const { refocus } = editor;
  const { canvas } = props;
  useEffect(() => {
    if (refocus) canvas.current?.focusNode(refocus.nodeId);
  }, [refocus, canvas]);
  const isClean = issues.length === 0;
  const { onIssuePanel } = props;
  useEffect(() => {
    // With nothing left to sort out the panel would only cover the canvas.
    if (isClean) onIssuePanel(false);
  }, [isClean, onIssuePanel]);
  const find = useMemo(
    () => dialogs && props.findOption && dialogs.rememberOptions(props.findOption),
    [dialogs, props.findOption],
  );
  const closeMenu = () => setMenu(null);
  return (
    <section className="trama-surface trama-builder" aria-label={t('builder.label')} {...shortcuts}>
      {props.bar}
      <div className="trama-builder-main" data-readonly={readOnly || undefined}>
        {!readOnly && (
          <div className="trama-builder-side" data-up={isPaletteUp || undefined}>
            <Palette
              connections={connections}
              onConnect={onConnect}
              onAdd={(type) => {
                setIsPaletteUp(false);
                editor.add(type);
              }}
            />
          </div>
        )}
        <div className="trama-builder-canvas">
          <FlowCanvas
            ref={props.canvas}
            definition={definition}
            readOnly={readOnly}
            selectedId={selection.nodeId}
            onNodeClick={editor.open}
            badges={badges}
            shownConfigs={shownConfigs}
            editing={editing}
            tools={
              !readOnly && (
                <Button
                  variant="ghost"
                  className="trama-palette-open"
                  aria-expanded={isPaletteUp}
                  onClick={() => setIsPaletteUp(!isPaletteUp)}
                >
                  {t('palette.open')}
                </Button>
              )
            }
          />
          {!readOnly && definition.nodes.length < 2 && (
            <EmptyGuide
              editor={editor}
              onStart={(anchor, point) => setMenu({ kind: 'insert', point, anchor })}
            />
          )}
          {readOnly && <Pill className="trama-builder-readonly">{t('builder.readOnly')}</Pill>}
          {props.isIssuePanelOpen && (
            <IssuePanel
              editor={editor}
              issues={issues}
              onConnect={onConnect}
              onClose={() => props.onIssuePanel(false)}
            />
          )}
          {notice?.tone === 'bad' && (
            <div key={notice.id} className="trama-toast" data-tone="bad">
              {notice.text}
            </div>
          )}
        </div>
      </div>
      <div className="trama-visually-hidden" role="status" aria-live="polite">
        {notice && <span key={notice.id}>{notice.text}</span>}
      </div>
      {menu?.kind === 'insert' && (
        <InsertMenu
          editor={editor}
          point={menu.point}
          anchor={menu.anchor}
          connections={connections}
          onClose={closeMenu}
        />
      )}
      {menu?.kind === 'node' && (
        <NodeMenu editor={editor} nodeId={menu.nodeId} anchor={menu.anchor} onClose={closeMenu} />
      )}
      {dialogs && find && (
        <dialogs.RemoteNames
          definition={definition}
          find={find}
          connections={connections}
          onNamed={setShownConfigs}
        />
      )}
      {dialogs && opened && openedNode && (
        <dialogs.ConfigDialog
          key={opened.nodeId}
          workflowId={props.workflowId}
          definition={definition}
          node={openedNode}
          isNew={opened.isNew}
          readOnly={readOnly}
          validate={props.validate}
          values={props.values ?? noValues}
          loadOptions={props.loadOptions}
          findOption={find ?? undefined}
          onConnect={onConnect}
          onSave={(change) => editor.configure(opened.nodeId, change)}
          onClose={editor.close}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            props.canvas.current?.focusNode(opened.nodeId);
          }}
        />
      )}
    </section>
  );
}
