import type { Box } from './geometry';

/** Below this the one-line summaries cannot be read. */
const READABLE = 0.75;
const TOP = 56;
const SIDE = 24;

/**
 * Where a canvas opens: the whole flow when it stays readable, else its beginning, the trigger in the middle. The heading above
 * the trigger needs room too.
 */
export function initialView(
  boxes: ReadonlyMap<string, Box>,
  size: { width: number; height: number },
): { x: number; y: number; zoom: number } {
  const all = [...boxes.values()];
  const left = Math.min(...all.map((box) => box.x));
  const right = Math.max(...all.map((box) => box.x + box.width));
  const bottom = Math.max(...all.map((box) => box.y + box.height));
  const fitting = Math.min((size.width - 2 * SIDE) / (right - left), (size.height - 2 * TOP) / bottom);
  // Text is sharpest at exactly 1, and a few pixels below the edge do not matter.
  const zoom = fitting > 0.94 ? 1 : Math.max(READABLE, fitting);
  const trigger = boxes.get('trigger');
  const isWide = (right - left) * zoom > size.width - 2 * SIDE;
  const centre = isWide && trigger ? trigger.x + trigger.width / 2 : (left + right) / 2;
  const spare = size.height - bottom * zoom;
  // A short flow stands in the upper third, where there is room for it to grow.
  return {
    x: size.width / 2 - centre * zoom,
    y: Math.max(TOP, Math.min(spare / 2, size.height * 0.18)),
    zoom,
  };
}
