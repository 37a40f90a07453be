/** One call from a workflow to the host. The company comes from the run, never from a configuration. */
export interface HostCall {
  companyId: string;
  actor: { type: 'workflow'; workflowId: string; runId: string; stepId: string };
  /** The same over attempts of one step: answer a repeated call with the first result. */
  idempotencyKey: string;
  signal: AbortSignal;
}

export type DocumentStatus =
  | 'draft'
  | 'sent'
  | 'partially_signed'
  | 'completed'
  | 'declined'
  | 'expired'
  | 'archived'
  | (string & {});

export interface DocumentRef {
  id: string;
  title: string;
  status: DocumentStatus;
  url?: string | undefined;
  version?: number | undefined;
  externalId?: string | undefined;
}

export interface HostOption {
  id: string;
  label: string;
}

/**
 * What workflows may ask of the application they are embedded in. Every method sees only documents of `call.companyId` and
 * throws `HostError`; changes with a known `idempotencyKey` answer with their first result.
 */
export interface DocManagerHost {
  getDocument(call: HostCall, input: { documentId: string }): Promise<DocumentRef>;
  updateStatus(
    call: HostCall,
    input: { documentId: string; status: DocumentStatus; note?: string | undefined },
  ): Promise<DocumentRef>;
  /** Choices for the forms; a field without its list takes free text. */
  list?: {
    statuses?(call: Pick<HostCall, 'companyId' | 'signal'>): Promise<HostOption[]>;
    documents?(call: Pick<HostCall, 'companyId' | 'signal'>, q: string): Promise<HostOption[]>;
  };
}

export type HostErrorCode =
  | 'not_found'
  | 'conflict'
  | 'invalid'
  | 'forbidden'
  | 'rate_limited'
  | 'unavailable';

/** Thrown by a host's methods; the code decides whether the step is tried again. */
export class HostError extends Error {
  readonly code: HostErrorCode;
  readonly retryAfterMs: number | undefined;

  constructor(
    code: HostErrorCode,
    message: string,
    options: { retryAfterMs?: number; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'HostError';
    this.code = code;
    this.retryAfterMs = options.retryAfterMs;
  }
}
