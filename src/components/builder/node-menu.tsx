import { labelOf, TRIGGER_ID } from '../../core';
import { Menu, type MenuItem } from '../shared/menu';
import { useTexts, useTrama } from '../shared/provider';
import { builderMessages } from './messages';
import type { Editor } from './use-editor';

export interface NodeMenuProps {
  editor: Editor;
  nodeId: string;
  anchor: HTMLElement;
  onClose: () => void;
}

/** What can be done with one step. */
export function NodeMenu({ editor, nodeId, anchor, onClose }: NodeMenuProps) {
  const { blocks, locale } = useTrama();
  const t = useTexts(builderMessages);
  const node = editor.definition.nodes.find((candidate) => candidate.id === nodeId);
  if (!node) return null;
  const configure = { label: t('node.configure'), onChoose: () => editor.open(nodeId) };
  const others: MenuItem[] = [
    { label: t('node.duplicate'), onChoose: () => editor.duplicate(nodeId) },
    { label: t(node.disabled ? 'node.enable' : 'node.disable'), onChoose: () => editor.toggle(nodeId) },
    {
      label: t('node.delete'),
      isDanger: true,
      onChoose: () => editor.remove({ nodeId, edgeId: null }),
    },
  ];
  const items = nodeId === TRIGGER_ID ? [configure] : [configure, ...others];
  const label = t('canvas.menu', { label: labelOf(node, blocks, locale) });
  return <Menu {...{ anchor, label, onClose }} groups={[{ items }]} />;
}
