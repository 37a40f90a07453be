/**
 * What a failed call means for the step. A call is one of two kinds: repeatable (reads, and changes that say how things shall be), whose
 * lost answer is asked for again; or not (a new invoice, an email), whose lost answer is `uncertain`. Of what went over the wire only
 * status, Fatture in Cloud's own words, the pause and the request's id go on: the rest holds the token.
 */
import { findBlockError, isUnsent } from '../../core/block/call-failure';
import { BlockError, type FailureKind, type StepFailure } from '../../core/errors';

export interface Call {
  isRepeatable: boolean;
  /** Taken out of whatever is passed on. */
  token: string;
}

export interface RefusedAnswer {
  status: number;
  headers: Headers;
  body: string;
}

/** A quota that is free again later than this is a person's concern, not a wait. */
const LONGEST_PAUSE_MS = 3_600_000;

/** The failure of a call that was answered with an error status. */
export function refusedCall(call: Call, answer: RefusedAnswer): BlockError {
  const { status, headers } = answer;
  const requestId = headers.get('x-request-id')?.slice(0, 100);
  return new BlockError({
    ...describeStatus(call, answer),
    providerStatus: status,
    ...(requestId ? { providerRequestId: requestId } : {}),
  });
}

function describeStatus(call: Call, { status, headers, body }: RefusedAnswer): StepFailure {
  const said = wordsOf(body, call.token);
  const pause = pauseOf(headers.get('retry-after'));
  if (status === 401)
    return failure(
      'reconnect',
      'token_refused',
      'customer',
      'no longer accepts this connection. Reconnect it in Settings > Integrations',
    );
  if (status === 429) return slowDown('rate_limited', pause ?? 60_000);
  if (status === 403 && pause !== null) return overQuota(pause);
  if (status === 403)
    return failure(
      'terminal',
      'not_allowed',
      'customer',
      `does not allow this${said}. Check the permissions of the connected user and the company's plan, then reconnect it if a permission was added`,
    );
  if (status === 404)
    return failure(
      'terminal',
      'not_found',
      'customer',
      `does not know what the step refers to${said}. Choose it again, or check the value it comes from`,
    );
  if (status === 503)
    return {
      ...failure(lost(call), 'unavailable', 'provider', 'is briefly unavailable'),
      ...(pause === null ? {} : { retryAfterMs: pause }),
    };
  if (status >= 500)
    return failure(
      lost(call),
      'provider_failed',
      'provider',
      `failed inside (status ${status})${maybeDone(call)}`,
    );
  const code = status === 409 ? 'conflict' : status === 422 ? 'validation_failed' : 'request_refused';
  return failure(
    'terminal',
    code,
    'customer',
    `refused the data${said}. Correct the step or the values it comes from, then run again`,
  );
}

/** The failure of a call that brought no answer: refused by our own `fetch`, lost, or too slow. */
export function unansweredCall(call: Call, error: unknown): BlockError {
  const refusal = findBlockError(error)?.failure;
  if (refusal)
    return new BlockError(refusal.kind === 'uncertain' ? { ...refusal, kind: lost(call) } : refusal);
  if (isUnsent(error))
    return new BlockError(
      failure('retry', 'unreachable', 'provider', 'could not be reached; nothing was done'),
    );
  return new BlockError(failure(lost(call), 'answer_lost', 'provider', `did not answer${maybeDone(call)}`));
}

/** The failure of a call whose answer is not what the API's description promises. */
export function unreadableAnswer(isRepeatable: boolean, what: string): BlockError {
  const kind = isRepeatable ? 'terminal' : 'uncertain';
  return new BlockError(
    failure(kind, 'unreadable_answer', 'provider', `answered with something that is no ${what}`),
  );
}

/** What anything thrown in a block's executor means. Failures of calls are classed where the call is made. */
export function mapError(error: unknown): StepFailure {
  return (
    findBlockError(error)?.failure ??
    failure('uncertain', 'call_failed', 'developer', 'could not be called for an unknown reason')
  );
}

export function failure(
  kind: FailureKind,
  code: string,
  actor: StepFailure['actor'],
  what: string,
): StepFailure {
  return { kind, code, message: `Fatture in Cloud ${what}.`, actor };
}

const lost = ({ isRepeatable }: Call): FailureKind => (isRepeatable ? 'retry' : 'uncertain');
const maybeDone = ({ isRepeatable }: Call): string =>
  isRepeatable ? '' : '; the call may have been carried out';

const slowDown = (code: string, retryAfterMs: number): StepFailure => ({
  ...failure(
    'retry',
    code,
    'provider',
    'asks to slow down; the step is carried out after the pause it named',
  ),
  retryAfterMs,
});

/** Hourly and monthly quotas are told by 403 with a pause. */
function overQuota(pause: number): StepFailure {
  if (pause <= LONGEST_PAUSE_MS) return slowDown('quota_exceeded', pause);
  const hours = Math.ceil(pause / 3_600_000);
  return failure(
    'terminal',
    'quota_exceeded',
    'customer',
    `has no calls left for this company for about ${hours} hours, so the step was not carried out. Retry the run then, or ask Fatture in Cloud for a larger quota`,
  );
}

/** Seconds or a date, as milliseconds from now. */
function pauseOf(header: string | null): number | null {
  if (header === null || header.trim() === '') return null;
  const ms = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : null;
}

/** Fatture in Cloud's own words, which are Italian and written for the person who fills in an invoice: `: «…»`, or nothing. */
function wordsOf(body: string, token: string): string {
  const words = [...new Set(messagesIn(parse(body)))].join(' ');
  const safe = words
    .replaceAll(token === '' ? '\u0000' : token, '…')
    .replace(/Bearer\s+\S+/gi, '…')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must go
    .replace(/[\u0000-\u001f\u007f\u200b-\u200f\u202a-\u202e\u2066-\u2069]+/g, ' ')
    .trim()
    .replace(/\.$/, '');
  return safe === '' ? '' : `: «${safe.length > 300 ? `${safe.slice(0, 299)}…` : safe}»`;
}

function messagesIn(answer: unknown): string[] {
  const { error } = (answer ?? {}) as { error?: unknown };
  if (error === null || typeof error !== 'object') return [];
  const { message, validation_result: details } = error as { message?: unknown; validation_result?: unknown };
  return [message, ...leaves(details)].filter((text): text is string => typeof text === 'string');
}

/** `validation_result` is a list in the guide, a record of lists in answers, and `null` most of the time. */
function leaves(value: unknown): unknown[] {
  return value !== null && typeof value === 'object'
    ? Object.values(value).flatMap(leaves).slice(0, 5)
    : [value];
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    // An outage's HTML page says nothing of use.
    return null;
  }
}
