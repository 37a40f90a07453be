/** Whether PostgreSQL, the driver or Node gave the error a code like this; TypeORM wraps what the driver threw. */
export function hasCode(error: unknown, pattern: RegExp): boolean {
  const cause = (error as { driverError?: unknown } | null)?.driverError ?? error;
  return pattern.test(String((cause as { code?: unknown } | null)?.code ?? ''));
}

/** PostgreSQL starting, stopping, full or too slow (classes 08, 53, 57; a lock not got, a deadlock), and a network that is not there. */
const awayCodes =
  /^(08...|53...|57...|40001|40P01|55P03|ECONN\w+|ETIMEDOUT|EPIPE|ENOTFOUND|EAI_AGAIN|E(NET|HOST)UNREACH)$/;

/** PostgreSQL's word on the statement itself: five characters, of no class that says that server or connection is going. */
const refusalCodes = /^(?!08|53|57|EPIPE)[0-9A-Z]{5}$/;

/** What pool, client and TypeORM say without a code when a connection is lost, late, or closed with the server. */
const awayMessages =
  /timeout exceeded when trying to connect|Connection terminated|Query read timeout|not queryable|calling end on the pool|Driver not Connected|Query ?runner already released/i;

/** Whether the database could not be asked, so that the same may succeed later. */
export function isDatabaseAway(error: unknown): boolean {
  const cause = (error as { driverError?: unknown } | null)?.driverError ?? error;
  return hasCode(error, awayCodes) || (cause instanceof Error && awayMessages.test(cause.message));
}

/** Whether PostgreSQL answered that it did not do what it was asked, so that nothing of it was written. */
export function wasRefused(error: unknown): boolean {
  return hasCode(error, refusalCodes);
}
