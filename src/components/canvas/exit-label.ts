import { handlesOf, type WorkflowNode } from '../../core';
import type { Naming } from '../shared/reference-label';
import type { CanvasMessageKey } from './messages';

/** The name of an exit a person has to tell from others; `undefined` for the plain way on and the ends of a loop. */
export function exitLabel(
  node: WorkflowNode,
  handle: string,
  { blocks, locale, t }: Naming<CanvasMessageKey>,
): string | undefined {
  if (handle === 'error') return t('canvas.errorExit');
  const block = blocks.get(node.type);
  const own = handlesOf({ ...node, onError: 'fail' }, block);
  if (!block || own.length < 2) return node.onError === 'branch' ? t('canvas.nextExit') : undefined;
  return block.handleLabels?.[handle]?.[locale];
}
