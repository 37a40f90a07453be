import type { AnyBlock, BlockLookup } from '../block/define';
import type { Json } from '../json';
import { parseTemplate, type Reference } from '../template/parse';
import { buildGraph, descendantsOf } from './graph';
import { handlesOf, passHandleOf } from './node';
import { TRIGGER_ID, type WorkflowDefinition, type WorkflowEdge, type WorkflowNode } from './schema';

/** Where a new node goes: onto an edge (between its ends), or behind an exit that leads nowhere. */
export type InsertionPoint = { edgeId: string } | { source: string; sourceHandle: string };

/** A new node id: the block's last word and a random suffix, so that a deleted id never comes back. */
export function createNodeId(type: string, random: () => number = Math.random): string {
  const word = (type.split('.').at(-1) ?? '').split('-').at(-1) ?? '';
  const stem = word.replace(/[^a-z0-9]/g, '').replace(/^[0-9]+/, '') || 'step';
  return `${stem.slice(0, 20)}_${randomSuffix(random)}`;
}

export function createEdgeId(random: () => number = Math.random): string {
  return `e_${randomSuffix(random)}${randomSuffix(random)}`;
}

function randomSuffix(random: () => number): string {
  return Array.from({ length: 4 }, () => Math.floor(random() * 36).toString(36)).join('');
}

/** Adds a node of `block` at a point; what followed there follows the new node's pass handle. */
export function insertNode(
  definition: WorkflowDefinition,
  block: AnyBlock,
  point: InsertionPoint,
  config: Record<string, Json> = {},
): { definition: WorkflowDefinition; nodeId: string } {
  const nodeId = createNodeId(block.type);
  const blockVersion = block.version > 1 ? { blockVersion: block.version } : {};
  const node: WorkflowNode = { id: nodeId, type: block.type, ...blockVersion, config };
  const replaced = 'edgeId' in point ? definition.edges.find((edge) => edge.id === point.edgeId) : undefined;
  const from = replaced ?? ('source' in point ? point : undefined);
  if (!from) return { definition: { ...definition, nodes: [...definition.nodes, node] }, nodeId };
  const into: WorkflowEdge = {
    id: createEdgeId(),
    source: from.source,
    sourceHandle: from.sourceHandle,
    target: nodeId,
  };
  const edges = definition.edges.flatMap((edge) => {
    if (edge !== replaced) return [edge];
    // Behind a step without exits nothing can follow.
    if (handlesOf(node, block).length === 0) return [into];
    const sourceHandle = passHandleOf(node, block);
    return [into, { id: createEdgeId(), source: nodeId, sourceHandle, target: edge.target }];
  });
  return {
    definition: {
      ...definition,
      nodes: [...definition.nodes, node],
      edges: replaced ? edges : [...edges, into],
    },
    nodeId,
  };
}

/** Removes nodes. What led into a removed node now leads to what followed its pass handle. The trigger stays. */
export function removeNodes(
  definition: WorkflowDefinition,
  ids: readonly string[],
  blocks: BlockLookup,
): WorkflowDefinition {
  return ids
    .filter((id) => id !== TRIGGER_ID)
    .reduce((current, id) => removeNode(current, id, blocks), definition);
}

function removeNode(definition: WorkflowDefinition, id: string, blocks: BlockLookup): WorkflowDefinition {
  const node = definition.nodes.find((candidate) => candidate.id === id);
  if (!node) return definition;
  const followers = followersOf(definition, node, blocks);
  const healed = definition.edges.flatMap((edge): WorkflowEdge[] => {
    if (edge.source === id) return [];
    if (edge.target !== id) return [edge];
    return followers.map((follower, index) => ({
      ...edge,
      id: index === 0 ? edge.id : createEdgeId(),
      target: follower.target,
    }));
  });
  const edges = healed.filter(
    (edge, index) =>
      healed.findIndex(
        (other) =>
          other.source === edge.source &&
          other.sourceHandle === edge.sourceHandle &&
          other.target === edge.target,
      ) === index,
  );
  return { ...definition, nodes: definition.nodes.filter((candidate) => candidate.id !== id), edges };
}

