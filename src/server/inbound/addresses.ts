import type { InboundAddress } from '../../core/api/shapes';
import type { SharedContext } from '../context';
import { audit } from '../db/audit';
import type { Principal } from '../options';
import { findWorkflow } from '../workflows/workflows';
import { listRefused } from './emails';
import { addressOf, createToken, inboundDomainOf, insertToken } from './tokens';

export async function readAddress(
  context: SharedContext,
  companyId: string,
  workflowId: string,
): Promise<InboundAddress> {
  await findWorkflow(context.database.source.manager, companyId, workflowId);
  const domain = inboundDomainOf(context);
  const { rows } = await context.database.pool.query(
    'select token from workflow_inbound_address where company_id = $1 and workflow_id = $2',
    [companyId, workflowId],
  );
  const token = rows[0]?.token;
  return {
    address: domain && token ? addressOf(domain, token) : null,
    configured: domain !== null,
    refused: await listRefused(context, companyId, workflowId),
  };
}

export async function createAddress(
  context: SharedContext,
  { companyId }: Principal,
  workflowId: string,
): Promise<InboundAddress> {
  const { manager } = context.database.source;
  await insertToken(context, manager, await findWorkflow(manager, companyId, workflowId));
  return readAddress(context, companyId, workflowId);
}

/** From the commit on, the old address is as unknown as any other. */
export async function rotateAddress(
  context: SharedContext,
  principal: Principal,
  workflowId: string,
): Promise<InboundAddress> {
  const { companyId } = principal;
  await context.database.source.transaction(async (manager) => {
    const { id } = await findWorkflow(manager, companyId, workflowId, true);
    await manager.query(
      `insert into workflow_inbound_address (company_id, workflow_id, token, created_at) values ($1, $2, $3, $4)
       on conflict (company_id, workflow_id) do update set token = excluded.token, created_at = excluded.created_at`,
      [companyId, id, createToken(), new Date(context.clock.now())],
    );
    await audit(context, manager, principal, 'workflow.rotate-address', 'workflow', id);
  });
  return readAddress(context, companyId, workflowId);
}
