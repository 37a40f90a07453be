import { type JournalWrite, LeaseLostError, type LegEnd, type RunStore, type StepRecord } from './ports';

/** A run's journal in memory: for tests, previews and the model that durable stores are compared with. */
export class MemoryRunStore implements RunStore {
  /** Every commit in order, as handed in. */
  readonly commits: JournalWrite[] = [];
  private readonly steps = new Map<string, StepRecord>();
  private isLost = false;

  /** @param recorded the journal an earlier leg left behind */
  constructor(recorded: readonly StepRecord[] = []) {
    for (const step of recorded) this.steps.set(step.key, structuredClone(step));
  }

  async load(): Promise<StepRecord[]> {
    return structuredClone([...this.steps.values()].sort((a, b) => a.seq - b.seq));
  }

  async commit(write: JournalWrite): Promise<void> {
    if (this.isLost) throw new LeaseLostError();
    this.commits.push(structuredClone(write));
    for (const step of write.steps) this.steps.set(step.key, structuredClone(step));
  }

  /** End of the last leg, when it came to one. */
  get end(): LegEnd | null {
    return this.commits.at(-1)?.end ?? null;
  }

  /** Makes every later commit fail as if another runner had taken the run over. */
  loseLease(): void {
    this.isLost = true;
  }
}
