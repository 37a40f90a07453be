import { useCallback, useMemo, useState } from 'react';
import {
  type ConnectionRefusal,
  connectNodes,
  type InsertionPoint,
  labelOf,
  migrateDefinition,
  removeEdges,
  removeNodes,
  TRIGGER_ID,
  updateNode,
  type WorkflowDefinition,
  type WorkflowEdge,
  type WorkflowNode,
} from '../../core';
import type { Connection } from '../canvas/types';
import { useTexts, useTrama } from '../shared/provider';
import {
  addBlock,
  configureNode,
  defaultPoint,
  duplicateNode,
  type EditEvent,
  hasPositions,
  pasteNodes,
  tidy,
} from './edit-operations';
import { builderMessages } from './messages';
import { type History, useHistory } from './use-history';

/** Something that happened, to be said aloud and, when it was refused, to be seen. */
export interface Notice {
  text: string;
  tone: 'quiet' | 'bad';
  /** Tells two notices of the same text apart. */
  id: number;
}

export interface Selection {
  nodeId: string | null;
  edgeId: string | null;
}

export interface Editor extends Pick<History, 'canUndo' | 'canRedo'> {
  definition: WorkflowDefinition;
  /** The newest definition, also before the render that shows it. */
  current: () => WorkflowDefinition;
  readOnly: boolean;
  selection: Selection;
  /** The node whose dialog is open, and whether it was only just added. */
  opened: { nodeId: string; isNew: boolean } | null;
  notice: Notice | null;
  /** The step that should have the focus after what had it was removed. */
  refocus: { nodeId: string } | null;
  select: (selection: Partial<Selection>) => void;
  open: (nodeId: string) => void;
  close: () => void;
  add: (blockType: string, point?: InsertionPoint) => string | null;
  remove: (selection: Selection) => void;
  duplicate: (nodeId: string) => void;
  copy: (nodeId: string) => string | null;
  paste: (text: string) => boolean;
  toggle: (nodeId: string) => void;
  connect: (connection: Connection) => void;
  canConnect: (connection: Connection) => boolean;
  move: (nodeId: string, position: { x: number; y: number }) => void;
  configure: (nodeId: string, change: Partial<WorkflowNode>) => void;
  tidyUp: () => void;
  undo: () => void;
  redo: () => void;
  replace: (definition: WorkflowDefinition) => void;
  say: (text: string, tone?: Notice['tone']) => void;
}

const nothing: Selection = { nodeId: null, edgeId: null };

