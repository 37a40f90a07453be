import {
  branch,
  done,
  type JournalWrite,
  type Json,
  type LegEnd,
  MemoryRunStore,
  type Outcome,
  type StepContext,
  type StepRecord,
  type Wait,
  type WakeUp,
  type WorkflowDefinition,
} from '../../src/core';
import type { Disturbance, Program } from './model-program';
import { type ModelNode, resultsFor } from './model-reference';
import { type Call, Crash, fail, type RunOptions, run, START } from './run-harness';

/** The outside world: keeps what happened under each effect key, and watches that one step acts at a time. */
export class World {
  /** Step keys whose effect happened, in order; twice where it happened twice. */
  readonly acted: string[] = [];
  /** What must never happen, in words. */
  readonly faults: string[] = [];
  isCancelRequested = false;
  private readonly calls = new Map<string, number>();
  private readonly resumed = new Map<string, number>();
  private busy = 0;

  constructor(private readonly all: readonly ModelNode[]) {}

  modelOf(nodeId: string): ModelNode {
    return this.all.find(({ id }) => id === nodeId) as ModelNode;
  }

  answer(nodeId: string, input: Json): Json {
    return { value: `${nodeId}(${(input as { quote?: string }).quote ?? ''})` };
  }

  options(): RunOptions {
    const each = <T>(make: (model: ModelNode) => T) =>
      Object.fromEntries(this.all.map((model) => [model.id, make(model)]));
    return {
      facts: { createdAt: new Date(START).toISOString() },
      behaviour: each((model) => (call) => this.perform(model, call)),
      recovery: each((model) => ({ step, input }) => {
        if (!this.acted.includes(step.stepKey)) return { happened: false };
        return { happened: true, outcome: done(this.answer(model.id, input)) };
      }),
      resume: each((model) => (wakeUp, step) => this.goOn(model, wakeUp, step)),
    };
  }

  /** What the step was refused is allowed from now on. */
  reconnect(stepKey: string): void {
    this.calls.set(stepKey, (this.calls.get(stepKey) ?? 0) + 1);
  }

  private goOn({ resumeFailures }: ModelNode, { kind }: WakeUp, { stepKey }: StepContext): Outcome {
    const failed = this.resumed.get(stepKey) ?? 0;
    if (resumeFailures === Number.POSITIVE_INFINITY) return fail('terminal');
    if (failed === resumeFailures) return branch(kind === 'time' ? 'late' : 'next', { value: kind });
    this.resumed.set(stepKey, failed + 1);
    return fail(failed === 1 ? 'uncertain' : 'retry');
  }

  private async perform(model: ModelNode, { step, input }: Call): Promise<Json> {
    const { stepKey } = step;
    this.busy += 1;
    if (this.busy > 1) this.faults.push(`${stepKey} overlaps another step`);
    await Promise.resolve();
    this.busy -= 1;
    if (this.isCancelRequested && model.kind !== 'pure')
      this.faults.push(`${stepKey} begins after the cancel`);
    const called = this.calls.get(stepKey) ?? 0;
    const results = resultsFor(model, input.item as number | null);
    const result = results[Math.min(called, results.length - 1)];
    if (result === 'refused') return fail('reconnect', { provider: 'slack' });
    this.calls.set(stepKey, called + 1);
    if (result === 'retry' || result === 'terminal') return fail(result);
    if (result === 'unsent') return fail('uncertain');
    const isDeduplicated = model.kind === 'pure' || model.kind === 'idempotent';
    if (this.acted.includes(stepKey) && !isDeduplicated) this.faults.push(`${stepKey} acts twice`);
    if (!this.acted.includes(stepKey)) this.acted.push(stepKey);
    return result === 'lost' ? fail('uncertain') : this.answer(model.id, input);
  }
}

/** The journal of one leg, with what happens to it. */
class LegStore extends MemoryRunStore {
  constructor(
    recorded: readonly StepRecord[],
    private readonly world: World,
    private readonly countdown: { untilCancel: number },
    private readonly disturbance: Disturbance | undefined,
  ) {
    super(recorded);
    if (world.isCancelRequested) this.requestCancel();
  }

  override async commit(write: JournalWrite): Promise<'written' | 'canceled'> {
    const isHere = this.disturbance?.at === this.commits.length + 1;
    this.countdown.untilCancel -= 1;
    if (this.countdown.untilCancel === 0) {
      this.world.isCancelRequested = true;
      this.requestCancel();
    }
    if (isHere && this.disturbance?.when === 'before') throw new Crash();
    const answer = await super.commit(write);
    if (isHere && this.disturbance?.when === 'after') throw new Crash();
    return answer;
  }

  isClosing(): boolean {
    return this.disturbance?.when === 'closing' && this.commits.length >= this.disturbance.at;
  }
}

