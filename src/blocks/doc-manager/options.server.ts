import type { OptionLoader, RemoteOption } from '../../core/block/implement';
import { documentStatuses } from './document';
import { HostError, type HostOption } from './host';
import type { HostClient } from './provider.server';

/** What the host answers, as choices; nothing where it has no such list. */
export const listed = async (
  answer: Promise<HostOption[] | null> | undefined,
): Promise<RemoteOption[] | undefined> => (await answer)?.map(({ id, label }) => ({ value: id, label }));

/** Whether a choice is meant by what somebody typed, in either language. */
export const isMatch = ({ label, labels }: RemoteOption, q: string): boolean =>
  [label, ...Object.values(labels ?? {})].some((text) =>
    text.toLocaleLowerCase().includes(q.toLocaleLowerCase()),
  );

/** What the host lists, as choices of a form. A host that lists nothing takes any value: then none is called wrong. */
export const fromList = <Client>(
  load: (client: Client, q: string) => Promise<readonly RemoteOption[] | undefined>,
) =>
  ({
    list: async (client, { q }) => {
      const found = (await load(client, q)) ?? [];
      return { items: found.filter((option) => isMatch(option, q)), nextCursor: null };
    },
    find: async (client, value) => {
      const first = await load(client, '');
      if (!first) return { value, label: value };
      const isIt = (option: RemoteOption) => option.value === value;
      // A long list comes in part; the host is then asked for the one.
      return first.find(isIt) ?? (await load(client, value))?.find(isIt) ?? null;
    },
  }) satisfies OptionLoader<Client>;

const knownStatuses = Object.entries(documentStatuses).map(
  ([value, labels]): RemoteOption => ({ value, label: labels.it, labels }),
);

const documents = fromList<HostClient>(({ host, call }, q) => listed(host.list?.documents?.(call, q)));

export const hostOptions: Record<string, OptionLoader<HostClient>> = {
  folders: fromList<HostClient>(({ host, call }, q) => listed(host.list?.folders?.(call, q))),
  statuses: fromList<HostClient>(
    async ({ host, call }) => (await listed(host.list?.statuses?.(call))) ?? knownStatuses,
  ),
  // A list of documents is never whole, so a single one is asked for by its id.
  documents: {
    list: documents.list,
    find: async ({ host, call }, value) => {
      try {
        const { id, title } = await host.getDocument(call, { documentId: value });
        return { value: id, label: title };
      } catch (error) {
        if (error instanceof HostError && error.code === 'not_found') return null;
        throw error;
      }
    },
  },
};
