/** The notice Resend sends of an email that arrived: a webhook with what stands on the envelope. */
import * as z from 'zod';
import { bareAddress, senderOf } from './addresses';

const MAX_ADDRESSES = 50;
const addresses = z
  .array(z.string())
  .nullish()
  .transform((list) => list ?? []);

const noticeSchema = z.object({
  type: z.literal('email.received'),
  data: z.object({
    email_id: z.string().regex(/^[\w-]{1,190}$/),
    created_at: z.string().max(60),
    from: z.string(),
    to: addresses,
    cc: addresses,
    bcc: addresses,
    /** Whom it was delivered to; not in Resend's own description, so that it may be missing. */
    received_for: addresses,
    subject: z.string().nullish(),
    message_id: z.string().nullish(),
  }),
});

export interface InboundNotice {
  emailId: string;
  /** Sender's bare address; the whole text where it names several. */
  sender: string;
  recipients: string[];
  /** What the trigger announces. */
  announced: Record<string, string | string[]>;
}

/** @returns `null` for notices of other kinds @throws ZodError when it is malformed */
export function readNotice(value: unknown): InboundNotice | null {
  const type = (value as { type?: unknown } | null)?.type;
  if (typeof type === 'string' && type !== 'email.received') return null;
  const { data } = noticeSchema.parse(value);
  const sender = senderOf(data.from);
  const some = (list: readonly string[]) =>
    list.slice(0, MAX_ADDRESSES).map((text) => bareAddress(text).slice(0, 320));
  return {
    emailId: data.email_id,
    sender,
    recipients: data.received_for.length > 0 ? data.received_for : [...data.to, ...data.cc, ...data.bcc],
    announced: {
      from: sender,
      fromName: nameOf(data.from),
      to: some(data.to),
      cc: some(data.cc),
      subject: plain(data.subject ?? '', 1000),
      date: data.created_at,
      messageId: (data.message_id ?? '').slice(0, 1000),
      emailId: data.email_id,
    },
  };
}

/** `Laura Rossi` of `"Laura Rossi" <laura@rossi.example>`; empty where there is no name. */
function nameOf(from: string): string {
  const end = from.lastIndexOf('<');
  return end < 0 ? '' : plain(from.slice(0, end).replace(/"/g, ''), 200);
}

/** On one line: what comes from outside becomes titles and subjects. */
const plain = (text: string, limit: number): string =>
  text
    .slice(0, 4 * limit)
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, limit);
