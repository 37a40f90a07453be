import {
  type BlockLookup,
  enclosingLoops,
  givenBy,
  type Json,
  parseTemplate,
  resolveTemplate,
  type Scope,
  TRIGGER_ID,
  type WorkflowDefinition,
  type WorkflowGraph,
} from '../../core';

/** Values by node id: outputs of the last run; the trigger's payload under `trigger`. */
export type SampleValues = Readonly<Record<string, Json>>;

/** What references would read at a node if every step before it gave its sample. */
export function sampleScope(
  definition: WorkflowDefinition,
  nodeId: string,
  graph: WorkflowGraph,
  blocks: BlockLookup,
  values: SampleValues,
): Scope {
  const sampleOf = (id: string): Json | undefined => {
    const node = definition.nodes.find((candidate) => candidate.id === id);
    const block = blocks.get(node?.type ?? '');
    return values[id] ?? (node && block && givenBy(block, node.config).sample);
  };
  const scope = {
    trigger: { payload: sampleOf(TRIGGER_ID) ?? {} },
    stepOutput: (id: string) => (id === TRIGGER_ID ? undefined : sampleOf(id)),
    run: { id: '0192f0c1' },
    workflow: { id: '', name: '' },
  };
  // Outer loops first: an inner one may go through a list of the outer item.
  const loops: Scope['loops'][number][] = [];
  for (const id of enclosingLoops(graph, nodeId).reverse()) {
    const items = definition.nodes.find((node) => node.id === id)?.config.items;
    loops.unshift({ nodeId: id, item: firstItem(items, { ...scope, loops: [...loops] }), index: 0 });
  }
  return { ...scope, loops };
}

function firstItem(items: Json | undefined, scope: Scope): Json {
  if (Array.isArray(items)) return items[0] ?? null;
  if (typeof items !== 'string' || !parseTemplate(items).some((part) => part.kind === 'reference'))
    return null;
  try {
    const list = resolveTemplate(items, scope);
    return Array.isArray(list) ? (list[0] ?? null) : null;
  } catch {
    return null;
  }
}
