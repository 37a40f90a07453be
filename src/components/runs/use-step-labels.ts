import { useCallback, useEffect, useRef, useState } from 'react';
import { labelOf, type Run, type WorkflowDefinition, type WorkflowNode } from '../../core';
import { useTrama } from '../shared/provider';

/**
 * The steps at which runs failed. A run in a list carries only the step's id, so the workflows it belongs to are read once each; a step
 * that was deleted since is not known any more.
 */
export function useFailedNodes(runs: readonly Run[]): (run: Run) => WorkflowNode | null {
  const { client } = useTrama();
  const [definitions, setDefinitions] = useState<ReadonlyMap<string, WorkflowDefinition>>(new Map());
  const asked = useRef(new Set<string>());
  const wanted = [...new Set(runs.filter((run) => run.error?.nodeId).map((run) => run.workflowId))].join(',');

  useEffect(() => {
    for (const id of wanted.split(',')) {
      if (id === '' || asked.current.has(id)) continue;
      asked.current.add(id);
      client.getWorkflow({ params: { id } }).then(
        (workflow) => setDefinitions((known) => new Map(known).set(id, workflow.draft.definition)),
        // A deleted workflow: its runs stay, without the step's name.
        () => undefined,
      );
    }
  }, [client, wanted]);

  return useCallback(
    ({ workflowId, error }) =>
      definitions.get(workflowId)?.nodes.find((candidate) => candidate.id === error?.nodeId) ?? null,
    [definitions],
  );
}

/** Names of the steps at which runs failed. */
export function useStepLabels(runs: readonly Run[]): (run: Run) => string | null {
  const { blocks, locale } = useTrama();
  const nodeOf = useFailedNodes(runs);
  return useCallback(
    (run) => {
      const node = nodeOf(run);
      return node && labelOf(node, blocks, locale);
    },
    [nodeOf, blocks, locale],
  );
}
