import type { BlockLookup } from '../block/define';
import type { FileContent, FileInput } from '../block/file';
import type { AnyExecutor, StepContext } from '../block/implement';
import type { Caps, WorkflowDefinition } from '../definition/schema';
import type { StepFailure } from '../errors';
import type { Json } from '../json';
import type { Formatting } from '../template/filters';
import type { StepStatus } from './status';
import type { RecordedWait, WakeUp } from './wait';

/** Why a step did not run. */
export type SkipReason =
  /** The step before it took another exit. */
  | { code: 'branch_not_taken'; nodeId: string; handle: string }
  /** The step before it was itself skipped. */
  | { code: 'upstream_skipped'; nodeId: string }
  | { code: 'disabled' }
  | { code: 'not_connected' };

/** One attempt that failed. Times are ISO 8601 UTC. */
export interface AttemptRecord {
  attempt: number;
  startedAt: string;
  finishedAt: string;
  error: StepFailure;
  /** Milliseconds until the next attempt; `null` when none was to follow. */
  delayMs: number | null;
}

/** A step as the journal holds it. `key` is its path: `loop_x[3]/invoice_y`. */
export interface StepRecord {
  key: string;
  nodeId: string;
  type: string;
  /** Order in which the run reached its steps. */
  seq: number;
  status: StepStatus;
  attempt: number;
  input: Json;
  output: Json;
  error: StepFailure | null;
  /** The handle it left by; `null` while it has left by none, and for good when it stopped the run. */
  branch: string | null;
  skippedBecause: SkipReason | null;
  /** Failed attempts so far. */
  attempts: AttemptRecord[];
  wakeAt: string | null;
  /** What it waits for, or waited for; `null` when it only waits for its next attempt. */
  wait: RecordedWait | null;
  /** How the wait ended; told by the store on load, never written by a leg. */
  wakeUp?: WakeUp | null;
  startedAt: string | null;
  finishedAt: string | null;
}

export interface RunError extends StepFailure {
  nodeId: string | null;
  stepKey: string | null;
}

/** How a leg (one uninterrupted walk) of a run ended. */
export type LegEnd =
  | { status: 'succeeded' }
  | { status: 'failed'; error: RunError }
  /** Parked until `wakeAt` (ISO 8601 UTC). */
  | { status: 'waiting'; wakeAt: string }
  /** Somebody asked for it; told by the store with the commit that met the request. */
  | { status: 'canceled' }
  /** A step is in doubt; a person must settle it. */
  | { status: 'needs_attention'; error: RunError }
  /** The runner is closing; another takes the run up. */
  | { status: 'queued' };

/** One commit: steps to insert or replace by key, and with the last one the end of the leg. Atomic. */
export interface JournalWrite {
  steps: StepRecord[];
  end: LegEnd | null;
  /** Key of the step among them whose effect begins with this commit. The next commit says what became of it. */
  intent?: string;
}

/** Thrown by a store whose lease on the run was taken over: stop at once, write nothing else. */
export class LeaseLostError extends Error {
  constructor() {
    super('The lease on this run was lost: another runner has taken it over.');
    this.name = 'LeaseLostError';
  }
}

/** The journal of one run, as one leg sees it. Every commit is guarded by the leg's lease. */
export interface RunStore {
  /** All steps recorded so far; asked once per leg. Waits whose time has come by `now` (milliseconds) are ended by it. */
  load(now: number): Promise<StepRecord[]>;
  /**
   * `canceled` when somebody asked for it before this commit: what is finished is kept, no step stays open, nothing is begun, and the run has ended.
   * @throws LeaseLostError
   */
  commit(write: JournalWrite): Promise<'written' | 'canceled'>;
}

export interface ExecuteRunInput {
  run: {
    id: string;
    companyId: string;
    payload: Json;
    workflow: { id: string; name: string };
    /** ISO 8601 UTC; its age counts towards the cap. @default now */
    createdAt?: string;
    /** Runners that went down with it since its last commit. @default 0 */
    deaths?: number;
  };
  definition: WorkflowDefinition;
  blocks: BlockLookup;
  executors: Readonly<Record<string, AnyExecutor>>;
  store: RunStore;
  /** Makes a block's client; throws a BlockError when there is no usable connection. */
  connect: (executor: AnyExecutor, step: StepContext) => Promise<unknown>;
  /** Opens a file for a step; throws a BlockError when it cannot. @default every file is refused */
  openFile?: (file: FileInput, step: StepContext) => Promise<FileContent>;
  /** Stable key of a step's effect, the same over attempts and recoveries. */
  effectKey: (stepKey: string) => string;
  /** Steps a retry goes on with, by key (`RetryPlan.carried`): each becomes the run's own when it is reached. @default none */
  carried?: Readonly<Record<string, StepRecord>> | null;
  /** @default the machine's */
  clock?: { now: () => number };
  /** In [0, 1), for jitter. @default Math.random */
  random?: () => number;
  formatting?: Formatting;
  caps?: Partial<Caps>;
  /** True when the runner is closing: the leg ends before its next effect. */
  shouldStop?: () => boolean;
  /** Aborted when the lease is lost. */
  signal?: AbortSignal;
  /** Named instants, for fault tests. @default nothing */
  crashpoint?: (name: 'effect:before' | 'effect:after') => void;
}
