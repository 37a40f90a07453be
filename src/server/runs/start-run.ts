import type { Run } from '../../core/api/shapes';
import type { WorkflowDefinition } from '../../core/definition/schema';
import { WorkflowError } from '../../core/errors';
import { cleanJson, isDeeperThan, type Json, jsonBytes, stableJson } from '../../core/json';
import { type ServerContext, sha256 } from '../context';
import type { WorkflowEntity } from '../db/entities';
import type { Principal } from '../options';
import { refuseErrors, validateFor } from '../workflows/validate';
import { findVersion, findWorkflow } from '../workflows/workflows';
import { checkPayload } from './check-payload';
import { insertRun } from './insert-run';
import { readRun } from './read-runs';

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
  const given = acceptPayload(context, request.payload ?? {});
  const { version, definition } = await chooseDefinition(context, workflow, request.version);
  const payload = checkPayload(context, definition, request.payload === undefined ? undefined : given);
  const triggerKey = keyOf(context, idempotencyKey, 'manual');
  const triggerHash = sha256(stableJson({ payload: given, version: request.version }));
  const started = await insertRun(context, {
    workflow,
    version,
    definition,
    payload,
    triggerKey,
    triggerHash,
    userId: principal.userId,
  });
  return readRun(context, principal, started.id);
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
  if (wanted !== 'published')
    await findVersion(context.database.source.manager, workflow.companyId, workflow.id, version);
  const definition = await context.versions.read(workflow.companyId, workflow.id, version);
  return { version, definition };
}

/** The caller's key, or one that nothing else has. */
export function keyOf(
  context: ServerContext,
  idempotencyKey: string | undefined,
  kind: 'manual' | 'retry',
): string {
  if (!idempotencyKey) return `${kind}:${context.newId()}`;
  if (idempotencyKey.length <= 255) return `key:${idempotencyKey}`;
  throw new WorkflowError(
    'invalid_request',
    'The Idempotency-Key is longer than 255 characters. Nothing was started.',
  );
}
