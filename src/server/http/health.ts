import type { RequestHandler } from 'express';
import { WorkflowError } from '../../core/errors';
import type { ServerContext } from '../context';
import { isMigrated } from '../db/data-source';

/** The process answers. Says nothing of the database. */
export const live: RequestHandler = (_request, response) => {
  response.json({ status: 'live' });
};

/** The database answers and its schema is this build's. */
export function ready(context: ServerContext): RequestHandler {
  return async (_request, response) => {
    const isReady = await isMigrated(context.database).catch(() => false);
    if (!isReady)
      throw new WorkflowError(
        'unavailable',
        'The server is not ready: the database is away or not migrated.',
      );
    response.json({ status: 'ready' });
  };
}
