import { act, screen, within } from '@testing-library/react';
import { createRef } from 'react';
import type { WorkflowBuilderHandle } from '../../src/components/builder/builder-handle';
import { WorkflowBuilder, type WorkflowBuilderProps } from '../../src/components/workflow-builder';
import type { Workflow, WorkflowDefinition, WorkflowNode } from '../../src/core';
import { branchesDefinition } from '../../stories/support/builder-samples';
import { createSamples } from '../../stories/support/samples';
import { now, type RenderOptions, renderTrama } from './support';

export interface BuilderOptions extends RenderOptions {
  definition?: WorkflowDefinition;
  workflow?: Partial<Workflow>;
  props?: Partial<WorkflowBuilderProps>;
}

/** A builder that is loaded, saves only when told to, and what a person sees of it. */
export async function renderBuilder({
  definition = branchesDefinition,
  workflow,
  props,
  ...options
}: BuilderOptions = {}) {
  const [first] = createSamples(now.getTime()).workflows;
  const opened: Workflow = {
    ...(first as Workflow),
    id: 'workflow',
    name: 'Fattura dopo la firma',
    publishedVersion: 4,
    draft: { definition: structuredClone(definition), revision: 1 },
    ...workflow,
  };
  const handle = createRef<WorkflowBuilderHandle>();
  const view = renderTrama(
    <WorkflowBuilder workflowId="workflow" autosave={false} {...props} ref={handle} />,
    {
      workflows: [opened],
      ...options,
    },
  );
  await screen.findByRole('button', { name: /^(Pubblica|Publish)/ });
  const builder = () => handle.current as WorkflowBuilderHandle;
  /** Something a host does from outside. */
  const told = <T,>(run: (builder: WorkflowBuilderHandle) => T): T => {
    let result: T | undefined;
    act(() => {
      result = run(builder());
    });
    return result as T;
  };
  return {
    ...view,
    builder,
    told,
    node: (id: string) =>
      builder()
        .getDefinition()
        .nodes.find((node) => node.id === id) as WorkflowNode,
    step: (id: string) => document.querySelector(`[data-node-id="${id}"]`) as HTMLElement,
    stored: () => view.client.fake.getWorkflow('workflow')?.workflow.draft,
  };
}

/** The dialog that is open, by its title. */
export const dialog = (name: string | RegExp) => within(screen.getByRole('dialog', { name }));

/** Steps and connections without the ids that are made up anew each time. */
export function shapeOf({ nodes, edges }: WorkflowDefinition): { steps: string[]; ways: string[] } {
  const typeOf = new Map(
    nodes.map((node) => [node.id, node.id.includes('_') && isFresh(node.id) ? node.type : node.id]),
  );
  return {
    steps: nodes.map((node) => typeOf.get(node.id) as string),
    ways: edges.map((edge) => `${typeOf.get(edge.source)}.${edge.sourceHandle} → ${typeOf.get(edge.target)}`),
  };
}

const isFresh = (id: string): boolean => !branchesDefinition.nodes.some((node) => node.id === id);
