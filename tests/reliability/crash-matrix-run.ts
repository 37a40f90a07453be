import { IN_FLIGHT, type Instant, type KillPoint } from './crash-matrix-trace';
import { type Worker, WorkerDied } from './worker-pool';
import type { Entry } from './world';
import type { Graph } from './world-blocks';
import type { Lane, RunRow } from './world-lane';
import type { Random } from './world-random';
import { GraphRun, lasting } from './world-run';

/** A graph's undisturbed run. */
export interface Baseline {
  graph: Graph;
  instants: Instant[];
  /** What each step comes to, by key. */
  steps: Map<string, string>;
  outputs: Map<string, Record<string, string>>;
  effects: Entry[];
}

export interface KilledRun {
  kills: KillPoint[];
  doubts: number;
  /** Calls beyond those an undisturbed run makes, as predicted from where the kills fell, and as they were. */
  duplicateCalls: { predicted: number; seen: number };
  /** Effects that happened more than once: for `once`, because a person had them repeated. */
  duplicateEffects: { idempotent: number; reconcilable: number; once: number };
  violations: string[];
}

const MAX_KILLS = 3;

/**
 * One run of a graph whose worker is killed at `first`; then, at random, those that carry it on, too. What must come of it follows from what
 * the database and the world knew when each died.
 */
export class CrashRun {
  private readonly run: GraphRun;
  private readonly kills: KillPoint[] = [];
  /** What each effect must come to, by step key. */
  private readonly expected: Map<string, { calls: number; effects: number }>;
  /** Rows of steps that were seen to have succeeded. */
  private readonly succeeded = new Map<string, string>();
  private doubted: string | null = null;
  private doubts = 0;
  private worker: Worker | undefined;
  private instant: Instant;
  private callsOfWorker = 0;

  constructor(
    lane: Lane,
    private readonly baseline: Baseline,
    private readonly first: Instant,
    private readonly random: Random,
  ) {
    this.instant = first;
    const intercept = () => this.meetCall();
    this.run = new GraphRun(lane, baseline.graph, { retells: random.next() < 0.5, intercept });
    this.expected = new Map(
      baseline.effects.map(({ stepKey, calls, effects }) => [stepKey, { calls, effects }]),
    );
  }

  async play(): Promise<KilledRun> {
    try {
      await this.run.publish();
      await this.orderWorker(this.first);
      const end = await this.untilItEnds();
      if (this.kills.length === 0) this.blame('never passed the instant it was to be killed at');
      await this.checkEnd(end);
    } catch (error) {
      this.blame(error instanceof Error ? error.message : String(error));
    } finally {
      await this.worker?.kill();
    }
    return this.report();
  }

  private async untilItEnds(): Promise<RunRow> {
    for (;;) {
      try {
        const end = await this.run.finish(this.worker ?? 'driver');
        if (end.status !== 'needs_attention') return end;
        await this.settle(end);
      } catch (error) {
        if (!(error instanceof WorkerDied)) throw error;
        await this.recover(this.worker as Worker, error);
      }
    }
  }

  private async orderWorker(instant: Instant): Promise<void> {
    const { point, count } = instant;
    this.worker = await this.run.lane.workers.take();
    this.instant = instant;
    this.callsOfWorker = 0;
    const crash = point === IN_FLIGHT ? null : `${point}#${count}`;
    this.worker.order({ crash, startsAtOnce: this.baseline.graph.startsAtOnce }, this.run.ledger);
  }

  /** The call the worker is to die in, or any other. */
  private meetCall(): 'answered' | 'unanswered' | 'lost' {
    this.callsOfWorker += 1;
    const { point, count } = this.instant;
    if (!this.worker || point !== IN_FLIGHT || count !== this.callsOfWorker) return 'answered';
    this.worker.signal('SIGKILL');
    return this.random.next() < 0.5 ? 'unanswered' : 'lost';
  }

  /** Takes note of what the dead worker left behind, and has the run carried on. */
  private async recover(worker: Worker, error: WorkerDied): Promise<void> {
    const { lane } = this.run;
    await worker.exited;
    if (worker.ended?.signal !== 'SIGKILL') throw new Error(error.message);
    this.worker = undefined;
    await lane.outlive(worker.name);
    const row = await this.run.row();
    const underWay = row?.status === 'running' ? row.intent : null;
    if (this.kills.length === 0 && !this.first.underWay.includes(underWay))
      this.blame(`has ${underWay} under way, not ${this.first.underWay.join(' or ')}`);
    this.kills.push(this.instant.point);
    for (const { key, status, row: step } of await lane.steps(this.run.companyId))
      if (status === 'succeeded') this.succeeded.set(key, JSON.stringify(step));
    if (underWay !== null) await this.predict(underWay);
    await lane.expireLeases();
    // Three deaths in a row without a commit would set the run aside.
    const mayDieAgain = this.kills.length < MAX_KILLS && (row?.deaths ?? 0) === 0;
    if (mayDieAgain && this.random.next() < 0.5) {
      const later = this.baseline.instants.filter(({ point }) => !point.startsWith('start'));
      const { point } = this.random.pick(later);
      await this.orderWorker({ point, count: 1 + this.random.below(3), underWay: [] });
    }
  }

