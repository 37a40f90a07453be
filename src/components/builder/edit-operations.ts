import type * as z from 'zod';
import {
  type AnyBlock,
  type BlockLookup,
  buildGraph,
  connectNodes,
  copyNodes,
  describeForm,
  type FormField,
  handlesOf,
  type InsertionPoint,
  insertNode,
  type Json,
  passHandleOf,
  TRIGGER_ID,
  updateNode,
  type WorkflowDefinition,
  type WorkflowEdge,
  type WorkflowNode,
  writePlan,
} from '../../core';

/** What a change to a definition was, for `onChange` and for the undo list. */
export interface EditEvent {
  type:
    | 'add'
    | 'remove'
    | 'configure'
    | 'connect'
    | 'disconnect'
    | 'move'
    | 'tidy'
    | 'duplicate'
    | 'paste'
    | 'enable'
    | 'disable'
    | 'undo'
    | 'redo'
    | 'replace';
  nodeId?: string;
  edgeId?: string;
}

/** Where a block goes that was chosen with no place in mind: behind the selected step, on the selected connection, or at the end. */
export function defaultPoint(
  definition: WorkflowDefinition,
  blocks: BlockLookup,
  selected: { nodeId: string | null; edgeId: string | null },
): InsertionPoint {
  if (selected.edgeId && definition.edges.some((edge) => edge.id === selected.edgeId))
    return { edgeId: selected.edgeId };
  const node = definition.nodes.find((candidate) => candidate.id === selected.nodeId);
  return pointAfter(definition, node ?? lastNode(definition, blocks), blocks);
}

/** Behind a node's usual exit: on the connection that leaves there, else at the open exit. */
export function pointAfter(
  definition: WorkflowDefinition,
  node: WorkflowNode,
  blocks: BlockLookup,
): InsertionPoint {
  const block = blocks.get(node.type);
  // Nothing follows a step without exits: what is to come goes before it.
  if (handlesOf(node, block).length === 0) {
    const into = definition.edges.find((candidate) => candidate.target === node.id);
    if (into) return { edgeId: into.id };
  }
  const pass = passHandleOf(node, block);
  const edge = definition.edges.find(
    (candidate) => candidate.source === node.id && candidate.sourceHandle === pass,
  );
  return edge ? { edgeId: edge.id } : { source: node.id, sourceHandle: pass };
}

/** The last step of the outermost path: in execution order, an exit of it open. */
function lastNode(definition: WorkflowDefinition, blocks: BlockLookup): WorkflowNode {
  const graph = buildGraph(definition, blocks);
  const order = graph.order.get(null) ?? [];
  const isOpen = (id: string) => {
    const node = graph.nodes.get(id);
    const block = node && blocks.get(node.type);
    if (!node || handlesOf(node, block).length === 0) return false;
    const pass = passHandleOf(node, block);
    return !(graph.outgoing.get(id) ?? []).some((edge) => edge.sourceHandle === pass);
  };
  const last = [...order].reverse().find(isOpen);
  return graph.nodes.get(last ?? TRIGGER_ID) ?? (definition.nodes[0] as WorkflowNode);
}

export function addBlock(
  definition: WorkflowDefinition,
  block: AnyBlock,
  point: InsertionPoint,
): { definition: WorkflowDefinition; nodeId: string } {
  const config = initialConfig(describeForm(block.input as z.ZodObject));
  return insertNode(definition, block, point, config);
}

/**
 * Changes a step. Where that changes its exits, what followed the usual one follows the new usual one, and connections of other
 * exits that are gone are taken away.
 */
export function configureNode(
  definition: WorkflowDefinition,
  nodeId: string,
  change: Partial<WorkflowNode>,
  blocks: BlockLookup,
): WorkflowDefinition {
  const before = definition.nodes.find((node) => node.id === nodeId);
  const changed = updateNode(definition, nodeId, change);
  const node = changed.nodes.find((candidate) => candidate.id === nodeId);
  if (!before || !node) return changed;
  const handles = handlesOf(node, blocks.get(node.type));
  const usual = passHandleOf(before, blocks.get(before.type));
  const edges = changed.edges.flatMap((edge) => {
    if (edge.source !== nodeId || handles.includes(edge.sourceHandle)) return [edge];
    const pass = passHandleOf(node, blocks.get(node.type));
    return edge.sourceHandle === usual && handles.includes(pass) ? [{ ...edge, sourceHandle: pass }] : [];
  });
  return { ...changed, edges };
}

