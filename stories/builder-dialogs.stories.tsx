import type { Meta, StoryObj } from '@storybook/react-vite';
import { blocks } from '../src/blocks';
import { ConflictDialog } from '../src/components/builder/conflict-dialog';
import { RunDialog } from '../src/components/builder/run-dialog';
import { ConfigDialog, type ConfigDialogProps } from '../src/components/config/config-dialog';
import { useTrama } from '../src/components/shared/provider';
import { useValidate } from '../src/components/use-issues';
import type { WorkflowDefinition, WorkflowNode } from '../src/core';
import {
  branchesDefinition,
  everyKind,
  everyKindDefinition,
  startDefinition,
} from './support/builder-samples';
import { confirmDefinition } from './support/sample-definitions';
import type { StoryParameters } from './support/story-frame';

interface StepProps extends Partial<ConfigDialogProps> {
  definition: WorkflowDefinition;
  nodeId: string;
  connections?: ReadonlySet<string>;
}

/** The dialog of one step, as the builder opens it. */
function StepDialog({ definition, nodeId, connections, ...rest }: StepProps) {
  const { client } = useTrama();
  const validate = useValidate(connections);
  const node = definition.nodes.find((candidate) => candidate.id === nodeId) as WorkflowNode;
  return (
    <ConfigDialog
      definition={definition}
      node={node}
      isNew={false}
      readOnly={false}
      validate={validate}
      values={{}}
      loadOptions={(provider, name, q) => client.listOptions({ params: { provider, name }, query: { q } })}
      onConnect={() => {}}
      onSave={() => {}}
      onClose={() => {}}
      {...rest}
    />
  );
}

const meta = {
  title: 'Builder/Dialogs',
  component: StepDialog,
  args: { definition: branchesDefinition, nodeId: 'message_k2pd' },
} satisfies Meta<typeof StepDialog>;

export default meta;
type Story = StoryObj<typeof meta>;

export const Message: Story = {};

export const MessageInALoop: Story = { args: { nodeId: 'message_w4nb' } };

export const Condition: Story = { args: { nodeId: 'if_7kq2' } };

export const Loop: Story = { args: { nodeId: 'loop_q8ra' } };

export const Trigger: Story = { args: { nodeId: 'trigger' } };

const emailed: WorkflowDefinition = {
  schemaVersion: 1,
  nodes: [{ id: 'trigger', type: 'resend.inbound-email', config: { senders: ['rossi.example'] } }],
  edges: [],
};
const email = (server: StoryParameters['server']): Story => ({
  args: { definition: emailed, nodeId: 'trigger', workflowId: 'wf_draft' },
  parameters: { trama: { server } satisfies StoryParameters },
});

export const EmailReceived: Story = email({
  inbound: {
    refused: [
      { at: '2026-11-23T08:05:00Z', from: 'newsletter@negozio.example', reason: 'automatic' },
      { at: '2026-11-22T15:40:00Z', from: 'marco@bianchi.example', reason: 'sender_refused' },
    ],
  },
});

export const EmailNotSetUp: Story = email({ inbound: { configured: false } });

export const NotConnected: Story = { args: { connections: new Set() } };

export const ValuesOfTheLastRun: Story = {
  args: {
    nodeId: 'status_p9ws',
    values: { status_m3xa: { document: { id: 'doc_41', title: 'Contratto Neri', status: 'archived' } } },
  },
};

const confirm = (nodeId: string): Story => ({ args: { definition: confirmDefinition, nodeId } });

export const Approval: Story = confirm('approval_t4gk');

export const WaitForAnEvent: Story = confirm('wait_b7qe');

export const Stop: Story = confirm('stop_x2mz');

const waiting = (config: WorkflowNode['config']): WorkflowDefinition => ({
  ...confirmDefinition,
  nodes: confirmDefinition.nodes.map((node) => (node.id === 'wait_b7qe' ? { ...node, config } : node)),
});

export const WaitForATime: Story = {
  args: { definition: waiting({ amount: 3, unit: 'days', at: '09:00' }), nodeId: 'wait_b7qe' },
};

export const WaitUntilADate: Story = {
  args: { definition: waiting({ for: 'until', until: '2027-03-28T07:00:00Z' }), nodeId: 'wait_b7qe' },
};

const allBlocks: StoryParameters = { provider: { blocks: [...blocks, everyKind] } };

export const EveryKindOfField: Story = {
  args: { definition: everyKindDefinition, nodeId: 'kind_a1b2' },
  parameters: { trama: allBlocks },
};

export const JustAdded: Story = {
  args: { definition: everyKindDefinition, nodeId: 'kind_a1b2', isNew: true },
  parameters: { trama: allBlocks },
};

export const ReadOnly: Story = { args: { readOnly: true } };

export const UnknownBlock: Story = { args: { definition: everyKindDefinition, nodeId: 'kind_a1b2' } };

export const Conflict: Story = {
  render: () => (
    <ConflictDialog
      mine={branchesDefinition}
      theirs={{
        definition: { ...branchesDefinition, nodes: branchesDefinition.nodes.slice(0, 5) },
        revision: 8,
      }}
      onKeepMine={() => {}}
      onTakeTheirs={() => {}}
      onLater={() => {}}
    />
  ),
};

const runs = {
  workflowId: 'workflow',
  name: 'Fattura dopo la firma',
  save: async () => true,
  onClose: () => {},
};

export const RunWithAnEvent: Story = {
  render: () => <RunDialog {...runs} definition={branchesDefinition} publishedVersion={4} />,
};

const asking: WorkflowDefinition = {
  ...startDefinition,
  nodes: [
    {
      id: 'trigger',
      type: 'flow.manual',
      config: {
        fields: [
          { name: 'cliente', label: 'Ragione sociale', type: 'text', required: true },
          { name: 'importo', type: 'money', required: true },
          { name: 'copie', type: 'number' },
          { name: 'scadenza', type: 'date' },
          { name: 'reparto', type: 'choice', choices: ['Vendite', 'Acquisti'] },
          { name: 'nota', label: 'Nota per l’amministrazione', type: 'long-text' },
          { name: 'urgente', type: 'boolean' },
        ],
      },
    },
  ],
};

export const RunByHand: Story = {
  render: () => <RunDialog {...runs} definition={asking} publishedVersion={null} />,
};

const scheduled = (cron: string, timeZone?: string): WorkflowDefinition => ({
  ...startDefinition,
  nodes: [{ id: 'trigger', type: 'flow.schedule', config: { cron, ...(timeZone ? { timeZone } : {}) } }],
});
const scheduleDialog = (cron: string, timeZone?: string): Story => ({
  args: { definition: scheduled(cron, timeZone), nodeId: 'trigger' },
});

export const ScheduleOnWorkingDays: Story = scheduleDialog('0 9 * * 1-5');

export const ScheduleOfAWeek: Story = scheduleDialog('30 8 * * 1,4', 'America/New_York');

export const ScheduleOfAMonth: Story = scheduleDialog('0 18 31 * *');

export const ScheduleInCron: Story = scheduleDialog('*/15 8-18 * * 1-5');

export const ScheduleThatIsWrong: Story = scheduleDialog('0 25 * * *');

export const FieldsAskedAtTheStart: Story = { args: { definition: asking, nodeId: 'trigger' } };

export const RunAScheduledOne: Story = {
  render: () => <RunDialog {...runs} definition={scheduled('0 9 * * 1-5')} publishedVersion={4} />,
};
