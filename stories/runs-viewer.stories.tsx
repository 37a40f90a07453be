import type { Meta, StoryObj } from '@storybook/react-vite';
import { RunViewer } from '../src/components/runs/run-viewer';
import { type Run, WorkflowError } from '../src/core';
import { createSamples, type SampleRunName } from './support/samples';
import type { StoryParameters } from './support/story-frame';

const idOf = (name: SampleRunName) => createSamples().byName[name].run.id;

const meta = {
  title: 'Runs/RunViewer',
  component: RunViewer,
  args: { runId: idOf('failed'), onBack: () => {} },
} satisfies Meta<typeof RunViewer>;

export default meta;
type Story = StoryObj<typeof meta>;

export const ProviderAway: Story = {};

export const Succeeded: Story = { args: { runId: idOf('succeeded') } };

export const OtherBranch: Story = { args: { runId: idOf('otherBranch') } };

export const WaitingForTheNextAttempt: Story = { args: { runId: idOf('waiting') } };

export const Running: Story = { args: { runId: idOf('running') } };

export const InDoubt: Story = { args: { runId: idOf('doubtful') } };

export const ValueMissing: Story = { args: { runId: idOf('missingValue') } };

export const ConnectionRevoked: Story = { args: { runId: idOf('revoked') } };

export const BlockFault: Story = { args: { runId: idOf('fault') } };

export const LoopWithOneFailedItem: Story = { args: { runId: idOf('loop') } };

export const WaitingForADecision: Story = { args: { runId: idOf('approving') } };

export const WaitingForAConnection: Story = { args: { runId: idOf('unconnected') } };

export const WaitingForAnEvent: Story = { args: { runId: idOf('awaiting') } };

export const WaitingForATime: Story = {
  args: { runId: 'run_paused' },
  parameters: { trama: { server: () => ({ runs: [paused()] }) } satisfies StoryParameters },
};

export const Rejected: Story = { args: { runId: idOf('rejected') } };

/** Later steps use what the step in doubt would have given. */
export const InDoubtWithData: Story = { args: { runId: idOf('doubtfulWithData') } };

export const BeingCanceled: Story = { args: { runId: idOf('canceling') } };

export const Canceled: Story = { args: { runId: idOf('canceled') } };

export const Retried: Story = { args: { runId: idOf('retried') } };

/** A newer version was published since: the retry can use it. */
export const FailedWithANewerVersion: Story = {
  parameters: {
    trama: {
      server: ({ workflows }) => ({
        workflows: workflows.map((workflow) => ({ ...workflow, publishedVersion: 5 })),
      }),
    } satisfies StoryParameters,
  },
};

/** A list so long that only part of it is drawn. */
export const LoopOverManyItems: Story = {
  args: { runId: 'run_many' },
  parameters: { trama: { server: () => ({ runs: [longLoop()] }) } satisfies StoryParameters },
};

/** A run that failed as a whole, at no step in particular. */
export const TooManySteps: Story = {
  args: { runId: 'run_limit' },
  parameters: { trama: { server: () => ({ runs: [overLimit()] }) } satisfies StoryParameters },
};

export const Loading: Story = {
  parameters: { trama: { server: { pending: ['getRun'] } } satisfies StoryParameters },
};

export const NotFound: Story = { args: { runId: 'gone' } };

export const ServerAway: Story = {
  parameters: {
    trama: {
      server: {
        failures: {
          getRun: new WorkflowError(
            'unavailable',
            'The server could not be reached. Check the connection and try again.',
          ),
        },
      },
    } satisfies StoryParameters,
  },
};

export const OnAPhone: Story = { parameters: { trama: { box: { width: 390 } } satisfies StoryParameters } };

function longLoop() {
  const detail = structuredClone(createSamples().byName.loop);
  const loop = detail.steps.find((step) => step.key === 'loop_q8ra');
  const sent = detail.steps.filter((step) => step.key.startsWith('loop_q8ra[0]/'));
  const rest = detail.steps.filter((step) => !step.key.startsWith('loop_q8ra['));
  const names = Array.from({ length: 120 }, (_, index) => `Firmatario ${index + 1}`);
  if (loop)
    Object.assign(loop, {
      input: { items: names, onItemError: 'continue' },
      output: { count: 120, results: [], failed: 0 },
    });
  const iterations = names.flatMap((_, index) =>
    sent.map((step) => ({ ...step, key: step.key.replace('[0]', `[${index}]`) })),
  );
  return { ...detail, run: { ...detail.run, id: 'run_many' }, steps: [...rest, ...iterations] };
}

function paused() {
  const detail = structuredClone(createSamples().byName.awaiting);
  const until = new Date(Date.now() + 20 * 3_600_000).toISOString();
  detail.run.id = 'run_paused';
  for (const step of detail.steps) if (step.wait?.kind === 'event') step.wait = { kind: 'time', until };
  return detail;
}

function overLimit() {
  const detail = structuredClone(createSamples().byName.loop);
  const error: Run['error'] = {
    kind: 'terminal',
    code: 'steps_exceeded',
    actor: 'customer',
    message:
      'The run was stopped after 1000 steps, the most a run may have. Split the workflow or shorten its loops.',
    nodeId: 'status_z6hd',
    stepKey: 'status_z6hd',
  };
  const steps = detail.steps.filter((step) => step.key !== 'status_z6hd');
  return { ...detail, run: { ...detail.run, id: 'run_limit', status: 'failed' as const, error }, steps };
}