  /** What must become of an effect that was under way: repeated, asked for, or left to a person. */
  private async predict(stepKey: string): Promise<void> {
    const entry = this.run.ledger.find(stepKey);
    const { calls = 0, effects = 0 } = entry ?? {};
    const effectClass = this.baseline.effects.find((known) => known.stepKey === stepKey)?.effectClass;
    if (effectClass === 'once') this.doubted = stepKey;
    else if (effectClass === 'idempotent') await this.callMore(stepKey, calls, effects);
    // Whether it happened is asked first, so that the question is what a revoked token is refused for.
    else if (effects === 0) this.expectMore(stepKey, calls, effects, 0);
    else this.expected.set(stepKey, { calls, effects });
  }

  /** It is called until it succeeds, or is refused; once more where its connection is refused first. */
  private async callMore(stepKey: string, calls: number, effects: number): Promise<void> {
    const needsConnection = isConnected(this.baseline.graph, stepKey);
    const refusals = needsConnection && (await this.run.isAboutToBeRefused()) ? 1 : 0;
    this.expectMore(stepKey, calls, effects, refusals);
  }

  private expectMore(stepKey: string, calls: number, effects: number, refusals: number): void {
    const { graph } = this.baseline;
    const failures = graph.failures[stepKey] ?? 0;
    const isRefused = graph.refused.includes(stepKey);
    const isDeduplicated = stepKey !== this.doubted;
    this.expected.set(stepKey, {
      calls: calls + Math.max(0, failures - calls) + refusals + 1,
      effects: isRefused ? 0 : isDeduplicated ? 1 : effects + 1,
    });
  }

  /** A person says of the step in doubt that it happened, or has it done again, whatever the truth. */
  private async settle({ id }: RunRow): Promise<void> {
    const steps = await this.run.lane.steps(this.run.companyId);
    const doubtful = steps.filter(({ status }) => status === 'in_doubt').map(({ key }) => key);
    const [stepKey] = doubtful;
    if (doubtful.length !== 1 || stepKey === undefined || stepKey !== this.doubted)
      throw new Error(`is in doubt about ${doubtful.join(', ')}, not ${this.doubted}`);
    const { calls = 0, effects = 0 } = this.run.ledger.find(stepKey) ?? {};
    const happened = this.random.next() < 0.5;
    if (happened) this.expected.set(stepKey, { calls, effects });
    else await this.callMore(stepKey, calls, effects);
    this.doubted = null;
    this.doubts += 1;
    const output = happened ? { output: this.baseline.outputs.get(stepKey) ?? null } : {};
    await this.run.settle({ runId: id, stepKey, happened, ...output });
  }

  private async checkEnd(end: RunRow): Promise<void> {
    const { lane, companyId, ledger } = this.run;
    if (end.status !== 'succeeded') this.blame(`ended ${end.status}`);
    if (end.leaseUntil || end.intent) this.blame('ended with a lease or an intent');
    if (this.doubted) this.blame(`did not put ${this.doubted} in doubt`);
    const steps = await lane.steps(companyId);
    const keys = steps.map(({ key }) => key);
    for (const key of new Set([...keys, ...this.baseline.steps.keys()])) {
      const row = steps.find((step) => step.key === key)?.row;
      const facts = row && lasting(row);
      if (facts !== this.baseline.steps.get(key)) this.blame(`step ${key} came to ${facts}`);
      const before = this.succeeded.get(key);
      if (before && before !== JSON.stringify(row))
        this.blame(`step ${key} had succeeded and was written again`);
    }
    for (const { stepKey, calls, effects } of ledger.all()) {
      const expected = this.expected.get(stepKey);
      if (calls !== expected?.calls || effects !== expected.effects)
        this.blame(
          `${stepKey} was called ${calls} times with ${effects} effects, not ${expected?.calls} with ${expected?.effects}`,
        );
    }
    for (const [stepKey, { calls }] of this.expected)
      if (calls > 0 && !ledger.find(stepKey)) this.blame(`${stepKey} was never called`);
  }

  private blame(what: string): void {
    this.run.violations.push(what);
  }

  private report(): KilledRun {
    const { ledger, violations, companyId } = this.run;
    const base = (key: string) => this.baseline.effects.find(({ stepKey }) => stepKey === key)?.calls ?? 0;
    const sum = (numbers: number[]) => numbers.reduce((total, number) => total + Math.max(0, number), 0);
    const repeated = (effectClass: string) =>
      sum(ledger.all().flatMap((entry) => (entry.effectClass === effectClass ? [entry.effects - 1] : [])));
    const at = `${this.first.point}#${this.first.count}`;
    return {
      kills: this.kills,
      doubts: this.doubts,
      duplicateCalls: {
        predicted: sum([...this.expected].map(([key, { calls }]) => calls - base(key))),
        seen: sum(ledger.all().map(({ stepKey, calls }) => calls - base(stepKey))),
      },
      duplicateEffects: {
        ...{
          idempotent: repeated('idempotent'),
          reconcilable: repeated('reconcilable'),
          once: repeated('once'),
        },
      },
      violations: [...violations, ...ledger.violations].map(
        (what) => `"${this.baseline.graph.name}" killed at ${at} (${companyId}): ${what}`,
      ),
    };
  }
}

const isConnected = ({ definition }: Graph, stepKey: string): boolean =>
  definition.nodes.some(({ id, type }) => id === stepKey && type.startsWith('test.connected-'));
