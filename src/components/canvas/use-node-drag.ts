import { useReactFlow } from '@xyflow/react';
import { type MouseEvent, type PointerEvent, useRef } from 'react';
import { TRIGGER_ID } from '../../core';
import { useCanvas } from './canvas-context';
import type { Point } from './geometry';

/** How far a press may slip, in pixels of the screen, and still be a press. */
const SLIP = 4;

interface Press {
  pointerId: number;
  from: Point;
  /** Where the node stood. */
  origin: Point;
  isDragging: boolean;
}

/**
 * Moves a step with the pointer. Ours instead of xyflow's: a press that moves nothing stays an ordinary click, on touch screens
 * and for assistive technology too.
 */
export function useNodeDrag(nodeId: string) {
  const { editing, onDrag } = useCanvas();
  const flow = useReactFlow();
  const press = useRef<Press | null>(null);
  const wasDragged = useRef(false);
  const canMove = editing !== undefined && nodeId !== TRIGGER_ID;

  const onPointerDown = (event: PointerEvent) => {
    wasDragged.current = false;
    const node = flow.getNode(nodeId);
    if (!canMove || !node || event.button !== 0 || !event.isPrimary) return;
    const from = { x: event.clientX, y: event.clientY };
    press.current = { pointerId: event.pointerId, from, origin: node.position, isDragging: false };
  };
  const onPointerMove = (event: PointerEvent) => {
    const { current } = press;
    if (!current || current.pointerId !== event.pointerId) return;
    const [dx, dy] = [event.clientX - current.from.x, event.clientY - current.from.y];
    if (!current.isDragging) {
      if (Math.hypot(dx, dy) < SLIP) return;
      current.isDragging = true;
      wasDragged.current = true;
      event.currentTarget.setPointerCapture(event.pointerId);
    }
    const zoom = flow.getZoom();
    onDrag(nodeId, { x: current.origin.x + dx / zoom, y: current.origin.y + dy / zoom });
  };
  const onPointerUp = () => {
    if (press.current?.isDragging) onDrag(nodeId, null);
    press.current = null;
  };
  // The click that ends a drag opens nothing.
  const onClickCapture = (event: MouseEvent) => {
    if (!wasDragged.current) return;
    wasDragged.current = false;
    event.stopPropagation();
    event.preventDefault();
  };
  return { onPointerDown, onPointerMove, onPointerUp, onPointerCancel: onPointerUp, onClickCapture };
}
