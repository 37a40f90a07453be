import { type ClipboardEvent, type KeyboardEvent, useMemo } from 'react';
import type { Editor } from './use-editor';

/** Keys of the editor. None of them acts while a person is typing or a dialog is open. */
export function useShortcuts(editor: Editor) {
  return useMemo(
    () => ({
      onKeyDown: (event: KeyboardEvent) => {
        if (editor.readOnly || isTyping(event.target) || isElsewhere(event)) return;
        if (handleKey(event, editor)) event.preventDefault();
      },
      onCopy: (event: ClipboardEvent) => {
        if (isTyping(event.target) || isElsewhere(event) || !isNothingSelected()) return;
        const text = editor.selection.nodeId && editor.copy(editor.selection.nodeId);
        if (!text) return;
        event.clipboardData.setData('text/plain', text);
        event.preventDefault();
      },
      onPaste: (event: ClipboardEvent) => {
        if (editor.readOnly || isTyping(event.target) || isElsewhere(event)) return;
        if (editor.paste(event.clipboardData.getData('text/plain'))) event.preventDefault();
      },
    }),
    [editor],
  );
}

function handleKey(event: KeyboardEvent, editor: Editor): boolean {
  const isCommand = event.ctrlKey || event.metaKey;
  const key = event.key.toLowerCase();
  if (isCommand && key === 'z') {
    if (event.shiftKey) editor.redo();
    else editor.undo();
    return true;
  }
  if (isCommand && key === 'y') {
    editor.redo();
    return true;
  }
  if (isCommand && key === 'd' && editor.selection.nodeId) {
    editor.duplicate(editor.selection.nodeId);
    return true;
  }
  const selected = nodeUnder(event.target) ?? editor.selection.nodeId;
  if ((key === 'delete' || key === 'backspace') && (selected || editor.selection.edgeId)) {
    editor.remove({ edgeId: editor.selection.edgeId, nodeId: editor.selection.edgeId ? null : selected });
    return true;
  }
  return false;
}

/** The step the focus is on: Delete means what a person sees focused. */
function nodeUnder(target: EventTarget): string | null {
  return target instanceof HTMLElement
    ? (target.closest<HTMLElement>('[data-node-id]')?.dataset.nodeId ?? null)
    : null;
}

function isTyping(target: EventTarget): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

/** React events come up from dialogs and menus too, which stand elsewhere in the page. */
function isElsewhere(event: { currentTarget: EventTarget; target: EventTarget }): boolean {
  return !(event.currentTarget as HTMLElement).contains(event.target as HTMLElement);
}

const isNothingSelected = (): boolean => (window.getSelection()?.toString() ?? '') === '';
