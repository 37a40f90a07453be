/**
 * Credentials at rest: envelope encryption with AES-256-GCM. Each credential has its own random key; a key of the ring wraps that key.
 * Both layers are bound to company, provider and connection, so a ciphertext moved to another row does not open.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import * as z from 'zod';
import { readOrWriteOnce } from '../write-once';

/** Whom a credential belongs to. */
export interface CredentialOwner {
  companyId: string;
  provider: string;
  connectionId: string;
}

const sealedSchema = z.object({ v: z.literal(1), kid: z.string(), dek: z.string(), ct: z.string() });
export type SealedCredential = z.infer<typeof sealedSchema>;

export interface Vault {
  seal: (owner: CredentialOwner, secret: unknown) => SealedCredential;
  /** @throws when the credential was altered, moved to another owner, or its key is not in the ring. */
  open: (owner: CredentialOwner, sealed: unknown) => unknown;
  /** Id of the key that writes. */
  keyId: string;
  /**
   * The same credential with its own key wrapped by the key that writes; what is sealed with that own key stays as it is, byte for byte.
   * @throws as `open` does
   */
  rewrap: (owner: CredentialOwner, sealed: unknown) => SealedCredential;
}

/** @param keys `kid:base64 of 32 bytes`, separated by commas; the first one writes */
export function createVault(keys: string): Vault {
  const ring = parseKeys(keys);
  const [current] = ring.keys();
  const keyId = current as string;
  const wrap = (owner: CredentialOwner, dek: Buffer) => ({
    kid: keyId,
    dek: encrypt(ring.get(keyId) as Buffer, dek, context(owner, keyId)),
  });
  const unwrap = (owner: CredentialOwner, sealed: SealedCredential): Buffer =>
    decrypt(keyOf(ring, sealed), sealed.dek, context(owner, sealed.kid));
  const readCredential = (owner: CredentialOwner, dek: Buffer, { ct }: SealedCredential): Buffer =>
    decrypt(dek, ct, context(owner, ''));
  return {
    keyId,
    seal: (owner, secret) => {
      const dek = randomBytes(32);
      const ct = encrypt(dek, Buffer.from(JSON.stringify(secret)), context(owner, ''));
      return { v: 1, ...wrap(owner, dek), ct };
    },
    open: (owner, value) => {
      const sealed = sealedSchema.parse(value);
      return JSON.parse(readCredential(owner, unwrap(owner, sealed), sealed).toString('utf8'));
    },
    rewrap: (owner, value) => {
      const sealed = sealedSchema.parse(value);
      const dek = unwrap(owner, sealed);
      // What does not open must not look as if it had been looked after.
      readCredential(owner, dek, sealed);
      return { ...sealed, ...wrap(owner, dek) };
    },
  };
}

function keyOf(ring: ReadonlyMap<string, Buffer>, { kid }: SealedCredential): Buffer {
  const key = ring.get(kid);
  if (key) return key;
  throw new Error(
    `A credential was sealed with the key "${kid}", which is not in encryptionKeys. Add it after the first one.`,
  );
}

/** The key ring of an embedded database: made once, in a file only its owner reads. */
export async function readOrCreateKeys(
  dataDir: string,
): Promise<{ keys: string; isNew: boolean; file: string }> {
  const file = join(dataDir, 'encryption.keys');
  const make = () => `k1:${randomBytes(32).toString('base64')}`;
  const { text, isNew } = await readOrWriteOnce(file, make);
  return { keys: text, isNew, file };
}

export function areKeys(text: string): boolean {
  try {
    return parseKeys(text).size > 0;
  } catch {
    return false;
  }
}

function parseKeys(text: string): Map<string, Buffer> {
  const ring = new Map<string, Buffer>();
  for (const part of text.split(',')) {
    const separator = part.indexOf(':');
    const kid = part.slice(0, separator).trim();
    const key = Buffer.from(part.slice(separator + 1).trim(), 'base64');
    if (separator < 1 || key.length !== 32 || ring.has(kid)) {
      throw new Error(
        'encryptionKeys is malformed: each key is "<id>:<base64 of 32 bytes>", several separated by commas, each with an id of its own.',
      );
    }
    ring.set(kid, key);
  }
  return ring;
}

/** Length-prefixed, so that no two owners share a context. */
function context({ companyId, provider, connectionId }: CredentialOwner, kid: string): Buffer {
  const parts = ['trama-credential', 'v1', companyId, provider, connectionId, kid];
  return Buffer.from(parts.map((part) => `${Buffer.byteLength(part)}:${part}`).join('|'));
}

const IV_BYTES = 12;
const TAG_BYTES = 16;

function encrypt(key: Buffer, plain: Buffer, aad: Buffer): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_BYTES }).setAAD(aad);
  const body = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64');
}

function decrypt(key: Buffer, sealed: string, aad: Buffer): Buffer {
  const bytes = Buffer.from(sealed, 'base64');
  const iv = bytes.subarray(0, IV_BYTES);
  const tag = bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_BYTES })
    .setAAD(aad)
    .setAuthTag(tag);
  return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
}
