import {
  executeRun,
  type JournalWrite,
  type LegEnd,
  MemoryRunStore,
  type RunDetail,
  type Step,
  type StepRecord,
  type WakeUp,
} from '../../src/core';
import type { FakeState } from './fake-state';

/** Tells whoever watches a run that it changed. */
export function announce(state: FakeState, { run }: RunDetail): void {
  for (const watcher of [...state.watchers]) watcher(run.id);
}

/**
 * Carries a run out from what its steps say is done, until it has ended, waits or needs a person. Pauses between attempts pass
 * at once: the clock is moved on.
 *
 * @param woken the step whose wait has ended, and how
 */
export async function performRun(
  state: FakeState,
  detail: RunDetail,
  woken?: { key: string; wakeUp: WakeUp },
): Promise<void> {
  const { run, definition } = detail;
  const [trigger, ...done] = detail.steps as [Step, ...Step[]];
  const reused = new Map(done.map((step) => [step.key, step.reusedFrom]));
  let skipped = 0;
  const clock = { now: () => state.now() + skipped };
  const timestamp = () => new Date(clock.now()).toISOString();
  const show = (steps: readonly StepRecord[]) => {
    detail.steps = [trigger, ...steps.map((step) => toStep(step, reused.get(step.key) ?? null))];
    announce(state, detail);
  };
  const store = new AnnouncingStore(done.map(toRecord), show);
  if (woken) store.wake(woken.key, woken.wakeUp);
  state.underWay.set(run.id, store);
  Object.assign(run, {
    status: 'running',
    startedAt: run.startedAt ?? timestamp(),
    wakeAt: null,
    error: null,
  });
  let end: LegEnd;
  for (;;) {
    end = await executeRun({
      run: {
        id: run.id,
        companyId: 'company_acme',
        payload: trigger.output,
        workflow: { id: run.workflowId, name: run.workflowName },
      },
      ...{ definition, blocks: state.blocks, executors: state.executors, store, clock },
      connect: async () => null,
      effectKey: (stepKey) => `${run.id}/${stepKey}`,
      random: () => 0.5,
    });
    const parked = (await store.load(clock.now())).some((step) => step.status === 'waiting' && step.wait);
    if (end.status !== 'waiting' || parked) break;
    skipped += Math.max(0, Date.parse(end.wakeAt) - clock.now());
  }
  state.underWay.delete(run.id);
  const isOver = end.status !== 'waiting' && end.status !== 'needs_attention';
  Object.assign(run, {
    status: end.status,
    error: 'error' in end ? end.error : null,
    wakeAt: end.status === 'waiting' ? end.wakeAt : null,
    finishedAt: isOver ? timestamp() : null,
  });
  show(await store.load());
}

const toStep = ({ seq: _, wakeUp: __, ...step }: StepRecord, reusedFrom: string | null): Step => ({
  ...(step as Omit<Step, 'reusedFrom'>),
  reusedFrom,
});

const toRecord = ({ reusedFrom: _, ...step }: Step, index: number): StepRecord => ({ ...step, seq: index });

/** A memory store that tells of each commit, as the event stream does. */
class AnnouncingStore extends MemoryRunStore {
  constructor(
    recorded: readonly StepRecord[],
    private readonly show: (steps: readonly StepRecord[]) => void,
  ) {
    super(recorded);
  }

  override async commit(write: JournalWrite): Promise<'written' | 'canceled'> {
    const answer = await super.commit(write);
    if (write.end === null) this.show(await this.load());
    return answer;
  }
}
