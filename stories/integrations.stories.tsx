import type { Meta, StoryObj } from '@storybook/react-vite';
import { IntegrationsSettings } from '../src/components/integrations/integrations-settings';
import { type Integration, WorkflowError } from '../src/core';
import { sampleIntegration, unconnected } from './support/samples';
import type { StoryParameters } from './support/story-frame';

const meta = {
  title: 'Integrations/IntegrationsSettings',
  component: IntegrationsSettings,
} satisfies Meta<typeof IntegrationsSettings>;

export default meta;
type Story = StoryObj<typeof meta>;

const slack = (changes: Partial<Integration>) => ({
  trama: {
    server: () => ({ integrations: [sampleIntegration(Date.now(), changes)] }),
  } satisfies StoryParameters,
});

export const Connected: Story = {};

export const NotConnected: Story = { parameters: slack({ ...unconnected, workflows: [] }) };

export const ToBeReconnected: Story = {
  parameters: slack({ state: 'needs_reauth', lastErrorCode: 'token_revoked' }),
};

/** The consent opens several companies: one has to be chosen before anything runs. */
export const AccountToBeChosen: Story = {
  parameters: slack({
    state: 'needs_account',
    account: null,
    accounts: [
      { id: '1', label: 'Studio Bianchi S.r.l.' },
      { id: '2', label: 'Rossi Costruzioni S.p.A.' },
    ],
  }),
};

/** For somebody who is no administrator. */
export const NotToBeManaged: Story = {
  parameters: {
    trama: {
      server: () => ({
        integrations: [sampleIntegration(Date.now(), { state: 'needs_reauth' })],
        canManage: false,
      }),
    } satisfies StoryParameters,
  },
};

export const ProviderUnreachable: Story = {
  parameters: slack({ state: 'error', lastErrorCode: 'slack_unreachable' }),
};

/** The host developer has not set a client id and secret. */
export const NotSetUp: Story = { parameters: slack({ ...unconnected, configured: false }) };

export const UsedInManyWorkflows: Story = {
  parameters: slack({
    workflows: Array.from({ length: 9 }, (_, index) => ({
      id: `wf_${index}`,
      name: `Avviso numero ${index + 1}`,
    })),
  }),
};

export const OneProvider: Story = { args: { providers: ['slack'] } };

export const Nothing: Story = { args: { providers: [] } };

export const Loading: Story = {
  parameters: { trama: { server: { pending: ['listIntegrations'] } } satisfies StoryParameters },
};

export const ServerAway: Story = {
  parameters: {
    trama: {
      server: {
        failures: {
          listIntegrations: new WorkflowError(
            'unavailable',
            'The server could not be reached. Check the connection and try again.',
          ),
        },
      },
    } satisfies StoryParameters,
  },
};
