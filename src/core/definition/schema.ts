import * as z from 'zod';

/** Limits of one definition and of one run. All configurable; tested at the limit and one over. */
export interface Caps {
  /** Serialized definition, bytes of UTF-8. */
  definitionBytes: number;
  nodes: number;
  edges: number;
  jsonDepth: number;
  /** One template, characters. */
  templateChars: number;
  templateReferences: number;
  /** Trigger payload, bytes of UTF-8 JSON. */
  payloadBytes: number;
  /** Output of one step, bytes of UTF-8 JSON. */
  outputBytes: number;
  loopItems: number;
  loopNesting: number;
  stepsPerRun: number;
  /** The inputs and outputs of all steps of a run together, bytes of UTF-8 JSON. */
  stateBytes: number;
  /** Milliseconds from a run's creation to its latest possible end, waits included. */
  runAgeMs: number;
  /** A file a step passes on, bytes. */
  fileBytes: number;
  /** How many runs may have caused one another by the events they brought about. */
  causeDepth: number;
  /** Emails that may start a workflow within an hour. */
  emailsPerHour: number;
}

export const defaultCaps: Caps = {
  definitionBytes: 256 * 1024,
  nodes: 100,
  edges: 200,
  jsonDepth: 32,
  templateChars: 64 * 1024,
  templateReferences: 200,
  payloadBytes: 256 * 1024,
  outputBytes: 256 * 1024,
  loopItems: 500,
  loopNesting: 3,
  stepsPerRun: 1000,
  stateBytes: 8 * 1024 * 1024,
  runAgeMs: 366 * 86_400_000,
  fileBytes: 10 * 1024 * 1024,
  causeDepth: 5,
  emailsPerHour: 300,
};

export const TRIGGER_ID = 'trigger';
export const nodeIdPattern = /^[a-z][a-z0-9_]{0,39}$/;

export const retryPolicySchema = z.strictObject({
  maxAttempts: z.int().min(1).max(10).default(3),
  backoff: z.enum(['exponential', 'fixed']).default('exponential'),
  /** Delay before the second attempt, milliseconds. */
  delayMs: z.int().min(0).max(3_600_000).default(1000),
  maxDelayMs: z.int().min(0).max(86_400_000).default(60_000),
});
export type RetryPolicy = z.infer<typeof retryPolicySchema>;
/** What the schema's defaults say. Not parsed from it: nothing may parse while modules load, before a strict CSP's settings are made. */
export const defaultRetryPolicy: RetryPolicy = {
  maxAttempts: 3,
  backoff: 'exponential',
  delayMs: 1000,
  maxDelayMs: 60_000,
};

export const onErrorSchema = z.enum(['fail', 'continue', 'branch']);

export const nodeSchema = z.strictObject({
  id: z.string().regex(nodeIdPattern, 'must match [a-z][a-z0-9_]{0,39}'),
  type: z.string().min(1).max(120),
  /** Version of the block the configuration was made for. @default 1 */
  blockVersion: z.int().min(1).max(10_000).optional(),
  label: z.string().max(120).optional(),
  note: z.string().max(4000).optional(),
  /** Without it the layout decides. */
  position: z.strictObject({ x: z.number(), y: z.number() }).optional(),
  config: z.record(z.string(), z.json()).default({}),
  retry: retryPolicySchema.optional(),
  onError: onErrorSchema.optional(),
  disabled: z.boolean().optional(),
});

export const edgeSchema = z.strictObject({
  id: z.string().min(1).max(120),
  source: z.string().min(1).max(40),
  sourceHandle: z.string().min(1).max(40).default('next'),
  target: z.string().min(1).max(40),
});

/** The stored form of a workflow, `schemaVersion` 1. Structure only: what it means is `validateDefinition`'s part. */
export const workflowDefinitionSchema = z.strictObject({
  schemaVersion: z.literal(1),
  nodes: z.array(nodeSchema),
  edges: z.array(edgeSchema),
});

export type WorkflowDefinition = z.infer<typeof workflowDefinitionSchema>;
export type WorkflowNode = WorkflowDefinition['nodes'][number];
export type WorkflowEdge = WorkflowDefinition['edges'][number];

/** A definition with only a trigger of the given type. */
export function emptyDefinition(triggerType = 'flow.manual'): WorkflowDefinition {
  return { schemaVersion: 1, nodes: [{ id: TRIGGER_ID, type: triggerType, config: {} }], edges: [] };
}
