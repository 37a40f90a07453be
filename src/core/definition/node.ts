import type { AnyBlock, BlockLookup } from '../block/define';
import type { WorkflowNode } from './schema';

/** What a person calls a node: its own label or its block's. */
export function labelOf(node: WorkflowNode, blocks: BlockLookup, locale: 'en' | 'it' = 'en'): string {
  return node.label || blocks.get(node.type)?.label[locale] || node.id;
}

/** The exits of a node: those its configuration gives it, and `error` when a failure takes its own branch. */
export function handlesOf(node: WorkflowNode, block: AnyBlock | undefined): readonly string[] {
  const handles = ownHandles(node, block);
  return node.onError === 'branch' ? [...handles, 'error'] : handles;
}

/** The exit of a node that is disabled, or whose failure is passed over. */
export function passHandleOf(node: WorkflowNode, block: AnyBlock | undefined): string {
  const handles = ownHandles(node, block);
  return block && handles.includes(block.passHandle) ? block.passHandle : (handles[0] ?? 'next');
}

function ownHandles(node: WorkflowNode, block: AnyBlock | undefined): readonly string[] {
  if (block?.kind === 'action' && block.handlesFor) return block.handlesFor(node.config);
  return block?.handles ?? ['next'];
}
