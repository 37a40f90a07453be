/**
 * What a failed call to Slack means for the step. In this order:
 *
 * 1. Our own `fetch` or the pacer stopped it: what they say.
 * 2. Slack asks to slow down (429, with or without Retry-After) or says that it is away (503): retry, the call was turned away.
 * 3. Slack answered `ok: false`: by its code, see the sets below; an unknown code is for a person to look at.
 * 4. Another status, a page in place of a result, an answer that never came: nobody knows, unless no connection came about.
 * 5. Not known of a call that leaves nothing behind (reading, the first two thirds of an upload): retry.
 */
import type { ErrorCode, WebAPICallError } from '@slack/web-api';
import { findBlockError, isUnsent } from '../../core/block/call-failure';
import type { FailureKind, StepFailure } from '../../core/errors';

/** What is known of the last call beside the SDK's error. */
export interface CallFacts {
  /** `chat.postMessage`; `upload` for a file's bytes. */
  method: string | null;
  /** HTTP status of the answer, if there was one. */
  status: number | null;
  /** Slack's own id of the request. */
  requestId: string | null;
}

/** Wait after a 429 that does not say how long. */
const UNNAMED_WAIT_MS = 30_000;

const lasting = new Set(['chat.postMessage', 'chat.update', 'files.completeUploadExternal', 'auth.revoke']);

const codesByKind: Record<Exclude<FailureKind, 'terminal'>, readonly string[]> = {
  reconnect: [
    'token_revoked',
    'token_expired',
    'invalid_auth',
    'not_authed',
    'account_inactive',
    'org_login_required',
    'two_factor_setup_required',
    'team_access_not_granted',
    'missing_scope',
  ],
  retry: ['ratelimited', 'rate_limited', 'service_unavailable', 'request_timeout', 'team_added_to_org'],
  // Slack's reference: part of the operation may have succeeded.
  uncertain: ['internal_error', 'fatal_error', 'update_failed', 'file_update_failed'],
};

const kindByCode = new Map(
  Object.entries(codesByKind).flatMap(([kind, codes]) =>
    codes.map((code): [string, FailureKind] => [code, kind as FailureKind]),
  ),
);

const explanations: Readonly<Record<string, string>> = {
  channel_not_found:
    'Slack does not know this channel, or Trama may not see it. Choose another channel, or invite the app to it.',
  invalid_channel: 'Slack does not know this channel. Choose another channel.',
  not_in_channel: 'The app is not in this channel. Invite it there with /invite, then run again.',
  is_archived: 'The channel is archived. Choose another channel.',
  posting_to_channel_denied: 'The app may not write in this channel. Choose another channel.',
  restricted_action: 'The workspace lets only some people write in this channel. Choose another channel.',
  no_text: 'The message is empty. Write a text, or check the values it is made of.',
  msg_too_long: 'The message is longer than Slack takes (40,000 characters). Shorten it.',
  thread_not_found:
    'The message to reply to is not in this channel. Choose the message id and the channel of the same step.',
  cannot_reply_to_message: 'Slack allows no replies to this message. Choose another message.',
  message_not_found: 'The message to update is not in this channel, or was deleted.',
  edit_window_closed: 'The workspace no longer allows changing this message.',
  cant_update_message: 'Only messages the app sent itself can be updated. Choose one of those.',
  file_type_not_allowed: 'The workspace does not take files of this kind. Use another kind of file.',
  file_upload_size_restricted: 'The workspace does not take files of this size. Use a smaller file.',
  file_uploads_disabled: 'The workspace does not allow uploading files. Ask its administrator.',
  file_uploads_except_images_disabled: 'The workspace allows uploading images only. Ask its administrator.',
  storage_limit_reached: 'The workspace has no room left for files. Ask its administrator.',
  file_not_found: 'Slack no longer has the uploaded file, so it was not shared. Run the step again.',
};

const unknownCall: CallFacts = { method: null, status: null, requestId: null };

