import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Baseline } from './crash-matrix-run';
import { IN_FLIGHT, type Instant } from './crash-matrix-trace';
import { CommandFailed, type Worker } from './worker-pool';
import type { Fate } from './world';
import type { World } from './world-blocks';
import type { Lane, RunRow } from './world-lane';
import { GraphRun, lasting } from './world-run';

export interface FrozenRun {
  /** `refused`: it tried to write and was told that the run is no longer its own. */
  outcome: 'refused' | 'nothing to do';
  /** Whether the run was under way elsewhere, or had ended, when the worker came to itself. */
  metRunUnderWay: boolean;
  staleWrites: number;
  /** Calls of the world by a worker whose lease was over: no database can hold back what was about to leave. */
  lateCalls: { predicted: number; seen: number };
  violations: string[];
}

/**
 * A worker frozen (SIGSTOP) at an instant of a run. Its lease runs out, the driver carries the run on, and the worker comes to itself
 * (SIGCONT) while that is under way, or after the end. It must not change a row.
 */
export class ZombieRun {
  private readonly run: GraphRun;
  private worker: Worker | undefined;
  private zombieCalls = 0;
  private isZombieCalling = false;
  private readonly frozen = new Signal();
  /** The first call of the driver's, which is held back until the worker has come to itself. */
  private readonly held = new Signal();
  private readonly released = new Signal();
  private isHolding: boolean;

  constructor(
    lane: Lane,
    private readonly baseline: Baseline,
    private readonly instant: Instant,
    wakesEarly: boolean,
  ) {
    this.isHolding = wakesEarly;
    this.run = new GraphRun(lane, baseline.graph, { intercept: () => this.meetCall() });
  }

  async play(): Promise<FrozenRun> {
    const { run, baseline } = this;
    const { lane, companyId } = run;
    const worker = await lane.workers.take();
    this.worker = worker;
    try {
      await run.publish();
      const moving = this.freeze(worker);
      await Promise.race([this.frozen.given, moving]);
      if (!this.frozen.isGiven) throw new Error('never passed the instant it was to be frozen at');
      await untilStopped(worker.pid);
      await lane.settleDown(worker.name);
      const intent = (await run.row())?.intent ?? null;
      const predicted = isAboutToCall(this.instant, intent) ? 1 : 0;
      await lane.expireLeases();

      const driving = this.drive();
      await Promise.race([this.held.given, driving]);
      const metRunUnderWay = this.held.isGiven;
      const callsBefore = this.zombieCalls;
      const before = await lane.snapshot(companyId);
      worker.signal('SIGCONT');
      const refusal = await moving;
      const staleWrites = before === (await lane.snapshot(companyId)) ? 0 : 1;
      if (staleWrites > 0) run.violations.push('its worker wrote after its lease had been taken over');
      this.released.give();
      const end = await driving;
      if (end.status !== 'succeeded') run.violations.push(`ended ${end.status}`);
      for (const { key, row } of await lane.steps(companyId))
        if (lasting(row) !== baseline.steps.get(key))
          run.violations.push(`step ${key} came to ${lasting(row)}`);
      return this.report({
        ...{ outcome: refusal ? 'refused' : 'nothing to do', metRunUnderWay, staleWrites },
        lateCalls: { predicted, seen: this.zombieCalls - callsBefore },
      });
    } catch (error) {
      run.violations.push(error instanceof Error ? error.message : String(error));
      const lateCalls = { predicted: 0, seen: 0 };
      return this.report({ outcome: 'nothing to do', metRunUnderWay: false, staleWrites: 0, lateCalls });
    } finally {
      this.released.give();
      await worker.kill();
    }
  }

  /** Lets the worker carry the run on; whether it was refused something in the end. */
  private async freeze(worker: Worker): Promise<boolean> {
    const { point, count } = this.instant;
    worker.onStopping = () => this.frozen.give();
    const crash = point === IN_FLIGHT ? null : `${point}#${count}`;
    const order = { crash, isStopped: true, startsAtOnce: this.baseline.graph.startsAtOnce };
    worker.order(order, this.worldOf());
    try {
      // One move at a time: what the run does in the meantime is not the worker's.
      while (!this.frozen.isGiven) if (!(await this.run.move(worker))) return false;
    } catch (error) {
      if (error instanceof CommandFailed && error.code === 'already_decided') return true;
      throw error;
    }
    return this.run.warnings.some((warning) => warning.startsWith('lease lost'));
  }

  private worldOf(): World {
    const { ledger } = this.run;
    return {
      act: (call) => {
        this.isZombieCalling = true;
        this.zombieCalls += 1;
        const answer = ledger.act(call);
        this.isZombieCalling = false;
        return answer;
      },
      ask: (call) => ledger.ask(call),
    };
  }

  private async meetCall(): Promise<Fate> {
    if (this.isZombieCalling) {
      const { point, count } = this.instant;
      if (point === IN_FLIGHT && count === this.zombieCalls) {
        this.worker?.signal('SIGSTOP');
        this.frozen.give();
      }
    } else if (this.isHolding) {
      this.isHolding = false;
      this.held.give();
      await this.released.given;
    }
    return 'answered';
  }

  private async drive(): Promise<RunRow> {
    const { run, baseline } = this;
    for (;;) {
      const end = await run.finish('driver');
      if (end.status !== 'needs_attention') return end;
      const steps = await run.lane.steps(run.companyId);
      const stepKey = steps.find(({ status }) => status === 'in_doubt')?.key ?? '';
      const output = baseline.outputs.get(stepKey) ?? null;
      await run.settle({ runId: end.id, stepKey, happened: true, output });
    }
  }

  private report(facts: Omit<FrozenRun, 'violations'>): FrozenRun {
    const { violations, ledger, companyId } = this.run;
    const { predicted, seen } = facts.lateCalls;
    if (predicted !== seen) violations.push(`its worker made ${seen} late calls, not ${predicted}`);
    const at = `${this.instant.point}#${this.instant.count}`;
    return {
      ...facts,
      violations: [...violations, ...ledger.violations].map(
        (what) => `"${this.baseline.graph.name}" frozen at ${at} (${companyId}): ${what}`,
      ),
    };
  }
}

/** Whether a call is still to come of the intent in the database. `commit:sent`: only of the one that statement was to store. */
function isAboutToCall({ point, underWay }: Instant, intent: string | null): boolean {
  if (intent === null) return false;
  if (point === 'commit:sent') return intent === underWay[1] && intent !== underWay[0];
  return point === 'commit:after' || point === 'effect:before';
}

class Signal {
  isGiven = false;
  give: () => void = () => {};
  readonly given = new Promise<void>((resolve) => {
    this.give = () => {
      this.isGiven = true;
      resolve();
    };
  });
}

/** A signal takes effect when the process is next scheduled; Linux tells when it has. */
async function untilStopped(pid: number): Promise<void> {
  const file = `/proc/${pid}/stat`;
  while (existsSync(file)) {
    const [, state] = (await readFile(file, 'utf8')).match(/\) (\w) /) ?? [];
    if (state === 'T') return;
  }
}
