import * as z from 'zod';
import { workflowDefinitionSchema } from '../definition/schema';
import { runStatusSchema, stepStatusSchema } from '../run/status';
import { waitSchema } from '../run/wait';

/** ISO 8601, UTC. */
const time = z.string();

export const issueSchema = z.object({
  severity: z.enum(['error', 'warning']),
  code: z.string(),
  nodeId: z.string().optional(),
  edgeId: z.string().optional(),
  path: z.string().optional(),
  message: z.string(),
  params: z.record(z.string(), z.string()),
});

export const workflowSchema = z.object({
  id: z.string(),
  name: z.string(),
  enabled: z.boolean(),
  draft: z.object({ definition: workflowDefinitionSchema, revision: z.int() }),
  publishedVersion: z.int().nullable(),
  createdAt: time,
  updatedAt: time,
});
export type Workflow = z.infer<typeof workflowSchema>;

export const versionSummarySchema = z.object({
  version: z.int(),
  createdAt: time,
  createdBy: z.string(),
});
export const versionSchema = versionSummarySchema.extend({ definition: workflowDefinitionSchema });
export type WorkflowVersion = z.infer<typeof versionSchema>;

export const failureSchema = z.object({
  kind: z.enum(['retry', 'terminal', 'reconnect', 'uncertain']),
  code: z.string(),
  message: z.string(),
  actor: z.enum(['customer', 'developer', 'provider']).optional(),
  providerStatus: z.int().optional(),
  providerRequestId: z.string().optional(),
  retryAfterMs: z.number().optional(),
  provider: z.string().optional(),
  path: z.string().optional(),
});

export const runSchema = z.object({
  id: z.string(),
  workflowId: z.string(),
  workflowName: z.string(),
  /** Published version that ran; `null` for a run of the draft. */
  version: z.int().nullable(),
  status: runStatusSchema,
  /** Type of the trigger block. */
  trigger: z.string(),
  /** What the run is about, for people: the document's title. */
  title: z.string().nullable(),
  businessKeys: z.array(z.string()),
  retryOf: z.string().nullable(),
  error: failureSchema.extend({ nodeId: z.string().nullable(), stepKey: z.string().nullable() }).nullable(),
  /** When a waiting run goes on by itself; without an end of its own to the wait, when it is too old. */
  wakeAt: time.nullable(),
  /** What has to come before a waiting run goes on; `null` when that is only the time of `wakeAt`. `until`: when it goes on without. */
  waitingFor: z
    .object({
      kind: z.enum(['event', 'decision', 'connection']),
      until: time.nullable(),
      /** Whose connection. */
      provider: z.string().nullable(),
    })
    .nullable(),
  /** Whether the caller may cancel it, retry it and settle its steps. */
  canAct: z.boolean(),
  /** Somebody asked to cancel it; it ends after the step under way. */
  cancelRequested: z.boolean(),
  /** The platform's run that carries it out, and where the platform shows it; `null` where the server runs workflows itself. */
  engine: z.object({ kind: z.literal('trigger'), id: z.string(), url: z.string().nullable() }).nullable(),
  createdAt: time,
  startedAt: time.nullable(),
  finishedAt: time.nullable(),
});
export type Run = z.infer<typeof runSchema>;

export const skipReasonSchema = z.discriminatedUnion('code', [
  z.object({ code: z.literal('branch_not_taken'), nodeId: z.string(), handle: z.string() }),
  z.object({ code: z.literal('upstream_skipped'), nodeId: z.string() }),
  z.object({ code: z.literal('disabled') }),
  z.object({ code: z.literal('not_connected') }),
]);

export const stepSchema = z.object({
  key: z.string(),
  nodeId: z.string(),
  type: z.string(),
  status: stepStatusSchema,
  attempt: z.int(),
  input: z.json(),
  output: z.json(),
  error: failureSchema.nullable(),
  branch: z.string().nullable(),
  skippedBecause: skipReasonSchema.nullable(),
  attempts: z.array(
    z.object({
      attempt: z.int(),
      startedAt: time,
      finishedAt: time,
      error: failureSchema,
      delayMs: z.number().nullable(),
    }),
  ),
  wakeAt: time.nullable(),
  /** What it waits for, or waited for. */
  wait: waitSchema.nullable(),
  /** The earlier run it was done in, when this run is a retry. */
  reusedFrom: z.string().nullable(),
  startedAt: time.nullable(),
  finishedAt: time.nullable(),
});
export type Step = z.infer<typeof stepSchema>;

export const runDetailSchema = z.object({
  run: runSchema,
  steps: z.array(stepSchema),
  definition: workflowDefinitionSchema,
});
export type RunDetail = z.infer<typeof runDetailSchema>;

export const approvalStatuses = ['pending', 'approved', 'rejected', 'expired', 'canceled'] as const;

const decisionSchema = z.object({
  decision: z.enum(['approved', 'rejected']),
  decidedBy: z.string(),
  decidedAt: time,
  comment: z.string().nullable(),
});

