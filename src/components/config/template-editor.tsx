import {
  type ClipboardEvent,
  type FocusEvent,
  type KeyboardEvent,
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
} from 'react';
import { type InsertTarget, useConfig } from './config-context';
import { insertNodes, removeNode, selectionIn } from './template-commands';
import {
  type ChipLook,
  chipBeside,
  dressChips,
  hasBareReferences,
  readTemplate,
  textBefore,
  toNodes,
} from './template-dom';
import { useChipLook } from './use-chip-look';

export interface TemplateEditorProps {
  value: string;
  onChange: (value: string) => void;
  onBlur?: () => void;
  multiline?: boolean;
  placeholder?: string | undefined;
  id?: string;
  'aria-label'?: string | undefined;
  'aria-labelledby'?: string | undefined;
  'aria-describedby'?: string | undefined;
  'aria-invalid'?: boolean | undefined;
  'aria-required'?: boolean | undefined;
}

/**
 * Text in which references stand as chips. What is edited is the element's own content, by the browser, so that undo, selection
 * and input methods work as anywhere; React only writes it when the value comes from outside.
 */
export function TemplateEditor(props: TemplateEditorProps) {
  const { value, onChange, onBlur, multiline = false, placeholder, ...aria } = props;
  const { readOnly, canRefer, register, activate, openPicker } = useConfig();
  const look = useChipLook();
  const root = useRef<HTMLDivElement>(null);
  const written = useRef<string | null>(null);
  const caret = useRef<Range | null>(null);

  useLayoutEffect(() => {
    if (!root.current) return;
    if (written.current !== value) {
      root.current.replaceChildren(...toNodes(value, look, document));
      written.current = value;
      caret.current = null;
    } else dressChips(root.current, look);
  }, [value, look]);

  const emit = useCallback(() => {
    if (!root.current) return;
    dressChips(root.current, look);
    written.current = readTemplate(root.current);
    root.current.toggleAttribute('data-empty', written.current === '');
    onChange(written.current);
  }, [look, onChange]);
  const latest = useRef({ emit, look });
  latest.current = { emit, look };

  const target = useMemo<InsertTarget>(() => insertTarget(root, caret, latest), []);
  useEffect(() => register(target), [register, target]);

  const onInput = () => {
    emit();
    const range = root.current && selectionIn(root.current);
    if (!canRefer || !range || !textBefore(range).endsWith('{{')) return;
    caret.current = range.cloneRange();
    openPicker();
  };
  const onLeave = (event: FocusEvent) => {
    if (!root.current) return;
    caret.current = selectionIn(root.current)?.cloneRange() ?? caret.current;
    const isToPicker =
      event.relatedTarget instanceof HTMLElement && event.relatedTarget.closest('.trama-picker');
    if (!isToPicker && hasBareReferences(root.current)) {
      root.current.replaceChildren(...toNodes(readTemplate(root.current), look, document));
      caret.current = null;
    }
    onBlur?.();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const range = root.current && selectionIn(root.current);
    if (event.key === 'Enter') {
      if (!multiline) event.preventDefault();
      else if (document.execCommand?.('insertLineBreak')) event.preventDefault();
      return;
    }
    if ((event.key !== 'Backspace' && event.key !== 'Delete') || !range?.collapsed) return;
    const chip = chipBeside(range, event.key === 'Backspace' ? 'backward' : 'forward');
    if (!chip) return;
    event.preventDefault();
    removeNode(chip);
    emit();
  };
  const onPaste = (event: ClipboardEvent) => {
    event.preventDefault();
    if (!root.current) return;
    const text = event.clipboardData.getData('text/plain').replaceAll('\r\n', '\n');
    insertNodes(root.current, toNodes(multiline ? text : text.replaceAll('\n', ' '), look, document));
    emit();
  };
  const onCopy = (event: ClipboardEvent) => {
    const range = root.current && selectionIn(root.current);
    if (!range || range.collapsed) return;
    event.preventDefault();
    event.clipboardData.setData('text/plain', readTemplate(range.cloneContents()));
    if (event.type !== 'cut') return;
    if (!document.execCommand?.('delete')) range.deleteContents();
    emit();
  };

  return (
    // biome-ignore lint/a11y/useSemanticElements: neither input nor textarea can hold chips
    <div
      {...aria}
      ref={root}
      role="textbox"
      tabIndex={0}
      className="trama-field-box trama-template"
      contentEditable={!readOnly}
      suppressContentEditableWarning
      spellCheck
      aria-multiline={multiline}
      aria-readonly={readOnly || undefined}
      data-multiline={multiline || undefined}
      data-empty={value === '' || undefined}
      data-placeholder={placeholder}
      onFocus={() => activate(target)}
      onBlur={onLeave}
      onInput={onInput}
      onKeyDown={onKeyDown}
      onPaste={onPaste}
      onCopy={onCopy}
      onCut={onCopy}
      onDrop={(event) => event.preventDefault()}
    />
  );
}

/** How the picker puts a reference in: at the caret as it was when the field was left, in place of a `{{` just typed. */
function insertTarget(
  root: { current: HTMLElement | null },
  caret: { current: Range | null },
  latest: { current: { emit: () => void; look: ChipLook } },
): InsertTarget {
  return {
    focus: () => root.current?.focus(),
    insert: (reference) => {
      const element = root.current;
      if (!element) return;
      const place = selectionIn(element) ?? caret.current;
      element.focus();
      const range = place && element.contains(place.startContainer) ? place : endOf(element);
      if (textBefore(range).endsWith('{{')) range.setStart(range.startContainer, range.startOffset - 2);
      insertNodes(element, toNodes(`{{${reference}}}`, latest.current.look, document), range);
      caret.current = selectionIn(element)?.cloneRange() ?? null;
      latest.current.emit();
    },
  };
}

function endOf(element: HTMLElement): Range {
  const range = document.createRange();
  range.selectNodeContents(element);
  range.collapse(false);
  return range;
}
