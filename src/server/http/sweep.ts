import { timingSafeEqual } from 'node:crypto';
import type { RequestHandler } from 'express';
import { WorkflowError } from '../../core/errors';
import { type ServerContext, sha256 } from '../context';
import { describeError } from '../log';
import { sweep } from '../runs/sweep';

/** `/internal/sweep`, by POST or GET, for a cron job: `Authorization: Bearer <cronSecret>`. Answers how many runs were due. */
export function sweepRoute(context: ServerContext): RequestHandler {
  return async (request, response) => {
    const { cronSecret } = context;
    if (!cronSecret) throw new WorkflowError('not_found', 'The sweep is not switched on here (cronSecret).');
    const given = (request.get('authorization') ?? '').replace(/^Bearer /, '');
    // Digests have one length, so that the comparison tells nothing of the secret.
    if (!timingSafeEqual(Buffer.from(sha256(given)), Buffer.from(sha256(cronSecret)))) {
      throw new WorkflowError(
        'unauthenticated',
        'This needs the header "Authorization: Bearer <cronSecret>".',
      );
    }
    response.set('Cache-Control', 'no-store');
    response.json({ due: await sweep(context, context.runner.revive) });
  };
}

/** Milliseconds between sweeps after writes of the API. */
const PAUSE_MS = 10_000;

/** Sweeps now and then after a write, where nothing else may be awake to do it. Never in the way of the answer. */
export function sweepAfterWrites(context: ServerContext): RequestHandler {
  let sweptAt = context.clock.now();
  return (request, response, next) => {
    const now = context.clock.now();
    if (request.method !== 'GET' && now - sweptAt >= PAUSE_MS) {
      sweptAt = now;
      response.once('finish', () => {
        sweep(context, context.runner.revive).catch((error) =>
          context.log.warn('the sweep after a write failed', describeError(error)),
        );
      });
    }
    next();
  };
}
