/** Edits inside a contenteditable, through the browser's own commands where they exist: only those can be undone with Ctrl+Z. */

/** The selection, when it lies in an element. */
export function selectionIn(element: HTMLElement): Range | null {
  const selection = element.ownerDocument.getSelection();
  if (!selection || selection.rangeCount === 0) return null;
  const range = selection.getRangeAt(0);
  return element.contains(range.commonAncestorContainer) ? range : null;
}

export function insertNodes(
  element: HTMLElement,
  nodes: readonly Node[],
  at: Range | null = selectionIn(element),
): void {
  if (at) select(at);
  const holder = document.createElement('div');
  holder.append(...nodes);
  const last = holder.lastChild;
  if (
    typeof document.execCommand === 'function' &&
    document.execCommand('insertHTML', false, holder.innerHTML)
  )
    return;
  const range = at ?? selectionIn(element);
  if (!range || !last) return;
  range.deleteContents();
  const fragment = document.createDocumentFragment();
  fragment.append(...holder.childNodes);
  range.insertNode(fragment);
  range.setStartAfter(last);
  range.collapse(true);
  select(range);
}

export function removeNode(node: Node): void {
  const range = document.createRange();
  range.selectNode(node);
  select(range);
  if (typeof document.execCommand === 'function' && document.execCommand('delete')) return;
  range.deleteContents();
}

function select(range: Range): void {
  const selection = document.getSelection();
  selection?.removeAllRanges();
  selection?.addRange(range);
}
