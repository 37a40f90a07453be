import { type JournalWrite, LeaseLostError, type LegEnd, type RunStore, type StepRecord } from './ports';
import { isOpen } from './status';
import type { WakeUp } from './wait';

/** A run's journal in memory: for tests, previews and the model that durable stores are compared with. */
export class MemoryRunStore implements RunStore {
  /** Every commit in order, as handed in. */
  readonly commits: JournalWrite[] = [];
  private readonly steps = new Map<string, StepRecord>();
  private isLost = false;
  private isCancelRequested = false;

  /** @param recorded the journal an earlier leg left behind */
  constructor(recorded: readonly StepRecord[] = []) {
    for (const step of recorded) this.steps.set(step.key, structuredClone(step));
  }

  async load(now = 0): Promise<StepRecord[]> {
    for (const step of this.steps.values()) {
      const isDue = step.wakeAt !== null && Date.parse(step.wakeAt) <= now;
      if (step.status === 'waiting' && step.wait && isDue) step.wakeUp ??= { kind: 'time' };
    }
    return structuredClone([...this.steps.values()].sort((a, b) => a.seq - b.seq));
  }

  async commit(write: JournalWrite): Promise<'written' | 'canceled'> {
    if (this.isLost) throw new LeaseLostError();
    const isCanceled = this.isCancelRequested && !hasEnded(write.end);
    const written = isCanceled ? this.canceled(write) : write;
    this.commits.push(structuredClone(written));
    for (const step of written.steps) this.steps.set(step.key, structuredClone(step));
    return isCanceled ? 'canceled' : 'written';
  }

  /** Ends the wait of a parked step; false when it does not wait (any more). */
  wake(key: string, wakeUp: WakeUp): boolean {
    const step = this.steps.get(key);
    if (step?.status !== 'waiting' || !step.wait || step.wakeUp) return false;
    step.wakeUp = wakeUp;
    return true;
  }

  /** Makes the next commit end the run as canceled, unless it ends it anyway. */
  requestCancel(): void {
    this.isCancelRequested = true;
  }

  /** What a commit becomes that meets a wish to cancel: results are kept, nothing is begun, and nothing is left open. */
  private canceled({ steps }: JournalWrite): JournalWrite {
    const keys = new Set(steps.map(({ key }) => key));
    const earlier = [...this.steps.values()].filter((step) => isOpen(step) && !keys.has(step.key));
    return {
      steps: [...earlier, ...steps].map(({ wakeUp: _, ...step }) =>
        isOpen(step) ? { ...step, status: 'canceled' } : step,
      ),
      end: { status: 'canceled' },
    };
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

const hasEnded = (end: LegEnd | null): boolean => end?.status === 'succeeded' || end?.status === 'failed';
