import { isAddress, splitAddresses } from '../../blocks/resend/addresses';
import { type Answer, jsonAnswer } from '../support/http';
import type { FakeEmail, ResendState } from './state';

/** Answers `{ statusCode, name, message }`, as Resend refuses. */
export const refuse = (status: number, name: string, message: string): Answer =>
  jsonAnswer({ statusCode: status, name, message }, status);

const invalid = (message: string): Answer => refuse(422, 'validation_error', message);

type Body = Record<string, unknown>;

/** `POST /emails`: once for each idempotency key, and only from a domain that was verified. */
export function sendEmail(
  state: ResendState,
  body: unknown,
  key: string | null,
  domains: readonly string[],
): Answer {
  if (key !== null && (key === '' || key.length > 256))
    return refuse(400, 'invalid_idempotency_key', 'The idempotency key must have 1 to 256 characters.');
  const text = JSON.stringify(body);
  const known = key === null ? null : state.findKey(key);
  if (known && known.body !== text)
    return refuse(409, 'invalid_idempotent_request', 'This idempotency key was used with another payload.');
  if (known) return jsonAnswer({ id: known.id });
  const email = readEmail(body, domains);
  if ('status' in email) return email;
  return jsonAnswer({ id: state.add({ ...email, idempotencyKey: key }, text).id });
}

type NewEmail = Omit<FakeEmail, 'id' | 'createdAt' | 'idempotencyKey'>;

function readEmail(value: unknown, domains: readonly string[]): NewEmail | Answer {
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    return invalid('The body is no object.');
  const body = value as Body;
  const { from, subject, text = null, html = null } = body;
  if (typeof from !== 'string') return refuse(422, 'missing_required_field', 'Missing `from` field.');
  if (!isAddress(from)) return refuse(422, 'invalid_from_address', 'Invalid `from` field.');
  const domain = /@([^>]+)>?$/.exec(from)?.[1]?.toLowerCase() ?? '';
  if (!domains.includes(domain))
    return refuse(403, 'validation_error', `The ${domain} domain is not verified.`);
  if (typeof subject !== 'string') return refuse(422, 'missing_required_field', 'Missing `subject` field.');
  if (!isTextOrNull(text) || !isTextOrNull(html) || (!text && !html))
    return invalid('Missing `html` or `text` field.');
  const lists = readLists(body);
  if ('status' in lists) return lists;
  const attachments = readAttachments(body.attachments ?? []);
  if ('status' in attachments) return attachments;
  const headers = (body.headers ?? {}) as Record<string, string>;
  return { from, subject, text, html, headers, ...lists, attachments };
}

const isTextOrNull = (value: unknown): value is string | null => value === null || typeof value === 'string';

function readLists(body: Body): Pick<NewEmail, 'to' | 'cc' | 'bcc' | 'replyTo'> | Answer {
  const names = { to: 'to', cc: 'cc', bcc: 'bcc', replyTo: 'reply_to' } as const;
  const lists = { to: [], cc: [], bcc: [], replyTo: [] } as Record<keyof typeof names, string[]>;
  for (const [name, wireName] of Object.entries(names)) {
    const value = body[wireName] ?? [];
    const list = typeof value === 'string' ? [value] : value;
    if (!Array.isArray(list) || !list.every((it) => typeof it === 'string' && isAddress(it)))
      return invalid(`Invalid \`${wireName}\` field.`);
    if (list.length > 50) return invalid(`\`${wireName}\` may have 50 addresses.`);
    lists[name as keyof typeof names] = list.flatMap(splitAddresses);
  }
  return lists.to.length === 0 ? refuse(422, 'missing_required_field', 'Missing `to` field.') : lists;
}

function readAttachments(value: unknown): FakeEmail['attachments'] | Answer {
  if (!Array.isArray(value)) return refuse(422, 'invalid_attachment', 'Attachments must be a list.');
  const read = value.map((attachment: Body) => {
    const { filename, content, content_type: contentType = 'application/octet-stream' } = attachment;
    if (typeof filename !== 'string' || typeof content !== 'string' || !isBase64(content)) return null;
    return {
      filename,
      contentType: String(contentType),
      content: new Uint8Array(Buffer.from(content, 'base64')),
    };
  });
  const whole = read.filter((attachment) => attachment !== null);
  return whole.length === read.length
    ? whole
    : refuse(422, 'invalid_attachment', 'Each attachment must have a `filename` and `content`.');
}

const isBase64 = (text: string): boolean => Buffer.from(text, 'base64').toString('base64') === text;

/** `GET /emails/:id`. */
export function showEmail(state: ResendState, id: string): Answer {
  const email = state.emails.find((candidate) => candidate.id === id);
  if (!email) return refuse(404, 'not_found', 'Email not found');
  const { from, to, cc, bcc, replyTo, subject, text, html, createdAt } = email;
  return jsonAnswer({
    ...{ object: 'email', id, message_id: `<${id}@resend.example>`, from, to, cc, bcc, reply_to: replyTo },
    ...{ subject, ...(text === null ? {} : { text }), ...(html === null ? {} : { html }) },
    ...{ created_at: createdAt, last_event: 'delivered' },
  });
}
