import type { AnyBlock, BlockLookup } from '../block/define';
import type { WorkflowNode } from './schema';

/** What a person calls a node: its own label or its block's. */
export function labelOf(node: WorkflowNode, blocks: BlockLookup, locale: 'en' | 'it' = 'en'): string {
  return node.label || blocks.get(node.type)?.label[locale] || node.id;
}

/** The exits of a node: its block's, and `error` when a failure takes its own branch. */
export function handlesOf(node: WorkflowNode, block: AnyBlock | undefined): readonly string[] {
  const handles = block?.handles ?? ['next'];
  return node.onError === 'branch' ? [...handles, 'error'] : handles;
}