/** The connections that take a removed node's place: those of its pass handle, or of the only exit that leads anywhere. */
function followersOf(
  definition: WorkflowDefinition,
  node: WorkflowNode,
  blocks: BlockLookup,
): WorkflowEdge[] {
  const block = blocks.get(node.type);
  const bodyHandle = block?.kind === 'action' ? block.bodyHandle : undefined;
  const leaving = definition.edges.filter(
    (edge) => edge.source === node.id && edge.sourceHandle !== bodyHandle,
  );
  const passing = leaving.filter((edge) => edge.sourceHandle === passHandleOf(node, block));
  if (passing.length > 0) return passing;
  return new Set(leaving.map((edge) => edge.sourceHandle)).size === 1 ? leaving : [];
}

export type ConnectionRefusal =
  | 'self'
  | 'into_trigger'
  | 'duplicate'
  | 'cycle'
  | 'into_loop'
  | 'unknown_handle';

/** Connects two nodes, or says why the connection cannot be. */
export function connectNodes(
  definition: WorkflowDefinition,
  connection: { source: string; sourceHandle: string; target: string },
  blocks: BlockLookup,
): { definition: WorkflowDefinition } | { refused: ConnectionRefusal } {
  const { source, sourceHandle, target } = connection;
  if (source === target) return { refused: 'self' };
  if (target === TRIGGER_ID) return { refused: 'into_trigger' };
  const node = definition.nodes.find((candidate) => candidate.id === source);
  if (!node || !handlesOf(node, blocks.get(node.type)).includes(sourceHandle))
    return { refused: 'unknown_handle' };
  const isSame = (edge: WorkflowEdge) =>
    edge.source === source && edge.sourceHandle === sourceHandle && edge.target === target;
  if (definition.edges.some(isSame)) return { refused: 'duplicate' };
  if (descendantsOf(buildGraph(definition, blocks), target).has(source)) return { refused: 'cycle' };
  const next = { ...definition, edges: [...definition.edges, { id: createEdgeId(), ...connection }] };
  const crossingBefore = buildGraph(definition, blocks).crossing.length;
  if (buildGraph(next, blocks).crossing.length > crossingBefore) return { refused: 'into_loop' };
  return { definition: next };
}

export function removeEdges(definition: WorkflowDefinition, ids: readonly string[]): WorkflowDefinition {
  return { ...definition, edges: definition.edges.filter((edge) => !ids.includes(edge.id)) };
}

export function updateNode(
  definition: WorkflowDefinition,
  id: string,
  change: Partial<Omit<WorkflowNode, 'id'>>,
): WorkflowDefinition {
  return {
    ...definition,
    nodes: definition.nodes.map((node) => (node.id === id ? { ...node, ...change } : node)),
  };
}

/** Copies of nodes with fresh ids; edges among them and references to each other inside the copy point at the copies. */
export function copyNodes(
  definition: WorkflowDefinition,
  ids: readonly string[],
): { nodes: WorkflowNode[]; edges: WorkflowEdge[] } {
  const chosen = definition.nodes.filter((node) => ids.includes(node.id) && node.id !== TRIGGER_ID);
  const freshIds = new Map(chosen.map((node) => [node.id, createNodeId(node.type)]));
  const nodes = chosen.map(({ position: _, ...node }) => ({
    ...node,
    id: freshIds.get(node.id) as string,
    config: remapReferences(node.config, freshIds) as Record<string, Json>,
  }));
  const edges = definition.edges
    .filter((edge) => freshIds.has(edge.source) && freshIds.has(edge.target))
    .map((edge) => ({
      ...edge,
      id: createEdgeId(),
      source: freshIds.get(edge.source) as string,
      target: freshIds.get(edge.target) as string,
    }));
  return { nodes, edges };
}

function remapReferences(value: Json, ids: ReadonlyMap<string, string>): Json {
  if (typeof value === 'string') {
    return parseTemplate(value)
      .map((part) => {
        if (part.kind === 'text') return part.text;
        return part.kind === 'reference' ? remapReference(part.reference, part.source, ids) : part.source;
      })
      .join('');
  }
  if (Array.isArray(value)) return value.map((item) => remapReferences(item, ids));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, remapReferences(child, ids)]));
}

function remapReference({ root, path }: Reference, source: string, ids: ReadonlyMap<string, string>): string {
  const id = String(path[0]);
  const fresh = root === 'step' || root === 'loop' ? ids.get(id) : undefined;
  if (fresh === undefined) return source;
  const start = source.indexOf(id, source.indexOf(root) + root.length);
  return source.slice(0, start) + fresh + source.slice(start + id.length);
}
