import { useEffect, useMemo, useRef, useState } from 'react';
import { labelOf, type Run, type WorkflowDefinition, type WorkflowNode } from '../../core';
import { useTrama } from '../shared/provider';

export interface FailedSteps {
  nodeOf: (run: Run) => WorkflowNode | null;
  nameOf: (run: Run) => string | null;
}

/**
 * The steps at which runs failed. A run in a list carries only the step's id, so the workflows it belongs to are read once each; a step
 * that was deleted since is not known any more.
 */
export function useFailedSteps(runs: readonly Run[]): FailedSteps {
  const { client, blocks, locale } = useTrama();
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

  return useMemo(() => {
    const nodeOf = ({ workflowId, error }: Run) =>
      definitions.get(workflowId)?.nodes.find((candidate) => candidate.id === error?.nodeId) ?? null;
    const nameOf = (run: Run) => {
      const node = nodeOf(run);
      return node && labelOf(node, blocks, locale);
    };
    return { nodeOf, nameOf };
  }, [definitions, blocks, locale]);
}
