import type { TokenSet } from './tokens';

/** Refreshes of tokens under way in this process. */
export interface Refreshes {
  /** The one under way for this connection. */
  find: (key: string) => Promise<TokenSet> | undefined;
  /** Begins one, as soon as there is a place. */
  begin: (key: string, refresh: () => Promise<TokenSet>) => Promise<TokenSet>;
}

/**
 * A refresh keeps one database connection for as long as the provider takes to answer, and needs no second one. Only a quarter of the pool
 * may be kept so: those who wait for a place wait without a connection, and the engine always finds one.
 */
export function createRefreshes(poolSize: number): Refreshes {
  const underWay = new Map<string, Promise<TokenSet>>();
  const waiting: (() => void)[] = [];
  let places = Math.max(1, Math.floor(poolSize / 4));
  const enter = (): Promise<void> | undefined => {
    if (places === 0) return new Promise((resolve) => waiting.push(resolve));
    places -= 1;
    return undefined;
  };
  const leave = () => {
    const next = waiting.shift();
    if (next) next();
    else places += 1;
  };
  const inPlace = async (refresh: () => Promise<TokenSet>) => {
    await enter();
    return refresh().finally(leave);
  };
  return {
    find: (key) => underWay.get(key),
    begin: (key, refresh) => {
      const result = inPlace(refresh).finally(() => underWay.delete(key));
      underWay.set(key, result);
      return result;
    },
  };
}
