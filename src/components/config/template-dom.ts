import { parseTemplate } from '../../core';

/** How a reference is shown: its words, and whether it points at nothing here. */
export type ChipLook = (source: string) => { text: string; title: string; isBroken: boolean };

/** Lets the caret stand beside a chip; never part of the template. */
const CARET_STOP = '\u200b';

/** The nodes of a template: text, line breaks and a chip per reference. */
export function toNodes(template: string, look: ChipLook, document: Document): Node[] {
  const nodes: Node[] = [];
  const pushText = (text: string) => {
    text.split('\n').forEach((line, index) => {
      if (index > 0) nodes.push(document.createElement('br'));
      if (line !== '') nodes.push(document.createTextNode(line));
    });
  };
  for (const part of parseTemplate(template)) {
    if (part.kind === 'text') pushText(part.text);
    else if (part.kind === 'foreign') pushText(part.source);
    else nodes.push(createChip(part.source, look, document));
  }
  // A last line break is only seen when something stands behind it.
  if (template.endsWith('\n')) nodes.push(document.createElement('br'));
  return withCaretStops(nodes, document);
}

function createChip(source: string, look: ChipLook, document: Document): HTMLElement {
  const chip = document.createElement('span');
  chip.className = 'trama-chip';
  chip.contentEditable = 'false';
  chip.setAttribute('contenteditable', 'false');
  chip.dataset.source = source;
  dressChip(chip, look);
  return chip;
}

function dressChip(chip: HTMLElement, look: ChipLook): void {
  const { text, title, isBroken } = look(chip.dataset.source ?? '');
  if (chip.textContent !== text) chip.textContent = text;
  chip.title = title;
  chip.toggleAttribute('data-broken', isBroken);
  // An editing command may write the computed style into what it inserts.
  if (chip.hasAttribute('style')) chip.removeAttribute('style');
}

/** Brings the words of all chips up to date. */
export function dressChips(root: HTMLElement, look: ChipLook): void {
  for (const chip of root.querySelectorAll<HTMLElement>('[data-source]')) dressChip(chip, look);
}

function withCaretStops(nodes: Node[], document: Document): Node[] {
  const isChip = (node: Node | undefined) => node instanceof HTMLElement && node.dataset.source !== undefined;
  return nodes.flatMap((node, index) => {
    if (!isChip(node)) return [node];
    const next = nodes[index + 1];
    const needsAfter = next === undefined || !(next instanceof Text);
    const previous = nodes[index - 1];
    const needsBefore = previous === undefined || previous instanceof HTMLBRElement;
    return [
      ...(needsBefore ? [document.createTextNode(CARET_STOP)] : []),
      node,
      ...(needsAfter ? [document.createTextNode(CARET_STOP)] : []),
    ];
  });
}

/** The template that an edited element holds. */
export function readTemplate(root: Node): string {
  const text = readChildren(root);
  return text.endsWith('\n') && endsWithBreak(root) ? text.slice(0, -1) : text;
}

function readChildren(root: Node): string {
  let text = '';
  for (const node of root.childNodes) {
    if (node instanceof Text) text += node.data.replaceAll(CARET_STOP, '').replaceAll('\u00a0', ' ');
    else if (node instanceof HTMLBRElement) text += '\n';
    else if (node instanceof HTMLElement && node.dataset.source !== undefined) text += node.dataset.source;
    else if (node instanceof HTMLElement) {
      // Some browsers wrap a new line in a block of its own.
      const isBlock = node.tagName === 'DIV' || node.tagName === 'P';
      text += isBlock && text !== '' && !text.endsWith('\n') ? `\n${readChildren(node)}` : readChildren(node);
    }
  }
  return text;
}

/** Browsers close an edited text with a break of their own so that the caret has a line to stand on. */
function endsWithBreak(root: Node): boolean {
  for (let node = root.lastChild; node !== null; node = node.previousSibling) {
    if (node instanceof Text && node.data.replaceAll(CARET_STOP, '') === '') continue;
    return node instanceof HTMLBRElement;
  }
  return false;
}

/** Whether references stand as plain text and should become chips. */
export function hasBareReferences(root: HTMLElement): boolean {
  const bare = [...root.childNodes].filter((node) => node instanceof Text).map((node) => (node as Text).data);
  return bare.some(
    (text) => text.includes('{{') && parseTemplate(text).some((part) => part.kind === 'reference'),
  );
}

/** The chip a caret touches from behind (`backward`) or from the front, nothing but a caret stop between them. */
export function chipBeside(range: Range, direction: 'backward' | 'forward'): HTMLElement | null {
  const { startContainer, startOffset } = range;
  let node: Node | null;
  if (startContainer instanceof Text) {
    const side =
      direction === 'backward'
        ? startContainer.data.slice(0, startOffset)
        : startContainer.data.slice(startOffset);
    if (side.replaceAll(CARET_STOP, '') !== '') return null;
    node = direction === 'backward' ? startContainer.previousSibling : startContainer.nextSibling;
  } else {
    node = startContainer.childNodes[direction === 'backward' ? startOffset - 1 : startOffset] ?? null;
  }
  while (node instanceof Text && node.data.replaceAll(CARET_STOP, '') === '') {
    node = direction === 'backward' ? node.previousSibling : node.nextSibling;
  }
  return node instanceof HTMLElement && node.dataset.source !== undefined ? node : null;
}

/** Text right before the caret, for `{{`. */
export function textBefore(range: Range): string {
  return range.startContainer instanceof Text ? range.startContainer.data.slice(0, range.startOffset) : '';
}
