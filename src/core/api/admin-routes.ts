import * as z from 'zod';
import { runStatusSchema } from '../run/status';
import { bulkResultSchema, overviewSchema, traceSchema } from './admin-shapes';
import type { Route } from './route';
import { runFilter, statuses } from './run-filter';
import { pageOf } from './shapes';

/** Without any of them the whole company would be meant, which nobody should say by leaving something out. */
const filter = z
  .strictObject({
    ...runFilter,
    status: z.union([statuses, z.array(runStatusSchema).min(1)]).optional(),
    // An empty field of a form is no wish either.
    trigger: z.string().trim().min(1).max(120).optional(),
    key: z.string().trim().min(1).max(200).optional(),
  })
  .refine((given) => Object.values(given).some((value) => value !== undefined), {
    error:
      'say which runs are meant: by workflowId, status, trigger, key, from, to, finishedFrom or finishedTo',
  });

const bulk = {
  filter,
  /** Runs to look at in one call, newest first; go on with `nextCursor`. */
  cursor: z.string().max(400).optional(),
  limit: z.int().min(1).max(100).default(50),
};

/** The part of the contract for those who look after a company's runs. */
export const adminRoutes = {
  getOverview: {
    method: 'GET',
    path: '/admin/overview',
    role: 'admin',
    summary: 'What needs somebody: runs that are stuck or in doubt, workflows that fail.',
    query: z.strictObject({
      /** Failures since. @default 24 hours ago */
      from: runFilter.from,
    }),
    response: overviewSchema,
  },
  getTrace: {
    method: 'GET',
    path: '/admin/runs/:id/trace',
    role: 'admin',
    summary: 'The whole story of a run in its order; the entries hold no input, output or payload.',
    response: traceSchema,
  },
  retryRuns: {
    method: 'POST',
    path: '/admin/runs/retry',
    role: 'admin',
    summary:
      'Retries the runs the filter finds (without a status: the failed ones), each once: those somebody has retried are passed over.',
    body: z.strictObject({
      ...bulk,
      from: z.enum(['failed', 'start']).default('failed'),
      version: z.enum(['same', 'latest']).default('same'),
    }),
    response: pageOf(bulkResultSchema),
  },
  cancelRuns: {
    method: 'POST',
    path: '/admin/runs/cancel',
    role: 'admin',
    summary: 'Cancels the runs the filter finds (without a status: all that have not ended).',
    body: z.strictObject(bulk),
    response: pageOf(bulkResultSchema),
  },
} as const satisfies Record<string, Route>;
