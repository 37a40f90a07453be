/** What a failed call to Resend means for the step. Its own messages are not passed on: they may repeat what was sent. */
import { findBlockError, isUnsent } from '../../core/block/call-failure';
import type { FailureKind, StepFailure } from '../../core/errors';

/** An answer of Resend's that is no success. */
export class ResendError extends Error {
  constructor(
    /** Resend's own word, `validation_error`; `unreadable_answer` when what came was no answer of Resend's. */
    readonly code: string,
    readonly status: number,
    readonly retryAfterMs: number | undefined,
  ) {
    super(`Resend answered ${status} ${code}`);
    this.name = 'ResendError';
  }
}

interface Meaning extends Pick<StepFailure, 'actor' | 'message'> {
  kind: FailureKind;
}

const setUp = 'The developer of this application must mend this';

const meanings: Readonly<Record<string, Meaning>> = {
  rate_limit_exceeded: {
    kind: 'retry',
    actor: 'provider',
    message: 'Resend asks to slow down; the email is sent again after the pause it named.',
  },
  concurrent_idempotent_requests: {
    kind: 'retry',
    actor: 'provider',
    message: 'Resend is still busy with an earlier attempt at this email; the step asks again.',
  },
  invalid_idempotent_request: {
    kind: 'terminal',
    actor: 'customer',
    message:
      'Resend has taken this step’s email with other content before, within the last day. That one was sent; this one was not. Start a new run to send it too.',
  },
  daily_quota_exceeded: {
    kind: 'terminal',
    actor: 'developer',
    message: `The application’s Resend account has sent all the emails it may send today. Run again tomorrow, or raise the quota. ${setUp}.`,
  },
  monthly_quota_exceeded: {
    kind: 'terminal',
    actor: 'developer',
    message: `The application’s Resend account has sent all the emails it may send this month. ${setUp} by raising the quota.`,
  },
  missing_api_key: {
    kind: 'terminal',
    actor: 'developer',
    message: `Resend received no key. ${setUp}: providers.resend.apiKey.`,
  },
  invalid_api_key: {
    kind: 'terminal',
    actor: 'developer',
    message: `Resend does not accept the application’s key. ${setUp}: providers.resend.apiKey.`,
  },
  restricted_api_key: {
    kind: 'terminal',
    actor: 'developer',
    message: `The application’s Resend key may not do this. ${setUp}: it needs permission to send.`,
  },
  invalid_from_address: {
    kind: 'terminal',
    actor: 'developer',
    message: `Resend does not accept the sender’s address. ${setUp}: providers.resend.from.`,
  },
  invalid_attachment: {
    kind: 'terminal',
    actor: 'customer',
    message: 'Resend does not take one of the attachments. Send it another way, or leave it out.',
  },
};

export function mapError(error: unknown): StepFailure {
  const refusal = findBlockError(error);
  if (refusal) return refusal.failure;
  if (error instanceof ResendError) return mapAnswer(error);
  if (isUnsent(error)) {
    const message = 'Resend could not be reached, so the email was not sent.';
    return { kind: 'retry', code: 'resend_unreachable', message, actor: 'provider' };
  }
  const message =
    'Resend could not be reached, or its answer was lost on the way; the email may have been sent.';
  return { kind: 'uncertain', code: 'resend_unreachable', message, actor: 'provider' };
}

function mapAnswer({ code, status, retryAfterMs }: ResendError): StepFailure {
  const meaning = Object.hasOwn(meanings, code) ? (meanings[code] as Meaning) : meaningOf(code, status);
  return {
    ...meaning,
    code,
    providerStatus: status,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

function meaningOf(code: string, status: number): Meaning {
  if (status === 429) return meanings.rate_limit_exceeded as Meaning;
  if (status >= 500 || status < 300) {
    const message = `Resend failed inside (${status}); the email may have been sent.`;
    return { kind: 'uncertain', actor: 'provider', message };
  }
  if (status === 401) return meanings.invalid_api_key as Meaning;
  if (status === 403) {
    const message = `Resend does not let this sender write to these recipients: the sender’s domain must be verified at Resend. ${setUp}: providers.resend.from.`;
    return { kind: 'terminal', actor: 'developer', message };
  }
  const message = `Resend refused the email with "${code}". Check the addresses, the subject and the attachments, then run again.`;
  return { kind: 'terminal', actor: 'customer', message };
}
