import { createHmac, randomUUID } from 'node:crypto';
import { readSecrets, signBody } from '../../blocks/signature.server';
import { type Answer, jsonAnswer } from '../support/http';
import { refuse } from './emails';

export interface FakeInboundAttachment {
  /** `null` as in emails whose files have no name. */
  filename: string | null;
  contentType: string;
  content: Uint8Array;
  /** @default 'attachment' */
  disposition?: 'inline' | 'attachment';
  contentId?: string;
}

/** An email as somebody sends it. */
export interface NewInboundEmail {
  from: string;
  to: string[];
  cc?: string[];
  bcc?: string[];
  /** Whom it is delivered to; `null` leaves it out of the notice, as Resend's description does. @default to, cc and bcc */
  receivedFor?: string[] | null;
  subject?: string;
  text?: string | null;
  html?: string | null;
  headers?: Record<string, string>;
  messageId?: string;
  attachments?: FakeInboundAttachment[];
}

export interface FakeInboundEmail extends Required<Omit<NewInboundEmail, 'attachments'>> {
  id: string;
  /** ISO 8601 UTC. */
  createdAt: string;
  attachments: (FakeInboundAttachment & { id: string })[];
}

export interface NoticeOptions {
  /** Where the server takes notices: `…/hooks/resend`. */
  url: string;
  /** `whsec_…`; of several, separated by commas, each signs. */
  secret: string;
  /** The notice's own id: the same again is a repetition. @default one for each email */
  noticeId?: string;
  /**
   * What is wrong with it: a byte changed after signing, no signature, signed ten minutes ago.
   * @default nothing
   */
  fault?: 'tampered' | 'unsigned' | 'stale';
}

/** Links to attachments end after an hour, as Resend's do. */
const LINK_MS = 3_600_000;
const STALE_MS = 600_000;

/** The emails that came in, and what the API says of them. */
export class Inbox {
  readonly emails: FakeInboundEmail[] = [];
  private readonly key = randomUUID();

  constructor(private readonly now: () => number) {}

  add(email: NewInboundEmail): FakeInboundEmail {
    const { cc = [], bcc = [], to } = email;
    const id = randomUUID();
    const added: FakeInboundEmail = {
      ...{ subject: '', text: null, html: null, headers: {}, messageId: `<${id}@mail.example>` },
      ...{ receivedFor: [...to, ...cc, ...bcc], ...email, cc, bcc, id },
      createdAt: new Date(this.now()).toISOString(),
      attachments: (email.attachments ?? []).map((attachment) => ({ ...attachment, id: randomUUID() })),
    };
    this.emails.push(added);
    return added;
  }

  /** Sends the signed notice of an email; answers with what the server said. */
  async notify(email: FakeInboundEmail, options: NoticeOptions): Promise<Response> {
    const { url, secret, noticeId = `msg_${email.id}`, fault } = options;
    const body = JSON.stringify(noticeOf(email));
    const at = new Date(this.now() - (fault === 'stale' ? STALE_MS : 0));
    const signed = signBody(readSecrets(secret), noticeId, body, at);
    const headers: Record<string, string> = {
      'content-type': 'application/json',
      'svix-id': noticeId,
      'svix-timestamp': signed['webhook-timestamp'],
      ...(fault === 'unsigned' ? {} : { 'svix-signature': signed['webhook-signature'] }),
    };
    return fetch(url, { method: 'POST', headers, body: fault === 'tampered' ? `${body} ` : body });
  }

  show(id: string, format: string | undefined): Answer {
    const email = this.emails.find((candidate) => candidate.id === id);
    if (!email) return refuse(404, 'not_found', 'Email not found');
    const { from, to, cc, bcc, subject, text, headers, messageId, createdAt } = email;
    return jsonAnswer({
      ...{ object: 'email', id, from, to, cc, bcc, reply_to: [], subject, message_id: messageId },
      ...{ created_at: createdAt, received_for: email.receivedFor ?? to, headers, text },
      html: email.html && format !== 'cid' ? withImages(email) : email.html,
      attachments: email.attachments.map((attachment) => ({
        ...describe(attachment),
        size: attachment.content.byteLength,
      })),
    });
  }

  listAttachments(id: string, origin: string): Answer {
    const email = this.emails.find((candidate) => candidate.id === id);
    if (!email) return refuse(404, 'not_found', 'Email not found');
    const data = email.attachments.map((attachment) => this.linked(email, attachment, origin));
    return jsonAnswer({ object: 'list', has_more: false, data });
  }

  showAttachment(id: string, attachmentId: string, origin: string): Answer {
    const email = this.emails.find((candidate) => candidate.id === id);
    const attachment = email?.attachments.find((candidate) => candidate.id === attachmentId);
    if (!email || !attachment) return refuse(404, 'not_found', 'Attachment not found');
    return jsonAnswer({ object: 'attachment', ...this.linked(email, attachment, origin) });
  }

  download(id: string, attachmentId: string, query: Record<string, string>): Answer | Answer<Uint8Array> {
    const expires = Number(query.expires);
    const isSigned = query.signature === this.sign(id, attachmentId, expires);
    const email = this.emails.find((candidate) => candidate.id === id);
    const attachment = email?.attachments.find((candidate) => candidate.id === attachmentId);
    if (!isSigned || !attachment || expires <= this.now())
      return {
        status: 403,
        headers: { 'content-type': 'application/xml' },
        body: '<Error>AccessDenied</Error>',
      };
    return { status: 200, headers: { 'content-type': attachment.contentType }, body: attachment.content };
  }

  private linked(
    email: FakeInboundEmail,
    attachment: FakeInboundEmail['attachments'][number],
    origin: string,
  ): Record<string, unknown> {
    const expires = this.now() + LINK_MS;
    const signature = this.sign(email.id, attachment.id, expires);
    return {
      ...describe(attachment),
      size: attachment.content.byteLength,
      download_url: `${origin}/download/${email.id}/${attachment.id}?expires=${expires}&signature=${signature}`,
      expires_at: new Date(expires).toISOString(),
    };
  }

  private sign(id: string, attachmentId: string, expires: number): string {
    return createHmac('sha256', this.key).update(`${id} ${attachmentId} ${expires}`).digest('hex');
  }
}

function describe({
  id,
  filename,
  contentType,
  disposition = 'attachment',
  contentId,
}: FakeInboundEmail['attachments'][number]) {
  return {
    ...{ id, filename, content_type: contentType, content_disposition: disposition },
    ...(contentId === undefined ? {} : { content_id: contentId }),
  };
}

/** The webhook `email.received`: what stands on the envelope, nothing of what is inside. */
function noticeOf(email: FakeInboundEmail): Record<string, unknown> {
  const { id, createdAt, from, to, cc, bcc, receivedFor, messageId, subject, attachments } = email;
  return {
    ...{ type: 'email.received', created_at: createdAt },
    data: {
      ...{ email_id: id, created_at: createdAt, from, to, cc, bcc },
      ...(receivedFor === null ? {} : { received_for: receivedFor }),
      ...{ message_id: messageId, subject },
      attachments: attachments.map((attachment) => ({
        ...describe(attachment),
        filename: attachment.filename ?? '',
      })),
    },
  };
}

function withImages({ html, attachments }: FakeInboundEmail): string {
  return attachments.reduce((text, { contentId, contentType, content }) => {
    if (contentId === undefined) return text;
    const data = `data:${contentType};base64,${Buffer.from(content).toString('base64')}`;
    return text.replaceAll(`cid:${contentId}`, () => data);
  }, html ?? '');
}