/** What a form starts with: one empty item where a list must have one, the first choice where one must be made. */
export function initialConfig(form: readonly FormField[]): Record<string, Json> {
  const config: Record<string, Json> = {};
  for (const field of form) {
    const value = initialValue(field);
    if (value !== undefined) config[field.name] = value;
  }
  return config;
}

export function initialValue(field: FormField): Json | undefined {
  if (!field.required) return undefined;
  switch (field.kind) {
    case 'text':
      // A schedule is corrected more easily than thought up.
      return field.schedule ? writePlan({ every: 'working-day', time: '09:00' }) : undefined;
    case 'enum':
      return field.choices[0]?.value;
    case 'object':
      return initialConfig(field.fields);
    case 'list':
      return field.item.kind === 'object' ? [initialConfig(field.item.fields)] : [];
    case 'union': {
      const [first] = field.variants;
      return first && ({ [field.discriminator]: first.value, ...initialConfig(first.fields) } as Json);
    }
    default:
      return undefined;
  }
}

/** A copy of a node right behind it. */
export function duplicateNode(
  definition: WorkflowDefinition,
  id: string,
  blocks: BlockLookup,
): { definition: WorkflowDefinition; nodeId: string } | null {
  const node = definition.nodes.find((candidate) => candidate.id === id);
  const [copy] = copyNodes(definition, [id]).nodes;
  const block = node && blocks.get(node.type);
  if (!node || !copy || !block) return null;
  const inserted = insertNode(definition, block, pointAfter(definition, node, blocks), copy.config);
  const nodes = inserted.definition.nodes.map((candidate) =>
    candidate.id === inserted.nodeId ? { ...copy, id: inserted.nodeId } : candidate,
  );
  return { ...inserted, definition: { ...inserted.definition, nodes } };
}

/** Copied nodes put in behind a node: what starts the copy follows it, what ends it goes on as before. */
export function pasteNodes(
  definition: WorkflowDefinition,
  copied: WorkflowDefinition,
  afterId: string | null,
  blocks: BlockLookup,
): WorkflowDefinition {
  const { nodes, edges } = copyNodes(
    copied,
    copied.nodes.map((node) => node.id),
  );
  const merged = {
    ...definition,
    nodes: [...definition.nodes, ...nodes],
    edges: [...definition.edges, ...edges],
  };
  const point = defaultPoint(definition, blocks, { nodeId: afterId, edgeId: null });
  const first = nodes.find((node) => !edges.some((edge) => edge.target === node.id));
  if (!first) return merged;
  const from = 'edgeId' in point ? definition.edges.find((edge) => edge.id === point.edgeId) : point;
  if (!from) return merged;
  const rest =
    'edgeId' in point
      ? { ...merged, edges: merged.edges.filter((edge) => edge.id !== point.edgeId) }
      : merged;
  const into = connectNodes(
    rest,
    { source: from.source, sourceHandle: from.sourceHandle, target: first.id },
    blocks,
  );
  if ('refused' in into) return merged;
  if (!('edgeId' in point)) return into.definition;
  const last = nodes.find((node) => !edges.some((edge) => edge.source === node.id)) ?? first;
  const block = blocks.get(last.type);
  if (handlesOf(last, block).length === 0) return into.definition;
  const pass = passHandleOf(last, block);
  const onward = connectNodes(
    into.definition,
    { source: last.id, sourceHandle: pass, target: (from as WorkflowEdge).target },
    blocks,
  );
  return 'refused' in onward ? into.definition : onward.definition;
}

/** Without positions made by hand: the layout decides again. */
export function tidy(definition: WorkflowDefinition): WorkflowDefinition {
  return { ...definition, nodes: definition.nodes.map(({ position: _, ...node }) => node) };
}

export function hasPositions({ nodes }: WorkflowDefinition): boolean {
  return nodes.some((node) => node.position !== undefined && node.id !== TRIGGER_ID);
}