/** A decision a run waits for, or waited for. */
export const approvalSchema = z.object({
  id: z.string(),
  status: z.enum(approvalStatuses),
  message: z.string(),
  runId: z.string(),
  stepKey: z.string(),
  workflowId: z.string(),
  workflowName: z.string(),
  /** What the run is about, for people. */
  title: z.string().nullable(),
  /** Who started the run; `null` when an event or the clock did. */
  startedBy: z.string().nullable(),
  /** Ids of the users who may decide, or roles (`role:admin`); empty: everybody who may edit. */
  approvers: z.array(z.string()),
  /** How many must approve. One rejection ends it. */
  required: z.int(),
  /** Whether the caller may decide it now. */
  canDecide: z.boolean(),
  /** Every decision so far, in their order. */
  decisions: z.array(decisionSchema),
  createdAt: time,
  until: time.nullable(),
  /** Of the decision that ended it. */
  decidedBy: z.string().nullable(),
  decidedAt: time.nullable(),
  comment: z.string().nullable(),
});
export type Approval = z.infer<typeof approvalSchema>;

export const localTextSchema = z.object({ en: z.string(), it: z.string() });

export const connectionStateSchema = z.enum([
  'not_connected',
  'active',
  'needs_account',
  'needs_reauth',
  'error',
]);
export type ConnectionState = z.infer<typeof connectionStateSchema>;

/** What a step would do, or did, when it was tried outside of any run. */
export const stepTrialSchema = z.object({
  /** The configuration resolved, sensitive fields masked; `null` when it could not be. */
  input: z.json(),
  /** What the block says it would do; `null` when it says nothing, or was carried out. */
  preview: localTextSchema.nullable(),
  /** `null` when it failed, or was not carried out. */
  outcome: z.enum(['done', 'branch', 'forEach', 'wait', 'stop']).nullable(),
  output: z.json(),
  handle: z.string().nullable(),
  wait: waitSchema.nullable(),
  error: failureSchema.nullable(),
});

export const catalogueBlockSchema = z.object({
  type: z.string(),
  kind: z.enum(['action', 'trigger']),
  version: z.int(),
  provider: z.string(),
  label: localTextSchema,
  description: localTextSchema,
  icon: z.string(),
  handles: z.array(z.string()),
  sideEffect: z.enum(['none', 'idempotent', 'reconcilable', 'at-most-once']).nullable(),
  /** JSON Schema (draft 2020-12) of the configuration and of what the block gives. */
  input: z.record(z.string(), z.unknown()),
  output: z.record(z.string(), z.unknown()),
  sample: z.json(),
  /** `null` when the block needs no connection. */
  connection: connectionStateSchema.nullable(),
});
export type CatalogueBlock = z.infer<typeof catalogueBlockSchema>;

const accountSchema = z.object({ id: z.string(), label: z.string() });

export const integrationSchema = z.object({
  provider: z.string(),
  label: localTextSchema,
  description: localTextSchema,
  icon: z.string(),
  color: z.string(),
  /** False when the host gave no client id and secret: it cannot be connected. */
  configured: z.boolean(),
  state: connectionStateSchema,
  account: accountSchema.nullable(),
  /** Accounts to choose from while the state is `needs_account`; else empty. */
  accounts: z.array(accountSchema),
  scopes: z.array(z.string()),
  connectedAt: time.nullable(),
  connectedBy: z.string().nullable(),
  lastUsedAt: time.nullable(),
  lastErrorCode: z.string().nullable(),
  /** Workflows with a step of this provider. */
  workflows: z.array(z.object({ id: z.string(), name: z.string() })),
});
export type Integration = z.infer<typeof integrationSchema>;

/** Why an email that arrived at a workflow's address did nothing. */
export const refusalReasons = [
  /** Sent by a workflow, or by the application itself. */
  'own_email',
  'automatic_reply',
  'automatic',
  /** The trigger takes emails of other senders only. */
  'sender_refused',
  /** The receiving server says that the sender is not who it claims to be. */
  'sender_unproven',
  /** More than a workflow takes in an hour. */
  'too_many',
  /** The workflow was switched off, not published, or starts in another way. */
  'inactive',
] as const;

const refusedEmailSchema = z.object({
  at: time,
  from: z.string(),
  reason: z.enum(refusalReasons),
});
export type RefusedEmail = z.infer<typeof refusedEmailSchema>;

export const inboundAddressSchema = z.object({
  /** `null` until the workflow has one, and where the application has set no domain up. */
  address: z.string().nullable(),
  /** False when the application has set no domain up for incoming emails. */
  configured: z.boolean(),
  /** The latest emails that started nothing, newest first. */
  refused: z.array(refusedEmailSchema),
});
export type InboundAddress = z.infer<typeof inboundAddressSchema>;

export const auditEntrySchema = z.object({
  id: z.string(),
  at: time,
  userId: z.string().nullable(),
  action: z.string(),
  targetType: z.string(),
  targetId: z.string(),
});

/** A page of a list; `nextCursor` is `null` at its end. */
export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() });
