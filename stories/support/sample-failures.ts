import type { StepFailure } from '../../src/core';

/** One failure for each person who can mend it. */
export const failures = {
  unavailable: {
    kind: 'retry',
    code: 'slack_http_error',
    message: 'Slack answered with status 503 instead of taking the call.',
    actor: 'provider',
    providerStatus: 503,
    providerRequestId: 'req_8f2c1b9e4d',
  },
  rateLimited: {
    kind: 'retry',
    code: 'rate_limited',
    message: 'Slack asks to slow down; the message is sent again after the pause it named.',
    actor: 'provider',
    retryAfterMs: 360_000,
    providerStatus: 429,
  },
  unknownChannel: {
    kind: 'terminal',
    code: 'channel_not_found',
    message:
      'Slack does not know this channel, or Trama may not see it. Choose another channel, or invite the app to it.',
    actor: 'customer',
  },
  missing: {
    kind: 'terminal',
    code: 'reference_missing',
    message:
      '{{trigger.payload.document.customFields.importo}} has no value: trigger.payload.document.customFields is an object. Choose another value, or write {{trigger.payload.document.customFields.importo?}} to leave it empty.',
    actor: 'customer',
    path: 'conditions[0].left',
  },
  revoked: {
    kind: 'reconnect',
    code: 'token_revoked',
    message: 'Slack no longer accepts this connection. Reconnect it in Settings > Integrations.',
    actor: 'customer',
  },
  fault: {
    kind: 'terminal',
    code: 'block_failed',
    message: 'The block stopped with an error of its own: the answer has no total.',
    actor: 'developer',
  },
  lost: {
    kind: 'uncertain',
    code: 'slack_unreachable',
    message:
      'Slack could not be reached, or its answer was lost on the way; the call may have been carried out.',
    actor: 'provider',
  },
} as const satisfies Record<string, StepFailure>;
