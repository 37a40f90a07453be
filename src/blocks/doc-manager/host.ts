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

/** A file on its way into the host or out of it. */
export interface HostFile {
  filename: string;
  contentType: string;
  bytes: Uint8Array;
}

export interface HostSigner {
  name: string;
  email: string;
  /** @default 'signer' */
  role?: 'signer' | 'approver' | 'cc' | undefined;
  /** Who has a lower number is asked before the others; without one all are asked at once. */
  order?: number | undefined;
}

export interface NewHostDocument {
  title: string;
  /** `sha256` in hex. */
  file: HostFile & { size: number; sha256: string };
  folderId?: string | undefined;
  tags?: string[] | undefined;
  customFields?: Record<string, string | number | boolean | null> | undefined;
  externalId?: string | undefined;
}

export interface SignatureRequest {
  documentId: string;
  signers: HostSigner[];
  message?: string | undefined;
  /** ISO 8601 UTC. */
  expiresAt?: string | undefined;
}

/** A call of a form that offers choices: nobody is running a workflow. */
export type HostListCall = Pick<HostCall, 'companyId' | 'signal'>;

/**
 * What workflows may ask of the application they are embedded in. Every method sees only documents of `call.companyId` and
 * throws `HostError`; changes with a known `idempotencyKey` answer with their first result. docs/host.md is the contract in words.
 */
export interface DocManagerHost {
  uploadDocument(call: HostCall, input: NewHostDocument): Promise<DocumentRef>;
  /** Once everybody has signed, the host tells `document.completed`. */
  requestSignature(
    call: HostCall,
    input: SignatureRequest,
  ): Promise<{ signatureRequestId: string; document: DocumentRef }>;
  updateStatus(
    call: HostCall,
    input: { documentId: string; status: DocumentStatus; note?: string | undefined },
  ): Promise<DocumentRef>;
  archiveDocument(
    call: HostCall,
    input: { documentId: string; reason?: string | undefined },
  ): Promise<DocumentRef>;
  getDocument(call: HostCall, input: { documentId: string }): Promise<DocumentRef>;
  /** The document as a file. Without a rendition: the signed one where there is one. */
  downloadDocument(
    call: HostCall,
    input: { documentId: string; rendition?: 'original' | 'signed' | undefined },
  ): Promise<HostFile>;
  /** Choices for the forms, those that match what was typed first; a field without its list (or with `null`) takes free text. An id
   * that the first answer (`q: ''`) does not hold is asked for as `q`. */
  list?: {
    folders?(call: HostListCall, q: string): Promise<HostOption[] | null>;
    statuses?(call: HostListCall): Promise<HostOption[] | null>;
    documents?(call: HostListCall, q: string): Promise<HostOption[] | null>;
    /** Who can be asked for a decision, by the ids `authenticate` gives. */
    people?(call: HostListCall, q: string): Promise<HostOption[] | null>;
  };
}

/** The methods every host has, for those that are not checked by a compiler. */
export const hostMethods = [
  'uploadDocument',
  'requestSignature',
  'updateStatus',
  'archiveDocument',
  'getDocument',
  'downloadDocument',
] as const satisfies readonly (keyof DocManagerHost)[];
export type HostMethod = (typeof hostMethods)[number];

export const hostErrorCodes = [
  'not_found',
  'conflict',
  'invalid',
  'forbidden',
  'rate_limited',
  'unavailable',
] as const;
export type HostErrorCode = (typeof hostErrorCodes)[number];

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
