import type { Meta, StoryObj } from '@storybook/react-vite';
import { ApprovalInbox } from '../src/components/approvals/approval-inbox';
import { type Approval, WorkflowError } from '../src/core';
import { listFrom, sampleApproval, sampleApprovals } from './support/sample-approvals';
import type { StoryParameters } from './support/story-frame';

const meta = {
  title: 'Approvals/ApprovalInbox',
  component: ApprovalInbox,
  args: { onOpenRun: () => {} },
} satisfies Meta<typeof ApprovalInbox>;

export default meta;
type Story = StoryObj<typeof meta>;

const holding = (approvals: (now: number) => Approval[]) => ({
  trama: {
    play: (client) => void Object.assign(client, { listApprovals: listFrom(approvals(Date.now())) }),
  } satisfies StoryParameters,
});

export const WorkingDay: Story = { parameters: holding(sampleApprovals) };

export const OneThatExpiresSoon: Story = {
  parameters: holding((now) => [sampleApproval(now, { until: new Date(now + 30 * 60_000).toISOString() })]),
};

/** Long words, and what looks like markup. */
export const LongMessage: Story = {
  parameters: holding((now) => [
    sampleApproval(now, {
      message: `<b>Preventivo</b> ${'moltolungo'.repeat(20)}\nSeconda riga`,
      workflowName: 'Un flusso con un nome davvero lungo che va a capo più di una volta',
    }),
  ]),
};

export const WithoutLinksToRuns: Story = {
  args: { onOpenRun: undefined },
  parameters: holding(sampleApprovals),
};

export const Nothing: Story = { parameters: holding(() => []) };

export const OnlyDone: Story = {
  parameters: holding((now) => sampleApprovals(now).filter(({ status }) => status !== 'pending')),
};

export const Loading: Story = {
  parameters: { trama: { server: { pending: ['listApprovals'] } } satisfies StoryParameters },
};

export const ServerAway: Story = {
  parameters: {
    trama: {
      server: {
        failures: {
          listApprovals: new WorkflowError(
            'unavailable',
            'The server could not be reached. Check the connection and try again.',
          ),
        },
      },
    } satisfies StoryParameters,
  },
};
