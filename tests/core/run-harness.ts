import * as z from 'zod';
import { runIf, runLoop } from '../../src/blocks/flow/executors';
import { ifBlock } from '../../src/blocks/flow/if';
import { loop } from '../../src/blocks/flow/loop';
import { manual } from '../../src/blocks/flow/manual';
import {
  type AnyExecutor,
  BlockError,
  branch,
  defineBlock,
  done,
  type ExecuteRunInput,
  executeRun,
  implementBlock,
  indexBlocks,
  type JournalWrite,
  type Json,
  type LegEnd,
  MemoryRunStore,
  type Outcome,
  type Recovery,
  type SideEffect,
  type StepContext,
  type StepFailure,
  type StepRecord,
  stop,
  type Wait,
  type WakeUp,
  type WorkflowDefinition,
  wait,
} from '../../src/core';

export const START = Date.parse('2026-11-23T10:00:00.000Z');

export interface Call {
  input: Record<string, Json>;
  step: StepContext;
  /** 1 for the first time this step's executor is called. */
  times: number;
}

type Behaviour = (call: Call) => unknown;

const classes = {
  'test.pure': 'none',
  'test.idempotent': 'idempotent',
  'test.reconcilable': 'reconcilable',
  'test.once': 'at-most-once',
} as const satisfies Record<string, SideEffect>;

const testBlock = (type: string, sideEffect: SideEffect, handles?: string[]) =>
  defineBlock({
    type,
    provider: 'flow',
    label: { en: type, it: type },
    description: { en: type, it: type },
    icon: 't',
    sideEffect,
    input: z.looseObject({}),
    output: z.unknown(),
    sample: {},
    ...(handles ? { handles } : {}),
  });

export const testBlocks = Object.entries(classes).map(([type, sideEffect]) => testBlock(type, sideEffect));
/** Waits for what its configuration says as `for`; goes on at `late` when the time came first, else at `next`. */
const waitBlock = testBlock('test.wait', 'none', ['next', 'late']);
/** Ends the run with its `status` and `message`. */
const stopBlock = testBlock('test.stop', 'none', []);

export const blocks = indexBlocks([manual, ifBlock, loop, waitBlock, stopBlock, ...testBlocks]);

export interface RunOptions extends Partial<Omit<ExecuteRunInput, 'run' | 'definition' | 'store'>> {
  payload?: Json;
  store?: MemoryRunStore;
  /** What a node does when called, by node id; an answer that is no outcome becomes its output. @default answers its input */
  behaviour?: Record<string, Behaviour>;
  /** What the provider answers when asked about an interrupted step, by node id. */
  recovery?: Record<string, (call: Call) => Recovery | Promise<Recovery>>;
  /** What a node makes of the end of its wait, by node id. @default `test.wait`: the exit of how it ended; other blocks: as without `resume` */
  resume?: Record<string, (wakeUp: WakeUp, step: StepContext) => Outcome>;
  timeoutMs?: number;
  /** Facts of the run, over the usual ones. */
  facts?: Partial<ExecuteRunInput['run']>;
}

export interface RunReport {
  end: LegEnd;
  /** In the order the run reached them. */
  steps: StepRecord[];
  commits: readonly JournalWrite[];
  /** Every call of an executor of the test blocks, in order. */
  calls: Call[];
  /** `key status` or `key status handle` of every step. */
  story: string[];
  step: (key: string) => StepRecord;
  store: MemoryRunStore;
}

/** Runs one leg on frozen inputs: whatever writes into the definition or the payload throws. */
export async function run(definition: WorkflowDefinition, options: RunOptions = {}): Promise<RunReport> {
  const {
    payload = {},
    store = new MemoryRunStore(),
    behaviour,
    recovery,
    resume,
    timeoutMs,
    facts,
    ...rest
  } = options;
  const calls: Call[] = [];
  const end = await executeRun({
    run: {
      id: 'run_1',
      companyId: 'rossi',
      payload: deepFreeze(payload),
      workflow: { id: 'wf_1', name: 'Contratti' },
      ...facts,
    },
    definition: deepFreeze(definition),
    blocks,
    executors: createExecutors(calls, { behaviour, recovery, resume, timeoutMs }),
    store,
    connect: async () => null,
    effectKey: (key) => `effect:${key}`,
    clock: { now: () => START },
    random: () => 0.5,
    ...rest,
  });
  return { ...(await report(store)), end, calls };
}

