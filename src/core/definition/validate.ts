import type { AnyBlock, BlockLookup } from '../block/define';
import { migrateDefinition, migrationProblem } from '../block/migrate';
import { formatPath, isDeeperThan, jsonBytes } from '../json';
import { buildGraph, descendantsOf, enclosingLoops, type WorkflowGraph } from './graph';
import { type Issue, issue } from './issues';
import { handlesOf, labelOf } from './node';
import {
  type Caps,
  defaultCaps,
  TRIGGER_ID,
  type WorkflowDefinition,
  type WorkflowNode,
  workflowDefinitionSchema,
} from './schema';
import { validateConfig } from './validate-config';

export interface ValidateOptions {
  blocks: BlockLookup;
  caps?: Partial<Caps>;
  /** Connected providers by id; when absent connections are not looked at. */
  connections?: ReadonlySet<string>;
  /** Labels of providers that need a connection, by id. */
  providerLabels?: ReadonlyMap<string, string>;
  /** Labels of providers the application has to set up and has not, by id. */
  notConfigured?: ReadonlyMap<string, string>;
  /** Permissions granted to each connected provider; of one that is not in it nothing is known. */
  grantedScopes?: ReadonlyMap<string, readonly string[]>;
}

/** Structure only: parsed, or what is malformed or over a cap. Never throws, whatever comes in. */
export function parseDefinition(
  value: unknown,
  caps: Partial<Caps> = {},
): { definition: WorkflowDefinition } | { issues: Issue[] } {
  const limits = { ...defaultCaps, ...caps };
  // Nodes → node → config is three levels down before a configuration begins; the cap counts from the definition's root.
  if (isDeeperThan(value, limits.jsonDepth))
    return { issues: [issue('error', 'too_deep', { limit: limits.jsonDepth })] };
  const size = jsonBytes(value);
  if (size > limits.definitionBytes) {
    return {
      issues: [issue('error', 'definition_too_large', { actual: size, limit: limits.definitionBytes })],
    };
  }
  const parsed = workflowDefinitionSchema.safeParse(value);
  if (parsed.success) return { definition: parsed.data };
  return {
    issues: parsed.error.issues.map((found) => {
      const path = formatPath(found.path);
      return issue(
        'error',
        'definition_malformed',
        { path: path || 'the top', reason: found.message },
        { path },
      );
    }),
  };
}

/** Everything wrong (errors) or doubtful (warnings) in a definition, in the order of its nodes. */
export function validateDefinition(value: unknown, options: ValidateOptions): Issue[] {
  const caps = { ...defaultCaps, ...options.caps };
  const parsed = parseDefinition(value, caps);
  if ('issues' in parsed) return parsed.issues;
  const definition = migrateDefinition(parsed.definition, options.blocks);
  const tooMany = checkCounts(definition, caps);
  // What follows looks at every pair of nodes at worst: not worth its time on a graph that is refused anyway.
  if (tooMany.length > 0) return tooMany;
  const graph = buildGraph(definition, options.blocks);
  return [
    ...checkIds(definition),
    ...checkTrigger(definition, options.blocks),
    ...checkEdges(definition, options.blocks, graph),
    ...definition.nodes.flatMap((node) => checkNode(node, definition, graph, caps, options)),
  ];
}

function checkCounts({ nodes, edges }: WorkflowDefinition, caps: Caps): Issue[] {
  const issues: Issue[] = [];
  if (nodes.length > caps.nodes)
    issues.push(issue('error', 'too_many_nodes', { actual: nodes.length, limit: caps.nodes }));
  if (edges.length > caps.edges)
    issues.push(issue('error', 'too_many_edges', { actual: edges.length, limit: caps.edges }));
  return issues;
}

function checkIds({ nodes, edges }: WorkflowDefinition): Issue[] {
  const issues: Issue[] = [];
  for (const id of repeated(nodes)) issues.push(issue('error', 'node_duplicate', { id }, { nodeId: id }));
  for (const id of repeated(edges)) issues.push(issue('error', 'edge_duplicate', { id }, { edgeId: id }));
  return issues;
}

function repeated(items: readonly { id: string }[]): Set<string> {
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const { id } of items) (seen.has(id) ? twice : seen).add(id);
  return twice;
}

function checkTrigger({ nodes }: WorkflowDefinition, blocks: BlockLookup): Issue[] {
  const issues: Issue[] = [];
  const trigger = nodes.find((node) => node.id === TRIGGER_ID);
  if (!trigger) issues.push(issue('error', 'trigger_missing', {}));
  for (const node of nodes) {
    const kind = blocks.get(node.type)?.kind;
    const params = { label: labelOf(node, blocks) };
    if (node.id === TRIGGER_ID && kind === 'action') {
      issues.push(issue('error', 'trigger_not_a_trigger', params, { nodeId: node.id }));
    }
    if (node.id !== TRIGGER_ID && kind === 'trigger') {
      issues.push(issue('error', 'trigger_extra', params, { nodeId: node.id }));
    }
  }
  return issues;
}

