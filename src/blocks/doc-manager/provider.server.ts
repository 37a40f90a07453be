import { implementProvider } from '../../core/block/implement';
import type { StepFailure } from '../../core/errors';
import { documentStatuses } from './document';
import { type DocManagerHost, type HostCall, HostError, type HostErrorCode } from './host';
import { docManager } from './provider';

const kinds: Record<HostErrorCode, Pick<StepFailure, 'kind' | 'actor'>> = {
  not_found: { kind: 'terminal', actor: 'customer' },
  conflict: { kind: 'terminal', actor: 'customer' },
  invalid: { kind: 'terminal', actor: 'customer' },
  forbidden: { kind: 'terminal', actor: 'customer' },
  rate_limited: { kind: 'retry', actor: 'provider' },
  unavailable: { kind: 'retry', actor: 'provider' },
};

export interface HostClient {
  host: DocManagerHost;
  call: HostCall;
}

/** The host as workflows reach it: each call carries the company, the step and its idempotency key. */
export const docManagerServer = implementProvider<HostClient>(docManager, {
  client: ({ host, step, companyId }) => ({
    host: host as DocManagerHost,
    call: {
      companyId,
      actor: {
        type: 'workflow',
        workflowId: step?.workflowId ?? '',
        runId: step?.runId ?? '',
        stepId: step?.stepKey ?? '',
      },
      idempotencyKey: step?.effectKey ?? '',
      signal: step?.signal ?? AbortSignal.timeout(10_000),
    },
  }),
  mapError: (error) => {
    if (error instanceof HostError && Object.hasOwn(kinds, error.code)) {
      const { kind, actor } = kinds[error.code];
      return { kind, actor, code: error.code, message: error.message, retryAfterMs: error.retryAfterMs };
    }
    return {
      kind: 'uncertain',
      code: 'host_failed',
      message:
        'The host application failed while it carried out this step. Its log says why; throw HostError for causes it knows.',
      actor: 'developer',
    };
  },
  options: {
    statuses: {
      list: async ({ host, call }, { q }) => {
        const known = Object.entries(documentStatuses).map(([id, label]) => ({ id, label: label.it }));
        const statuses = (await host.list?.statuses?.(call)) ?? known;
        const items = statuses
          .filter((status) => status.label.toLowerCase().includes(q.toLowerCase()))
          .map((status) => ({ value: status.id, label: status.label }));
        return { items, nextCursor: null };
      },
    },
  },
});
