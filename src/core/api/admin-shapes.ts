import * as z from 'zod';
import { runStatusSchema, stepStatusSchema } from '../run/status';
import { failureSchema, runSchema, skipReasonSchema } from './shapes';

/** ISO 8601, UTC. */
const time = z.string();

/** Why a run that ought to go on does not. */
export const stuckReasons = [
  /** It is queued, and no runner takes it up: none is running, or all are busy. */
  'not_started',
  /** Its runner fell silent, and no other has taken it over. */
  'runner_silent',
  /** The time it waits for has passed. */
  'overdue',
  /** Somebody asked to cancel it, and the step under way does not come to its end. */
  'cancel_pending',
  /** It waits until a person connects the provider again (`run.waitingFor.provider`). */
  'connection',
] as const;

const stuckSchema = z.object({ reason: z.enum(stuckReasons), since: time });
export type Stuck = z.infer<typeof stuckSchema>;

/** A list that shows the oldest; `total` counts all. */
const oldest = <T extends z.ZodType>(item: T) => z.object({ total: z.int(), items: z.array(item) });

export const overviewSchema = z.object({
  at: time,
  /** How many runs have not ended, by status. */
  active: z.object({ queued: z.int(), running: z.int(), waiting: z.int(), needs_attention: z.int() }),
  stuck: oldest(stuckSchema.extend({ run: runSchema })),
  /** Runs with a step a person must say of whether it happened. */
  inDoubt: oldest(z.object({ run: runSchema, stepKey: z.string().nullable(), since: time })),
  /** From when on runs count as failed lately. */
  from: time,
  /** Workflows with runs that failed since then, the most first. */
  failing: z.array(
    z.object({
      workflowId: z.string(),
      workflowName: z.string(),
      failed: z.int(),
      /** Those of them that nobody has retried. */
      unretried: z.int(),
      /** Codes of the errors, the most frequent first. */
      codes: z.array(z.object({ code: z.string(), count: z.int() })),
      lastFailed: runSchema,
      /** When a run of it last went well; `null` when none of its latest 1,000 has. */
      lastSucceededAt: time.nullable(),
    }),
  ),
});
export type Overview = z.infer<typeof overviewSchema>;

const waitKinds = ['time', 'event', 'decision', 'connection'] as const;
const ofStep = { at: time, stepKey: z.string() };

/** One thing that happened to a run. Nothing of its data is in it but what errors name and people wrote. */
export const traceEntrySchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('created'),
    at: time,
    trigger: z.string(),
    /** The person; `null` when an event or the clock did it. */
    by: z.string().nullable(),
    eventId: z.string().nullable(),
    retryOf: z.string().nullable(),
  }),
  z.object({ kind: z.literal('started'), at: time }),
  z.object({ kind: z.literal('step_began'), ...ofStep, nodeId: z.string(), type: z.string() }),
  z.object({
    kind: z.literal('attempt_failed'),
    ...ofStep,
    attempt: z.int(),
    error: failureSchema,
    /** Milliseconds until the next one; `null` when none was to follow. */
    delayMs: z.number().nullable(),
  }),
  /** `in_doubt`, too, is an end until a person settles it. */
  z.object({
    kind: z.literal('step_ended'),
    ...ofStep,
    status: stepStatusSchema,
    branch: z.string().nullable(),
    error: failureSchema.nullable(),
  }),
  z.object({ kind: z.literal('step_skipped'), ...ofStep, because: skipReasonSchema }),
  /** Done in an earlier run, which this one goes on from. */
  z.object({ kind: z.literal('step_reused'), ...ofStep, reusedFrom: z.string() }),
  /** Begun in an earlier run: this one goes on with it. */
  z.object({ kind: z.literal('step_carried'), ...ofStep, nodeId: z.string(), type: z.string() }),
  z.object({
    kind: z.literal('wait_began'),
    ...ofStep,
    waitsFor: z.enum(waitKinds),
    /** When it goes on without; `null`: when the run ends for its age. */
    until: time.nullable(),
    eventType: z.string().nullable(),
    provider: z.string().nullable(),
    /** Ids of the users who may decide, or roles (`role:admin`); empty: everybody who may edit. */
    approvers: z.array(z.string()),
  }),
  z.object({
    kind: z.literal('decided'),
    ...ofStep,
    by: z.string(),
    decision: z.enum(['approved', 'rejected']),
    comment: z.string().nullable(),
  }),
  z.object({
    kind: z.literal('wait_ended'),
    ...ofStep,
    wokenBy: z.enum([...waitKinds, 'cancel']),
    eventId: z.string().nullable(),
  }),
  /** What somebody did with the run: `run.cancel`, `run.settle_happened`, `run.settle_repeat`. */
  z.object({ kind: z.literal('action'), at: time, by: z.string().nullable(), action: z.string() }),
  z.object({ kind: z.literal('retried'), at: time, by: z.string().nullable(), runId: z.string() }),
  z.object({
    kind: z.literal('ended'),
    at: time,
    status: runStatusSchema,
    error: runSchema.shape.error,
  }),
]);
export type TraceEntry = z.infer<typeof traceEntrySchema>;

export const traceSchema = z.object({
  run: runSchema,
  /** Why it does not go on; `null` when it does, or has ended. */
  stuck: stuckSchema.nullable(),
  /** How often a runner has taken it up, how many of them went down with it since its last commit, and until when the last one holds it. */
  claims: z.int(),
  deaths: z.int(),
  leaseUntil: time.nullable(),
  /** How many runs caused one another before this one. */
  causeDepth: z.int(),
  /** As they followed one another. Times come from the server, those of start and end from PostgreSQL, whose clocks may differ a little. */
  entries: z.array(traceEntrySchema),
});
export type Trace = z.infer<typeof traceSchema>;

/** What came of a bulk action, run by run: either `run` (of a retry the new one) or `error`. */
export const bulkResultSchema = z.object({
  id: z.string(),
  run: runSchema.nullable(),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
});
export type BulkResult = z.infer<typeof bulkResultSchema>;
