/** The port as it travels between two processes: one signed POST a call, JSON both ways, files in base64. docs/host.md shows it. */
import * as z from 'zod';
import { type HostErrorCode, hostErrorCodes } from './host';

const id = z.string().min(1).max(400);

const fileSchema = z.object({
  filename: z.string().min(1).max(255),
  contentType: z.string().min(1).max(120),
  base64: z.base64(),
});
export type WireFile = z.infer<typeof fileSchema>;

const signerSchema = z.object({
  name: z.string(),
  email: z.string(),
  role: z.enum(['signer', 'approver', 'cc']).optional(),
  order: z.number().optional(),
});

/** What each method is called with. `list.…` are the choices of the forms. */
const inputs = {
  uploadDocument: z.object({
    title: z.string(),
    file: fileSchema.extend({ size: z.int().min(0), sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
    folderId: z.string().optional(),
    tags: z.array(z.string()).optional(),
    customFields: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).optional(),
    externalId: z.string().optional(),
  }),
  requestSignature: z.object({
    documentId: id,
    signers: z.array(signerSchema),
    message: z.string().optional(),
    expiresAt: z.string().optional(),
  }),
  updateStatus: z.object({ documentId: id, status: z.string(), note: z.string().optional() }),
  archiveDocument: z.object({ documentId: id, reason: z.string().optional() }),
  getDocument: z.object({ documentId: id }),
  downloadDocument: z.object({ documentId: id, rendition: z.enum(['original', 'signed']).optional() }),
  'list.folders': z.object({ q: z.string() }),
  'list.statuses': z.object({}),
  'list.documents': z.object({ q: z.string() }),
  'list.people': z.object({ q: z.string() }),
};

const call = z.object({
  companyId: z.string().min(1).max(200),
  actor: z.object({
    type: z.literal('workflow'),
    workflowId: z.string(),
    runId: z.string(),
    stepId: z.string(),
  }),
});

const request = <M extends keyof typeof inputs>(method: M) =>
  z.object({ method: z.literal(method), call, input: inputs[method] });

/** The idempotency key is not in it: it is the call's `webhook-id`. */
export const wireRequestSchema = z.discriminatedUnion('method', [
  request('uploadDocument'),
  request('requestSignature'),
  request('updateStatus'),
  request('archiveDocument'),
  request('getDocument'),
  request('downloadDocument'),
  request('list.folders'),
  request('list.statuses'),
  request('list.documents'),
  request('list.people'),
]);
export type WireRequest = z.infer<typeof wireRequestSchema>;
export type WireMethod = WireRequest['method'];
export type WireInput<M extends WireMethod> = z.infer<(typeof inputs)[M]>;

const absent = <T extends z.ZodType>(schema: T) => schema.nullish().transform((value) => value ?? undefined);

const documentSchema = z.looseObject({
  id,
  title: z.string(),
  status: z.string(),
  url: absent(z.string()),
  version: absent(z.number()),
  externalId: absent(z.string()),
});
const choicesSchema = z.array(z.object({ id: z.string(), label: z.string() })).nullable();

/** What each method answers with. */
export const wireResults = {
  uploadDocument: documentSchema,
  requestSignature: z.object({ signatureRequestId: z.string(), document: documentSchema }),
  updateStatus: documentSchema,
  archiveDocument: documentSchema,
  getDocument: documentSchema,
  downloadDocument: fileSchema,
  'list.folders': choicesSchema,
  'list.statuses': choicesSchema,
  'list.documents': choicesSchema,
  'list.people': choicesSchema,
} satisfies Record<WireMethod, z.ZodType>;

/** Refusals of the handler itself, before the host is asked. */
export const handlerErrorCodes = [
  'signature_invalid',
  'invalid_request',
  'body_already_read',
  'too_large',
  'method_missing',
  'internal',
] as const;
export type HandlerErrorCode = (typeof handlerErrorCodes)[number];

export const wireErrorSchema = z.object({
  error: z.object({
    code: z.enum([...hostErrorCodes, ...handlerErrorCodes]),
    message: z.string(),
    retryAfterMs: z.number().optional(),
  }),
});
export type WireError = z.infer<typeof wireErrorSchema>['error'];

export const wireStatuses: Record<HostErrorCode | HandlerErrorCode, number> = {
  not_found: 404,
  conflict: 409,
  invalid: 422,
  forbidden: 403,
  rate_limited: 429,
  unavailable: 503,
  signature_invalid: 401,
  invalid_request: 400,
  body_already_read: 500,
  too_large: 413,
  method_missing: 501,
  internal: 500,
};
