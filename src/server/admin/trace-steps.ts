import type { TraceEntry } from '../../core/api/admin-shapes';
import { isPutOff } from '../../core/run/ended-wait';
import type { StepRecord } from '../../core/run/ports';
import type { Decision, Wait, WakeUp } from '../../core/run/wait';
import type { RunEntity, WaitEntity } from '../db/entities';

/**
 * Steps as they followed one another, in the order the run reached them. A loop ends after the last step inside it. A step that was skipped
 * has no time; it is told with what came before it.
 */
export function tellSteps(
  steps: readonly StepRecord[],
  reusedFrom: ReadonlyMap<string, string | null>,
  run: Pick<RunEntity, 'createdAt'>,
): TraceEntry[] {
  const created = run.createdAt.toISOString();
  const entries: TraceEntry[] = [];
  /** Steps that have not ended where the walk stands, the innermost last. */
  const open: { key: string; ends: TraceEntry[] }[] = [];
  let reached = created;
  const add = (...added: TraceEntry[]) => {
    entries.push(...added);
    for (const { at } of added) if (at > reached) reached = at;
  };
  const endWhatIsAround = (key: string | null) => {
    while (open.length > 0 && !key?.startsWith(`${open.at(-1)?.key}[`)) add(...(open.pop()?.ends ?? []));
  };
  for (const step of steps) {
    endWhatIsAround(step.key);
    const earlier = reusedFrom.get(step.key);
    if (earlier) entries.push({ kind: 'step_reused', at: created, stepKey: step.key, reusedFrom: earlier });
    else if (step.skippedBecause)
      entries.push({ kind: 'step_skipped', at: reached, stepKey: step.key, because: step.skippedBecause });
    else {
      add(...tellBegin(step, created, reached));
      open.push({ key: step.key, ends: tellEnd(step) });
    }
  }
  endWhatIsAround(null);
  return entries;
}

/** What has happened to a step but its end. What an earlier run did of it is told there. */
function tellBegin(step: StepRecord, created: string, reached: string): TraceEntry[] {
  const { key: stepKey, nodeId, type, startedAt } = step;
  const began = step.attempts[0]?.startedAt ?? startedAt;
  if (!began) return [];
  const what = { stepKey, nodeId, type };
  const attempts = step.attempts.filter((attempt) => attempt.startedAt >= created);
  return [
    began < created
      ? { kind: 'step_carried', at: reached, ...what }
      : { kind: 'step_began', at: began, ...what },
    ...attempts.map(
      ({ attempt, finishedAt: at, error, delayMs }): TraceEntry => ({
        ...{ kind: 'attempt_failed', at, stepKey, attempt, error, delayMs },
      }),
    ),
    // Waits for anything else have a row that tells when they began.
    ...(startedAt && step.wait?.kind === 'time' && !isPutOff(step.wait)
      ? [waitBegan(startedAt < created ? reached : startedAt, stepKey, step.wait)]
      : []),
  ];
}

function tellEnd({ key: stepKey, status, branch, error, attempts, finishedAt }: StepRecord): TraceEntry[] {
  const at = status === 'in_doubt' ? attempts.at(-1)?.finishedAt : finishedAt;
  return at ? [{ kind: 'step_ended', at, stepKey, status, branch, error }] : [];
}

/** Of a step that has waited several times, the last wait, whose row is used again, and the end it goes on from. */
export function tellWait({
  stepKey,
  wait,
  createdAt,
  endedAt,
  state,
  wakeUp,
  decisions,
}: WaitEntity): TraceEntry[] {
  const before = wait.after?.wakeUp;
  const ended = state === 'canceled' ? 'cancel' : state === 'timed_out' ? 'time' : wakeUp?.kind;
  const entries = [
    ...(before ? tellWakeUp(stepKey, before) : []),
    waitBegan(createdAt.toISOString(), stepKey, wait),
    ...decisions.map((decision) => decided(stepKey, decision)),
  ];
  if (endedAt && ended)
    entries.push({
      ...{ kind: 'wait_ended', at: endedAt.toISOString(), stepKey, wokenBy: ended },
      eventId: wakeUp?.kind === 'event' ? wakeUp.event.id : null,
    });
  return entries;
}

/** The end of a wait whose row tells of a later one. Only what says when it was itself can be told. */
function tellWakeUp(stepKey: string, wakeUp: WakeUp): TraceEntry[] {
  if (wakeUp.kind === 'event') {
    const { id: eventId, at } = wakeUp.event;
    return [{ kind: 'wait_ended', at, stepKey, wokenBy: 'event', eventId }];
  }
  const decisions = wakeUp.kind === 'decision' || wakeUp.kind === 'time' ? (wakeUp.decisions ?? []) : [];
  return decisions.map((decision) => decided(stepKey, decision));
}

const decided = (stepKey: string, { decidedAt, decidedBy, decision, comment }: Decision): TraceEntry => ({
  ...{ kind: 'decided', at: decidedAt, stepKey, by: decidedBy, decision, comment },
});

/** Not what people are asked, nor which event exactly: both are made of the run's data. */
const waitBegan = (at: string, stepKey: string, wait: Wait): TraceEntry => ({
  ...{ kind: 'wait_began', at, stepKey, waitsFor: wait.kind, until: wait.until },
  eventType: wait.kind === 'event' ? wait.type : null,
  provider: wait.kind === 'connection' ? wait.provider : null,
  approvers: wait.kind === 'decision' ? wait.approvers : [],
});
