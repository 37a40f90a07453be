import { randomUUID } from 'node:crypto';
import { readJsonFile, writeJsonFile } from '../support/json-file';

export interface FakeEmail {
  id: string;
  from: string;
  to: string[];
  cc: string[];
  bcc: string[];
  replyTo: string[];
  subject: string;
  text: string | null;
  html: string | null;
  headers: Record<string, string>;
  attachments: { filename: string; contentType: string; content: Uint8Array }[];
  /** ISO 8601 UTC. */
  createdAt: string;
  idempotencyKey: string | null;
}

interface KnownKey {
  /** The body it came with first. */
  body: string;
  id: string;
  at: number;
}

/** Resend remembers a key for a day. */
const KEY_LIFETIME_MS = 24 * 3_600_000;

interface Stored {
  emails: (Omit<FakeEmail, 'attachments'> & {
    attachments: { filename: string; contentType: string; base64: string }[];
  })[];
  keys: Record<string, KnownKey>;
}

/** What the fake remembers, in memory and, when a file is given, across restarts. */
export class ResendState {
  readonly emails: FakeEmail[] = [];
  private readonly keys = new Map<string, KnownKey>();
  private readonly listeners = new Set<(email: FakeEmail) => void>();

  constructor(
    private readonly file: string | null,
    readonly now: () => number,
  ) {
    const stored = file ? (readJsonFile(file) as Stored | null) : null;
    for (const { attachments, ...email } of stored?.emails ?? [])
      this.emails.push({
        ...email,
        attachments: attachments.map(({ base64, ...rest }) => ({
          ...rest,
          content: Buffer.from(base64, 'base64'),
        })),
      });
    for (const [key, known] of Object.entries(stored?.keys ?? {})) this.keys.set(key, known);
  }

  findKey(key: string): KnownKey | null {
    const known = this.keys.get(key);
    return known && this.now() - known.at < KEY_LIFETIME_MS ? known : null;
  }

  add(email: Omit<FakeEmail, 'id' | 'createdAt'>, body: string): FakeEmail {
    const at = this.now();
    const added = { ...email, id: randomUUID(), createdAt: new Date(at).toISOString() };
    this.emails.push(added);
    if (email.idempotencyKey) this.keys.set(email.idempotencyKey, { body, id: added.id, at });
    this.save();
    for (const listener of this.listeners) listener(added);
    return added;
  }

  onEmail(listener: (email: FakeEmail) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  private save(): void {
    if (!this.file) return;
    const emails = this.emails.map(({ attachments, ...email }) => ({
      ...email,
      attachments: attachments.map(({ content, ...rest }) => ({
        ...rest,
        base64: Buffer.from(content).toString('base64'),
      })),
    }));
    writeJsonFile(this.file, { emails, keys: Object.fromEntries(this.keys) } satisfies Stored);
  }
}
