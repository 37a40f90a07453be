import * as z from 'zod';
import { contract } from '../../core/api/contract';
import { hasRole } from '../../core/api/route';
import type { CatalogueBlock, Integration } from '../../core/api/shapes';
import type { AnyBlock } from '../../core/block/define';
import type { AnyProvider } from '../../core/block/implement';
import { WorkflowError } from '../../core/errors';
import type { Json } from '../../core/json';
import { cancelRuns, retryRuns } from '../admin/bulk';
import { readOverview } from '../admin/overview';
import { readTrace } from '../admin/trace';
import type { ServerContext } from '../context';
import { AuditEntity, type ConnectionEntity, WorkflowVersionEntity } from '../db/entities';
import { keysetPage } from '../db/paging';
import { createAddress, readAddress, rotateAddress } from '../inbound/addresses';
import { isConfigured } from '../integrations/addresses';
import { disconnect, testConnection } from '../integrations/check-connection';
import { chooseAccount, connectionStates, stateOf, workflowsUsing } from '../integrations/connections';
import { beginConnect } from '../integrations/oauth';
import { listOption, listOptions } from '../integrations/options';
import { cancelRun, settleStep } from '../runs/act-on-run';
import { decideApproval, listApprovals } from '../runs/approvals';
import { listRuns, readRunDetail } from '../runs/read-runs';
import { retryRun } from '../runs/retry-run';
import { startRun } from '../runs/start-run';
import { testNode } from '../runs/test-node';
import { findUnknownOptions, validateFor } from '../workflows/validate';
import {
  changeWorkflow,
  createWorkflow,
  findVersion,
  findWorkflow,
  listWorkflows,
  publish,
  saveDraft,
  toVersion,
  toWorkflow,
} from '../workflows/workflows';
import { setBrowserCookie } from './browser-cookie';
import type { Handlers } from './implement';

/** What each route of the contract does. */
export const handlers: Handlers = {
  listBlocks: async (_, { context, principal }) => {
    const connections = await connectionStates(context, principal.companyId);
    return {
      items: [...context.blocks.values()].map((block) => toCatalogueBlock(context, block, connections)),
    };
  },
  listWorkflows: ({ query }, { context, principal }) => listWorkflows(context, principal.companyId, query),
  createWorkflow: ({ body }, { context, principal }) =>
    createWorkflow(context, principal, body.name, body.definition),
  getWorkflow: async ({ params }, { context, principal }) =>
    toWorkflow(await findWorkflow(context.database.source.manager, principal.companyId, params.id)),
  updateWorkflow: ({ params, body }, { context, principal }) =>
    changeWorkflow(context, principal, params.id, 'workflow.update', (row) => {
      if (body.name !== undefined) row.name = body.name;
      if (body.enabled !== undefined) row.enabled = body.enabled;
    }),
  deleteWorkflow: async ({ params }, { context, principal }) => {
    const { id } = await changeWorkflow(context, principal, params.id, 'workflow.delete', (row) => {
      row.deletedAt = new Date(context.clock.now());
    });
    return { id };
  },
  saveDraft: ({ params, body }, { context, principal }) =>
    saveDraft(context, principal, params.id, body.definition, body.revision),
  publishWorkflow: ({ params, body }, { context, principal }) =>
    publish(context, principal, params.id, body.revision),
  listVersions: async ({ params, query }, { context, principal }) => {
    const { manager } = context.database.source;
    await findWorkflow(manager, principal.companyId, params.id);
    const before = query.cursor === undefined ? 2 ** 31 - 1 : readVersion(query.cursor);
    if (before === null)
      throw new WorkflowError(
        'invalid_request',
        'The cursor is not one this list gave. Begin again without it.',
      );
    const rows = await manager
      .getRepository(WorkflowVersionEntity)
      .createQueryBuilder('version')
      .where({ companyId: principal.companyId, workflowId: params.id })
      .andWhere('version.version < :before', { before })
      .orderBy('version.version', 'DESC')
      .take(query.limit + 1)
      .getMany();
    const items = rows.slice(0, query.limit).map(toVersion);
    return {
      items: items.map(({ definition: _, ...summary }) => summary),
      nextCursor: rows.length > query.limit ? String(items.at(-1)?.version) : null,
    };
  },
  getVersion: async ({ params }, { context, principal }) => {
    const { manager } = context.database.source;
    await findWorkflow(manager, principal.companyId, params.id);
    const version = readVersion(params.version) ?? 0;
    return toVersion(await findVersion(manager, principal.companyId, params.id, version));
  },
  restoreVersion: ({ params, body }, { context, principal }) =>
    changeWorkflow(context, principal, params.id, 'workflow.restore', async (row, manager) => {
      const wanted = readVersion(params.version) ?? 0;
      const version = await findVersion(manager, principal.companyId, params.id, wanted);
      if (body.revision !== undefined && body.revision !== row.revision) {
        throw new WorkflowError(
          'revision_conflict',
          'Someone else saved this workflow in the meantime. Nothing was overwritten.',
          {
            details: { draft: { definition: row.draft, revision: row.revision } },
          },
        );
      }
      row.draft = version.definition;
      row.revision += 1;
    }),
  validateDefinition: async ({ body }, { context, principal }) => ({
    issues: [
      ...(await validateFor(context, principal.companyId, body.definition)),
      ...(await findUnknownOptions(context, principal.companyId, body.definition)),
    ],
  }),
  testNode: ({ params, body }, { context, principal }) => testNode(context, principal, params, body),
  startRun: async ({ params, body, headers }, { context, principal }) => ({
    run: await startRun(context, principal, params.id, body, headers['idempotency-key']),
  }),
  listRuns: ({ query }, { context, principal }) => listRuns(context, principal, query),
  getRun: ({ params }, { context, principal }) => readRunDetail(context, principal, params.id),
  cancelRun: async ({ params }, { context, principal }) => ({
    run: await cancelRun(context, principal, params.id),
  }),
  retryRun: async ({ params, body, headers }, { context, principal }) => ({
    run: await retryRun(context, principal, params.id, body, headers['idempotency-key']),
  }),
  settleStep: async ({ params, body }, { context, principal }) => ({
    run: await settleStep(context, principal, params.id, body),
  }),
  listApprovals: ({ query }, { context, principal }) => listApprovals(context, principal, query),
  decideApproval: async ({ params, body }, { context, principal }) => ({
    approval: await decideApproval(context, principal, params.id, body),
  }),
  getInboundAddress: ({ params }, { context, principal }) =>
    readAddress(context, principal.companyId, params.id),
  createInboundAddress: ({ params }, { context, principal }) => createAddress(context, principal, params.id),
  rotateInboundAddress: ({ params }, { context, principal }) => rotateAddress(context, principal, params.id),
  listIntegrations: async (_, { context, principal }) => {
    const connections = await connectionStates(context, principal.companyId);
    const providers = [...context.providers.values()].filter((provider) => provider.auth.type !== 'none');
    return {
      items: await Promise.all(
        providers.map((provider) => toIntegration(context, principal.companyId, provider.id, connections)),
      ),
      canManage: hasRole(principal.role, contract.connectIntegration.role),
    };
  },
  connectIntegration: async ({ params }, { context, principal, response }) => {
    const { provider } = findProvider(context, params.provider);
    const { authorizeUrl, browserToken } = await beginConnect(context, principal, provider);
    setBrowserCookie(context, response, provider.id, browserToken);
    return { authorizeUrl };
  },
  chooseAccount: ({ params, body }, { context, principal }) => {
    const { provider } = findProvider(context, params.provider);
    return chooseAccount(context, principal, provider.id, body.accountId);
  },
  testIntegration: ({ params }, { context, principal }) =>
    testConnection(context, principal.companyId, findProvider(context, params.provider)),
  disconnectIntegration: async ({ params }, { context, principal }) => {
    const implementation = findProvider(context, params.provider);
    const workflows = await workflowsUsing(context, principal.companyId, params.provider);
    await disconnect(context, principal, implementation);
    return { workflows };
  },
  listOptions: ({ params: { provider, name }, query }, { context, principal: { companyId } }) => {
    const implementation = findProvider(context, provider);
    const { q, cursor = null, value } = query;
    return value === undefined
      ? listOptions(context, companyId, implementation, name, { q, cursor })
      : listOption(context, companyId, implementation, name, value);
  },
  getOverview: ({ query }, { context, principal }) => readOverview(context, principal, query.from),
  getTrace: ({ params }, { context, principal }) => readTrace(context, principal, params.id),
  retryRuns: ({ body }, { context, principal }) => retryRuns(context, principal, body),
  cancelRuns: ({ body }, { context, principal }) => cancelRuns(context, principal, body),
  listAudit: async ({ query }, { context, principal }) => {
    const rows = context.database.source
      .getRepository(AuditEntity)
      .createQueryBuilder('audit')
      .where({ companyId: principal.companyId });
    const page = await keysetPage(rows, 'audit', null, query);
    return {
      ...page,
      items: page.items.map(({ id, at, userId, action, targetType, targetId }) => ({
        ...{ id, at: at.toISOString(), userId },
        ...{ action, targetType, targetId },
      })),
    };
  },
};