/** Turns what the SDK throws into what the engine does next. Texts of errors are never copied: they may hold the token. */
export function mapError(error: unknown, facts: CallFacts = unknownCall): StepFailure {
  const own = findBlockError(error);
  const failure = own?.failure ?? describeFailure(error, facts);
  const isHarmless = failure.kind === 'uncertain' && facts.method !== null && !lasting.has(facts.method);
  const requestId = facts.requestId?.match(/^[\w-]{1,80}$/)?.[0];
  return {
    ...failure,
    ...(isHarmless ? { kind: 'retry' } : {}),
    ...(own || facts.status === null ? {} : { providerStatus: facts.status }),
    ...(own || !requestId ? {} : { providerRequestId: requestId }),
  };
}

/** By its code, as Slack's guide does: the SDK is loaded for a call, and this file long before. */
function isCallError<Code extends `${ErrorCode}`>(
  error: unknown,
  code: Code,
): error is Extract<WebAPICallError, { code: `${Code}` }> {
  return error instanceof Error && (error as { code?: unknown }).code === code;
}

function describeFailure(error: unknown, { status }: CallFacts): StepFailure {
  if (isCallError(error, 'slack_webapi_rate_limited_error')) return slowDown(error.retryAfter * 1000);
  // A 429 without Retry-After is a bare Error in @slack/web-api 8.2; only the status tells it from others.
  if (status === 429) return slowDown(UNNAMED_WAIT_MS);
  if (isCallError(error, 'slack_webapi_platform_error')) return describeRefusal(error.data);
  if (isCallError(error, 'slack_webapi_http_error')) return describeStatus(error.statusCode);
  if (isCallError(error, 'slack_webapi_request_error')) {
    const isNothingSent = isUnsent(error);
    const message = isNothingSent
      ? 'Slack could not be reached, so nothing was sent.'
      : 'Slack’s answer was lost on the way; the call may have been carried out.';
    return failureOf(isNothingSent ? 'retry' : 'uncertain', 'slack_unreachable', message);
  }
  return {
    kind: 'uncertain',
    code: 'slack_failed',
    message: 'The call to Slack failed for an unknown reason; it may have been carried out.',
    actor: 'developer',
  };
}

const slowDown = (retryAfterMs: number): StepFailure => ({
  ...failureOf('retry', 'rate_limited', 'Slack asks to slow down; the step is carried out after the pause.'),
  retryAfterMs,
});

function describeStatus(status: number): StepFailure {
  const kind = status === 503 ? 'retry' : status >= 500 ? 'uncertain' : 'terminal';
  const message = `Slack answered with status ${status} instead of taking the call.`;
  return failureOf(kind, 'slack_http_error', message);
}

function describeRefusal(data: { error?: unknown; needed?: unknown }): StepFailure {
  const code = String(data.error ?? 'unknown_error');
  // A proxy's HTML page arrives here as the "error"; it is no code.
  if (!/^[a-z0-9_]{1,60}$/.test(code)) {
    const message = 'Slack answered with a page instead of a result; the call may have been carried out.';
    return failureOf('uncertain', 'slack_unreadable_answer', message);
  }
  const kind = kindByCode.get(code) ?? 'terminal';
  switch (kind) {
    case 'reconnect':
      return { kind, code, message: reconnectMessage(code, data.needed), actor: 'customer' };
    case 'retry':
      return failureOf(kind, code, 'Slack is briefly unavailable; the step is carried out later.');
    case 'uncertain':
      return failureOf(kind, code, 'Slack failed inside; the call may have been carried out.');
    case 'terminal': {
      const unknown = `Slack refused the call with "${code}". Correct the step, then run again.`;
      return { kind, code, message: explanations[code] ?? unknown, actor: 'customer' };
    }
    default:
      return kind satisfies never;
  }
}

function reconnectMessage(code: string, needed: unknown): string {
  if (code !== 'missing_scope')
    return 'Slack no longer accepts this connection. Reconnect it in Settings > Integrations.';
  const scope = typeof needed === 'string' && /^[a-z.:,]{1,100}$/.test(needed) ? needed : null;
  const permission = scope ? `the permission "${scope}"` : 'a permission';
  return `The connection lacks ${permission}, which this step needs. Reconnect Slack in Settings > Integrations to grant it.`;
}

const failureOf = (kind: FailureKind, code: string, message: string): StepFailure => ({
  kind,
  code,
  message,
  actor: 'provider',
});
