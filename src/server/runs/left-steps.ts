import type { StepRecord } from '../../core/run/ports';
import type { ServerContext } from '../context';
import { type RunDataEntity, WaitEntity } from '../db/entities';
import { stepRecord } from '../db/step-rows';
import { readRecords } from './read-runs';

/** What an ended run leaves behind: its steps, with how their waits ended, and those it had taken over itself and never came to. */
export async function readLeft(
  context: ServerContext,
  companyId: string,
  runId: string,
): Promise<{ data: RunDataEntity; steps: StepRecord[] }> {
  const { data, rows } = await readRecords(context, companyId, runId);
  const waits = await context.database.source.getRepository(WaitEntity).findBy({ companyId, runId });
  const wakeUps = new Map(waits.map(({ stepKey, wakeUp }) => [stepKey, wakeUp]));
  const own = rows.map((row) => ({ ...stepRecord(row), wakeUp: wakeUps.get(row.stepKey) ?? null }));
  const keys = new Set(own.map(({ key }) => key));
  const untouched = Object.values(data.carried ?? {}).filter(({ key }) => !keys.has(key));
  return { data, steps: [...own, ...untouched] };
}
