import { randomUUID } from 'node:crypto';
import type { CrashPoints } from '../../src/server/crashpoint';
import { type Commands, createEngine } from './worker-engine';
import type { Worker } from './worker-pool';
import { type Intercept, Ledger } from './world';
import type { Graph } from './world-blocks';
import type { Lane, RunRow } from './world-lane';
import { tokens } from './world-provider';

export const START = Date.parse('2026-11-23T10:00:00.000Z');
const SWEEP_AFTER_MS = 31_000;
/** Moves after which a run that has not ended is taken to be stuck. */
const MAX_MOVES = 120;

/** Whoever carries the run on at the moment. */
export type Actor = Worker | 'driver';

export interface RunOptions {
  /** Whether the host tells an event again that was not acknowledged; else the sweep has to find it, once it is stored. */
  retells?: boolean;
  intercept?: Intercept;
  crash?: CrashPoints;
}

/** One run of a graph: its company, its world, its clock, and what the host and its people do about it. */
export class GraphRun {
  readonly companyId = `company-${randomUUID()}`;
  readonly ledger: Ledger;
  readonly violations: string[] = [];
  /** What the engine had to warn of. */
  readonly warnings: string[] = [];
  now = START;
  private readonly driver: Commands;
  private readonly retells: boolean;
  private isStarted = false;
  private isTold = false;
  /** Id of the connection whose token was taken back. */
  private revoked: string | undefined;

  constructor(
    readonly lane: Lane,
    readonly graph: Graph,
    { retells = true, intercept, crash }: RunOptions = {},
  ) {
    this.ledger = new Ledger(graph, intercept);
    this.retells = retells;
    this.driver = createEngine({
      ...{ database: lane.database, world: this.ledger, clock: { now: () => this.now } },
      startsAtOnce: graph.startsAtOnce,
      ...(crash ? { crash } : {}),
    });
  }

  async publish(): Promise<void> {
    const { lane, graph, companyId } = this;
    await lane.publish(companyId, graph, randomUUID());
    if (!graph.isRevoked) return;
    await this.driver.connect({ companyId, token: tokens.revoked });
    this.revoked = (await lane.connection(companyId))?.id;
  }

  /** Whether a step that uses the connection would call the world, and be refused. */
  async isAboutToBeRefused(): Promise<boolean> {
    const connection = await this.lane.connection(this.companyId);
    return connection !== undefined && connection.id === this.revoked && connection.state === 'active';
  }

  async row(): Promise<RunRow | undefined> {
    const rows = await this.lane.runs(this.companyId);
    if (rows.length > 1) this.violations.push(`the event started ${rows.length} runs`);
    return rows[0];
  }

  /** Does the next thing there is to do; false when the run has ended or cannot go on by itself. */
  async move(actor: Actor): Promise<boolean> {
    const row = await this.row();
    if (!this.isStarted) {
      await this.tell(actor, 'test.started');
      this.isStarted = true;
      return true;
    }
    if (!row) throw new Error('An event that was acknowledged has started no run.');
    if (!this.isTold && this.graph.told === 'before it waits') {
      await this.tell(actor, 'test.signed');
      this.isTold = true;
      return true;
    }
    if (row.status === 'waiting') await this.end(actor, row);
    else if (row.status === 'queued' || row.status === 'running') await this.work(actor);
    else return false;
    return true;
  }

  /** Moves until the run has ended, or needs a person. */
  async finish(actor: Actor): Promise<RunRow> {
    for (let moves = 0; moves < MAX_MOVES; moves += 1) {
      if (await this.move(actor)) continue;
      return (await this.row()) as RunRow;
    }
    throw new Error(`The run is stuck: ${JSON.stringify([await this.row(), this.warnings.slice(-3)])}.`);
  }

  settle(settled: Omit<Parameters<Commands['settle']>[0], 'companyId'>): Promise<void> {
    return this.driver.settle({ companyId: this.companyId, ...settled });
  }

  private async work(actor: Actor): Promise<void> {
    this.warnings.push(...(await this.ask(actor, 'work', null)));
  }

  /** Ends what the run waits for. */
  private async end(actor: Actor, row: RunRow): Promise<void> {
    const wait = await this.lane.openWait(this.companyId);
    if (wait?.kind === 'decision')
      return this.ask(actor, 'decide', { companyId: this.companyId, id: wait.id });
    if (wait?.kind === 'connection') return this.connect(actor);
    if (wait?.stepKey !== 'signed') {
      this.now = row.wakeAt ?? this.now;
      return this.work(actor);
    }
    const isStored = await this.lane.hasEvent(this.companyId, 'test.signed');
    if (this.isTold || (isStored && !this.retells)) return this.sweep(actor);
    await this.tell(actor, 'test.signed');
    this.isTold = true;
  }

  /** A person connects again, once: a connection that is stored must be found, as an event must. */
  private async connect(actor: Actor): Promise<void> {
    const { companyId, lane } = this;
    if ((await lane.connection(companyId))?.id !== this.revoked) return this.sweep(actor);
    await this.ask(actor, 'connect', { companyId, token: tokens.fresh });
    if (await lane.openWait(companyId)) throw new Error('A connection that was made has not woken the run.');
  }

  /** What is stored must be found, although whoever took it did not live to wake the run. */
  private async sweep(actor: Actor): Promise<void> {
    const before = await this.lane.openWait(this.companyId);
    this.now += SWEEP_AFTER_MS;
    await this.ask(actor, 'sweep', null);
    const wait = await this.lane.openWait(this.companyId);
    if (wait && wait.id === before?.id)
      throw new Error(`A wait for what is stored was not ended: ${wait.stepKey}.`);
  }

  private async tell(actor: Actor, type: 'test.started' | 'test.signed'): Promise<void> {
    const { payload } = this.graph;
    const event = { companyId: this.companyId, type, id: type, data: { ...payload, id: 'doc_1' } };
    await this.ask(actor, 'emit', event);
  }

  private ask<C extends keyof Commands>(
    actor: Actor,
    command: C,
    argument: Parameters<Commands[C]>[0],
  ): ReturnType<Commands[C]> {
    if (actor !== 'driver') return actor.command(command, argument, this.now);
    return (this.driver[command] as (argument: unknown) => ReturnType<Commands[C]>)(argument);
  }
}

/** What a step comes to whenever it is carried out, without times and ids. */
export function lasting(row: Record<string, unknown>): string {
  const { step_key, node_id, type, seq, status, branch, input, output, skipped_because } = row;
  const facts = { step_key, node_id, type, seq, status, branch, input, output, skipped_because };
  return JSON.stringify(facts).replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'time');
}