function checkEdges({ edges }: WorkflowDefinition, blocks: BlockLookup, graph: WorkflowGraph): Issue[] {
  const label = (id: string) => {
    const node = graph.nodes.get(id);
    return node ? labelOf(node, blocks) : id;
  };
  const issues = edges.flatMap((edge): Issue[] => {
    const place = { nodeId: edge.source, edgeId: edge.id };
    const source = graph.nodes.get(edge.source);
    if (!source || !graph.nodes.has(edge.target)) {
      return [issue('error', 'edge_unknown_node', { id: edge.id }, { edgeId: edge.id })];
    }
    if (edge.target === TRIGGER_ID) return [issue('error', 'edge_into_trigger', {}, place)];
    const block = blocks.get(source.type);
    if (block && !handlesOf(source, block).includes(edge.sourceHandle)) {
      return [
        issue(
          'error',
          'edge_unknown_handle',
          { label: label(edge.source), handle: edge.sourceHandle },
          place,
        ),
      ];
    }
    return [];
  });
  for (const edge of graph.crossing) {
    const place = { nodeId: edge.target, edgeId: edge.id };
    issues.push(issue('error', 'edge_into_loop', { label: label(edge.target) }, place));
  }
  for (const id of graph.cyclic) {
    // Nodes behind a circle are stuck too; only those on it are named.
    if (descendantsOf(graph, id).has(id))
      issues.push(issue('error', 'cycle', { label: label(id) }, { nodeId: id }));
  }
  return issues;
}

function checkNode(
  node: WorkflowNode,
  definition: WorkflowDefinition,
  graph: WorkflowGraph,
  caps: Caps,
  options: ValidateOptions,
): Issue[] {
  const block = options.blocks.get(node.type);
  const place = { nodeId: node.id };
  const label = labelOf(node, options.blocks);
  if (!block) return [issue('error', 'unknown_block', { type: node.type }, place)];
  const reason = migrationProblem(node, block);
  // What else is wrong would be said of settings made for another form.
  if (reason !== null) return [issue('error', 'migration_failed', { label, reason }, place)];
  const issues = validateConfig({ node, block, definition, graph, caps, blocks: options.blocks });
  const depth = enclosingLoops(graph, node.id).length + (block.kind === 'action' && block.bodyHandle ? 1 : 0);
  if (depth > caps.loopNesting) {
    issues.push(issue('error', 'loop_too_deep', { label, actual: depth, limit: caps.loopNesting }, place));
  }
  if (
    node.id !== TRIGGER_ID &&
    graph.nodes.has(TRIGGER_ID) &&
    !descendantsOf(graph, TRIGGER_ID).has(node.id)
  ) {
    issues.push(issue('warning', 'node_unreachable', { label }, place));
  }
  const takesError = (graph.outgoing.get(node.id) ?? []).some((edge) => edge.sourceHandle === 'error');
  if (node.onError === 'branch' && !takesError)
    issues.push(issue('warning', 'on_error_branch_unused', { label }, place));
  if ((node.blockVersion ?? 1) > block.version) {
    const params = { label, actual: node.blockVersion ?? 1, known: block.version };
    issues.push(issue('error', 'block_newer', params, place));
  }
  if (!node.disabled) issues.push(...checkConnection(node, block, options));
  return issues;
}

/** Whether the step's provider is connected, with all the step needs of it. */
function checkConnection(node: WorkflowNode, block: AnyBlock, options: ValidateOptions): Issue[] {
  const place = { nodeId: node.id };
  const label = labelOf(node, options.blocks);
  const lacking = options.notConfigured?.get(block.provider);
  if (lacking) return [issue('warning', 'provider_not_configured', { label, provider: lacking }, place)];
  const provider = options.providerLabels?.get(block.provider);
  if (!provider || !options.connections) return [];
  if (!options.connections.has(block.provider))
    return [issue('warning', 'provider_not_connected', { label, provider }, place)];
  const granted = options.grantedScopes?.get(block.provider);
  const needed = block.kind === 'action' ? (block.scopes ?? []) : [];
  const missing = granted ? needed.filter((scope) => !granted.includes(scope)) : [];
  if (missing.length === 0) return [];
  return [issue('warning', 'scope_missing', { label, provider, scopes: missing.join(', ') }, place)];
}
