import { TRIGGER_ID } from '../../core/definition/schema';
import { WorkflowError } from '../../core/errors';
import type { Json } from '../../core/json';
import { previewStep, type StepTrial, type TryStepInput, tryStep } from '../../core/run/try-step';
import { type ServerContext, sha256 } from '../context';
import { audit } from '../db/audit';
import { type ConnectionUse, connectProvider, openFile } from '../integrations/clients';
import { markForReconnect } from '../integrations/connections';
import type { Principal } from '../options';
import { acceptDefinition, findWorkflow } from '../workflows/workflows';
import { acceptPayload } from './start-run';

/**
 * Tries one step of the definition handed over, or of the draft. Nothing is stored but an audit entry of what is carried out, and that has an
 * effect key no run has.
 */
export async function testNode(
  context: ServerContext,
  principal: Principal,
  target: { id: string; nodeId: string },
  request: {
    definition?: unknown;
    payload?: unknown;
    outputs?: Record<string, unknown> | undefined;
    dryRun: boolean;
  },
): Promise<StepTrial> {
  const { companyId } = principal;
  const { manager } = context.database.source;
  const workflow = await findWorkflow(manager, companyId, target.id);
  const definition =
    request.definition === undefined ? workflow.draft : acceptDefinition(context, request.definition);
  const node = definition.nodes.find(({ id }) => id === target.nodeId);
  if (!node)
    throw new WorkflowError('not_found', 'The workflow has no such step. Save the draft, then try again.');
  if (node.id === TRIGGER_ID)
    throw new WorkflowError(
      'invalid_request',
      'A trigger starts runs and does nothing itself. Try a step behind it.',
    );
  const id = context.newId();
  const use: ConnectionUse = { hasSecrets: false, connections: new Map() };
  const trial: TryStepInput = {
    nodeId: node.id,
    outputs: acceptPayload(context, request.outputs ?? {}) as Record<string, Json>,
    run: {
      ...{ id, companyId, workflow: { id: workflow.id, name: workflow.name } },
      createdAt: new Date(context.clock.now()).toISOString(),
      payload: request.payload === undefined ? undefined : acceptPayload(context, request.payload),
    },
    definition,
    blocks: context.blocks,
    executors: context.executors,
    connect: (executor, step) => connectProvider(context, executor.provider, step, use),
    openFile: (file, step) => openFile(context, file, step, use),
    effectKey: (stepKey) => sha256(`${companyId}:test:${id}:${stepKey}`),
    clock: context.clock,
    formatting: context.formatting,
    caps: context.caps,
  };
  if (request.dryRun) return context.secrets.json(await previewStep(trial));
  await audit(context, manager, principal, 'node.test', 'workflow', workflow.id);
  const result = await tryStep(trial);
  await noteRefusal(context, companyId, use, context.blocks.get(node.type)?.provider ?? '', result);
  return context.secrets.json(result);
}

async function noteRefusal(
  context: ServerContext,
  companyId: string,
  { connections }: ConnectionUse,
  own: string,
  { error }: StepTrial,
): Promise<void> {
  const provider = error?.provider ?? own;
  const id = connections.get(provider);
  if (error?.kind === 'reconnect' && id)
    await markForReconnect(context, companyId, { provider, id }, error.code);
}
