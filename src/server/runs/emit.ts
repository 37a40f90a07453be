import * as z from 'zod';
import type { TriggerDefinition } from '../../core/block/define';
import { TRIGGER_ID } from '../../core/definition/schema';
import { WorkflowError } from '../../core/errors';
import { formatPath, type Json, stableJson } from '../../core/json';
import { isUuid, type ServerContext, sha256 } from '../context';
import { wakeByEvent } from '../db/waits';
import { awaitTogether } from '../runner/port';
import { EVENT_KEY, insertRun, toldDifferently } from './insert-run';
import { acceptPayload } from './start-run';

/** Something that happened in the host. */
export interface HostEvent {
  /** `document.completed`, or another type a trigger listens to. */
  type: string;
  /** Names the event for good: the same id starts each workflow at most once. */
  id: string;
  companyId: string;
  data: unknown;
  /** Id of the run that brought it about, where one did: `step.runId` of the call that changed something in the host. */
  causedBy?: string | undefined;
}

const eventSchema = z.object({
  type: z.string().min(1).max(120),
  id: z.string().min(1).max(200),
  companyId: z.string().min(1).max(200),
  data: z.unknown(),
  causedBy: z.string().max(60).optional(),
});

export interface StartedRun {
  id: string;
  workflowId: string;
  /** False when the event had started this run before. */
  isNew: boolean;
}

/**
 * Starts every published, enabled workflow of the company whose trigger listens to the event and whose filter lets it through. Resolves
 * after the commit; safe to repeat with the same id when it failed. What it is refused for is found before anything is started.
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
  const data = acceptPayload(context, event.data);
  const stored = { id, type, hash: sha256(stableJson({ type, data })), data };
  const causeDepth = await depthOf(context, companyId, event.causedBy);
  const listeners = await findListeners(context, triggers, companyId, stored);
  return awaitTogether(context, (together) => carry(together, companyId, stored, causeDepth, listeners));
}

/** Starts what listens, then wakes what waits. */
async function carry(
  context: ServerContext,
  companyId: string,
  stored: StoredEvent,
  causeDepth: number,
  listeners: readonly Listeners[],
): Promise<StartedRun[]> {
  const { id, type, data } = stored;
  const started: StartedRun[] = [];
  for (const { trigger, parsed, workflows } of listeners) {
    for (const workflow of workflows) {
      const version = workflow.publishedVersion;
      const definition = await context.versions.read(companyId, workflow.id, version);
      const node = definition.nodes.find((candidate) => candidate.id === TRIGGER_ID);
      const config = trigger.input.safeParse(node?.config ?? {});
      if (!config.success || (trigger.matches && !trigger.matches(config.data, parsed))) continue;
      const run = await insertRun(context, {
        workflow: { companyId, id: workflow.id, name: workflow.name },
        ...{ version, definition, payload: data, causeDepth, event: stored },
        triggerKey: `${EVENT_KEY}${id}`,
        triggerHash: stored.hash,
        userId: null,
      });
      started.push({ id: run.id, workflowId: workflow.id, isNew: run.isNew });
    }
  }
  if (started.length === 0) await storeEvent(context, companyId, stored);
  const at = new Date(context.clock.now()).toISOString();
  for (const runId of await wakeByEvent(context, companyId, { id, type, at, data })) {
    await context.runner.enqueue({ companyId, id: runId });
  }
  return started;
}

interface StoredEvent {
  id: string;
  type: string;
  hash: string;
  data: Json;
}

interface Listeners {
  trigger: TriggerDefinition;
  /** The event's data as the trigger declares it. */
  parsed: unknown;
  workflows: Listening['workflows'];
}

/**
 * Who listens. Data that a trigger does not accept is refused when a workflow listens with that trigger, or when no trigger accepts it; one
 * that nobody uses keeps it from no other.
 */
