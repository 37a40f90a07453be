import type { Json } from '../json';

/** What a block answers with. The interpreter knows these words and no block names. */
export type Outcome =
  /** Finished; the run goes on at the pass handle. */
  | { kind: 'done'; output: unknown }
  /** Finished; only the named handle is live. */
  | { kind: 'branch'; handle: string; output: unknown }
  /** Run the body region once per item, in order. */
  | { kind: 'forEach'; items: Json[]; collect?: string | undefined; onItemError: 'fail' | 'continue' };

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
