import type { WorkflowDefinition, WorkflowNode } from '../definition/schema';
import type { AnyBlock, BlockLookup } from './define';

/** Definitions do not change, and the engine asks at every leg. */
const known = new WeakMap<WorkflowDefinition, { blocks: BlockLookup; migrated: WorkflowDefinition }>();

/**
 * A definition whose configurations are those of the blocks in use now. A node says which version of its block it was configured for
 * (`blockVersion`, 1 when it says nothing); older configurations go through the block's `migrate`, one version at a time. What is stored is
 * never changed: this happens wherever a definition is validated, run or tried. Answers with the same object when there is nothing to do.
 * A configuration made for a newer block is left alone, and so is one whose `migrate` throws: `validateDefinition` reports both, and a step
 * that is left in an older version fails when it is reached.
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
  if (!block || !isOlder(node, block)) return node;
  const migrated = migrateConfig(node, block);
  return 'config' in migrated ? { ...node, blockVersion: block.version, config: migrated.config } : node;
}

/** Why the configuration of a node cannot be brought to its block's version; `null` when it can, or need not. */
export function migrationProblem(node: WorkflowNode, block: AnyBlock): string | null {
  if (!isOlder(node, block)) return null;
  const migrated = migrateConfig(node, block);
  return 'reason' in migrated ? migrated.reason : null;
}

const isOlder = (node: WorkflowNode, block: AnyBlock): boolean => (node.blockVersion ?? 1) < block.version;

function migrateConfig(
  node: WorkflowNode,
  block: AnyBlock,
): { config: WorkflowNode['config'] } | { reason: string } {
  // A copy: a `migrate` that changes what it is given must not change what is stored.
  let config = structuredClone(node.config);
  try {
    for (let version = node.blockVersion ?? 1; version < block.version; version += 1)
      config = block.migrate?.(config, version) ?? config;
    return { config };
  } catch (error) {
    return { reason: error instanceof Error ? error.message.slice(0, 200) : 'its migration failed' };
  }
}
