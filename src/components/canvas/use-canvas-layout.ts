import { useMemo, useState } from 'react';
import type { BlockLookup, WorkflowDefinition } from '../../core';
import { type Arrangement, arrange } from './arrange';
import { toElements } from './elements';
import type { Box, Point } from './geometry';
import { routeEdges } from './route';

/** A node on its way under the pointer. */
export interface Dragged {
  id: string;
  place: Point;
}

/** Places and ways of a definition, and of the node that is being dragged. */
export function useCanvasLayout(definition: WorkflowDefinition, blocks: BlockLookup, isEditable: boolean) {
  const [dragged, setDragged] = useState<Dragged | null>(null);
  const arrangement = useMemo(
    () => arrange(definition, blocks, { exits: isEditable }),
    [definition, blocks, isEditable],
  );
  const boxes = useMemo(() => withDragged(arrangement, dragged), [arrangement, dragged]);
  const routes = useMemo(
    () => routeEdges(definition, arrangement, boxes, blocks),
    [definition, arrangement, boxes, blocks],
  );
  const elements = useMemo(
    () => toElements(definition, arrangement, boxes, routes, blocks, isEditable),
    [definition, arrangement, boxes, routes, blocks, isEditable],
  );
  return { arrangement, boxes, routes, elements, setDragged };
}

/** A dragged node takes its open exits along, and a loop its body. */
function withDragged(
  { boxes, exits, graph }: Arrangement,
  dragged: Dragged | null,
): ReadonlyMap<string, Box> {
  const from = dragged && boxes.get(dragged.id);
  if (!dragged || !from) return boxes;
  const [dx, dy] = [dragged.place.x - from.x, dragged.place.y - from.y];
  const moving = new Set([dragged.id]);
  for (const id of boxes.keys()) if (isInside(graph.loopOf, id, dragged.id)) moving.add(id);
  for (const exit of exits) if (moving.has(exit.source)) moving.add(exit.id);
  return new Map(
    [...boxes].map(([id, box]) => [id, moving.has(id) ? { ...box, x: box.x + dx, y: box.y + dy } : box]),
  );
}

function isInside(loopOf: ReadonlyMap<string, string | null>, id: string, loop: string): boolean {
  const seen = new Set<string>();
  for (let outer = loopOf.get(id) ?? null; outer !== null; outer = loopOf.get(outer) ?? null) {
    if (outer === loop) return true;
    if (seen.has(outer)) return false;
    seen.add(outer);
  }
  return false;
}