/** Everything that can be done to a definition, each as one entry of the undo list and one sentence for those who listen. */
export function useEditor(
  given: WorkflowDefinition,
  onChange: (next: WorkflowDefinition, event: EditEvent) => void,
  readOnly: boolean,
): Editor {
  const { blocks, locale } = useTrama();
  const t = useTexts(builderMessages);
  // What was set up for older blocks is seen, and handed back with the next change, as the blocks in use now have it.
  const value = migrateDefinition(given, blocks);
  const history = useHistory(value, onChange);
  const { current, commit, undo, redo } = history;
  const [selection, setSelection] = useState(nothing);
  const [opened, setOpened] = useState<Editor['opened']>(null);
  const [notice, setNotice] = useState<Notice | null>(null);
  const [refocus, setRefocus] = useState<Editor['refocus']>(null);

  const say = useCallback((text: string, tone: Notice['tone'] = 'quiet') => {
    setNotice((previous) => ({ text, tone, id: (previous?.id ?? 0) + 1 }));
  }, []);

  const actions = useMemo(() => {
    const nodeOf = (id: string) => current().nodes.find((node) => node.id === id);
    const nameOf = (id: string) => {
      const node = nodeOf(id);
      return node ? labelOf(node, blocks, locale) : id;
    };
    const select = (next: Partial<Selection>) => setSelection({ ...nothing, ...next });
    return {
      select,
      open: (nodeId: string) => {
        select({ nodeId });
        setOpened({ nodeId, isNew: false });
      },
      close: () => setOpened(null),
      remove: ({ nodeId, edgeId }: Selection) => {
        const isSame = (edge: WorkflowEdge) => (edgeId ? edge.id === edgeId : edge.target === nodeId);
        const before = current().edges.find(isSame)?.source ?? TRIGGER_ID;
        if (edgeId) {
          commit(removeEdges(current(), [edgeId]), { type: 'disconnect', edgeId });
          say(t('announce.disconnected'));
        } else if (nodeId && nodeId !== TRIGGER_ID) {
          say(t('announce.removed', { label: nameOf(nodeId) }));
          commit(removeNodes(current(), [nodeId], blocks), { type: 'remove', nodeId });
        }
        setSelection(nothing);
        setRefocus({ nodeId: before });
      },
      duplicate: (nodeId: string) => {
        const copy = duplicateNode(current(), nodeId, blocks);
        if (!copy) return;
        commit(copy.definition, { type: 'duplicate', nodeId: copy.nodeId });
        say(t('announce.duplicated', { label: nameOf(nodeId) }));
        select({ nodeId: copy.nodeId });
      },
      copy: (nodeId: string) => {
        const node = nodeOf(nodeId);
        if (!node || nodeId === TRIGGER_ID) return null;
        say(t('announce.copied', { label: nameOf(nodeId) }));
        return JSON.stringify({ schemaVersion: 1, nodes: [node], edges: [] } satisfies WorkflowDefinition);
      },
      toggle: (nodeId: string) => {
        const disabled = !nodeOf(nodeId)?.disabled;
        commit(updateNode(current(), nodeId, { disabled }), {
          type: disabled ? 'disable' : 'enable',
          nodeId,
        });
      },
      connect: (connection: Connection) => {
        const result = connectNodes(current(), connection, blocks);
        if ('refused' in result) {
          say(t(`refused.${result.refused satisfies ConnectionRefusal}`), 'bad');
          return;
        }
        commit(result.definition, { type: 'connect', nodeId: connection.source });
        say(
          t('announce.connected', { source: nameOf(connection.source), target: nameOf(connection.target) }),
        );
      },
      canConnect: (connection: Connection) => !('refused' in connectNodes(current(), connection, blocks)),
      move: (nodeId: string, position: { x: number; y: number }) =>
        commit(updateNode(current(), nodeId, { position }), { type: 'move', nodeId }),
      configure: (nodeId: string, change: Partial<WorkflowNode>) => {
        commit(compact(configureNode(current(), nodeId, change, blocks)), { type: 'configure', nodeId });
        say(t('announce.configured', { label: nameOf(nodeId) }));
      },
      tidyUp: () => {
        if (hasPositions(current())) commit(tidy(current()), { type: 'tidy' });
        say(t('announce.tidied'));
      },
      undo: () => void (undo() && say(t('announce.undone'))),
      redo: () => void (redo() && say(t('announce.redone'))),
      replace: (definition: WorkflowDefinition) =>
        commit(migrateDefinition(definition, blocks), { type: 'replace' }),
    };
  }, [blocks, locale, t, current, commit, undo, redo, say]);

  const add = (blockType: string, point?: InsertionPoint): string | null => {
    const block = blocks.get(blockType);
    if (!block || block.kind === 'trigger') return null;
    const added = addBlock(current(), block, point ?? defaultPoint(current(), blocks, selection));
    commit(added.definition, { type: 'add', nodeId: added.nodeId });
    setSelection({ ...nothing, nodeId: added.nodeId });
    setOpened({ nodeId: added.nodeId, isNew: true });
    say(t('announce.added', { label: block.label[locale] }));
    return added.nodeId;
  };
  const paste = (text: string): boolean => {
    const copied = readCopied(text);
    if (!copied) return false;
    commit(pasteNodes(current(), migrateDefinition(copied, blocks), selection.nodeId, blocks), {
      type: 'paste',
    });
    say(t('announce.pasted', { count: copied.nodes.length }));
    return true;
  };

  const { canUndo, canRedo } = history;
  return {
    definition: value,
    current,
    readOnly,
    selection,
    opened,
    notice,
    refocus,
    canUndo,
    canRedo,
    ...actions,
    add,
    paste,
    say,
  };
}

/** Keys set to `undefined` are taken away: what is kept is what is stored. */
function compact(definition: WorkflowDefinition): WorkflowDefinition {
  const nodes = definition.nodes.map((node) =>
    Object.values(node).some((value) => value === undefined)
      ? (Object.fromEntries(Object.entries(node).filter(([, value]) => value !== undefined)) as WorkflowNode)
      : node,
  );
  return { ...definition, nodes };
}

/** Steps from the clipboard; anything else is not ours to paste. */
function readCopied(text: string): WorkflowDefinition | null {
  try {
    const value = JSON.parse(text) as Partial<WorkflowDefinition> | null;
    const isOurs = value?.schemaVersion === 1 && Array.isArray(value.nodes) && Array.isArray(value.edges);
    return isOurs ? (value as WorkflowDefinition) : null;
  } catch {
    return null;
  }
}
