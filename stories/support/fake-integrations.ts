import { type RouteCalls, WorkflowError } from '../../src/core';
import { type FakeState, note, notFound, paginate } from './fake-state';

type IntegrationCalls = Pick<
  RouteCalls,
  | 'listIntegrations'
  | 'connectIntegration'
  | 'chooseAccount'
  | 'testIntegration'
  | 'disconnectIntegration'
  | 'listOptions'
  | 'listAudit'
>;

export function integrationCalls(state: FakeState): IntegrationCalls {
  return {
    listIntegrations: async () => ({
      items: structuredClone([...state.integrations.values()]),
      canManage: state.canManage,
    }),
    connectIntegration: async ({ params }) => {
      if (!findIntegration(state, params.provider).configured) {
        const message =
          'This provider has no client id and secret, so it cannot be connected. The host developer must set them.';
        throw new WorkflowError('provider_not_configured', message);
      }
      return { authorizeUrl: state.authorizeUrl(params.provider) };
    },
    chooseAccount: async ({ params, body }) => {
      const integration = findIntegration(state, params.provider);
      const account = integration.accounts.find(({ id }) => id === body.accountId);
      if (!account) throw new WorkflowError('invalid_request', 'This is none of the accounts offered.');
      state.integrations.set(params.provider, { ...integration, state: 'active', account, accounts: [] });
      return { state: 'active', account };
    },
    testIntegration: async ({ params }) => {
      const { state: connection, lastErrorCode } = findIntegration(state, params.provider);
      const ok = connection === 'active';
      return { ok, state: connection, message: ok ? null : (lastErrorCode ?? 'not_connected') };
    },
    disconnectIntegration: async ({ params }) => {
      const integration = findIntegration(state, params.provider);
      const { workflows } = integration;
      state.integrations.set(params.provider, {
        ...integration,
        state: 'not_connected',
        ...{
          account: null,
          scopes: [],
          connectedAt: null,
          connectedBy: null,
          lastUsedAt: null,
          lastErrorCode: null,
        },
      });
      note(state, 'integration.disconnect', 'integration', params.provider);
      return { workflows: structuredClone(workflows) };
    },
    listOptions: async ({ params, query }) => {
      const options = state.options[`${params.provider}.${params.name}`];
      if (!options) throw notFound('list of options');
      if (query?.value !== undefined)
        return {
          items: options.filter((option) => [option.value, option.label].includes(query.value ?? '')),
          nextCursor: null,
        };
      const q = (query?.q ?? '').toLowerCase();
      return paginate(
        options.filter((option) => option.label.toLowerCase().includes(q)),
        query,
        20,
      );
    },
    listAudit: async ({ query } = {}) => paginate(state.audit, query),
  };
}

function findIntegration(state: FakeState, provider: string) {
  const integration = state.integrations.get(provider);
  if (!integration) throw notFound('integration');
  return integration;
}

/** What the provider's page and the OAuth return do on a real server. */
export function completeConnection(state: FakeState, provider: string, account: string): void {
  const integration = findIntegration(state, provider);
  state.integrations.set(provider, {
    ...integration,
    state: 'active',
    account: { id: 'T0ACME', label: account },
    connectedAt: state.timestamp(),
    ...{ connectedBy: 'Laura Bianchi', lastUsedAt: null, lastErrorCode: null },
  });
  note(state, 'integration.connect', 'integration', provider);
}
