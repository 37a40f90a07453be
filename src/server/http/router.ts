import express, { type Router } from 'express';
import { WorkflowError } from '../../core/errors';
import type { ServerContext } from '../context';
import type { WorkflowServerOptions } from '../options';
import { answerByLink, showApproval } from './approve';
import { connectCallback } from './connect-callback';
import { errorHandler } from './errors';
import { receiveEvents } from './events';
import { handlers } from './handlers';
import { live, ready } from './health';
import { identify, refuseForeignPages } from './identify';
import { mountContract } from './implement';
import { receiveInboundEmail } from './inbound-email';
import { runEvents } from './run-events';
import { sweepAfterWrites, sweepRoute } from './sweep';

/** The whole REST API. Public routes stand first, by exact path; everything after them needs an identity. */
export function createRouter(
  context: ServerContext,
  authenticate: WorkflowServerOptions['authenticate'],
): Router {
  const router = express.Router({ caseSensitive: true, strict: true });
  router.get('/health/live', live);
  router.get('/health/ready', ready(context));
  router.post('/events', ...receiveEvents(context));
  router.post('/hooks/resend', ...receiveInboundEmail(context));
  router.get('/approve/:token', showApproval(context));
  router.post('/approve/:token', ...answerByLink(context));
  // GET is all that the cron jobs of some platforms can.
  router.route('/internal/sweep').get(sweepRoute(context)).post(sweepRoute(context));
  router.get('/integrations/:provider/callback', connectCallback(context, authenticate));

  router.use((_request, response, next) => {
    // What follows belongs to one company: no cache may keep it, and no browser may take it for a page.
    response.set({ 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' });
    next();
  });
  router.use(identify(authenticate), refuseForeignPages, sweepAfterWrites(context));
  router.get('/runs/:id/events', runEvents(context));
  mountContract(router, context, handlers);
  router.use(() => {
    throw new WorkflowError('not_found', 'There is nothing at this address.');
  });
  router.use(errorHandler(context));
  return router;
}
