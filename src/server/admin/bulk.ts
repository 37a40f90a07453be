import type { BulkResult } from '../../core/api/admin-shapes';
import type { RunFilter } from '../../core/api/run-filter';
import type { Run } from '../../core/api/shapes';
import { WorkflowError } from '../../core/errors';
import type { ServerContext } from '../context';
import type { RunEntity } from '../db/entities';
import type { Page } from '../db/paging';
import type { Principal } from '../options';
import { cancelRun } from '../runs/act-on-run';
import { findRuns } from '../runs/read-runs';
import { retryRun } from '../runs/retry-run';

export interface BulkRequest {
  filter: RunFilter;
  cursor?: string | undefined;
  limit: number;
}

/**
 * Retries a page of runs, each once whoever asks how often: one that has been retried is passed over, and the key of the new run is made of
 * the old one's id, so that of two who ask at the same moment one starts it and the other is told of it.
 */
export async function retryRuns(
  context: ServerContext,
  principal: Principal,
  { from, version, ...request }: BulkRequest & { from: 'failed' | 'start'; version: 'same' | 'latest' },
): Promise<Page<BulkResult>> {
  const page = await findRuns(
    context,
    principal.companyId,
    { ...request.filter, status: request.filter.status ?? ['failed'], ...paging(request) },
    (query) =>
      query.andWhere(
        `not exists (select 1 from workflow_run later where later.company_id = run.company_id and later.retry_of = run.id)`,
      ),
  );
  return each(page, ({ id }) => retryRun(context, principal, id, { from, version }, `bulk:${id}`));
}

export async function cancelRuns(
  context: ServerContext,
  principal: Principal,
  request: BulkRequest,
): Promise<Page<BulkResult>> {
  const page = await findRuns(context, principal.companyId, {
    ...request.filter,
    status: request.filter.status ?? ['queued', 'running', 'waiting', 'needs_attention'],
    ...paging(request),
  });
  return each(page, ({ id }) => cancelRun(context, principal, id));
}

const paging = ({ cursor, limit }: BulkRequest) => ({ cursor, limit });

/** One after the other. What is refused for one run keeps no other from its turn; when the database is away, nobody's turn comes. */
async function each(
  { items, nextCursor }: Page<RunEntity>,
  act: (run: RunEntity) => Promise<Run>,
): Promise<Page<BulkResult>> {
  const results: BulkResult[] = [];
  for (const row of items) {
    try {
      results.push({ id: row.id, run: await act(row), error: null });
    } catch (error) {
      if (!(error instanceof WorkflowError)) throw error;
      results.push({ id: row.id, run: null, error: { code: error.code, message: error.message } });
    }
  }
  return { items: results, nextCursor };
}
