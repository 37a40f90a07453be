import type { Answer, Call, EffectClass, Graph, Refusal, World } from './world-blocks';
import { tokens } from './world-provider';

/** What the world knows of one effect. */
export interface Entry {
  effectKey: string;
  runId: string;
  stepKey: string;
  effectClass: EffectClass;
  /** How often it was asked for. */
  calls: number;
  /** How often it really happened. */
  effects: number;
  /** How often the engine asked what became of it. */
  questions: number;
}

/** What becomes of a call: `unanswered` and `lost` calls get no answer, and only the former happen. */
export type Fate = 'answered' | 'unanswered' | 'lost';
/** Sees each call first, by its number. */
export type Intercept = (number: number, call: Call) => Fate | Promise<Fate>;

/**
 * The world one run acts upon: outside the worker's process and outside the database. It dedupes only what it was told to (`idempotent`
 * blocks hand it a key it honours), answers questions about `reconcilable` effects, and does everything else each time it is asked. A token that was taken back moves it to
 * nothing.
 */
export class Ledger implements World {
  readonly violations: string[] = [];
  /** Every call in order, as `stepKey`. */
  readonly calls: string[] = [];
  private readonly entries = new Map<string, Entry>();

  constructor(
    private readonly graph: Graph,
    private readonly intercept: Intercept = () => 'answered',
  ) {}

  async act(call: Call): Promise<Answer> {
    const entry = this.entryOf(call);
    entry.calls += 1;
    this.calls.push(call.stepKey);
    const fate = await this.intercept(this.calls.length, call);
    const answer = fate === 'lost' ? null : this.carryOut(entry, call);
    return fate === 'answered' && answer ? answer : new Promise(() => {});
  }

  async ask(call: Call): Promise<{ value: string } | Refusal | null> {
    const entry = this.entryOf(call);
    entry.questions += 1;
    if (call.token === tokens.revoked) return { failure: 'reconnect' };
    return entry.effects > 0 ? { value: outputOf(call) } : null;
  }

  find(stepKey: string): Entry | undefined {
    return [...this.entries.values()].find((entry) => entry.stepKey === stepKey);
  }

  all(): Entry[] {
    return [...this.entries.values()];
  }

  private carryOut(entry: Entry, call: Call): Answer {
    if (call.token === tokens.revoked) return { failure: 'reconnect' };
    if (this.graph.refused.includes(call.stepKey)) return { failure: 'terminal' };
    if (entry.calls <= (this.graph.failures[call.stepKey] ?? 0)) return { failure: 'retry' };
    if (entry.effects === 0 || call.effectClass !== 'idempotent') entry.effects += 1;
    return { value: outputOf(call) };
  }

  /** One effect key for one step, whatever becomes of its run. */
  private entryOf({ effectKey, runId, stepKey, effectClass }: Call): Entry {
    const known = this.entries.get(effectKey);
    const sameStep = this.find(stepKey);
    if (known && known.stepKey !== stepKey)
      this.violations.push(`${stepKey} of run ${runId} has the effect key of ${known.stepKey}`);
    if (sameStep && sameStep.effectKey !== effectKey)
      this.violations.push(`${stepKey} of run ${runId} has changed its effect key`);
    const entry = known ?? { effectKey, runId, stepKey, effectClass, calls: 0, effects: 0, questions: 0 };
    this.entries.set(effectKey, entry);
    return entry;
  }
}

const outputOf = ({ stepKey, quote }: Call): string => `${stepKey}(${quote})`;
