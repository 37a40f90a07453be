/**
 * Every error code of the REST contract and the HTTP status it answers with.
 * The record is closed: a new code is added here or it does not compile.
 */
export const httpStatusByCode = {
  invalid_request: 400,
  unauthenticated: 401,
  signature_invalid: 401,
  forbidden: 403,
  not_found: 404,
  revision_conflict: 409,
  idempotency_conflict: 409,
  not_published: 409,
  provider_not_configured: 409,
  /** The run has ended: there is nothing left to cancel or to settle. */
  run_finished: 409,
  /** The run is still under way: it can be retried once it has ended. */
  run_active: 409,
  retry_impossible: 409,
  /** Of many runs to be retried: somebody has retried this one. */
  already_retried: 409,
  step_not_in_doubt: 409,
  already_decided: 409,
  cause_too_deep: 409,
  payload_too_large: 413,
  unsupported_media_type: 415,
  definition_invalid: 422,
  rate_limited: 429,
  internal: 500,
  provider_error: 502,
  unavailable: 503,
} as const;

export type ErrorCode = keyof typeof httpStatusByCode;

/**
 * The one error of Trama's API. `message` says what happened, why it matters and what to do;
 * callers branch on `code`, never on the message.
 */
export class WorkflowError extends Error {
  readonly code: ErrorCode;
  /** JSON-safe facts for the caller (issues, the current draft, ...). Never a secret, never a payload. */
  readonly details: unknown;

  constructor(code: ErrorCode, message: string, options: { details?: unknown; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = 'WorkflowError';
    this.code = code;
    this.details = options.details;
  }

  get status(): number {
    return httpStatusByCode[this.code];
  }
}

/** What the engine does after a step failed. */
export type FailureKind =
  /** Nothing happened; try again, after `retryAfterMs` when the provider said so. */
  | 'retry'
  /** Trying again cannot help: the workflow, its data or the provider's settings must change. */
  | 'terminal'
  /** The connection is no longer accepted; a person must reconnect. */
  | 'reconnect'
  /** The effect may have happened. Repeated only where the block's side-effect class allows it. */
  | 'uncertain';

/** Who can mend a failed step. */
export type Actor = 'customer' | 'developer' | 'provider';

export interface StepFailure {
  kind: FailureKind;
  /** Stable, from the provider or from the engine (`reference_missing`, `channel_not_found`, ...). */
  code: string;
  message: string;
  actor?: Actor | undefined;
  /** HTTP status the provider answered with. */
  providerStatus?: number | undefined;
  /** The provider's own id of the request, for its support desk. */
  providerRequestId?: string | undefined;
  retryAfterMs?: number | undefined;
  /** Id of the provider to be connected, where it is not the block's own: that of a file it opens. */
  provider?: string | undefined;
  /** Where in the block's configuration the cause lies, e.g. `conditions[0].left`. */
  path?: string | undefined;
}

/** Thrown inside a block's executor; its `kind` tells the engine what to do next. */
export class BlockError extends Error {
  readonly failure: StepFailure;

  constructor(failure: StepFailure, options: { cause?: unknown } = {}) {
    super(failure.message, options);
    this.name = 'BlockError';
    this.failure = failure;
  }
}
