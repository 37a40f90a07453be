import type { InsertionPoint } from '../../core';

/** The insertion point of the "+" nearest to a place on the screen. */
export function nearestPlus(root: HTMLElement | null, x: number, y: number): InsertionPoint | null {
  let nearest: { point: string; distance: number } | null = null;
  for (const button of root?.querySelectorAll<HTMLElement>('[data-point]') ?? []) {
    const box = button.getBoundingClientRect();
    const distance = Math.hypot(box.x + box.width / 2 - x, box.y + box.height / 2 - y);
    if (nearest === null || distance < nearest.distance)
      nearest = { point: button.dataset.point ?? '', distance };
  }
  return nearest && (JSON.parse(nearest.point) as InsertionPoint);
}
