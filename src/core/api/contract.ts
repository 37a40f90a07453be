import * as z from 'zod';
import { adminRoutes } from './admin-routes';
import { inboundRoutes } from './inbound-routes';
import { integrationRoutes } from './integration-routes';
import type { Route } from './route';
import { runFilter } from './run-filter';
import {
  approvalSchema,
  approvalStatuses,
  auditEntrySchema,
  catalogueBlockSchema,
  issueSchema,
  pageOf,
  runDetailSchema,
  runSchema,
  stepTrialSchema,
  versionSchema,
  versionSummarySchema,
  workflowSchema,
} from './shapes';

const paging = {
  cursor: z.string().max(400).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(30),
};
const name = z.string().trim().min(1).max(120);
const revision = z.int().min(0);
/** Structure is checked by `parseDefinition`, which answers with issues a person can act on. */
const definition = z.unknown();

/** The REST API, route by route. The client and the Express mount are mapped types over this object. */
export const contract = {
  listBlocks: {
    method: 'GET',
    path: '/blocks',
    role: 'viewer',
    summary: 'The catalogue of blocks with their schemas and the state of the connection each needs.',
    response: z.object({ items: z.array(catalogueBlockSchema) }),
  },
  listWorkflows: {
    method: 'GET',
    path: '/workflows',
    role: 'viewer',
    summary: 'Workflows of the company, last changed first.',
    query: z.strictObject({ q: z.string().max(120).optional(), ...paging }),
    response: pageOf(workflowSchema),
  },
  createWorkflow: {
    method: 'POST',
    path: '/workflows',
    role: 'editor',
    summary: 'A new workflow with a draft.',
    body: z.strictObject({ name, definition: definition.optional() }),
    response: workflowSchema,
    status: 201,
  },
  getWorkflow: {
    method: 'GET',
    path: '/workflows/:id',
    role: 'viewer',
    summary: 'One workflow with its draft.',
    response: workflowSchema,
  },
  updateWorkflow: {
    method: 'PATCH',
    path: '/workflows/:id',
    role: 'editor',
    summary: 'Renames a workflow, or switches its trigger on or off.',
    body: z.strictObject({ name: name.optional(), enabled: z.boolean().optional() }),
    response: workflowSchema,
  },
  deleteWorkflow: {
    method: 'DELETE',
    path: '/workflows/:id',
    role: 'editor',
    summary: 'Deletes a workflow. Its runs stay readable; those under way end as they began.',
    response: z.object({ id: z.string() }),
  },
  saveDraft: {
    method: 'PUT',
    path: '/workflows/:id/draft',
    role: 'editor',
    summary: 'Replaces the draft; `revision` is the one the change was made on.',
    body: z.strictObject({ definition, revision }),
    response: workflowSchema,
  },
  publishWorkflow: {
    method: 'POST',
    path: '/workflows/:id/publish',
    role: 'editor',
    summary: 'Makes the draft a numbered, immutable version, and the one that runs.',
    body: z.strictObject({ revision }),
    response: workflowSchema,
  },
  listVersions: {
    method: 'GET',
    path: '/workflows/:id/versions',
    role: 'viewer',
    summary: 'Published versions, newest first.',
    query: z.strictObject(paging),
    response: pageOf(versionSummarySchema),
  },
  getVersion: {
    method: 'GET',
    path: '/workflows/:id/versions/:version',
    role: 'viewer',
    summary: 'One published version.',
    response: versionSchema,
  },
  restoreVersion: {
    method: 'POST',
    path: '/workflows/:id/versions/:version/restore',
    role: 'editor',
    summary: 'Copies a published version back to the draft.',
    body: z.strictObject({ revision: revision.optional() }),
    response: workflowSchema,
  },
  validateDefinition: {
    method: 'POST',
    path: '/validate',
    role: 'viewer',
    summary: 'Everything wrong or doubtful in a definition.',
    body: z.strictObject({ definition }),
    response: z.object({ issues: z.array(issueSchema) }),
  },
  testNode: {
    method: 'POST',
    path: '/workflows/:id/nodes/:nodeId/test',
    role: 'editor',
    summary: 'Tries one step: says what it would do, or does it once. A failure is an answer.',
    body: z.strictObject({
      /** The workflow as it stands where it is edited, checked as for a save; nothing of it is stored. @default the draft */
      definition: definition.optional(),
      /** Both default to samples: the trigger's, and those of the blocks before it, by node id. */
      payload: z.unknown().optional(),
      outputs: z.record(z.string().max(60), z.unknown()).optional(),
      /** With `false` the step is carried out: what it does is done. */
      dryRun: z.boolean().default(true),
    }),
    response: stepTrialSchema,
  },
  startRun: {
    method: 'POST',
    path: '/workflows/:id/runs',
    role: 'editor',
    summary: 'Starts a run. The same Idempotency-Key and body answer with the same run.',
    body: z.strictObject({
      payload: z.unknown().optional(),
      version: z.union([z.enum(['published', 'draft']), z.int().min(1)]).default('published'),
    }),
    headers: ['idempotency-key'],
    response: z.object({ run: runSchema }),
    status: 202,
  },
  listRuns: {
    method: 'GET',
    path: '/runs',
    role: 'viewer',
    summary: 'Run history, newest first.',
    query: z.strictObject({ ...runFilter, ...paging }),
    response: pageOf(runSchema),
  },
  getRun: {
    method: 'GET',
    path: '/runs/:id',
    role: 'viewer',
    summary: 'A run, its steps and the definition it ran.',
    response: runDetailSchema,
  },
  cancelRun: {
    method: 'POST',
    path: '/runs/:id/cancel',
    role: 'editor',
    summary: 'Ends a run before its next step; the result of the one under way is recorded.',
    response: z.object({ run: runSchema }),
  },
  retryRun: {
    method: 'POST',
    path: '/runs/:id/retry',
    role: 'editor',
    summary:
      'A new run, linked by `retryOf`, that goes on where an ended one failed or from a step; what is done is not repeated.',
    body: z.strictObject({
      /** `failed`, `start`, or the key of a step: `invoice_y`, `loop_x[3]/invoice_y`. */
      from: z.string().min(1).max(400).default('failed'),
      version: z.enum(['same', 'latest']).default('same'),
      /** @default that of the run */
      payload: z.unknown().optional(),
    }),
    headers: ['idempotency-key'],
    response: z.object({ run: runSchema }),
    status: 202,
  },
  settleStep: {
    method: 'POST',
    path: '/runs/:id/settle',
    role: 'editor',
    summary:
      'Says of a step in doubt whether its effect happened: yes, with this output, or no, run it again.',
    body: z.strictObject({
      stepKey: z.string().min(1).max(400),
      happened: z.boolean(),
      /** What the step would have given; only with `happened: true`. @default null */
      output: z.unknown().optional(),
    }),
    response: z.object({ run: runSchema }),
  },
  listApprovals: {
    method: 'GET',
    path: '/approvals',
    role: 'viewer',
    summary: 'Decisions runs wait for, newest first.',
    query: z.strictObject({
      /** One status, or several separated by commas. */
      status: z
        .string()
        .max(200)
        .transform((text) => text.split(','))
        .pipe(z.array(z.enum(approvalStatuses)))
        .optional(),
      /** `true`: only those asked of the caller. */
      mine: z.enum(['true', 'false']).optional(),
      ...paging,
    }),
    response: pageOf(approvalSchema),
  },
  decideApproval: {
    method: 'POST',
    path: '/approvals/:id/decision',
    role: 'editor',
    summary: 'Decides. A second decision answers 409 naming who decided and when.',
    body: z.strictObject({
      decision: z.enum(['approved', 'rejected']),
      comment: z.string().max(2000).optional(),
    }),
    response: z.object({ approval: approvalSchema }),
  },
  ...inboundRoutes,
  ...integrationRoutes,
  ...adminRoutes,
  listAudit: {
    method: 'GET',
    path: '/audit',
    role: 'admin',
    summary: 'Who did what when, newest first.',
    query: z.strictObject(paging),
    response: pageOf(auditEntrySchema),
  },
} as const satisfies Record<string, Route>;

export type Contract = typeof contract;
export type RouteName = keyof Contract;
