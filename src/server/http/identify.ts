import type { NextFunction, Response } from 'express';
import { WorkflowError } from '../../core/errors';
import { isDatabaseAway } from '../db/database-error';
import { type Principal, principalSchema, type WorkflowServerOptions } from '../options';
import type { IdentifiedRequest } from './implement';

/** Asks the host who is calling. No identity, no data: anything but a complete principal is 401. */
export function identify(authenticate: WorkflowServerOptions['authenticate']) {
  return async (request: IdentifiedRequest, _response: Response, next: NextFunction): Promise<void> => {
    const principal = await readPrincipal(authenticate, request);
    if (!principal) {
      throw new WorkflowError(
        'unauthenticated',
        'You are not signed in, or your session has ended. Sign in and try again.',
      );
    }
    request.principal = principal;
    next();
  };
}

export async function readPrincipal(
  authenticate: WorkflowServerOptions['authenticate'],
  request: IdentifiedRequest,
): Promise<Principal | null> {
  try {
    const parsed = principalSchema.safeParse(await authenticate(request));
    return parsed.success ? parsed.data : null;
  } catch (cause) {
    if (cause instanceof WorkflowError) throw cause;
    // Whatever the host's error looks like, it is no fault of the caller's.
    const message = 'The application could not tell who is calling. Nothing was changed; try again shortly.';
    throw new WorkflowError(isDatabaseAway(cause) ? 'unavailable' : 'internal', message, { cause });
  }
}

const readOnly = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * The CSRF rule: a browser's changing call carries `X-Trama-Request: 1`, which a foreign page cannot send without the host's consent.
 * Callers that are no browser (no cookie, no origin) need not.
 */
export function refuseForeignPages(
  request: IdentifiedRequest,
  _response: Response,
  next: NextFunction,
): void {
  const isForeign = request.get('sec-fetch-site') === 'cross-site';
  const isBrowser = request.get('cookie') !== undefined || request.get('origin') !== undefined;
  const isMarked = request.get('x-trama-request') === '1';
  if (!readOnly.has(request.method) && (isForeign || (isBrowser && !isMarked))) {
    const message =
      'A changing call from a browser must come from the application’s own pages, with the header "X-Trama-Request: 1".';
    throw new WorkflowError('forbidden', message);
  }
  next();
}
