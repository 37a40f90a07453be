import type { EntityManager } from 'typeorm';
import type { Workflow, WorkflowVersion } from '../../core/api/shapes';
import { emptyDefinition, TRIGGER_ID, type WorkflowDefinition } from '../../core/definition/schema';
import { parseDefinition } from '../../core/definition/validate';
import { WorkflowError } from '../../core/errors';
import { isUuid, type ServerContext } from '../context';
import { audit } from '../db/audit';
import { WorkflowEntity, WorkflowVersionEntity } from '../db/entities';
import { keysetPage, type Page } from '../db/paging';
import { keepAddress } from '../inbound/tokens';
import type { Principal } from '../options';
import { keepSchedule } from './schedules';
import { refuseErrors, validatorFor } from './validate';

export const workflowNotFound = (): WorkflowError =>
  new WorkflowError('not_found', 'There is no such workflow. It may have been deleted; go back to the list.');

export function toWorkflow(row: WorkflowEntity): Workflow {
  return {
    id: row.id,
    name: row.name,
    enabled: row.enabled,
    draft: { definition: row.draft, revision: row.revision },
    publishedVersion: row.publishedVersion,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

/** A live workflow of the company, or 404; another company's answers exactly as one that never was. */
export async function findWorkflow(
  manager: EntityManager,
  companyId: string,
  id: string,
  lock = false,
): Promise<WorkflowEntity> {
  if (!isUuid(id)) throw workflowNotFound();
  const query = manager
    .getRepository(WorkflowEntity)
    .createQueryBuilder('workflow')
    .where({ companyId, id })
    .andWhere('workflow.deleted_at is null');
  // Not `for update`: that would hold up every run started meanwhile, whose foreign key looks at this row.
  const row = await (lock ? query.setLock('for_no_key_update') : query).getOne();
  if (!row) throw workflowNotFound();
  return row;
}

export async function listWorkflows(
  context: ServerContext,
  companyId: string,
  { q, cursor, limit }: { q?: string | undefined; cursor?: string | undefined; limit: number },
): Promise<Page<Workflow>> {
  const query = context.database.source
    .getRepository(WorkflowEntity)
    .createQueryBuilder('workflow')
    .where({ companyId })
    .andWhere('workflow.deleted_at is null');
  if (q) query.andWhere('strpos(lower(workflow.name), lower(:q)) > 0', { q });
  const page = await keysetPage(query, 'workflow', 'updatedAt', { cursor, limit });
  return { ...page, items: page.items.map(toWorkflow) };
}

export function createWorkflow(
  context: ServerContext,
  principal: Principal,
  name: string,
  definition: unknown,
): Promise<Workflow> {
  const draft = definition === undefined ? emptyDefinition() : acceptDefinition(context, definition);
  const now = new Date(context.clock.now());
  return context.database.source.transaction(async (manager) => {
    const row = Object.assign(new WorkflowEntity(), {
      companyId: principal.companyId,
      id: context.newId(),
      name,
      enabled: true,
      draft,
      revision: 1,
      publishedVersion: null,
      triggerType: null,
      createdAt: now,
      updatedAt: now,
      deletedAt: null,
    });
    await manager.getRepository(WorkflowEntity).save(row, { reload: false });
    await keepAddress(context, manager, row);
    await audit(context, manager, principal, 'workflow.create', 'workflow', row.id);
    return toWorkflow(row);
  });
}

/** Changes a workflow under a lock and notes the deed; what `change` throws leaves everything as it was. */
export function changeWorkflow(
  context: ServerContext,
  principal: Principal,
  id: string,
  action: string,
  change: (row: WorkflowEntity, manager: EntityManager) => void | Promise<void>,
): Promise<Workflow> {
  return context.database.source.transaction(async (manager) => {
    const row = await findWorkflow(manager, principal.companyId, id, true);
    const before = whenItStarts(row);
    await change(row, manager);
    row.updatedAt = new Date(context.clock.now());
    await manager.getRepository(WorkflowEntity).save(row, { reload: false });
    if (whenItStarts(row) !== before) await keepSchedule(context, manager, row);
    await keepAddress(context, manager, row);
    await audit(context, manager, principal, action, 'workflow', row.id);
    return toWorkflow(row);
  });
}

/** What decides whether, and by which version, the clock starts a workflow. */
const whenItStarts = ({ publishedVersion, enabled, deletedAt }: WorkflowEntity): string =>
  JSON.stringify([publishedVersion, enabled, deletedAt]);

export function saveDraft(
  context: ServerContext,
  principal: Principal,
  id: string,
  value: unknown,
  revision: number,
): Promise<Workflow> {
  const definition = acceptDefinition(context, value);
  return changeWorkflow(context, principal, id, 'workflow.save', (row) => {
    checkRevision(row, revision);
    row.draft = definition;
    row.revision += 1;
  });
}

export async function publish(
  context: ServerContext,
  principal: Principal,
  id: string,
  revision: number,
): Promise<Workflow> {
  const validate = await validatorFor(context, principal.companyId);
  return changeWorkflow(context, principal, id, 'workflow.publish', async (row, manager) => {
    checkRevision(row, revision);
    refuseErrors(validate(row.draft));
    const version = (row.publishedVersion ?? 0) + 1;
    const published = Object.assign(new WorkflowVersionEntity(), {
      companyId: row.companyId,
      workflowId: row.id,
      version,
      definition: row.draft,
      createdBy: principal.userId,
      createdAt: new Date(context.clock.now()),
    });
    await manager.getRepository(WorkflowVersionEntity).save(published, { reload: false });
    row.publishedVersion = version;
    row.triggerType = row.draft.nodes.find((node) => node.id === TRIGGER_ID)?.type ?? null;
  });
}

export async function findVersion(
  manager: EntityManager,
  companyId: string,
  workflowId: string,
  version: number,
): Promise<WorkflowVersionEntity> {
  const row = isVersion(version)
    ? await manager.getRepository(WorkflowVersionEntity).findOneBy({ companyId, workflowId, version })
    : null;
  if (!row)
    throw new WorkflowError(
      'not_found',
      'The workflow has no such version. Its versions are listed in its history.',
    );
  return row;
}

/** Within what the column holds. */
const isVersion = (version: number): boolean => Number.isInteger(version) && version > 0 && version < 2 ** 31;

export const toVersion = (row: WorkflowVersionEntity): WorkflowVersion => ({
  version: row.version,
  createdAt: row.createdAt.toISOString(),
  createdBy: row.createdBy,
  definition: row.definition,
});

/** A draft may be unfinished, but it must be a definition. */
export function acceptDefinition(context: ServerContext, value: unknown): WorkflowDefinition {
  const parsed = parseDefinition(value, context.caps);
  if ('definition' in parsed) return parsed.definition;
  const [first] = parsed.issues;
  const code = first?.code === 'definition_too_large' ? 'payload_too_large' : 'definition_invalid';
  throw new WorkflowError(code, `${first?.message ?? 'The definition is malformed.'} Nothing was saved.`, {
    details: { issues: parsed.issues },
  });
}

function checkRevision(row: WorkflowEntity, revision: number): void {
  if (row.revision === revision) return;
  const message = `Someone else saved this workflow in the meantime (revision ${row.revision}, yours was made on ${revision}). Nothing was overwritten; the current draft is in the details.`;
  throw new WorkflowError('revision_conflict', message, {
    details: { draft: { definition: row.draft, revision: row.revision } },
  });
}
