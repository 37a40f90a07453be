import { useReactFlow, useStore } from '@xyflow/react';
import { useEffect, useRef } from 'react';

const MARGIN = 16;

/**
 * Stands inside the canvas and moves it just enough for the selected node to be seen: in a long flow the step that failed is
 * seldom on the first screen. Keeps the zoom, draws nothing.
 */
export function RevealSelected({ nodeId }: { nodeId: string | null }) {
  const flow = useReactFlow();
  const isPlaced = useStore((state) => state.transform[0] !== 0 || state.transform[1] !== 0);
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  const frame = useRef({ width, height });
  frame.current = { width, height };

  useEffect(() => {
    const node = nodeId === null ? undefined : flow.getNode(nodeId);
    if (!isPlaced || !node) return;
    const { x, y, zoom } = flow.getViewport();
    const dx = shiftInto(node.position.x * zoom + x, (node.width ?? 0) * zoom, frame.current.width);
    const dy = shiftInto(
      node.position.y * zoom + y,
      Math.min(node.height ?? 0, 160) * zoom,
      frame.current.height,
    );
    if (dx !== 0 || dy !== 0) void flow.setViewport({ x: x + dx, y: y + dy, zoom });
  }, [flow, nodeId, isPlaced]);

  return null;
}

/** How far a stretch must move to lie within the frame; its start wins when it is longer than the frame. */
function shiftInto(start: number, length: number, frame: number): number {
  const moved = Math.min(start, frame - MARGIN - length);
  return Math.max(moved, MARGIN) - start;
}
