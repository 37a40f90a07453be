import type { StepRecord } from '../../core/run/ports';
import type { ServerContext } from '../context';
import { type RunDataEntity, type RunStepEntity, WaitEntity } from '../db/entities';
import { stepRecord } from '../db/step-rows';
import { readRecords } from './read-runs';

export interface LeftSteps {
  data: RunDataEntity;
  steps: StepRecord[];
  /** Ids of the events that have ended waits of a step, by its key. */
  usedEvents: ReadonlyMap<string, readonly string[]>;
}

/** What an ended run leaves behind: its steps, with how their waits ended, and those it had taken over itself and never came to. */
export async function readLeft(context: ServerContext, companyId: string, runId: string): Promise<LeftSteps> {
  const { data, rows } = await readRecords(context, companyId, runId);
  const waits = await context.database.source.getRepository(WaitEntity).findBy({ companyId, runId });
  const ofStep = new Map(waits.map((wait) => [wait.stepKey, wait]));
  // A wait for a time has no row: that of the step, if any, is of one before it.
  const wakeUpOf = ({ stepKey, wait }: RunStepEntity) =>
    wait?.kind === 'time' ? null : (ofStep.get(stepKey)?.wakeUp ?? null);
  const own = rows.map((row) => ({ ...stepRecord(row), wakeUp: wakeUpOf(row) }));
  const keys = new Set(own.map(({ key }) => key));
  const untouched = Object.values(data.carried ?? {}).filter(({ key }) => !keys.has(key));
  const usedEvents = new Map(waits.map((wait) => [wait.stepKey, usedBy(wait)]));
  return { data, steps: [...own, ...untouched], usedEvents };
}

function usedBy({ wait, wakeUp }: WaitEntity): string[] {
  const ends = [wait.after?.wakeUp, wakeUp];
  const ids = ends.flatMap((end) => (end?.kind === 'event' ? [end.event.id] : []));
  return [...(wait.used ?? []), ...ids];
}
