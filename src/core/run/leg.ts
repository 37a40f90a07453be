import { buildGraph, type WorkflowGraph } from '../definition/graph';
import { type Caps, defaultCaps } from '../definition/schema';
import type { Json } from '../json';
import { defaultFormatting, type Formatting } from '../template/filters';
import type { Scope } from '../template/resolve';
import type { ExecuteRunInput, LegEnd, StepRecord } from './ports';

/** What one walk of a run carries: the recorded steps, the commits not yet written, the clock. */
export class Leg {
  readonly graph: WorkflowGraph;
  readonly caps: Caps;
  readonly formatting: Formatting;
  private readonly recorded: Map<string, StepRecord>;
  private pending = new Map<string, StepRecord>();
  private executed: number;
  private nextSeq: number;

  constructor(
    readonly input: ExecuteRunInput,
    steps: readonly StepRecord[],
  ) {
    this.graph = buildGraph(input.definition, input.blocks);
    this.caps = { ...defaultCaps, ...input.caps };
    this.formatting = input.formatting ?? defaultFormatting;
    this.recorded = new Map(steps.map((step) => [step.key, step]));
    this.executed = steps.filter((step) => step.status !== 'skipped').length;
    this.nextSeq = Math.max(0, ...steps.map((step) => step.seq + 1));
  }

  now(): number {
    return (this.input.clock ?? Date).now();
  }

  timestamp(): string {
    return new Date(this.now()).toISOString();
  }

  find(key: string): StepRecord | undefined {
    return this.recorded.get(key);
  }

  /** Counts a new step towards the cap, with those of earlier legs; false when the run has had its share. */
  countStep(): boolean {
    this.executed += 1;
    return this.executed <= this.caps.stepsPerRun;
  }

  /** Remembers a step; it is written with the next commit. */
  record(step: Omit<StepRecord, 'seq'>): StepRecord {
    const seq = this.recorded.get(step.key)?.seq ?? this.nextSeq++;
    const complete = { ...step, seq };
    this.recorded.set(step.key, complete);
    this.pending.set(step.key, complete);
    return complete;
  }

  /** Writes what is remembered, with the end of the leg when there is one. */
  async commit(end: LegEnd | null = null): Promise<void> {
    const steps = [...this.pending.values()];
    this.pending = new Map();
    await this.input.store.commit({ steps, end });
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
      trigger: { payload: run.payload },
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