async function report(store: MemoryRunStore) {
  const steps = await store.load();
  return {
    store,
    steps,
    commits: store.commits,
    story: steps.map(({ key, status, branch }) => [key, status, branch].filter(Boolean).join(' ')),
    step: (key: string) => {
      const found = steps.find((candidate) => candidate.key === key);
      if (!found) throw new Error(`No step ${key}; there are ${steps.map((step) => step.key).join(', ')}.`);
      return found;
    },
  };
}

function createExecutors(
  calls: Call[],
  { behaviour = {}, recovery = {}, resume = {}, timeoutMs }: RunOptions,
): Record<string, AnyExecutor> {
  const perform = async ({ input, step }: { input: unknown; step: StepContext }): Promise<Outcome> => {
    const times = 1 + calls.filter((call) => call.step.stepKey === step.stepKey).length;
    const call = { input: input as Call['input'], step, times };
    calls.push(call);
    const answer = await (behaviour[step.nodeId] ?? (() => call.input))(call);
    return isOutcome(answer) ? answer : done(answer);
  };
  const resumed = ({ step, wakeUp }: { step: StepContext; wakeUp: WakeUp }) =>
    (resume[step.nodeId] ?? goOn)(wakeUp, step);
  const test = testBlocks.map((block) => {
    const recover = async ({ input, step }: { input: unknown; step: StepContext }) =>
      recovery[step.nodeId]?.({ input: input as Call['input'], step, times: 0 }) ?? {
        happened: 'unknown' as const,
      };
    const executor = implementBlock(block, {
      run: perform,
      ...(block.type === 'test.reconcilable' ? { recover } : {}),
      ...(Object.keys(resume).length > 0 ? { resume: resumed } : {}),
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    });
    return [block.type, executor] as const;
  });
  return {
    'flow.if': runIf,
    'flow.loop': runLoop,
    'test.wait': implementBlock(waitBlock, {
      run: ({ input }) => wait(input.for as Wait),
      resume: resumed,
    }),
    'test.stop': implementBlock(stopBlock, {
      run: ({ input }) => stop(input.status as 'succeeded' | 'failed', input.message as string | undefined),
    }),
    ...Object.fromEntries(test),
  };
}

const goOn = (wakeUp: WakeUp): Outcome => branch(wakeUp.kind === 'time' ? 'late' : 'next', wakeUp);

const isOutcome = (answer: unknown): answer is Outcome =>
  answer !== null && typeof answer === 'object' && 'kind' in answer;

export function deepFreeze<T>(value: T): T {
  if (value !== null && typeof value === 'object' && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}

/** Thrown by a store in place of a process that dies. */
export class Crash extends Error {}

/** A journal whose process dies at its nth commit, before or after the commit is written. */
export class CrashingStore extends MemoryRunStore {
  private count = 0;

  constructor(
    private readonly at: number,
    private readonly when: 'before' | 'after',
    recorded: readonly StepRecord[] = [],
  ) {
    super(recorded);
  }

  override async commit(write: JournalWrite): Promise<'written' | 'canceled'> {
    this.count += 1;
    if (this.count === this.at && this.when === 'before') throw new Crash();
    const answer = await super.commit(write);
    if (this.count === this.at) throw new Crash();
    return answer;
  }
}

/** A journal whose run somebody asks to cancel just before its nth commit. */
export class CancelingStore extends MemoryRunStore {
  constructor(
    private readonly at: number,
    recorded: readonly StepRecord[] = [],
  ) {
    super(recorded);
  }

  override commit(write: JournalWrite): Promise<'written' | 'canceled'> {
    if (this.commits.length + 1 === this.at) this.requestCancel();
    return super.commit(write);
  }
}

/** The journal a dead or parked leg left behind, opened by the next one. */
export const reopen = async (store: MemoryRunStore): Promise<MemoryRunStore> =>
  new MemoryRunStore(await store.load());

export const fail = (kind: StepFailure['kind'], facts: Partial<StepFailure> = {}): never => {
  throw new BlockError({ kind, code: `${kind}_failure`, message: `It was ${kind}.`, ...facts });
};