async function findListeners(
  context: ServerContext,
  triggers: readonly TriggerDefinition[],
  companyId: string,
  { id, hash, data }: StoredEvent,
): Promise<Listeners[]> {
  const found: Listeners[] = [];
  let refusal: WorkflowError | undefined;
  for (const trigger of triggers) {
    const { workflows, seenHash } = await listening(context, companyId, trigger.type, id);
    const parsed = (trigger.announced ?? trigger.output).safeParse(data);
    if (parsed.success) found.push({ trigger, parsed: parsed.data, workflows });
    else if (workflows.length > 0) throw refusalOf(trigger, parsed.error);
    else refusal ??= refusalOf(trigger, parsed.error);
    if (seenHash !== null && seenHash !== hash) throw toldDifferently(id);
  }
  if (refusal && found.length === 0) throw refusal;
  return found;
}

/** An event nothing starts with is kept all the same: a wait may begin after it. */
async function storeEvent(context: ServerContext, companyId: string, event: StoredEvent): Promise<void> {
  const { pool } = context.database;
  const at = new Date(context.clock.now());
  const stored = await pool.query(
    `insert into workflow_event (company_id, id, type, at, hash, data) values ($1, $2, $3, $4, $5, $6) on conflict do nothing`,
    [companyId, event.id, event.type, at, event.hash, JSON.stringify(event.data)],
  );
  if (stored.rowCount === 1) return;
  // Only a statement that begins now sees a row that was committed while the first one waited for it.
  const { rows } = await pool.query('select hash from workflow_event where company_id = $1 and id = $2', [
    companyId,
    event.id,
  ]);
  if (rows[0]?.hash !== event.hash) throw toldDifferently(event.id);
}

/** One more than the run that brought the event about; beyond the cap workflows would start one another for ever. */
async function depthOf(
  context: ServerContext,
  companyId: string,
  causedBy: string | undefined,
): Promise<number> {
  if (causedBy === undefined || !isUuid(causedBy)) return 0;
  const { rows } = await context.database.pool.query(
    'select cause_depth from workflow_run where company_id = $1 and id = $2',
    [companyId, causedBy],
  );
  const depth = rows.length > 0 ? rows[0].cause_depth + 1 : 0;
  const limit = context.caps.causeDepth;
  if (depth <= limit) return depth;
  const message = `The event was brought about by a chain of ${depth} runs that started one another; at most ${limit} may. Nothing was started. Let one of the workflows listen to something else.`;
  throw new WorkflowError('cause_too_deep', message, { details: { causedBy } });
}

function checkEvent(event: HostEvent): z.infer<typeof eventSchema> {
  const parsed = eventSchema.safeParse(event);
  if (parsed.success) return parsed.data;
  const [first] = parsed.error.issues;
  const message = `The event is malformed at "${formatPath(first?.path ?? [])}": ${first?.message}. Nothing was started.`;
  throw new WorkflowError('invalid_request', message);
}

function refusalOf({ event }: TriggerDefinition, { issues }: z.ZodError): WorkflowError {
  const [first] = issues;
  const message = `The data of "${event}" is malformed at "${formatPath(first?.path ?? [])}": ${first?.message}. Nothing was started.`;
  const problems = issues.map(({ path, message }) => ({ path: formatPath(path), message }));
  return new WorkflowError('invalid_request', message, { details: { problems } });
}

interface Listening {
  workflows: { id: string; name: string; publishedVersion: number }[];
  /** Hash of what was told before under this event's id. */
  seenHash: string | null;
}

async function listening(
  context: ServerContext,
  companyId: string,
  triggerType: string,
  eventId: string,
): Promise<Listening> {
  const { rows } = await context.database.pool.query({
    name: 'trama-listening',
    text: `select w.id, w.name, w.published_version, e.hash
           from (select 1) one
           left join workflow_event e on e.company_id = $1 and e.id = $3
           left join workflow w on w.company_id = $1 and w.trigger_type = $2 and w.enabled and w.deleted_at is null
           order by w.id`,
    values: [companyId, triggerType, eventId],
  });
  const workflows = rows
    .filter((row) => row.id !== null && row.published_version !== null)
    .map((row) => ({ id: row.id, name: row.name, publishedVersion: row.published_version }));
  return { workflows, seenHash: rows[0]?.hash ?? null };
}
