import type { Meta, StoryObj } from '@storybook/react-vite';
import { WorkflowBuilder } from '../src/components/workflow-builder';
import { type Workflow, type WorkflowDefinition, WorkflowError } from '../src/core';
import { branchesDefinition, startDefinition } from './support/builder-samples';
import { confirmDefinition } from './support/sample-definitions';
import type { createSamples } from './support/samples';
import type { StoryParameters } from './support/story-frame';

const meta = {
  title: 'Builder/WorkflowBuilder',
  component: WorkflowBuilder,
  args: { workflowId: 'workflow' },
} satisfies Meta<typeof WorkflowBuilder>;

export default meta;
type Story = StoryObj<typeof meta>;
type Samples = ReturnType<typeof createSamples>;

/** The sample company with one more workflow, which the story opens. */
function withWorkflow(definition: WorkflowDefinition, change: Partial<Workflow> = {}): StoryParameters {
  return { server: (samples) => ({ workflows: [opened(samples, definition, change)] }) };
}

function opened(samples: Samples, definition: WorkflowDefinition, change: Partial<Workflow>): Workflow {
  const [first] = samples.workflows;
  const name = 'Fattura dopo la firma';
  return {
    ...(first as Workflow),
    id: 'workflow',
    name,
    publishedVersion: 4,
    draft: { definition, revision: 1 },
    ...change,
  };
}

const trama = (parameters: StoryParameters) => ({ trama: parameters });

export const BranchesAndLoop: Story = { parameters: trama(withWorkflow(branchesDefinition)) };

export const SlackNotConnected: Story = {
  parameters: trama({
    server: (samples) => ({ workflows: [opened(samples, branchesDefinition, {})], integrations: [] }),
  }),
};

export const OnlyTheTrigger: Story = {
  parameters: trama(withWorkflow(startDefinition, { publishedVersion: null })),
};

export const WaitsAndApproval: Story = { parameters: trama(withWorkflow(confirmDefinition)) };

const unfinished: WorkflowDefinition = {
  ...branchesDefinition,
  nodes: branchesDefinition.nodes.map((node) =>
    node.id === 'message_k2pd' ? { ...node, config: { text: 'Vedi {{step.gone_1234.output.total}}' } } : node,
  ),
};

export const WithErrors: Story = { parameters: trama(withWorkflow(unfinished)) };

const withExits: WorkflowDefinition = {
  ...branchesDefinition,
  nodes: branchesDefinition.nodes.map((node) => {
    if (node.id === 'status_p9ws') return { ...node, onError: 'branch' as const };
    return node.id === 'status_m3xa' ? { ...node, disabled: true } : node;
  }),
};

export const ErrorExitAndDisabledStep: Story = { parameters: trama(withWorkflow(withExits)) };

const moved: WorkflowDefinition = {
  ...branchesDefinition,
  nodes: branchesDefinition.nodes.map((node) =>
    node.id === 'message_k2pd' ? { ...node, position: { x: 380, y: 420 } } : node,
  ),
};

export const MovedByHand: Story = { parameters: trama(withWorkflow(moved)) };

export const ReadOnly: Story = {
  args: { mode: 'view' },
  parameters: trama(withWorkflow(branchesDefinition)),
};

export const Narrow: Story = {
  parameters: trama({ ...withWorkflow(branchesDefinition), box: { width: 390, height: 780 } }),
};

export const Loading: Story = {
  parameters: trama({ server: { pending: ['getWorkflow'] } }),
};

export const CouldNotBeLoaded: Story = {
  parameters: trama({
    server: {
      failures: {
        getWorkflow: new WorkflowError(
          'unavailable',
          'The server could not be reached, so nothing was changed.',
        ),
      },
    },
  }),
};
