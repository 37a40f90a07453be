import { randomBytes } from 'node:crypto';
import express, { type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import * as z from 'zod';
import type { Approval } from '../../core/api/shapes';
import { WorkflowError } from '../../core/errors';
import { cleanJson } from '../../core/json';
import type { ServerContext } from '../context';
import { isDatabaseAway } from '../db/database-error';
import { decideByLink, findLinkedApproval } from '../runs/approval-links';
import { type ApprovePage, renderApprovePage } from './approve-page';

const formSchema = z.object({
  decision: z.enum(['approved', 'rejected']),
  comment: z.string().trim().max(2000).default(''),
});

/**
 * `GET /approve/:token` shows what is to be decided, and nothing else: mail scanners and previews open links. The token, 256 random bits
 * that only its person was sent, is all the authority there is, so no page that does not have it can bring a decision about.
 */
export function showApproval(context: ServerContext): RequestHandler {
  return answering(context, async (request) => ({
    status: 200,
    page: pageOf(await linked(context, request)),
  }));
}

/** `POST /approve/:token`, the page's own form: decides. */
export function answerByLink(context: ServerContext): RequestHandler[] {
  return [
    express.urlencoded({ extended: false, limit: '32kb', parameterLimit: 10 }),
    answering(context, async (request) => {
      if (isForeign(context, request)) return { status: 403, page: { kind: 'foreign' } };
      const approval = await linked(context, request);
      const form = formSchema.safeParse(request.body ?? {});
      if (!form.success) return { status: 400, page: { kind: 'ask', approval, problem: 'choose' } };
      const { decision, comment } = form.data;
      const answer = { decision, comment: (cleanJson(comment) as string) || undefined };
      try {
        const decided = await decideByLink(context, String(request.params.token), answer);
        return { status: 200, page: { kind: 'thanks', approval: decided, decision } };
      } catch (error) {
        if (!(error instanceof WorkflowError && error.code === 'already_decided')) throw error;
        return {
          status: 409,
          page: { kind: 'over', approval: await linked(context, request), tooLate: true },
        };
      }
    }),
  ];
}

const linked = async (context: ServerContext, request: Request): Promise<Approval> =>
  (await findLinkedApproval(context, String(request.params.token))).approval;

const pageOf = (approval: Approval): ApprovePage =>
  approval.canDecide ? { kind: 'ask', approval } : { kind: 'over', approval };

/** A form on another site. Browsers that say where a request comes from say so here; the others are held off by the token. */
function isForeign({ baseUrl }: ServerContext, request: Request): boolean {
  const origin = request.get('origin');
  const isElsewhere = origin !== undefined && origin !== new URL(baseUrl).origin;
  return isElsewhere || ['cross-site', 'same-site'].includes(request.get('sec-fetch-site') ?? '');
}

interface Answer {
  status: number;
  page: ApprovePage;
}

/** Whatever happens, a person reads the answer: a page, never JSON. */
function answering(context: ServerContext, answer: (request: Request) => Promise<Answer>): RequestHandler {
  return async (request: Request, response: Response, next: NextFunction) => {
    try {
      send(context, request, response, await answer(request));
    } catch (error) {
      if (error instanceof WorkflowError && error.code === 'not_found')
        send(context, request, response, { status: 404, page: { kind: 'unknown' } });
      else if (isDatabaseAway(error)) {
        response.set('Retry-After', '5');
        send(context, request, response, { status: 503, page: { kind: 'away' } });
      } else next(error);
    }
  };
}

function send(context: ServerContext, request: Request, response: Response, { status, page }: Answer): void {
  const nonce = randomBytes(16).toString('base64');
  const fallback = context.formatting.locale.startsWith('it') ? 'it' : 'en';
  const locale = (request.acceptsLanguages(fallback, 'it', 'en') || fallback) as 'it' | 'en';
  response
    .status(status)
    .set({
      'Content-Security-Policy': `default-src 'none'; style-src 'nonce-${nonce}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
      'X-Frame-Options': 'DENY',
      'X-Content-Type-Options': 'nosniff',
      'Cache-Control': 'no-store',
      // The address holds the token. (`no-referrer` would take the origin from the form's own request too.)
      'Referrer-Policy': 'same-origin',
      'X-Robots-Tag': 'noindex',
      Vary: 'Accept-Language',
    })
    .type('html')
    .send(renderApprovePage(page, { locale, nonce, timeZone: context.formatting.timeZone }));
}
