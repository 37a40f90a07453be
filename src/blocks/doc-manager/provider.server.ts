import { findBlockError } from '../../core/block/call-failure';
import { type ClientContext, implementProvider } from '../../core/block/implement';
import { BlockError, type StepFailure } from '../../core/errors';
import {
  type DocManagerHost,
  type HostCall,
  HostError,
  type HostErrorCode,
  type HostMethod,
  hostMethods,
} from './host';
import { hostOptions } from './options.server';
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
  client: (context) => ({ host: complete(context.host as DocManagerHost), call: callOf(context) }),
  mapError: (error) => {
    const refusal = findBlockError(error);
    if (refusal) return refusal.failure;
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
  options: hostOptions,
  /** A document's id is its name as a file: what is passed on is the signed rendition where there is one. */
  openFile: ({ host, call }, id) => host.downloadDocument(call, { documentId: id }),
});

function callOf({ companyId, step }: ClientContext): HostCall {
  return {
    companyId,
    actor: {
      type: 'workflow',
      workflowId: step?.workflowId ?? '',
      runId: step?.runId ?? '',
      stepId: step?.stepKey ?? '',
    },
    idempotencyKey: step?.effectKey ?? '',
    signal: step?.signal ?? AbortSignal.timeout(10_000),
  };
}

/** A host written without a compiler may lack a method; then the step says which, in place of "is not a function". */
function complete(host: DocManagerHost): DocManagerHost {
  const lacks = (method: HostMethod) => typeof host[method] !== 'function';
  if (!hostMethods.some(lacks)) return host;
  const methods = hostMethods.map((method) => [
    method,
    lacks(method) ? () => Promise.reject(missing(method)) : host[method].bind(host),
  ]);
  return { ...Object.fromEntries(methods), list: host.list };
}

function missing(method: HostMethod): BlockError {
  const message = `The host given to createWorkflowServer has no function "${method}", so the step was not carried out. Add it as docs/host.md describes.`;
  return new BlockError({ kind: 'terminal', code: 'host_method_missing', message, actor: 'developer' });
}
