import { implementProvider, type RemoteOption } from '../../core/block/implement';
import type { DocManagerHost, HostListCall } from '../doc-manager/host';
import { fromList, isMatch, listed } from '../doc-manager/options.server';
import { docManagerServer } from '../doc-manager/provider.server';
import { flow } from './provider';

/** What the forms of the flow's own blocks ask: whom the host knows. Its steps call nobody. */
interface PeopleClient {
  host: DocManagerHost | undefined;
  call: HostListCall;
}

const toRole = (value: string, en: string, it: string): RemoteOption => ({
  value,
  label: it,
  labels: { en, it },
});

/** Anybody with the role; who has it is asked of the host when somebody decides. */
const roles: readonly RemoteOption[] = [
  toRole('role:admin', 'Any administrator', 'Qualsiasi amministratore'),
  toRole('role:editor', 'Anybody who may edit workflows', 'Chiunque possa modificare i flussi'),
];

const people = fromList<PeopleClient>(({ host, call }, q) => listed(host?.list?.people?.(call, q)));

export const flowServer = implementProvider<PeopleClient>(flow, {
  client: ({ host, companyId, step }) => ({
    host: host as DocManagerHost | undefined,
    call: { companyId, signal: step?.signal ?? AbortSignal.timeout(10_000) },
  }),
  mapError: docManagerServer.mapError,
  options: {
    people: {
      list: async (client, query) => {
        const { items, nextCursor } = await people.list(client, query);
        return { items: [...roles.filter((role) => isMatch(role, query.q)), ...items], nextCursor };
      },
      find: async (client, value) => roles.find((role) => role.value === value) ?? people.find(client, value),
    },
  },
});
