import express, { type RequestHandler } from 'express';
import { type InboundNotice, readNotice } from '../../blocks/resend/inbound-notice.server';
import { readSecrets, verifyBody } from '../../blocks/signature.server';
import { WorkflowError } from '../../core/errors';
import { isDeeperThan } from '../../core/json';
import type { ServerContext } from '../context';
import { receiveEmail } from '../inbound/receive';
import { describeError } from '../log';

/**
 * `POST /hooks/resend`: the notices Resend sends of emails that arrived. The signature is checked on the bytes as they came. What starts
 * nothing is answered 200 all the same: Resend would only send it again, and nobody learns which addresses there are.
 */
export function receiveInboundEmail(context: ServerContext): RequestHandler[] {
  return [
    express.raw({ type: () => true, limit: '1mb' }),
    async (request, response) => {
      const secrets = readSecretsOf(context);
      const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      const headers = signatureHeaders(request.headers);
      const raw = verifyBody(secrets, bytes, headers);
      if (raw === null) {
        context.log.warn('a notice of an inbound email was not signed with webhookSecret');
        const message =
          'The signature does not fit the body, the time or the secret (webhookSecret). Nothing was started.';
        throw new WorkflowError('signature_invalid', message);
      }
      const notice = read(context, raw);
      if (notice) await receiveEmail(context, notice, String(headers['webhook-id']).slice(0, 200));
      response.status(200).json({ received: true });
    },
  ];
}

function readSecretsOf({ providerOptions }: ServerContext): string[] {
  const { webhookSecret } = providerOptions.resend ?? {};
  if (webhookSecret) return readSecrets(webhookSecret);
  const message = 'Inbound emails are not switched on here (providers.resend.webhookSecret).';
  throw new WorkflowError('not_found', message);
}

/** Resend signs through Svix, whose headers have names of their own; what is signed is the same. */
function signatureHeaders(headers: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const prefix = headers['svix-id'] === undefined ? 'webhook' : 'svix';
  const names = ['id', 'timestamp', 'signature'];
  return Object.fromEntries(names.map((name) => [`webhook-${name}`, headers[`${prefix}-${name}`]]));
}

function read(context: ServerContext, raw: string): InboundNotice | null {
  try {
    const value: unknown = JSON.parse(raw);
    if (!isDeeperThan(value, 64)) return readNotice(value);
  } catch (error) {
    context.log.warn('a notice of an inbound email could not be read', describeError(error));
  }
  throw new WorkflowError(
    'invalid_request',
    'The notice of an inbound email is malformed. Nothing was started.',
  );
}
