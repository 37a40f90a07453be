import type { EntityManager } from 'typeorm';
import type { Schedule, TriggerDefinition } from '../../core/block/define';
import { TRIGGER_ID, type WorkflowDefinition } from '../../core/definition/schema';
import type { SharedContext } from '../context';
import { ScheduleEntity, type WorkflowEntity, WorkflowVersionEntity } from '../db/entities';
import { nextOccurrence, occurrencesOf } from '../runs/occurrences';

/** When the clock starts this definition, in the company's time zone unless it names another; `null` when it does not. */
export function scheduleOf(
  context: SharedContext,
  definition: WorkflowDefinition,
): Required<{ [Key in keyof Schedule]: string }> | null {
  const node = definition.nodes.find(({ id }) => id === TRIGGER_ID);
  const trigger = context.blocks.get(node?.type ?? '') as TriggerDefinition | undefined;
  const config = trigger?.schedule && trigger.input.safeParse(node?.config ?? {});
  if (!trigger?.schedule || !config?.success) return null;
  const { cron, timeZone } = trigger.schedule(config.data);
  return { cron, timeZone: timeZone ?? context.formatting.timeZone };
}

/** Makes the row of what a workflow is to be started by next fit the workflow as it now is: part of the change itself. */
export async function keepSchedule(
  context: SharedContext,
  manager: EntityManager,
  { companyId, id, publishedVersion, enabled, deletedAt }: WorkflowEntity,
): Promise<void> {
  const rows = manager.getRepository(ScheduleEntity);
  const key = { companyId, workflowId: id };
  const isLive = enabled && deletedAt === null && publishedVersion !== null;
  const version = isLive
    ? await manager
        .getRepository(WorkflowVersionEntity)
        .findOneByOrFail({ ...key, version: publishedVersion as number })
    : null;
  const wanted = version && scheduleOf(context, version.definition);
  if (!wanted) {
    await rows.delete(key);
    return;
  }
  const known = await rows.findOneBy(key);
  // Publishing something else under the same schedule must not pass over a start that is due.
  if (known?.cron === wanted.cron && known.timeZone === wanted.timeZone) return;
  const nextAt = nextOccurrence(occurrencesOf(wanted.cron, wanted.timeZone), context.clock.now());
  await rows.save(Object.assign(new ScheduleEntity(), { ...key, ...wanted, nextAt: new Date(nextAt) }), {
    reload: false,
  });
}
