import type { Meta, StoryObj } from '@storybook/react-vite';
import { AdminOverview } from '../src/components/admin/admin-overview';
import { type Overview, WorkflowError } from '../src/core';
import type { FakeClient } from './support/fake-client';
import { createManyRuns } from './support/samples';
import type { StoryParameters } from './support/story-frame';

const meta = {
  title: 'Admin/AdminOverview',
  component: AdminOverview,
  args: { onOpenRun: () => {} },
} satisfies Meta<typeof AdminOverview>;

export default meta;
type Story = StoryObj<typeof meta>;

/** What the server would say, changed. */
const saying = (change: (overview: Overview) => Overview) => ({
  trama: {
    play: (client: FakeClient) => {
      const { getOverview } = client;
      Object.assign(client, { getOverview: async () => change(await getOverview()) });
    },
  } satisfies StoryParameters,
});

export const WorkingDay: Story = {};

/** Every reason for which a run does not go on, and more of them than are shown. */
export const EveryReason: Story = {
  parameters: saying((overview) => {
    const [any] = overview.inDoubt.items;
    const reasons = ['not_started', 'runner_silent', 'overdue', 'cancel_pending', 'connection'] as const;
    const waitingFor = { kind: 'connection' as const, until: null, provider: 'slack' };
    const items = any
      ? reasons.map((reason, index) => ({
          ...{ reason, since: any.since },
          run: { ...any.run, ...{ id: `run_${index}`, status: 'waiting' as const, error: null, waitingFor } },
        }))
      : [];
    return { ...overview, stuck: { total: 57, items } };
  }),
};

/** A workflow that never went well, and one whose runs have all been retried. */
export const AfterRetrying: Story = {
  parameters: saying((overview) => ({
    ...overview,
    failing: overview.failing.flatMap((workflow) => [
      { ...workflow, unretried: 0, lastSucceededAt: workflow.lastFailed.createdAt },
      { ...workflow, workflowId: `${workflow.workflowId}_2`, failed: 1, unretried: 1 },
    ]),
  })),
};

export const NothingToDo: Story = {
  parameters: {
    trama: {
      server: { runs: createManyRuns(3).filter(({ run }) => run.status === 'succeeded') },
    } satisfies StoryParameters,
  },
};

export const Loading: Story = {
  parameters: { trama: { server: { pending: ['getOverview'] } } satisfies StoryParameters },
};

export const NotForThisPerson: Story = {
  parameters: {
    trama: {
      server: { failures: { getOverview: new WorkflowError('forbidden', 'This needs the role "admin".') } },
    } satisfies StoryParameters,
  },
};
