import type { PendingEvent, Store } from './store';

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;

export interface Outbox {
  /** Sends what is waiting, now and again until it is through. Never throws. */
  send: () => Promise<void>;
  close: () => void;
}

/**
 * Hands events to Trama at least once. They are kept on disk until `emit` has accepted them; an event sent twice, after a crash
 * in between, carries the same id and starts no second run.
 */
export function createOutbox(store: Store, emit: (event: PendingEvent) => Promise<unknown>): Outbox {
  let last: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  let pause = FIRST_PAUSE_MS;

  const sendAll = async (): Promise<void> => {
    for (let event = store.current.outbox[0]; event; event = store.current.outbox[0]) {
      await emit(event);
      store.change((state) => void state.outbox.shift());
      pause = FIRST_PAUSE_MS;
    }
  };
  const retryLater = (error: unknown): void => {
    console.error(
      `An event could not be handed to the workflows; it is sent again in ${pause / 1000} s.`,
      error,
    );
    clearTimeout(timer);
    timer = setTimeout(send, pause).unref();
    pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
  };
  // One after the other: two at once would send the same event twice, and a late one must still be looked for.
  const send = (): Promise<void> => {
    last = last.then(sendAll).catch(retryLater);
    return last;
  };
  return { send, close: () => clearTimeout(timer) };
}
