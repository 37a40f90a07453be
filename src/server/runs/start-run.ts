import type { Run } from '../../core/api/shapes';
import type { TriggerDefinition } from '../../core/block/define';
import { TRIGGER_ID, type WorkflowDefinition } from '../../core/definition/schema';
import { WorkflowError } from '../../core/errors';
import { cleanJson, isDeeperThan, type Json, jsonBytes, stableJson } from '../../core/json';
import { type ServerContext, sha256 } from '../context';
import type { WorkflowEntity } from '../db/entities';
import type { Principal } from '../options';
import { findVersion, findWorkflow, refuseErrors, validateFor } from '../workflows/workflows';
import { readRun } from './read-runs';

interface NewRun {
  workflow: Pick<WorkflowEntity, 'companyId' | 'id' | 'name'>;
  version: number | null;
  definition: WorkflowDefinition;
  payload: Json;
  /** The same key starts at most one run of the workflow. */
  triggerKey: string;
  triggerHash: string;
  userId: string | null;
}

/** Starts a run for a person or an API caller. A repeated `idempotencyKey` answers with the run it started first. */
export async function startRun(
  context: ServerContext,
  principal: Principal,
  workflowId: string,
  request: { payload?: unknown; version: 'published' | 'draft' | number },
  idempotencyKey: string | undefined,
): Promise<Run> {
  const { manager } = context.database.source;
  const workflow = await findWorkflow(manager, principal.companyId, workflowId);
  const payload = acceptPayload(context, request.payload ?? {});
  const { version, definition } = await chooseDefinition(context, workflow, request.version);
  const triggerKey = idempotencyKey ? `key:${acceptKey(idempotencyKey)}` : `manual:${context.newId()}`;
  const triggerHash = sha256(stableJson({ payload, version: request.version }));
  const started = await insertRun(context, {
    workflow,
    version,
    definition,
    payload,
    triggerKey,
    triggerHash,
    userId: principal.userId,
  });
  if (!started.isNew && started.triggerHash !== triggerHash) {
    const message =
      'This Idempotency-Key was used before with another request, so no run was started. Use a new key for a new request.';
    throw new WorkflowError('idempotency_conflict', message, { details: { runId: started.id } });
  }
  return readRun(context, principal.companyId, started.id);
}

/** Checks size and depth, and cleans what PostgreSQL cannot store. */
export function acceptPayload(context: ServerContext, payload: unknown): Json {
  const { jsonDepth, payloadBytes } = context.caps;
  if (isDeeperThan(payload, jsonDepth)) {
    throw new WorkflowError(
      'invalid_request',
      `The payload nests deeper than ${jsonDepth} levels. Nothing was started.`,
    );
  }
  const size = jsonBytes(payload);
  if (size > payloadBytes) {
    const message = `The payload has ${size} bytes; at most ${payloadBytes} are allowed. Nothing was started; send ids instead of contents.`;
    throw new WorkflowError('payload_too_large', message);
  }
  return cleanJson(payload);
}

/**
 * Writes the run, its data and the audit entry in one statement, then tells the runner. A crash in between leaves a queued run, which the
 * runner finds by looking.
 */
export async function insertRun(
  context: ServerContext,
  run: NewRun,
): Promise<{ id: string; isNew: boolean; triggerHash: string }> {
  const id = context.newId();
  const { companyId } = run.workflow;
  const trigger = run.definition.nodes.find((node) => node.id === TRIGGER_ID)?.type ?? '';
  const about = describePayload(context, trigger, run.payload);
  const { rows } = await context.database.pool.query(
    `with run as (
       insert into workflow_run (company_id, id, workflow_id, workflow_name, version, status, trigger, trigger_key, trigger_hash, title,
         business_keys, created_at)
       values ($1, $2, $3, $4, $5, 'queued', $6, $7, $8, $9, $10, $11)
       on conflict (company_id, workflow_id, trigger_key) do nothing returning company_id, id
     ), data as (
       insert into workflow_run_data (company_id, run_id, payload, definition)
       select company_id, id, $12::jsonb, $13::jsonb from run
     ), noted as (
       insert into workflow_audit (company_id, id, at, user_id, action, target_type, target_id)
       select company_id, $14, $11, $15, 'run.start', 'run', id from run
     )
     select id from run`,
    [
      ...[companyId, id, run.workflow.id, run.workflow.name, run.version, trigger],
      ...[run.triggerKey, run.triggerHash, about.title, about.businessKeys, new Date(context.clock.now())],
      ...[JSON.stringify(run.payload), run.version === null ? JSON.stringify(run.definition) : null],
      ...[context.newId(), run.userId],
    ],
  );
  if (rows.length > 0) {
    context.runner.enqueue(id);
    return { id, isNew: true, triggerHash: run.triggerHash };
  }
  const existing = await context.database.pool.query(
    'select id, trigger_hash from workflow_run where company_id = $1 and workflow_id = $2 and trigger_key = $3',
    [companyId, run.workflow.id, run.triggerKey],
  );
  return { id: existing.rows[0].id, isNew: false, triggerHash: existing.rows[0].trigger_hash };
}

async function chooseDefinition(
  context: ServerContext,
  workflow: WorkflowEntity,
  wanted: 'published' | 'draft' | number,
): Promise<{ version: number | null; definition: WorkflowDefinition }> {
  if (wanted === 'draft') {
    refuseErrors(await validateFor(context, workflow.companyId, workflow.draft));
    return { version: null, definition: workflow.draft };
  }
  const version = wanted === 'published' ? workflow.publishedVersion : wanted;
  if (version === null) {
    const message =
      'The workflow has not been published, so there is nothing to run. Publish it, or run the draft.';
    throw new WorkflowError('not_published', message);
  }
  const { definition } = await findVersion(
    context.database.source.manager,
    workflow.companyId,
    workflow.id,
    version,
  );
  return { version, definition };
}

function acceptKey(key: string): string {
  if (key.length <= 255) return key;
  throw new WorkflowError(
    'invalid_request',
    'The Idempotency-Key is longer than 255 characters. Nothing was started.',
  );
}

/** What lists call the run and find it by; nothing when the payload is not what the trigger gives. */
function describePayload(
  context: ServerContext,
  type: string,
  payload: Json,
): { title: string | null; businessKeys: string[] } {
  const trigger = context.blocks.get(type) as TriggerDefinition | undefined;
  const parsed = trigger?.output.safeParse(payload);
  if (!parsed?.success) return { title: null, businessKeys: [] };
  const title = trigger?.title?.(parsed.data)?.slice(0, 200) ?? null;
  return {
    title,
    businessKeys: (trigger?.businessKeys?.(parsed.data) ?? []).map((key) => key.slice(0, 200)),
  };
}
