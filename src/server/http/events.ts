import express, { type RequestHandler } from 'express';
import * as z from 'zod';
import { readSecrets, signBody, verifyBody } from '../../blocks/signature.server';
import { WorkflowError } from '../../core/errors';
import { isDeeperThan } from '../../core/json';
import type { ServerContext } from '../context';
import { emitEvent } from '../runs/emit';

const bodySchema = z.object({
  type: z.string(),
  companyId: z.string().optional(),
  causedBy: z.string().max(60).optional(),
  data: z.record(z.string(), z.unknown()),
});

/** Signed host events (Standard Webhooks): the signature is checked on the bytes as they came, before anything is read from them. */
export function receiveEvents(context: ServerContext): RequestHandler[] {
  return [
    express.raw({ type: () => true, limit: '512kb' }),
    async (request, response) => {
      const secrets = context.eventSecret ? readSecrets(context.eventSecret) : [];
      if (secrets.length === 0)
        throw new WorkflowError('not_found', 'Signed events are not switched on here (eventSecret).');
      const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      const raw = verifyBody(secrets, bytes, request.headers);
      if (raw === null) {
        throw new WorkflowError(
          'signature_invalid',
          'The signature does not fit the body, the time or the secret. Nothing was started.',
        );
      }
      const { type, data, companyId, causedBy } = readBody(raw);
      const runs = await emitEvent(context, {
        type,
        id: String(request.headers['webhook-id']),
        companyId: companyId ?? (typeof data.companyId === 'string' ? data.companyId : ''),
        data,
        causedBy,
      });
      response.status(202).json({ runs: runs.map(({ id, workflowId }) => ({ id, workflowId })) });
    },
  ];
}

function readBody(raw: string): z.infer<typeof bodySchema> {
  let value: unknown;
  try {
    value = JSON.parse(raw);
  } catch {
    throw new WorkflowError('invalid_request', 'The event is not valid JSON. Nothing was started.');
  }
  const parsed = isDeeperThan(value, 64) ? null : bodySchema.safeParse(value);
  if (parsed?.success) return parsed.data;
  throw new WorkflowError(
    'invalid_request',
    'The event must be { "type", "data": { "companyId", … } }. Nothing was started.',
  );
}

/** Headers of a signed event, for hosts that send events over HTTP: `fetch(url, { method: 'POST', body, headers: signEvent(…) })`. */
export function signEvent(
  secret: string,
  id: string,
  body: string,
  at: Date = new Date(),
): Record<string, string> {
  return { 'content-type': 'application/json', ...signBody(readSecrets(secret), id, body, at) };
}
