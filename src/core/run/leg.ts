import type { BlockLookup } from '../block/define';
import { buildGraph, type WorkflowGraph } from '../definition/graph';
import { type Caps, defaultCaps, TRIGGER_ID } from '../definition/schema';
import { type Json, jsonBytes } from '../json';
import { defaultFormatting, type Formatting } from '../template/filters';
import type { Scope } from '../template/resolve';
import type { ExecuteRunInput, JournalWrite, LegEnd, StepRecord } from './ports';

/** What may wait for the next commit, bytes of UTF-8 JSON and steps. */
const PENDING_BYTES = 1024 * 1024;
const PENDING_STEPS = 200;

/** Graphs of definitions in use: runs of one version share the object they read it from. */
const graphs = new WeakMap<object, { blocks: BlockLookup; graph: WorkflowGraph }>();

function graphOf({ definition, blocks }: ExecuteRunInput): WorkflowGraph {
  const known = graphs.get(definition);
  if (known?.blocks === blocks) return known.graph;
  const graph = buildGraph(definition, blocks);
  graphs.set(definition, { blocks, graph });
  return graph;
}

/** The commit met somebody's wish to cancel: the run has ended. */
export class CanceledError extends Error {
  constructor() {
    super('The run was canceled.');
    this.name = 'CanceledError';
  }
}

/** What one walk of a run carries: the recorded steps, the commits not yet written, the clock. */
export class Leg {
  readonly graph: WorkflowGraph;
  readonly caps: Caps;
  readonly formatting: Formatting;
  private readonly recorded: Map<string, StepRecord>;
  private pending = new Map<string, StepRecord>();
  private pendingBytes = 0;
  private stateBytes: number;
  private executed: number;
  private nextSeq: number;
  /** The time as it was last written out. */
  private told = { at: Number.NaN, text: '' };
  /** Recorded values are never changed, and each is measured more than once. One map for all runs would be work for the garbage collector. */
  private readonly sizes = new WeakMap<object, number>();

  constructor(
    readonly input: ExecuteRunInput,
    steps: readonly StepRecord[],
  ) {
    this.graph = graphOf(input);
    this.caps = { ...defaultCaps, ...input.caps };
    this.formatting = input.formatting ?? defaultFormatting;
    this.recorded = new Map(steps.map((step) => [step.key, step]));
    this.executed = steps.filter((step) => step.status !== 'skipped').length;
    this.stateBytes = steps.reduce((sum, step) => sum + this.heldBy(step), 0);
    this.nextSeq = Math.max(0, ...steps.map((step) => step.seq + 1));
  }

  now(): number {
    return (this.input.clock ?? Date).now();
  }

  timestamp(): string {
    const now = this.now();
    // A step begins in the millisecond in which the one before it ended.
    if (now !== this.told.at) this.told = { at: now, text: new Date(now).toISOString() };
    return this.told.text;
  }

  find(key: string): StepRecord | undefined {
    return this.recorded.get(key);
  }

  steps(): StepRecord[] {
    return [...this.recorded.values()];
  }

  /** Counts a new step towards the cap, with those of earlier legs; false when the run has had its share. */
  countStep(): boolean {
    this.executed += 1;
    return this.executed <= this.caps.stepsPerRun;
  }

  /** Milliseconds since 1970 by which the run must have ended. */
  deadline(): number {
    return Date.parse(this.input.run.createdAt ?? this.timestamp()) + this.caps.runAgeMs;
  }

  expiryMessage(): string {
    const days = Math.round(this.caps.runAgeMs / 86_400_000);
    return `The run is older than ${days} days, the longest a run may last, and was stopped. Start it again, or retry it from where it stopped.`;
  }

  /** Bytes of a value as JSON. Most are small or absent. */
  sizeOf(value: Json): number {
    if (value === null || typeof value !== 'object') return value === null ? 0 : jsonBytes(value);
    const known = this.sizes.get(value) ?? jsonBytes(value);
    this.sizes.set(value, known);
    return known;
  }

  /** Bytes a recorded step keeps in memory for as long as its run is walked: the list of a loop and the values of a condition are inputs. */
  private heldBy({ input, output }: Pick<StepRecord, 'input' | 'output'>): number {
    return this.sizeOf(input) + this.sizeOf(output);
  }

  /** Remembers a step, which is the leg's own from now on; it is written with the next commit. */
  record(step: Omit<StepRecord, 'seq'>): StepRecord {
    const before = this.recorded.get(step.key);
    const complete = Object.assign(step, { seq: before?.seq ?? this.nextSeq++ });
    this.recorded.set(step.key, complete);
    this.pending.set(step.key, complete);
    const bytes = this.heldBy(step);
    this.stateBytes += bytes - (before ? this.heldBy(before) : 0);
    this.pendingBytes += bytes;
    return complete;
  }

  /** Whether what the run's steps took and gave is together more than a run may hold. */
  get isOverfull(): boolean {
    return this.stateBytes > this.caps.stateBytes;
  }

  /** Writes early what many steps without effects have piled up: a commit must stay small and memory bounded. */
  async relieve(): Promise<void> {
    if (this.pendingBytes > PENDING_BYTES || this.pending.size > PENDING_STEPS) await this.commit();
  }

  /** Writes what is remembered, with the end of the leg when there is one. */
  commit(end: LegEnd | null = null): Promise<void> {
    return this.write({ steps: this.takePending(), end });
  }

  /** Writes what is remembered, and with it that the effect of the step `key` begins. */
  begin(key: string): Promise<void> {
    return this.write({ steps: this.takePending(), end: null, intent: key });
  }

  private takePending(): StepRecord[] {
    const steps = [...this.pending.values()];
    this.pending = new Map();
    this.pendingBytes = 0;
    return steps;
  }

  private async write(write: JournalWrite): Promise<void> {
    if ((await this.input.store.commit(write)) === 'canceled') throw new CanceledError();
  }
}

/** What references read in one region of the run; an iteration's outputs hide those of the region around it. */
export class RegionScope {
  private readonly outputs = new Map<string, Json>();

  constructor(
    private readonly input: ExecuteRunInput,
    readonly parent: RegionScope | null = null,
    readonly loop: Scope['loops'][number] | null = null,
  ) {}

  setOutput(nodeId: string, output: Json): void {
    this.outputs.set(nodeId, output);
  }

  /** For templates. Inside a body the loop's own steps are seen first. */
  toScope(): Scope {
    const { run } = this.input;
    return {
      // What a first step has made whole, else what the run was started with.
      trigger: { payload: this.find(TRIGGER_ID) ?? run.payload },
      stepOutput: (nodeId) => this.find(nodeId),
      loops: this.loops(),
      run: { id: run.id },
      workflow: run.workflow,
    };
  }

  private find(nodeId: string): Json | undefined {
    return this.outputs.has(nodeId) ? this.outputs.get(nodeId) : this.parent?.find(nodeId);
  }

  private loops(): Scope['loops'] {
    const outer = this.parent?.loops() ?? [];
    return this.loop ? [this.loop, ...outer] : outer;
  }
}