/** `1`, not `01`, `1.0` or `0x1`. */
const readVersion = (text: string): number | null => (/^[1-9]\d{0,8}$/.test(text) ? Number(text) : null);

function findProvider(context: ServerContext, id: string): AnyProvider {
  const implementation = context.implementations.get(id);
  if (!implementation) throw new WorkflowError('not_found', 'There is no such provider.');
  return implementation;
}

function toCatalogueBlock(
  context: ServerContext,
  block: AnyBlock,
  connections: ReadonlyMap<string, ConnectionEntity>,
): CatalogueBlock {
  const schema = (type: z.ZodType, io: 'input' | 'output') =>
    z.toJSONSchema(type, { io, unrepresentable: 'any' }) as Record<string, unknown>;
  return {
    type: block.type,
    kind: block.kind,
    version: block.version,
    provider: block.provider,
    label: block.label,
    description: block.description,
    icon: block.icon,
    handles: [...block.handles],
    sideEffect: block.kind === 'action' ? block.sideEffect : null,
    input: schema(block.input, 'input'),
    output: schema(block.output, 'output'),
    sample: block.sample as Json,
    connection: stateOf(context, block.provider, connections),
  };
}

async function toIntegration(
  context: ServerContext,
  companyId: string,
  providerId: string,
  connections: ReadonlyMap<string, ConnectionEntity>,
): Promise<Integration> {
  const provider = findProvider(context, providerId).provider;
  const row = connections.get(providerId);
  return {
    provider: provider.id,
    label: provider.label,
    description: provider.description,
    icon: provider.icon,
    color: provider.color,
    configured: isConfigured(context, provider),
    state: stateOf(context, providerId, connections) ?? (context.host ? 'active' : 'not_connected'),
    account: row && row.state !== 'needs_account' ? { id: row.accountId, label: row.accountLabel } : null,
    accounts: row?.accounts ?? [],
    scopes: row?.scopes ?? [],
    connectedAt: row?.connectedAt.toISOString() ?? null,
    connectedBy: row?.connectedBy ?? null,
    lastUsedAt: row?.lastUsedAt?.toISOString() ?? null,
    lastErrorCode: row?.lastErrorCode ?? null,
    workflows: await workflowsUsing(context, companyId, providerId),
  };
}
