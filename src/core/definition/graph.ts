import type { BlockLookup } from '../block/define';
import { TRIGGER_ID, type WorkflowDefinition, type WorkflowEdge, type WorkflowNode } from './schema';

/**
 * A definition read as a graph. A loop's body is what its body handle reaches; the nodes that belong directly to it form a
 * region, and so do the nodes outside every loop (the root region, `null`).
 */
export interface WorkflowGraph {
  nodes: ReadonlyMap<string, WorkflowNode>;
  incoming: ReadonlyMap<string, readonly WorkflowEdge[]>;
  outgoing: ReadonlyMap<string, readonly WorkflowEdge[]>;
  /** Innermost loop whose body holds the node, else `null`. */
  loopOf: ReadonlyMap<string, string | null>;
  /** Nodes of a region in execution order: topological, then edge order, then node order. */
  order: ReadonlyMap<string | null, readonly string[]>;
  /** Nodes on or behind a cycle: they can never run. */
  cyclic: ReadonlySet<string>;
  /** Edges that enter a loop's body from outside it. */
  crossing: readonly WorkflowEdge[];
}

export function buildGraph(definition: WorkflowDefinition, blocks: BlockLookup): WorkflowGraph {
  const nodes = new Map(definition.nodes.map((node) => [node.id, node]));
  const edges = definition.edges.filter((edge) => nodes.has(edge.source) && nodes.has(edge.target));
  const incoming = groupEdges(nodes, edges, 'target');
  const outgoing = groupEdges(nodes, edges, 'source');
  const bodies = loopBodies(definition, blocks, outgoing);
  const loopOf = new Map([...nodes.keys()].map((id) => [id, innermost(id, bodies)]));
  const sorted = sortNodes(definition, edges, incoming);
  const order = new Map<string | null, string[]>([[null, []]]);
  for (const loopId of bodies.keys()) order.set(loopId, []);
  for (const id of sorted) order.get(loopOf.get(id) ?? null)?.push(id);
  return {
    nodes,
    incoming,
    outgoing,
    loopOf,
    order,
    cyclic: new Set([...nodes.keys()].filter((id) => !sorted.includes(id))),
    crossing: edges.filter((edge) => isCrossing(edge, bodies)),
  };
}

/** Every node from which `id` can be reached, itself excluded. */
export function ancestorsOf(graph: WorkflowGraph, id: string): Set<string> {
  return closure(id, (node) => (graph.incoming.get(node) ?? []).map((edge) => edge.source));
}

/** Every node reachable from `id`, itself excluded (unless on a cycle). */
export function descendantsOf(graph: WorkflowGraph, id: string): Set<string> {
  return closure(id, (node) => (graph.outgoing.get(node) ?? []).map((edge) => edge.target));
}

/** Loops around a node, innermost first. */
export function enclosingLoops(graph: WorkflowGraph, id: string): string[] {
  const loops: string[] = [];
  for (let loop = graph.loopOf.get(id) ?? null; loop !== null; loop = graph.loopOf.get(loop) ?? null) {
    if (loops.includes(loop)) break;
    loops.push(loop);
  }
  return loops;
}

function closure(start: string, next: (id: string) => string[]): Set<string> {
  const found = new Set<string>();
  const open = next(start);
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (found.has(id)) continue;
    found.add(id);
    open.push(...next(id));
  }
  return found;
}

function groupEdges(
  nodes: ReadonlyMap<string, unknown>,
  edges: readonly WorkflowEdge[],
  end: 'source' | 'target',
) {
  const groups = new Map<string, WorkflowEdge[]>([...nodes.keys()].map((id) => [id, []]));
  for (const edge of edges) groups.get(edge[end])?.push(edge);
  return groups;
}

interface LoopBody {
  handle: string;
  nodes: ReadonlySet<string>;
}

function loopBodies(
  definition: WorkflowDefinition,
  blocks: BlockLookup,
  outgoing: ReadonlyMap<string, readonly WorkflowEdge[]>,
): Map<string, LoopBody> {
  const bodies = new Map<string, LoopBody>();
  for (const node of definition.nodes) {
    const block = blocks.get(node.type);
    const bodyHandle = block?.kind === 'action' ? block.bodyHandle : undefined;
    if (!bodyHandle) continue;
    const body = new Set<string>();
    const next = (id: string) => (outgoing.get(id) ?? []).map((edge) => edge.target);
    for (const edge of outgoing.get(node.id) ?? []) {
      if (edge.sourceHandle !== bodyHandle || body.has(edge.target)) continue;
      body.add(edge.target);
      for (const id of closure(edge.target, next)) body.add(id);
    }
    bodies.set(node.id, { handle: bodyHandle, nodes: body });
  }
  return bodies;
}

function innermost(id: string, bodies: ReadonlyMap<string, LoopBody>): string | null {
  let found: string | null = null;
  for (const [loop, { nodes }] of bodies) {
    if (!nodes.has(id) || loop === id) continue;
    if (found === null || bodies.get(found)?.nodes.has(loop)) found = loop;
  }
  return found;
}

/** Leads into a body from anywhere but the body itself or its loop's body handle. */
function isCrossing(edge: WorkflowEdge, bodies: ReadonlyMap<string, LoopBody>): boolean {
  for (const [loop, body] of bodies) {
    const isEntry = edge.source === loop && edge.sourceHandle === body.handle;
    if (body.nodes.has(edge.target) && !body.nodes.has(edge.source) && !isEntry) return true;
  }
  return false;
}

/** Kahn's algorithm; among ready nodes the one with the earliest incoming edge goes first, then definition order. */
function sortNodes(
  definition: WorkflowDefinition,
  edges: readonly WorkflowEdge[],
  incoming: ReadonlyMap<string, readonly WorkflowEdge[]>,
): string[] {
  const edgeIndex = new Map(edges.map((edge, index) => [edge, index]));
  const nodeIndex = new Map(definition.nodes.map((node, index) => [node.id, index]));
  const rank = (id: string): [number, number] => [
    Math.min(...(incoming.get(id) ?? []).map((edge) => edgeIndex.get(edge) ?? 0), Number.MAX_SAFE_INTEGER),
    id === TRIGGER_ID ? -1 : (nodeIndex.get(id) ?? 0),
  ];
  const missing = new Map([...nodeIndex.keys()].map((id) => [id, (incoming.get(id) ?? []).length]));
  const ready = [...nodeIndex.keys()].filter((id) => missing.get(id) === 0);
  const sorted: string[] = [];
  while (ready.length > 0) {
    ready.sort((a, b) => rank(a)[0] - rank(b)[0] || rank(a)[1] - rank(b)[1]);
    const id = ready.shift() as string;
    sorted.push(id);
    for (const edge of edges) {
      if (edge.source !== id) continue;
      const left = (missing.get(edge.target) ?? 0) - 1;
      missing.set(edge.target, left);
      if (left === 0) ready.push(edge.target);
    }
  }
  return sorted;
}
