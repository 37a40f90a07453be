/**
 * When a schedule comes round, in its time zone. Every local time it names comes once: one that a change of the clock leaves out is the
 * first instant after the gap, one that comes twice is the first of the two. docs/time.md says so in plain words.
 */
import { Temporal } from 'temporal-polyfill';
import { resolveLocal } from '../../blocks/flow/time.server';
import { type Cron, type LocalMinute, nextLocalMinute, parseCron } from '../../core/schedule/cron';

export interface Occurrences {
  cron: Cron;
  timeZone: string;
}

const MINUTE = 60_000;

/** @throws Error when the cron is none: it was checked before the workflow was published */
export function occurrencesOf(cron: string, timeZone: string): Occurrences {
  const parsed = parseCron(cron);
  if ('problem' in parsed) throw new Error(`The schedule "${cron}" cannot be read: ${parsed.problem.en}.`);
  return { cron: parsed.cron, timeZone };
}

/** The first instant after `after` (milliseconds since 1970). */
export function nextOccurrence({ cron, timeZone }: Occurrences, after: number): number {
  let local = localMinuteAt(after, timeZone);
  for (;;) {
    const next = nextLocalMinute(cron, local);
    if (next === null) return Number.MAX_SAFE_INTEGER;
    const at = resolveLocal(toDateTime(next), timeZone);
    // While an hour is repeated, its local times have all been: those of the hour after it come next.
    if (at > after) return at;
    local = next;
  }
}

/** The last instant from `from` to `to`, both included; `null` when there is none. */
export function lastOccurrence(occurrences: Occurrences, from: number, to: number): number | null {
  // Most schedules that come round often have done so lately; only the others are looked for further back.
  for (const span of [60 * MINUTE, 1440 * MINUTE, to - from]) {
    let found: number | null = null;
    let at = nextOccurrence(occurrences, Math.max(from, to - span) - 1);
    while (at <= to) {
      found = at;
      at = nextOccurrence(occurrences, at);
    }
    if (found !== null) return found;
  }
  return null;
}

/** What the clock in the zone shows at an instant: `2026-11-24T09:00`. */
export function localTimeAt(at: number, timeZone: string): string {
  return toDateTime(localMinuteAt(at, timeZone)).toString({ smallestUnit: 'minute' });
}

function localMinuteAt(at: number, timeZone: string): LocalMinute {
  const { offsetNanoseconds } = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone);
  return Math.floor((at + offsetNanoseconds / 1e6) / MINUTE);
}

const toDateTime = (local: LocalMinute): Temporal.PlainDateTime =>
  Temporal.Instant.fromEpochMilliseconds(local * MINUTE)
    .toZonedDateTimeISO('UTC')
    .toPlainDateTime();
