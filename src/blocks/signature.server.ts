/**
 * Standard Webhooks signatures (HMAC-SHA256 over id, time and body), as every signed call to and from the host carries them. Stricter than
 * the package about what it is given: bytes that are no UTF-8 and times with something behind them would be read as something else. Id, time and
 * body are signed as one text with dots between them, so that of an id that ends like a time (`order.1795619348`) another id, time and body
 * could be made: a body that begins like a time is refused. No JSON object does.
 */
import { Webhook } from 'standardwebhooks';

export interface SignatureHeaders {
  'webhook-id': string;
  'webhook-timestamp': string;
  'webhook-signature': string;
}

/** The secrets in `text`, separated by commas while one is being replaced. @throws Error when one is malformed or there is none */
export function readSecrets(text: string): string[] {
  const secrets = text
    .split(',')
    .map((secret) => secret.trim())
    .filter((secret) => secret !== '');
  if (secrets.length > 0 && secrets.every(isSecret)) return secrets;
  throw new Error(
    'A secret must be "whsec_" + 32 random bytes in base64; several are separated by commas while one is being replaced.',
  );
}

export function areSecrets(text: string): boolean {
  try {
    return readSecrets(text).length > 0;
  } catch {
    return false;
  }
}

/** An empty key would let anybody sign, a malformed one nobody. */
function isSecret(secret: string): boolean {
  try {
    new Webhook(secret);
    return Buffer.from(secret.replace(/^whsec_/, ''), 'base64').length > 0;
  } catch {
    return false;
  }
}

/** Headers that sign `body`, with every secret: whoever checks may know the old one or the new one. */
export function signBody(
  secrets: readonly string[],
  id: string,
  body: string,
  at: Date = new Date(),
): SignatureHeaders {
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, at, body)).join(' '),
  };
}

/** The body as text when one of the secrets signed it within the last five minutes; `null` otherwise. */
export function verifyBody(
  secrets: readonly string[],
  body: Uint8Array,
  headers: Readonly<Record<string, unknown>>,
): string | null {
  const id = headers['webhook-id'];
  const timestamp = headers['webhook-timestamp'];
  const signature = headers['webhook-signature'];
  if (typeof id !== 'string' || typeof timestamp !== 'string' || typeof signature !== 'string') return null;
  if (!/^[1-9]\d{0,11}$/.test(timestamp) || !/^v\w+,[\w+/=]+( v\w+,[\w+/=]+)*$/.test(signature)) return null;
  const text = decode(body);
  if (text === null || /^\d+\./.test(text)) return null;
  const signed = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature };
  return secrets.some((secret) => isSignedWith(secret, text, signed)) ? text : null;
}

function isSignedWith(secret: string, text: string, headers: Record<string, string>): boolean {
  try {
    new Webhook(secret).verify(text, headers, { jsonParse: false });
    return true;
  } catch {
    return false;
  }
}

function decode(body: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    return null;
  }
}
