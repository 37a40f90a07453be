import { v7 } from 'uuid';

/** Makes UUIDv7 ids from the server's clock, each greater than the one before: rows in the order of their ids are in the order of their making. */
export function createIds(clock: { now: () => number }): () => string {
  let msecs = 0;
  let seq = 0;
  return () => {
    const now = clock.now();
    seq = now > msecs ? 0 : seq + 1;
    msecs = Math.max(now, msecs);
    return v7({ msecs, seq });
  };
}
