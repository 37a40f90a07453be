/** Answers of option loaders, kept for a while: a picker asks at every key, and providers count calls. */
const KEEP_MS = 5 * 60_000;
const MOST_ENTRIES = 1000;

export interface OptionCache {
  /** What `load` gave for these parts within the last minutes, or gives now. A failure is not kept. */
  read: <T>(owner: OptionOwner, parts: readonly unknown[], load: () => Promise<T>) => Promise<T>;
  /** Drops what is kept of a company's provider. */
  forget: (owner: Pick<OptionOwner, 'companyId' | 'provider'>) => void;
}

/** Whose answers they are. Another connection, or another account of it, never sees them, in whichever process it was made. */
export interface OptionOwner {
  companyId: string;
  provider: string;
  connectionId: string;
  accountId: string;
}

interface Entry {
  owner: OptionOwner;
  until: number;
  answer: Promise<unknown>;
}

export function createOptionCache(now: () => number): OptionCache {
  const entries = new Map<string, Entry>();
  return {
    read: <T>(owner: OptionOwner, parts: readonly unknown[], load: () => Promise<T>): Promise<T> => {
      const { companyId, provider, connectionId, accountId } = owner;
      const key = JSON.stringify([companyId, provider, connectionId, accountId, ...parts]);
      const known = entries.get(key);
      if (known && known.until > now()) return known.answer as Promise<T>;
      const entry = { owner, until: now() + KEEP_MS, answer: load() };
      entries.delete(key);
      entries.set(key, entry);
      entry.answer.catch(() => entries.get(key) === entry && entries.delete(key));
      if (entries.size > MOST_ENTRIES) entries.delete(entries.keys().next().value as string);
      return entry.answer;
    },
    forget: ({ companyId, provider }) => {
      for (const [key, { owner }] of entries)
        if (owner.companyId === companyId && owner.provider === provider) entries.delete(key);
    },
  };
}
