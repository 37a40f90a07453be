import * as z from 'zod';
import type { Json } from '../json';

const instant = z.string();

/** One field of an event's data that must have a value: `document.id` equal to `doc_1`. Compared as text, so `7` meets `"7"`. */
export const eventFieldSchema = z.object({ path: z.string(), equals: z.string() });
export type EventField = z.infer<typeof eventFieldSchema>;

/** Who may decide, and until when. Times are ISO 8601 UTC. */
export const waitSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('time'), until: instant }),
  z.object({
    kind: z.literal('event'),
    /** Type of the host's event. */
    type: z.string(),
    where: z.array(eventFieldSchema),
    /** `null`: as long as the run may last. */
    until: instant.nullable(),
  }),
  z.object({
    kind: z.literal('decision'),
    message: z.string(),
    /** Ids of the users who may decide, or roles (`role:admin`); empty: everybody who may edit. */
    approvers: z.array(z.string()),
    /** How many must approve, each once. @default 1 */
    required: z.int().min(1).optional(),
    until: instant.nullable(),
  }),
  z.object({
    kind: z.literal('connection'),
    /** Id of the provider that must be connected again. */
    provider: z.string(),
    until: instant.nullable(),
  }),
]);

/** What a parked step waits for. */
export type Wait = z.infer<typeof waitSchema>;

/** A wait that is over, and how it ended. */
export interface EndedWait {
  wait: Wait;
  wakeUp: WakeUp;
  /** Number of the attempt that waited; those that go on from its end count from here. */
  attempt?: number;
}

/**
 * A wait as the journal holds it. `after`: the end from which the step goes on, once its connection or the time of its next attempt has come;
 * of a step that has failed, the end from which it could not.
 */
export type RecordedWait = Wait & { after?: EndedWait };

/** How a wait ended. `time`: its time came before what it waited for. */
export type WakeUp =
  /** Of a decision that never came to its end: those that were taken by then. */
  | { kind: 'time'; decisions?: Decision[] }
  | { kind: 'event'; event: { id: string; type: string; at: string; data: Json } }
  /** The last decision that was needed, and all of them. */
  | { kind: 'decision'; decision: Decision; decisions?: Decision[] }
  /** The provider was connected (again). */
  | { kind: 'connection' };

export interface Decision {
  decision: 'approved' | 'rejected';
  comment: string | null;
  decidedBy: string;
  /** ISO 8601 UTC. */
  decidedAt: string;
}

/** Whether an event's data is what a wait looks for: every field is there, its own, and has the value. */
export function matchesEvent(where: readonly EventField[], data: Json): boolean {
  return where.every(({ path, equals }) => {
    let value: unknown = data;
    for (const key of path.split('.')) {
      if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return false;
      value = (value as Record<string, unknown>)[key];
    }
    return (
      (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') &&
      String(value) === equals
    );
  });
}
