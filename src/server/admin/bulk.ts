import type { BulkResult } from '../../core/api/admin-shapes';
import type { RunFilter } from '../../core/api/run-filter';
import type { Run } from '../../core/api/shapes';
import { type ErrorCode, WorkflowError } from '../../core/errors';
import type { ServerContext } from '../context';
import { isDatabaseAway } from '../db/database-error';
import type { RunEntity } from '../db/entities';
import type { Page } from '../db/paging';
import { describeError } from '../log';
import type { Principal } from '../options';
import { awaitTogether } from '../runner/port';
import { cancelRun } from '../runs/act-on-run';
import { findRuns } from '../runs/read-runs';
import { retryRun } from '../runs/retry-run';

export interface BulkRequest {
  filter: RunFilter;
  cursor?: string | undefined;
  limit: number;
}

/** Retries a page of runs, each only if nobody has retried it, not even in this moment: a run retried twice does twice what it does. */
export async function retryRuns(
  context: ServerContext,
  principal: Principal,
  { from, version, ...request }: BulkRequest & { from: 'failed' | 'start'; version: 'same' | 'latest' },
): Promise<Page<BulkResult>> {
  const { cursor, limit } = request;
  const filter = { ...request.filter, status: request.filter.status ?? ['failed' as const], cursor, limit };
  const page = await findRuns(context, principal.companyId, filter, (query) =>
    query.andWhere(
      `not exists (select 1 from workflow_run later where later.company_id = run.company_id and later.retry_of = run.id)`,
    ),
  );
  return each(context, page, (together, { id }) =>
    retryRun(together, principal, id, { from, version, isFirst: true }, undefined),
  );
}

export async function cancelRuns(
  context: ServerContext,
  principal: Principal,
  { filter, cursor, limit }: BulkRequest,
): Promise<Page<BulkResult>> {
  const status = filter.status ?? ['queued', 'running', 'waiting', 'needs_attention'];
  const page = await findRuns(context, principal.companyId, { ...filter, status, cursor, limit });
  return each(context, page, (together, { id }) => cancelRun(together, principal, id));
}

/** One after the other. What comes of one keeps no other from its turn, and what is done is told whatever comes after it. */
function each(
  context: ServerContext,
  { items, nextCursor }: Page<RunEntity>,
  act: (context: ServerContext, run: RunEntity) => Promise<Run>,
): Promise<Page<BulkResult>> {
  return awaitTogether(context, async (together) => {
    const results: BulkResult[] = [];
    let isAway = false;
    for (const row of items) {
      try {
        if (isAway) throw away();
        results.push({ id: row.id, run: await act(together, row), error: null });
      } catch (error) {
        isAway ||= isDatabaseAway(error);
        results.push({ id: row.id, run: null, error: tell(context, row, error) });
      }
    }
    return { items: results, nextCursor };
  });
}

function away(): WorkflowError {
  return new WorkflowError(
    'unavailable',
    'The database could not be reached. Ask for the same again in a moment.',
  );
}

/** Another error than those we give on purpose stays in the log. */
function tell(context: ServerContext, run: RunEntity, error: unknown): { code: ErrorCode; message: string } {
  const known = isDatabaseAway(error) ? away() : error;
  if (known instanceof WorkflowError) return { code: known.code, message: known.message };
  context.log.error('a run among many could not be acted on', { runId: run.id, ...describeError(error) });
  const message = 'Something unexpected went wrong. The server log names it under this run’s id.';
  return { code: 'internal', message };
}
