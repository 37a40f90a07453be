import { type KeyboardEvent, useRef } from 'react';
import { labelOf, TRIGGER_ID } from '../../core';
import { Popover } from '../shared/popover';
import { useTrama } from '../shared/provider';
import type { Editor } from './use-editor';

export interface NodeMenuProps {
  editor: Editor;
  nodeId: string;
  anchor: HTMLElement;
  onClose: () => void;
}

/** What can be done with one step. */
export function NodeMenu({ editor, nodeId, anchor, onClose }: NodeMenuProps) {
  const { blocks, locale, t } = useTrama();
  const items = useRef<(HTMLButtonElement | null)[]>([]);
  const node = editor.definition.nodes.find((candidate) => candidate.id === nodeId);
  if (!node) return null;
  const isTrigger = nodeId === TRIGGER_ID;
  const actions = [
    { label: t('node.configure'), run: () => editor.open(nodeId) },
    ...(isTrigger
      ? []
      : [
          { label: t('node.duplicate'), run: () => editor.duplicate(nodeId) },
          { label: t(node.disabled ? 'node.enable' : 'node.disable'), run: () => editor.toggle(nodeId) },
          { label: t('node.delete'), run: () => editor.remove({ nodeId, edgeId: null }), isDanger: true },
        ]),
  ];
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const index = items.current.indexOf(document.activeElement as HTMLButtonElement);
    items.current[(index + step + actions.length) % actions.length]?.focus();
  };
  return (
    <Popover
      anchor={anchor}
      role="menu"
      label={t('canvas.menu', { label: labelOf(node, blocks, locale) })}
      className="trama-menu"
      onClose={onClose}
      onKeyDown={onKeyDown}
    >
      {actions.map(({ label, run, ...action }, index) => (
        <button
          key={label}
          ref={(element) => {
            items.current[index] = element;
          }}
          type="button"
          role="menuitem"
          className="trama-menu-item"
          data-danger={'isDanger' in action || undefined}
          // biome-ignore lint/a11y/noAutofocus: a menu takes the focus to its first item
          autoFocus={index === 0}
          onClick={() => {
            onClose();
            anchor.focus();
            run();
          }}
        >
          {label}
        </button>
      ))}
    </Popover>
  );
}
