import type { WorkflowDefinition, WorkflowNode } from '../definition/schema';
import type { Json } from '../json';
import type { BlockLookup } from './define';

/** Definitions do not change, and the engine asks at every leg. */
const known = new WeakMap<WorkflowDefinition, { blocks: BlockLookup; migrated: WorkflowDefinition }>();

/**
 * A definition whose configurations are those of the blocks in use now. A node says which version of its block it was configured for
 * (`blockVersion`, 1 when it says nothing); older configurations go through the block's `migrate`, one version at a time. What is stored is
 * never changed: this happens wherever a definition is validated, run or tried. Answers with the same object when there is nothing to do.
 * A configuration made for a newer block is left alone; `validateDefinition` reports it.
 */
export function migrateDefinition(definition: WorkflowDefinition, blocks: BlockLookup): WorkflowDefinition {
  const found = known.get(definition);
  if (found?.blocks === blocks) return found.migrated;
  const nodes = definition.nodes.map((node) => migrateNode(node, blocks));
  const isCurrent = nodes.every((node, index) => node === definition.nodes[index]);
  const migrated = isCurrent ? definition : { ...definition, nodes };
  known.set(definition, { blocks, migrated });
  return migrated;
}

function migrateNode(node: WorkflowNode, blocks: BlockLookup): WorkflowNode {
  const block = blocks.get(node.type);
  const from = node.blockVersion ?? 1;
  if (!block || from >= block.version) return node;
  let config: Record<string, Json> = node.config;
  for (let version = from; version < block.version; version += 1)
    config = block.migrate?.(config, version) ?? config;
  return { ...node, blockVersion: block.version, config };
}
