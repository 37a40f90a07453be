import type { TriggerDefinition } from '../../core/block/define';
import { givenBy } from '../../core/block/payload';
import { TRIGGER_ID, type WorkflowDefinition } from '../../core/definition/schema';
import { WorkflowError } from '../../core/errors';
import { formatPath, type Json } from '../../core/json';
import type { SharedContext } from '../context';
import { scheduleOf } from '../workflows/schedules';
import { localTimeAt } from './occurrences';

/**
 * The payload a run begins with, or 400 when it is not what the workflow's trigger gives. Without one a workflow on a schedule begins as if
 * its time were now.
 */
export function checkPayload(
  context: SharedContext,
  definition: WorkflowDefinition,
  payload: Json | undefined,
): Json {
  const node = definition.nodes.find(({ id }) => id === TRIGGER_ID);
  const trigger = context.blocks.get(node?.type ?? '') as TriggerDefinition | undefined;
  if (!node || !trigger) return payload ?? {};
  const schedule = payload === undefined ? scheduleOf(context, definition) : null;
  if (schedule) return scheduledAt(context.clock.now(), schedule.timeZone);
  const parsed = givenBy(trigger, node.config).schema.safeParse(payload ?? {});
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => ({ path: formatPath(path), message }));
    const [first] = problems;
    const place = first?.path ? ` at "${first.path}"` : '';
    const message = `The payload is not what "${trigger.label.en}" gives${place}: ${first?.message}. Nothing was started.`;
    throw new WorkflowError('invalid_request', message, { details: { problems } });
  }
  // An event is kept as it was told; what a person fills in is made whole (a box that was not ticked).
  return trigger.payloadFor ? (parsed.data as Json) : (payload ?? {});
}

/** What a run on a schedule is told of its time. */
export const scheduledAt = (at: number, timeZone: string): Json => ({
  scheduledAt: new Date(at).toISOString(),
  localTime: localTimeAt(at, timeZone),
  timeZone,
});
