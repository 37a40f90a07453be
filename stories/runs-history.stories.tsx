import type { Meta, StoryObj } from '@storybook/react-vite';
import { RunHistory } from '../src/components/runs/run-history';
import { WorkflowError } from '../src/core';
import { createManyRuns, createSamples } from './support/samples';
import type { StoryParameters } from './support/story-frame';

const meta = {
  title: 'Runs/RunHistory',
  component: RunHistory,
  args: { onOpenRun: () => {} },
  parameters: { trama: { box: { width: 372 } } satisfies StoryParameters },
} satisfies Meta<typeof RunHistory>;

export default meta;
type Story = StoryObj<typeof meta>;

const server = (options: StoryParameters['server']) => ({
  trama: { server: options, box: { width: 372 } } satisfies StoryParameters,
});

export const AllWorkflows: Story = {};

export const OneWorkflow: Story = { args: { workflowId: 'wf_notice' } };

export const OneRunOpen: Story = {
  args: { workflowId: 'wf_notice', selectedRunId: createSamples().byName.failed.run.id },
};

export const OneDocument: Story = { args: { businessKey: 'doc_7' } };

export const SeveralPages: Story = { parameters: server({ runs: createManyRuns(70) }) };

export const Loading: Story = { parameters: server({ pending: ['listRuns'] }) };

export const NoRunsYet: Story = { parameters: server({ runs: [] }) };

export const ServerAway: Story = {
  parameters: server({
    failures: {
      listRuns: new WorkflowError(
        'unavailable',
        'The server could not be reached, so nothing was changed. Check the connection and try again.',
      ),
    },
  }),
};

export const OnAPhone: Story = { parameters: { trama: { box: { width: 320 } } satisfies StoryParameters } };
