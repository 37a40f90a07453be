import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Request } from 'express';
import type { Principal } from 'trama/server';

/** Stands for your application's own session: a signed cookie, `session=<JSON in base64url>.<HMAC>`. */
export function readSession(request: Request): Principal | null {
  const secret = process.env.SESSION_SECRET;
  const [text, signature] =
    /(?:^|;\s*)session=([^;]+)/.exec(request.get('cookie') ?? '')?.[1]?.split('.') ?? [];
  if (!secret || !text || !signature) return null;
  const expected = createHmac('sha256', secret).update(text).digest();
  const given = Buffer.from(signature, 'base64url');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
  return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
}
