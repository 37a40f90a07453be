/**
 * When something is, in a zone. Minutes and hours are exact; days are calendar days, so that a wait of a day ends at the same time on
 * the clock. A local time that a change of the clock leaves out is the first instant after the gap; one that comes twice is the first.
 * docs/time.md says so in plain words.
 */
import { Temporal } from 'temporal-polyfill';
import type { Duration } from './duration';

/** Milliseconds since 1970 at which a duration that begins `now` is over. `at` ("HH:MM") moves the end of one in days within its day. */
export function addDuration(
  now: number,
  { amount, unit, at }: Duration & { at?: string | undefined },
  timeZone: string,
): number {
  const start = Temporal.Instant.fromEpochMilliseconds(now);
  if (unit !== 'days') return start.add({ [unit]: amount }).epochMilliseconds;
  const day = start.toZonedDateTimeISO(timeZone).toPlainDateTime().add({ days: amount });
  return resolveLocal(at === undefined ? day : day.withPlainTime(at), timeZone);
}

/**
 * Milliseconds since 1970 of `2027-03-28` (the start of that day), `2027-03-28T09:00` (local) or `2027-03-28T09:00:00+02:00`.
 * @throws RangeError when it is none of them
 */
export function parseMoment(text: string, timeZone: string): number {
  if (/(Z|[+-]\d{2}:\d{2})$/.test(text.slice(10))) return Temporal.Instant.from(text).epochMilliseconds;
  return resolveLocal(Temporal.PlainDateTime.from(text, { overflow: 'reject' }), timeZone);
}

/** Milliseconds since 1970 at which the clock in a zone shows this, by the rules above. */
export function resolveLocal(local: Temporal.PlainDateTime, timeZone: string): number {
  const earlier = local.toZonedDateTime(timeZone, { disambiguation: 'earlier' });
  if (earlier.toPlainDateTime().equals(local)) return earlier.epochMilliseconds;
  // In a gap `earlier` falls before it, so the next change of the clock is the gap's end.
  return (earlier.getTimeZoneTransition('next') ?? earlier).epochMilliseconds;
}
