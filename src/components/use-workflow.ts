import type { Workflow } from '../core';
import { useTrama } from './shared/provider';
import { type Query, useQuery } from './shared/use-query';

export interface WorkflowQuery extends Omit<Query<Workflow>, 'data'> {
  workflow: Workflow | undefined;
}

/** Loads one workflow with its draft. */
export function useWorkflow(id: string): WorkflowQuery {
  const { client } = useTrama();
  const { data, ...rest } = useQuery(() => client.getWorkflow({ params: { id } }), [client, id]);
  return { workflow: data, ...rest };
}
