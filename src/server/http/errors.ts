import type { NextFunction, Request, Response } from 'express';
import { WorkflowError } from '../../core/errors';
import type { ServerContext } from '../context';
import { hasCode, isDatabaseAway } from '../db/database-error';
import { describeError } from '../log';

const RETRY_AFTER_SECONDS = 5;

/** Answers every error in one shape. What is not ours says nothing of its inside; the log has it under the request id. */
export function errorHandler(context: ServerContext) {
  return (error: unknown, request: Request, response: Response, next: NextFunction): void => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const known = toWorkflowError(error);
    const requestId = context.newId();
    if (known.status >= 500) {
      context.log.error('request failed', {
        requestId,
        method: request.method,
        status: known.status,
        ...describeError((known === error && known.cause) || error),
      });
    }
    if (known.code === 'unavailable') response.set('Retry-After', String(RETRY_AFTER_SECONDS));
    const details = known.details === undefined ? {} : { details: known.details };
    response
      .status(known.status)
      .json({ error: { code: known.code, message: known.message, requestId, ...details } });
  };
}

function toWorkflowError(error: unknown): WorkflowError {
  if (error instanceof WorkflowError) return error;
  const type = (error as { type?: unknown })?.type;
  if (type === 'entity.too.large')
    return new WorkflowError('payload_too_large', 'The body is larger than 1 MB. Nothing was changed.');
  if (type === 'entity.parse.failed')
    return new WorkflowError('invalid_request', 'The body is not valid JSON. Nothing was changed.');
  if (typeof type === 'string' && /^(encoding|charset|request)\./.test(type)) {
    return new WorkflowError('invalid_request', 'The body could not be read. Nothing was changed.');
  }
  if (hasCode(error, /^Z_/))
    return new WorkflowError('invalid_request', 'The body could not be decompressed. Nothing was changed.');
  if (error instanceof URIError) return new WorkflowError('not_found', 'There is nothing at this address.');
  if (isDatabaseAway(error)) {
    return new WorkflowError(
      'unavailable',
      'The database cannot be reached at the moment. Nothing was changed; try again shortly.',
    );
  }
  if (hasCode(error, /^22/)) {
    const message =
      'A value cannot be stored: NUL in a text, or a number or a time out of range. Nothing was changed.';
    return new WorkflowError('invalid_request', message);
  }
  return new WorkflowError(
    'internal',
    'Something failed on the server. Nothing more is known here; the log has it under this request id.',
  );
}
