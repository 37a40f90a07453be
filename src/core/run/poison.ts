import type { Leg } from './leg';
import type { ExecuteRunInput, LegEnd, RunError, StepRecord } from './ports';
import { isOpen } from './status';

/** Runners that may go down with a run, one after the other and without a single commit in between, before it is set aside. */
export const MAX_DEATHS = 3;

/** Whether the run takes down whoever carries it out. */
export const isPoisoned = ({ run }: ExecuteRunInput): boolean => (run.deaths ?? 0) >= MAX_DEATHS;

/** Sets such a run aside instead of walking it once more. An effect that was under way is in doubt; else the run has failed. */
export function endPoisoned(leg: Leg): LegEnd {
  const message = `The run took its runner down ${MAX_DEATHS} times in a row, so it was set aside. The server's logs and memory limits at those times tell why; then retry it.`;
  const error: RunError = {
    kind: 'uncertain',
    code: 'runner_died',
    message,
    actor: 'developer',
    nodeId: null,
    stepKey: null,
  };
  const open = leg.steps().filter(isOpen);
  const doubtful = open.find((step) => step.status === 'running' && isEffect(leg, step));
  if (doubtful) {
    leg.record({ ...doubtful, status: 'in_doubt', error });
    return { status: 'needs_attention', error: { ...error, nodeId: doubtful.nodeId, stepKey: doubtful.key } };
  }
  const final: RunError = { ...error, kind: 'terminal' };
  for (const { wakeUp: _, ...step } of open)
    leg.record({ ...step, status: 'failed', error: final, wakeAt: null, finishedAt: leg.timestamp() });
  return { status: 'failed', error: final };
}

function isEffect(leg: Leg, step: StepRecord): boolean {
  const block = leg.input.blocks.get(step.type);
  return block?.kind === 'action' && block.sideEffect !== 'none';
}
