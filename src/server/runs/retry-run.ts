import type { Run } from '../../core/api/shapes';
import { TRIGGER_ID, type WorkflowDefinition } from '../../core/definition/schema';
import { WorkflowError } from '../../core/errors';
import { cleanJson, stableJson } from '../../core/json';
import { planRetry } from '../../core/run/plan-retry';
import { isFinished } from '../../core/run/status';
import { type ServerContext, sha256 } from '../context';
import type { RunDataEntity, RunEntity } from '../db/entities';
import type { Principal } from '../options';
import { findWorkflow } from '../workflows/workflows';
import { checkPayload } from './check-payload';
import { eventIdOf, insertRun } from './insert-run';
import { readLeft } from './left-steps';
import { findRun, readRun } from './read-runs';
import { acceptPayload, keyOf } from './start-run';

/** Starts a new run that takes over what an ended one has done. The ended one stays as it is. */
export async function retryRun(
  context: ServerContext,
  principal: Principal,
  runId: string,
  request: { from: string; version: 'same' | 'latest'; payload?: unknown; isFirst?: boolean },
  idempotencyKey: string | undefined,
): Promise<Run> {
  const { companyId } = principal;
  const before = await findRun(context, companyId, runId);
  if (!isFinished(before.status)) throw runActive(before);
  const workflow = await findWorkflow(context.database.source.manager, companyId, before.workflowId);
  const { data, steps, usedEvents } = await readLeft(context, companyId, runId);
  const version = request.version === 'same' ? before.version : workflow.publishedVersion;
  if (request.version === 'latest' && version === null) throw neverPublished();
  const definition = await definitionOf(context, before, version, data);
  if (request.from === 'failed' && before.status === 'succeeded') {
    const message =
      'The run succeeded, so there is no failed step to go on from. Retry it from the start or from one of its steps.';
    throw new WorkflowError('retry_impossible', message);
  }
  const plan = planRetry(definition, context.blocks, steps, request.from);
  if (!plan) {
    const message = `The run has no step "${request.from}" that the version to be run still has. Choose another step, the same version, or the start.`;
    throw new WorkflowError('retry_impossible', message);
  }
  const payload =
    request.payload === undefined
      ? cleanJson(data.payload)
      : checkPayload(context, definition, acceptPayload(context, request.payload));
  // Another payload is whole, and takes the place of what the first step had fetched.
  const keep = plan.keep.filter((key) => key !== TRIGGER_ID || request.payload === undefined);
  const origins = plan.carried.map(({ key }) => [key, data.effectOrigins?.[key] ?? runId]);
  const carried = plan.carried.map((step) => [step.key, step]);
  const startEvent = eventIdOf(before.triggerKey);
  const takenOver = [...keep, ...plan.reopen, ...plan.carried.map(({ key }) => key)];
  const { id } = await insertRun(context, {
    workflow,
    version,
    definition,
    payload,
    triggerKey: keyOf(context, idempotencyKey, 'retry'),
    triggerHash: sha256(stableJson({ retryOf: runId, ...request })),
    userId: principal.userId,
    causeDepth: before.causeDepth,
    retry: {
      ...{ runId, isFirst: request.isFirst },
      keep,
      reopen: plan.reopen,
      effectOrigins: Object.fromEntries(origins),
      carried: Object.fromEntries(carried),
      usedEvents: [
        ...(data.usedEvents ?? []),
        ...(startEvent === null ? [] : [startEvent]),
        ...takenOver.flatMap((key) => usedEvents.get(key) ?? []),
      ],
    },
  });
  return readRun(context, principal, id);
}

function runActive({ status }: RunEntity): WorkflowError {
  const advice =
    status === 'needs_attention'
      ? 'Say first of the step in doubt whether it happened.'
      : 'Wait until it has ended, or cancel it first.';
  return new WorkflowError(
    'run_active',
    `The run has not ended (${status}), so it cannot be retried. ${advice}`,
  );
}

function neverPublished(): WorkflowError {
  const message =
    'The workflow has not been published, so there is no latest version. Publish it, or retry the same one.';
  return new WorkflowError('not_published', message);
}

async function definitionOf(
  context: ServerContext,
  before: RunEntity,
  version: number | null,
  data: RunDataEntity,
): Promise<WorkflowDefinition> {
  const { companyId, workflowId } = before;
  // A run of a draft carries its definition with it.
  const ofDraft = before.version === null && version === null ? data.definition : null;
  const definition = ofDraft ?? (await context.versions.read(companyId, workflowId, version ?? 0));
  if (definition.nodes.find(({ id }) => id === TRIGGER_ID)?.type === before.trigger) return definition;
  const message =
    'The latest version begins with another trigger, which gives other data. Retry the same version, or start the workflow anew.';
  throw new WorkflowError('retry_impossible', message);
}
