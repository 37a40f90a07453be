import type { OptionLoader, RemoteOption } from '../../core/block/implement';
import { documentStatuses } from './document';
import { HostError, type HostOption } from './host';
import type { HostClient } from './provider.server';

const toOption = ({ id, label }: HostOption): RemoteOption => ({ value: id, label });

const includes = (text: string, q: string): boolean =>
  text.toLocaleLowerCase().includes(q.toLocaleLowerCase());

/** What the host lists, as choices of a form. A host that lists nothing takes any value: then none is called wrong. */
const fromList = (
  load: (client: HostClient, q: string) => Promise<HostOption[] | null | undefined> | undefined,
): OptionLoader<HostClient> => ({
  list: async (client, { q }) => {
    const found = (await load(client, q)) ?? [];
    return { items: found.filter(({ label }) => includes(label, q)).map(toOption), nextCursor: null };
  },
  find: async (client, value) => {
    const found = await load(client, '');
    if (!found) return { value, label: value };
    const option = found.find(({ id }) => id === value);
    return option ? toOption(option) : null;
  },
});

const knownStatuses = Object.entries(documentStatuses).map(([id, label]) => ({ id, label: label.it }));

const documents = fromList(({ host, call }, q) => host.list?.documents?.(call, q));

export const hostOptions: Record<string, OptionLoader<HostClient>> = {
  folders: fromList(({ host, call }, q) => host.list?.folders?.(call, q)),
  statuses: fromList(async ({ host, call }) => (await host.list?.statuses?.(call)) ?? knownStatuses),
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
