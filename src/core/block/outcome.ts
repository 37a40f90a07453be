import type { Json } from '../json';
import type { Wait } from '../run/wait';

/** What a block answers with. The interpreter knows these words and no block names. */
export type Outcome =
  /** Finished; the run goes on at the pass handle. */
  | { kind: 'done'; output: unknown }
  /** Finished; only the named handle is live. */
  | { kind: 'branch'; handle: string; output: unknown }
  /** Run the body region once per item, in order. */
  | { kind: 'forEach'; items: Json[]; collect?: string | undefined; onItemError: 'fail' | 'continue' }
  /**
   * Park the run; the executor's `resume` is asked once the wait has ended. `output` is what the step has so far: it is stored with the
   * wait, shown meanwhile and handed to `resume`.
   */
  | { kind: 'wait'; wait: Wait; output?: unknown }
  /** End the run here, whatever surrounds the step. */
  | { kind: 'stop'; status: 'succeeded' | 'failed'; message: string };

export const done = (output: unknown): Outcome => ({ kind: 'done', output });

export const branch = (handle: string, output: unknown): Outcome => ({ kind: 'branch', handle, output });

export const forEach = (
  items: Json[],
  options: { collect?: string | undefined; onItemError?: 'fail' | 'continue' } = {},
): Outcome => ({
  kind: 'forEach',
  items,
  collect: options.collect,
  onItemError: options.onItemError ?? 'fail',
});

export const wait = (what: Wait, output?: unknown): Outcome => ({
  kind: 'wait',
  wait: what,
  ...(output === undefined ? {} : { output }),
});

export const stop = (status: 'succeeded' | 'failed', message = ''): Outcome => ({
  kind: 'stop',
  status,
  message,
});
