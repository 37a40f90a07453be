import type { KeyboardEvent } from 'react';

/** -1, 1, or the ends, for the keys that move through a list; `null` for every other key. */
export function movementOf(event: KeyboardEvent): 'previous' | 'next' | 'first' | 'last' | null {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return null;
  switch (event.key) {
    case 'j':
    case 'ArrowDown':
      return 'next';
    case 'k':
    case 'ArrowUp':
      return 'previous';
    case 'Home':
      return 'first';
    case 'End':
      return 'last';
    default:
      return null;
  }
}

/** Whether a key is pressed for itself: alone, and not to type it. */
export function isShortcut(event: KeyboardEvent): boolean {
  const hasModifier = event.ctrlKey || event.metaKey || event.altKey;
  return /^[a-z]$/.test(event.key) && !hasModifier && !isTyping(event.target);
}

/** Index a movement leads to, held at the ends. */
export function moveIndex(
  movement: NonNullable<ReturnType<typeof movementOf>>,
  index: number,
  count: number,
): number {
  if (movement === 'first') return 0;
  if (movement === 'last') return count - 1;
  const next = movement === 'next' ? index + 1 : index - 1;
  return Math.min(count - 1, Math.max(0, next));
}

function isTyping(target: EventTarget): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}