/** Leg after leg, until the run ends or waits for a person who has nothing more to say. */
export async function follow(workflow: WorkflowDefinition, program: Program, world: World) {
  const options = world.options();
  const disturbances = [...program.disturbances];
  const countdown = { untilCancel: program.cancelAt ?? 0 };
  const answered = new Map<string, number>();
  let steps: StepRecord[] = [];
  let now = START;
  for (let leg = 0; leg < 1000; leg += 1) {
    const store = new LegStore(steps, world, countdown, disturbances.shift());
    const end = await runLeg(store);
    steps = await store.load();
    if (await arrive()) continue;
    if (end === null || end.status === 'queued') continue;
    if (end.status === 'waiting') await sitOut(end);
    else if (end.status !== 'needs_attention' || !settleDoubt()) return { end, steps };
  }
  throw new Error('The run did not come to an end in 1000 legs.');

  async function runLeg(store: LegStore): Promise<LegEnd | null> {
    try {
      const clock = { now: () => now };
      return (await run(workflow, { ...options, store, clock, shouldStop: () => store.isClosing() })).end;
    } catch (error) {
      if (error instanceof Crash) return null;
      throw error;
    }
  }

  /** Whether what a parked step waits for has come in time. */
  async function arrive(): Promise<boolean> {
    const parked = findParked();
    if (!parked || !isInTime(parked) || parked.step.wakeUp) return false;
    const journal = new MemoryRunStore(steps);
    const wake = () => journal.wake(parked.step.key, wakeUpOf(parked.step.wait?.kind, now));
    if (program.isWokenEarly && parked.step.wakeAt) await checkEarly(parked.step.wakeAt);
    if (!wake()) world.faults.push(`${parked.step.key} refuses what it waits for`);
    if (parked.model.arrival === 'double' && wake()) world.faults.push(`${parked.step.key} is woken twice`);
    if (parked.step.wait?.kind === 'connection') world.reconnect(parked.step.key);
    steps = await journal.load();
    return true;
  }

  /** Until the time of what the run waits for; what comes after it is too late. */
  async function sitOut({ wakeAt }: { wakeAt: string }) {
    if (program.isWokenEarly) await checkEarly(wakeAt);
    now = Math.max(now, Date.parse(wakeAt));
    const journal = new MemoryRunStore(steps);
    steps = await journal.load(now);
    const parked = findParked();
    if (parked?.model.arrival !== 'late' || parked.step.wait?.kind === 'time') return;
    if (journal.wake(parked.step.key, wakeUpOf(parked.step.wait?.kind, now)))
      world.faults.push(`${parked.step.key} takes what comes after its time`);
  }

  function findParked() {
    const step = steps.find(({ status, wait }) => status === 'waiting' && wait !== null);
    return step && { step, model: world.modelOf(step.nodeId) };
  }

  /** A run taken up before its time waits on, and is not touched. */
  async function checkEarly(wakeAt: string) {
    if (now >= Date.parse(wakeAt)) return;
    const store = new MemoryRunStore(steps);
    const { end, calls, commits } = await run(workflow, { ...options, store, clock: { now: () => now } });
    const isSame = end.status === 'waiting' && end.wakeAt === wakeAt;
    if (!isSame || calls.length > 0 || commits.length !== 1)
      world.faults.push(`a leg before ${wakeAt} does not wait on`);
  }

  /** What a person says of the step in doubt is true; false when there is nobody. */
  function settleDoubt(): boolean {
    const doubtful = steps.find(({ status }) => status === 'in_doubt') as StepRecord;
    const { key, nodeId, input } = doubtful;
    const before = answered.get(key) ?? 0;
    if (before >= world.modelOf(nodeId).answers) return false;
    answered.set(key, before + 1);
    const settled: Partial<StepRecord> = world.acted.includes(key)
      ? { status: 'succeeded', branch: 'next', output: world.answer(nodeId, input), error: null }
      : { status: 'pending' };
    steps = steps.map((step) => (step === doubtful ? { ...step, ...settled } : step));
    return true;
  }
}

const isInTime = ({ model, step }: { model: ModelNode; step: StepRecord }) =>
  step.wait?.kind !== 'time' && (model.arrival === 'early' || model.arrival === 'double');

function wakeUpOf(waitsFor: Wait['kind'] | undefined, now: number): WakeUp {
  if (waitsFor === 'connection') return { kind: 'connection' };
  const at = new Date(now).toISOString();
  if (waitsFor === 'event') return { kind: 'event', event: { id: 'e1', type: 'signed', at, data: null } };
  return {
    kind: 'decision',
    decision: { decision: 'approved', comment: null, decidedBy: 'u1', decidedAt: at },
  };
}
