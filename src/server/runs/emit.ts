import * as z from 'zod';
import type { TriggerDefinition } from '../../core/block/define';
import { TRIGGER_ID } from '../../core/definition/schema';
import { WorkflowError } from '../../core/errors';
import { formatPath, stableJson } from '../../core/json';
import { type ServerContext, sha256 } from '../context';
import { WorkflowEntity } from '../db/entities';
import { findVersion } from '../workflows/workflows';
import { acceptPayload, insertRun } from './start-run';

/** Something that happened in the host. */
export interface HostEvent {
  /** `document.completed`, or another type a trigger listens to. */
  type: string;
  /** Names the event for good: the same id starts each workflow at most once. */
  id: string;
  companyId: string;
  data: unknown;
}

const eventSchema = z.object({
  type: z.string().min(1).max(120),
  id: z.string().min(1).max(200),
  companyId: z.string().min(1).max(200),
  data: z.unknown(),
});

export interface StartedRun {
  id: string;
  workflowId: string;
  /** False when the event had started this run before. */
  isNew: boolean;
}

/**
 * Starts every published, enabled workflow of the company whose trigger listens to the event and whose filter lets it through. Resolves
 * after the commit; safe to repeat with the same id when it failed.
 */
export async function emitEvent(context: ServerContext, event: HostEvent): Promise<StartedRun[]> {
  const { type, id, companyId } = checkEvent(event);
  const triggers = [...context.blocks.values()].filter(
    (block): block is TriggerDefinition => block.kind === 'trigger' && block.event === type,
  );
  if (triggers.length === 0) {
    const known = [...context.blocks.values()].flatMap((block) =>
      block.kind === 'trigger' && block.event ? [block.event] : [],
    );
    const message = `No trigger listens to events of type "${type}"; there are ${known.join(', ')}. Nothing was started.`;
    throw new WorkflowError('invalid_request', message);
  }
  const payload = acceptPayload(context, event.data);
  const started: StartedRun[] = [];
  for (const trigger of triggers) {
    const data = parsePayload(trigger, payload);
    for (const workflow of await listening(context, companyId, trigger.type)) {
      const { definition } = await findVersion(
        context.database.source.manager,
        companyId,
        workflow.id,
        workflow.publishedVersion ?? 0,
      );
      const node = definition.nodes.find((candidate) => candidate.id === TRIGGER_ID);
      const config = trigger.input.safeParse(node?.config ?? {});
      if (!config.success || (trigger.matches && !trigger.matches(config.data, data))) continue;
      const run = await insertRun(context, {
        workflow,
        version: workflow.publishedVersion,
        definition,
        payload,
        triggerKey: `event:${id}`,
        triggerHash: sha256(stableJson(payload)),
        userId: null,
      });
      started.push({ id: run.id, workflowId: workflow.id, isNew: run.isNew });
    }
  }
  return started;
}

function checkEvent(event: HostEvent): z.infer<typeof eventSchema> {
  const parsed = eventSchema.safeParse(event);
  if (parsed.success) return parsed.data;
  const [first] = parsed.error.issues;
  const message = `The event is malformed at "${formatPath(first?.path ?? [])}": ${first?.message}. Nothing was started.`;
  throw new WorkflowError('invalid_request', message);
}

function parsePayload(trigger: TriggerDefinition, payload: unknown): unknown {
  const parsed = trigger.output.safeParse(payload);
  if (parsed.success) return parsed.data;
  const [first] = parsed.error.issues;
  const message = `The data of "${trigger.event}" is malformed at "${formatPath(first?.path ?? [])}": ${first?.message}. Nothing was started.`;
  throw new WorkflowError('invalid_request', message);
}

function listening(
  context: ServerContext,
  companyId: string,
  triggerType: string,
): Promise<WorkflowEntity[]> {
  return context.database.source
    .getRepository(WorkflowEntity)
    .createQueryBuilder('workflow')
    .where({ companyId, triggerType, enabled: true })
    .andWhere('workflow.deleted_at is null')
    .orderBy('workflow.id')
    .getMany();
}
