import type { Meta, StoryObj } from '@storybook/react-vite';
import { useState } from 'react';
import { RunHistory } from '../src/components/runs/run-history';
import { RunViewer } from '../src/components/runs/run-viewer';
import { createSamples, type SampleRunName } from './support/samples';
import './support/pages.css';

/** How a host puts the list and the viewer side by side. */
function RunsPage({ open }: { open: SampleRunName }) {
  const [runId, setRunId] = useState(createSamples().byName[open].run.id);
  return (
    <div className="story-runs">
      <div className="story-runs-list">
        <RunHistory onOpenRun={setRunId} selectedRunId={runId} />
      </div>
      <RunViewer runId={runId} onOpenRun={setRunId} />
    </div>
  );
}

const meta = {
  title: 'Pages/Runs',
  component: RunsPage,
  args: { open: 'failed' },
} satisfies Meta<typeof RunsPage>;

export default meta;
type Story = StoryObj<typeof meta>;

export const FailedRunOpen: Story = {};

export const LoopRunOpen: Story = { args: { open: 'loop' } };
