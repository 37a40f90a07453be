import { useRef } from 'react';

/** Keys that stay with the items of a list while they are added, taken away and moved, so that no control changes owner. */
export function useItemKeys(length: number) {
  const state = useRef<{ keys: number[]; next: number }>({ keys: [], next: 0 });
  const { current } = state;
  while (current.keys.length < length) current.keys.push(current.next++);
  if (current.keys.length > length) current.keys.length = length;
  return {
    keys: current.keys as readonly number[],
    remove: (index: number) => void current.keys.splice(index, 1),
    move: (from: number, to: number) => void current.keys.splice(to, 0, ...current.keys.splice(from, 1)),
  };
}

/** A copy of a list with one item moved. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const copy = [...list];
  copy.splice(to, 0, ...copy.splice(from, 1));
  return copy;
}
